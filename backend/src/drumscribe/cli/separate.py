"""drumscribe separate: a recording into drums and backing track."""

from __future__ import annotations

from pathlib import Path

import click

from drumscribe.cli.common import check_output_dir, console, model_options, output_option
from drumscribe.cli.params import TimeParam
from drumscribe.cli.progress import reporter
from drumscribe.cli.sources import expand_sources
from drumscribe.library import save_stems
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline import stages
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.models import ModelSet
from drumscribe.pipeline.options import TranscribeOptions


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@output_option
@click.option("--start", type=TimeParam(), help="Begin here (seconds or m:ss).")
@click.option("--end", type=TimeParam(), help="Stop here (seconds or m:ss).")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@model_options
def separate(
    sources: tuple[str, ...],
    output_dir: Path,
    start: float | None,
    end: float | None,
    quiet: bool,
    model_cache_dir: Path | None,
    offline: bool,
) -> None:
    """Split recordings into NAME.drums.flac and NAME.backing.flac; together they are the mix."""
    check_output_dir(output_dir)
    options = TranscribeOptions(start_seconds=start, end_seconds=end)
    models = ModelSet(ModelStore(model_cache_dir, offline=offline))
    for source in expand_sources(sources, output_dir):
        with (
            reporter(console, source.path.name, quiet=quiet) as report,
            LocalContext(on_progress=report.stage) as context,
        ):
            models.on_download = report.download
            context.begin("decode")
            audio = stages.ingest_audio(source.path, options, context)
            context.begin("separate")
            separation = stages.separate_drums(audio, models, context)
            written = save_stems(separation, source.output_stem)
        for path in written:
            click.echo(path)
