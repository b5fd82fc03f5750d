"""drumscribe models: what is in the model cache, fetching, checking."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import click

from drumscribe.cli import exit_codes
from drumscribe.cli.common import console, model_options
from drumscribe.cli.progress import reporter
from drumscribe.errors import InvalidOption, ModelError
from drumscribe.ml.known_models import KNOWN_MODELS, MODEL_GROUPS
from drumscribe.ml.registry import ModelSpec, ModelState, ModelStore


@click.group()
def models() -> None:
    """List, download or verify the models that DrumScribe fetches.

    The drum transcriber itself ships with DrumScribe. "beats" (5 MB) finds beats and bars;
    "htdemucs" (174 MB) takes the drums out of a mix and is optional.
    """


def _chosen(names: tuple[str, ...]) -> list[ModelSpec]:
    """The files of the named groups; all where none is named."""
    if not names or "all" in names:
        return list(KNOWN_MODELS)
    chosen: list[ModelSpec] = []
    for name in names:
        if name not in MODEL_GROUPS:
            raise InvalidOption(
                f"Unknown model {name!r}; choose from {', '.join(MODEL_GROUPS)}, all."
            )
        chosen.extend(MODEL_GROUPS[name])
    return list(dict.fromkeys(chosen))


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON list on stdout.")
@model_options
def list_models(as_json: bool, model_cache_dir: Path | None, offline: bool) -> None:
    """Say which models are known, which are here, and under which licence."""
    from drumscribe.ml.detection import shipped_model

    listing = ModelStore(model_cache_dir, offline=offline).listing(KNOWN_MODELS)
    shipped = shipped_model()
    if as_json:
        rows = [
            {
                "name": shipped.name,
                "version": shipped.version,
                "state": "shipped",
                "sha256": shipped.sha256,
            }
        ]
        rows += [
            {
                "name": status.spec.name,
                "version": status.spec.version,
                "state": str(status.state),
                "sha256": status.spec.sha256,
                "path": str(status.path),
                "licence": status.spec.licence,
            }
            for status in listing
        ]
        click.echo(json.dumps(rows, indent=1))
        return
    click.echo(f"{shipped.name:18} {shipped.version:8} shipped            MIT")
    for status in listing:
        spec = status.spec
        size = f"{spec.size_bytes / 1e6:.1f} MB"
        click.echo(f"{spec.name:18} {spec.version:8} {status.state:8} {size:>9} {spec.licence}")


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@model_options
def download(
    names: tuple[str, ...], quiet: bool, model_cache_dir: Path | None, offline: bool
) -> None:
    """Fetch models into the cache (all, unless named), checked by their sha256."""
    store = ModelStore(model_cache_dir, offline=offline)
    for spec in _chosen(names):
        with reporter(console, spec.name, quiet=quiet) as report:
            path = store.ensure(spec, partial(report.download, spec.name))
        if spec.notice:
            console.print(f"{spec}: {spec.notice}", style="dim", markup=False)
        click.echo(path)


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
@model_options
def verify(names: tuple[str, ...], model_cache_dir: Path | None, offline: bool) -> int:
    """Read the cached models again and compare their sha256."""
    store = ModelStore(model_cache_dir, offline=offline)
    failed = 0
    for spec in _chosen(names):
        if not names and store.state(spec) is ModelState.MISSING:
            click.echo(f"{spec}: not in the cache")
            continue
        try:
            click.echo(f"{spec}: ok ({store.verify(spec)})")
        except ModelError as error:
            console.print(error.message, style="red", markup=False)
            failed += 1
    return exit_codes.RUNTIME_ERROR if failed else exit_codes.OK
