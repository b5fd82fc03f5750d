"""Options and objects that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from rich.console import Console

from drumscribe.pipeline.files.formats import Engravers

Command = TypeVar("Command", bound=Callable[..., Any])

# Progress and messages go here; stdout is for data.
console = Console(stderr=True, soft_wrap=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Remote:
    """A service elsewhere that somebody named on the command line."""

    url: str
    api_key: str | None


def model_options(command: Command) -> Command:
    """--model-cache-dir and --offline."""
    cache_dir = click.option(
        "--model-cache-dir",
        envvar="MODEL_CACHE_DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where fetched models are kept (default: the user's cache folder).",
        show_envvar=True,
    )
    offline = click.option(
        "--offline",
        envvar="DRUMSCRIBE_OFFLINE",
        is_flag=True,
        help="Never use the network.",
        show_envvar=True,
    )
    return offline(cache_dir(command))


def engraver_options(command: Command) -> Command:
    """--pdf-backend, its programs and their time limit; the command is handed `engravers`."""

    @wraps(command)
    def with_engravers(
        pdf_backend: str,
        lilypond_bin: str | None,
        musescore_bin: str | None,
        engrave_timeout: float,
        **values: Any,
    ) -> Any:
        engravers = Engravers(
            pdf_backend=pdf_backend,
            lilypond_bin=lilypond_bin,
            musescore_bin=musescore_bin,
            timeout_seconds=engrave_timeout,
        )
        return command(engravers=engravers, **values)

    backend = click.option(
        "--pdf-backend",
        envvar="PDF_BACKEND",
        type=click.Choice(["auto", "lilypond", "musescore", "verovio", "none"]),
        default="auto",
        show_default=True,
        show_envvar=True,
        help="Which engraver makes the PDF.",
    )
    binary = click.option(
        "--lilypond-bin",
        envvar="LILYPOND_BIN",
        help="Path of the lilypond program (default: the one that came with DrumScribe).",
        show_envvar=True,
    )
    musescore = click.option(
        "--musescore-bin",
        envvar="MUSESCORE_BIN",
        help="Path of the MuseScore program (default: the one on the PATH).",
        show_envvar=True,
    )
    timeout = click.option(
        "--engrave-timeout",
        envvar="LILYPOND_TIMEOUT_SECONDS",
        type=click.FloatRange(1, 600),
        default=60.0,
        show_default=True,
        show_envvar=True,
        help="Seconds that one engraving may take.",
    )
    return cast(Command, backend(binary(musescore(timeout(with_engravers)))))


def output_option(*, may_be_file: bool = False) -> Callable[[Command], Command]:
    """-o / --output. may_be_file: one file may be named too, as a `Destination`."""
    file_too = " Or the one file to write: song.pdf." if may_be_file else ""
    return click.option(
        "-o",
        "--output",
        "output",
        type=click.Path(path_type=Path),
        default=Path(),
        show_default="the current folder",
        help=f"Folder for the results; made if it is not there.{file_too}",
    )


def need_server_extra() -> None:
    """End with advice where the libraries of the service are not installed."""
    if any(find_spec(name) is None for name in ("pydantic_settings", "sqlalchemy", "structlog")):
        raise click.ClickException(
            "The service needs more libraries: pip install 'drumscribe[server]'."
        )
