"""drumscribe evaluate phantoms: what is heard where there are no drums."""

from __future__ import annotations

import json
from pathlib import Path

import click

from drumscribe.cli.arguments.destination import Destination
from drumscribe.cli.arguments.sources import expand_sources
from drumscribe.cli.arguments.wish_options import wish_options
from drumscribe.cli.common import console, model_options
from drumscribe.cli.progress import reporter
from drumscribe.domain.wishes import HearingWishes, SeparationMode, Wishes
from drumscribe.evaluation import phantoms as phantom_hits
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.models import ModelSet


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@wish_options(
    HearingWishes,
    only=("separation", "sensitivity"),
    standards={"separation": SeparationMode.NEVER},
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@model_options
def phantoms(
    sources: tuple[str, ...],
    wishes: Wishes,
    as_json: bool,
    quiet: bool,
    model_cache_dir: Path | None,
    offline: bool,
) -> None:
    """Count the hits that are heard in recordings without drums, per minute and instrument.

    SRC is an audio file or a folder of them; nobody may play drums in any. Fewer is better.
    """
    models = ModelSet(ModelStore(model_cache_dir, offline=offline))
    paths = [source.path for source in expand_sources(sources, Destination(Path()))]
    with (
        reporter(console, f"{len(paths)} recordings", quiet=quiet) as report,
        LocalContext(on_progress=report.stage) as context,
    ):
        models.on_download = report.download
        found = phantom_hits.count_phantoms(paths, models, wishes.hearing, context)
    if as_json:
        click.echo(json.dumps(phantom_hits.to_dict(found), ensure_ascii=False, indent=1))
    else:
        click.echo(phantom_hits.to_text(found), nl=False)
