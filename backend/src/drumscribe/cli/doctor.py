"""drumscribe doctor: what works on this machine, and what to do about the rest."""

from __future__ import annotations

import json
import platform
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import click

import drumscribe
from drumscribe.cli import exit_codes
from drumscribe.cli.common import model_options
from drumscribe.errors import DrumScribeError
from drumscribe.models.known_models import MODEL_GROUPS
from drumscribe.models.registry import ModelState, ModelStore
from drumscribe.notation.engravers.pdf import available_pdf_backends

LIBRARIES = ("numpy", "scipy", "onnxruntime", "soundfile", "soxr", "av", "mido", "madmom-infer")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    state: ok, missing (something optional) or broken (nothing works without it).
    advice: what to do; empty where all is well.
    """

    what: str
    state: str
    detail: str
    advice: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON list on stdout.")
@model_options
def doctor(as_json: bool, model_cache_dir: Path | None, offline: bool) -> int:
    """Say what works on this machine. Exit code 1 if something essential is broken."""
    findings = list(examine(ModelStore(model_cache_dir, offline=offline)))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        for finding in findings:
            click.echo(f"{finding.state:8} {finding.what:22} {finding.detail}")
            if finding.advice:
                click.echo(f"{'':8} {'':22} -> {finding.advice}")
    broken = any(finding.state == "broken" for finding in findings)
    return exit_codes.RUNTIME_ERROR if broken else exit_codes.OK


def examine(store: ModelStore) -> Iterator[Finding]:
    """Look at everything that a transcription needs."""
    yield Finding(
        "drumscribe",
        "ok",
        f"{drumscribe.__version__}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}",
    )
    for name in LIBRARIES:
        yield _library(name)
    yield _essential("drum detector", _detector)
    yield _essential("scratch space", _scratch)
    for group, specs in MODEL_GROUPS.items():
        states = {store.state(spec) for spec in specs}
        size = sum(spec.size_bytes or 0 for spec in specs) / 1e6
        if states != {ModelState.CACHED}:
            is_damaged = ModelState.CORRUPT in states
            yield Finding(
                f"model {group}",
                "missing",
                f"{'damaged' if is_damaged else 'not'} in {store.cache_dir}",
                f"drumscribe models download {group}  ({size:.0f} MB, optional)",
            )
        else:
            yield Finding(f"model {group}", "ok", f"{size:.0f} MB in {store.cache_dir}")
    backends = available_pdf_backends()
    if backends:
        yield Finding("PDF", "ok", ", ".join(backends))
    else:
        yield Finding(
            "PDF",
            "missing",
            "no engraver found",
            "install LilyPond from your system's packages, or pip install 'drumscribe[verovio]'",
        )


def _library(name: str) -> Finding:
    try:
        return Finding(name, "ok", metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, "broken", "not installed", "install drumscribe again")


def _essential(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, "ok", check())
    except (DrumScribeError, OSError) as error:
        return Finding(what, "broken", str(error), "install drumscribe again")


def _detector() -> str:
    from drumscribe.hearing.detection import load_detector

    return str(load_detector(threads=1).model)


def _scratch() -> str:
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe"
        probe.write_bytes(bytes(1024))
    return tempfile.gettempdir()
