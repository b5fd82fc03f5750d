"""drumscribe separate: a recording into drums and backing track."""

from __future__ import annotations

from pathlib import Path

import click

from drumscribe.audio.decode import DecodeLimits
from drumscribe.cli.arguments.destination import Destination
from drumscribe.cli.arguments.sources import expand_sources
from drumscribe.cli.arguments.wish_options import wish_options
from drumscribe.cli.common import console, model_options, output_option
from drumscribe.cli.notices import collected_notices, tell
from drumscribe.cli.progress import reporter
from drumscribe.domain.wishes import HearingWishes, Wishes
from drumscribe.library import save_stems
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline import stages
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.models import ModelSet


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@output_option()
@wish_options(HearingWishes, only=("start_seconds", "end_seconds"))
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@model_options
def separate(
    sources: tuple[str, ...],
    output: Path,
    wishes: Wishes,
    quiet: bool,
    model_cache_dir: Path | None,
    offline: bool,
) -> None:
    """Split recordings into NAME.drums.flac and NAME.backing.flac; together they are the mix."""
    destination = Destination.of(output, may_be_file=False)
    models = ModelSet(ModelStore(model_cache_dir, offline=offline))
    for source in expand_sources(sources, destination):
        with (
            collected_notices() as notices,
            reporter(console, source.path.name, quiet=quiet) as report,
            LocalContext(on_progress=report.stage) as context,
        ):
            models.on_download = report.download
            context.begin("decode")
            audio = stages.ingest_audio(source.path, wishes.hearing, DecodeLimits(), context).audio
            context.begin("separate")
            separation = stages.separate_drums(audio, models, context)
            written = save_stems(separation, source.output_stem)
        tell(notices)
        for path in written:
            click.echo(path)
