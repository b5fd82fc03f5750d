"""drumscribe render: from hits to pages, without hearing again."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from drumscribe.cli.arguments.destination import Destination
from drumscribe.cli.arguments.params import FormatsParam
from drumscribe.cli.arguments.wish_options import wish_options
from drumscribe.cli.common import (
    engraver_options,
    output_option,
)
from drumscribe.cli.notices import collected_notices, tell, with_those_of
from drumscribe.domain.titles import title_of_name
from drumscribe.domain.wishes import BeatWishes, PageWishes, Wishes
from drumscribe.errors import InvalidOption, SourceNotFound
from drumscribe.library import Transcription
from drumscribe.notation.bringing.changes import Brought
from drumscribe.pipeline.files.formats import FORMATS, Engravers
from drumscribe.pipeline.rerender import transcript_from_hits

_USUAL: Final = ("musicxml", "pdf", "midi")


@click.command()
@click.argument("hits", type=click.Path(path_type=Path, allow_dash=True), metavar="HITS.json")
@output_option(may_be_file=True)
@click.option(
    "-f",
    "--formats",
    type=FormatsParam(tuple(FORMATS)),
    show_default=",".join(_USUAL),
    help=f"Comma-separated: {', '.join(FORMATS)}, or all.",
)
@click.option(
    "--notes-from",
    type=click.Path(path_type=Path),
    metavar="SCORE",
    help="A score of this song that was corrected elsewhere (MusicXML, MIDI, JSON of ours): its "
    "notes become those of the page, laid over the beats of HITS.json.",
)
@wish_options(BeatWishes, PageWishes)
@click.option("--name", help="Name of the results (default: the name of HITS.json).")
@engraver_options
def render(
    hits: Path,
    output: Path,
    formats: tuple[str, ...] | None,
    notes_from: Path | None,
    wishes: Wishes,
    name: str | None,
    engravers: Engravers,
) -> None:
    """Engrave a page from a hits document: what transcribe wrote, edited or not, or a bare list.

    HITS.json may be - for standard input. The beats of the document are kept, and counted anew
    where you ask for another metre, bar 1 or factor. Without beats in the document, with another
    tempo, or with a metre whose beats are of another kind (4/4 to 6/8), the beats are found from
    the hits alone.
    """
    destination = Destination.of(output)
    wanted = destination.formats(formats, _USUAL)
    if name and destination.name:
        raise InvalidOption("-o names the file: leave --name out, or give a folder.")
    with collected_notices() as notices:
        transcript = transcript_from_hits(_read(hits), wishes)
        if transcript.title is None and str(hits) != "-":
            transcript = replace(transcript, title=title_of_name(hits.stem))
        stem = destination.name or name or ("drums" if str(hits) == "-" else hits.stem)
        page = Transcription(transcript, page=wishes.page, engravers=engravers)
        if notes_from is not None:
            page, brought = page.with_score(_read(notes_from))
            tell([_in_words(brought), *brought.notices])
        written = page.save(destination.folder, name=stem, formats=wanted)
    tell(with_those_of(page.transcript, notices))
    for paths in written.values():
        for path in paths:
            click.echo(path)
    if missing := [entry for entry in wanted if entry not in written]:
        tell([f"Not written: {', '.join(missing)}"])


def _in_words(brought: Brought) -> str:
    changes = brought.changes
    return (
        f"Notes: {changes.kept} kept, {changes.changed} changed, {changes.added} added, "
        f"{changes.removed} taken out (aligned by {brought.aligned_by})."
    )


def _read(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceNotFound(f"{path}: {error.strerror}.") from error
