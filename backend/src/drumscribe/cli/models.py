"""drumscribe models: what is in the model cache, fetching, checking."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path

import click

from drumscribe.cli import exit_codes
from drumscribe.cli.chosen_model import check_said_version, model_from_environment
from drumscribe.cli.common import console, model_options
from drumscribe.cli.progress import reporter
from drumscribe.errors import InvalidOption, ModelError
from drumscribe.models.known_models import KNOWN_MODELS
from drumscribe.models.registry import ModelSpec, ModelState, ModelStore
from drumscribe.pipeline.files.atomic import write_bytes


@click.group()
def models() -> None:
    """List, download or verify the models that DrumScribe fetches.

    The drum transcriber itself ships with DrumScribe. "beats" (5 MB) finds beats and bars;
    "htdemucs" (174 MB) takes the drums out of a mix and is optional. With MODEL_URI set,
    "detector" is the transcriber that is used in the place of the one that ships.
    """


def _known() -> list[ModelSpec]:
    """All that can be fetched; first the transcriber of MODEL_URI, if there is one."""
    detector = model_from_environment()
    return [*([] if detector is None else [detector]), *KNOWN_MODELS]


def _chosen(names: tuple[str, ...]) -> list[ModelSpec]:
    """The files of the named groups; all where none is named."""
    known = _known()
    if not names or "all" in names:
        return known
    groups = list(dict.fromkeys(spec.group for spec in known))
    for name in names:
        if name not in groups:
            raise InvalidOption(f"Unknown model {name!r}; choose from {', '.join(groups)}, all.")
    return [spec for name in dict.fromkeys(names) for spec in known if spec.group == name]


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="A JSON list on stdout.")
@model_options
def list_models(as_json: bool, model_cache_dir: Path | None, offline: bool) -> None:
    """Say which models are known, which are here, and under which licence."""
    from drumscribe.hearing.detection import shipped_model

    listing = ModelStore(model_cache_dir, offline=offline).listing(_known())
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
        size = f"{spec.size_bytes / 1e6:.1f} MB" if spec.size_bytes else ""
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
            check_said_version(spec, path)
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
            path = store.verify(spec)
            check_said_version(spec, path)
            click.echo(f"{spec}: ok ({path})")
        except ModelError as error:
            console.print(error.message, style="red", markup=False)
            failed += 1
    return exit_codes.RUNTIME_ERROR if failed else exit_codes.OK


@models.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.zip")
@click.option(
    "--manifest",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The manifest of a trained model, its networks beside it (default: the one that ships).",
)
def bundle(target: Path, manifest: Path | None) -> None:
    """Pack a transcriber into one file, for MODEL_URI; says what the settings must be."""
    from drumscribe.hearing.bundle import bundle_content, read_bundle_manifest

    content = bundle_content(manifest)
    write_bytes(target, content)
    packed = read_bundle_manifest(target)
    click.echo(f"MODEL_URI={target.absolute().as_uri()}")
    click.echo(f"MODEL_VERSION={packed.version}")
    click.echo(f"MODEL_SHA256={hashlib.sha256(content).hexdigest()}")
