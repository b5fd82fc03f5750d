"""Bring it back: a file that was corrected elsewhere becomes the score of the recording again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from drumscribe.domain.drums import Hit, numbered
from drumscribe.domain.score import Score
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import KeyMap, Wishes
from drumscribe.errors import InvalidHits, NoDrumPart, NotAScore, ScoreFileTooLarge
from drumscribe.notation.bringing import in_words
from drumscribe.notation.bringing.changes import Brought, Changes
from drumscribe.notation.bringing.midi import MAGIC, bring_midi, read_midi
from drumscribe.notation.bringing.musicxml import read_musicxml
from drumscribe.notation.bringing.musicxml.safe_xml import MAX_XML_BYTES, is_compressed
from drumscribe.notation.bringing.onto_page import bring_part
from drumscribe.notation.bringing.page import Page
from drumscribe.notation.bringing.placing import AlignedBy
from drumscribe.notation.quantize import quantize
from drumscribe.notation.styles.drum_maps import DRUM_MAPS
from drumscribe.notation.tuning import BRINGING
from drumscribe.pipeline.files import codec
from drumscribe.pipeline.hear import Heard
from drumscribe.pipeline.revise import Current, read_from, revise

_SPACE: Final = b" \t\r\n"
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # byte order marks


def bring_back(
    content: bytes,
    transcript: Transcript,
    *,
    score: Score | None = None,
    drum_map: KeyMap = KeyMap.GENERAL_MIDI,
) -> Brought:
    """What a file makes of a page: MusicXML (.mxl too), MIDI, or a JSON document of ours.

    The kind is told from the content. Notes that stand where the page has them keep their times,
    velocities, confidences and ids. score: of the transcript, if it is at hand. drum_map: in which
    MIDI files of this page are written.
    Raises ScoreFileError or InvalidHits.
    """
    hits = numbered(transcript.hits)
    if len(content) > MAX_XML_BYTES:
        raise ScoreFileTooLarge(
            f"The file is larger than the {MAX_XML_BYTES / 1e6:.0f} MB that a score may have."
        )
    begin = content.lstrip(_SPACE)[:1]
    if begin in (b"{", b"["):
        return _from_document(content, hits, transcript)
    is_midi = content.startswith(MAGIC)
    is_xml = is_compressed(content) or begin == b"<" or content.startswith(_MARKS)
    if not (is_midi or is_xml):
        raise NotAScore(
            "The file is no score that can be brought back: expected MusicXML (.musicxml, .xml, "
            ".mxl), MIDI (.mid) or a JSON document of DrumScribe."
        )
    first = transcript.first_hits
    page = Page.of(score or quantize(hits, transcript.grid, first=first), hits, transcript.grid)
    duration = transcript.duration_seconds
    if is_midi:
        keys = DRUM_MAPS[drum_map]
        brought = bring_midi(read_midi(content), page, drum_map=keys, duration_seconds=duration)
    else:
        brought = bring_part(read_musicxml(content), page, duration_seconds=duration)
    if not brought.hits:
        raise NoDrumPart("None of the file's notes lies within the recording.")
    named = numbered(brought.hits)
    grid = transcript.grid if brought.grid is None else brought.grid
    new = {hit.id for hit in named} - page.hits.keys()
    written = quantize(named, grid, first=read_from(named, first)) if new else None
    elsewhere = 0 if written is None else _written_elsewhere(written, new)
    notices = (*brought.notices, *in_words.written_elsewhere(elsewhere))
    return replace(brought, hits=named, notices=notices)


def _written_elsewhere(score: Score, new: Collection[int | None]) -> int:
    """How many of the new hits do not stand where they sound."""
    return sum(
        placement.hit in new
        and (
            placement.is_grace
            or placement.merged_into is not None
            or abs(placement.deviation_seconds) > BRINGING.in_place_seconds
        )
        for placement in score.placements
    )


def with_brought(
    content: bytes,
    transcript: Transcript,
    *,
    score: Score | None = None,
    drum_map: KeyMap = KeyMap.GENERAL_MIDI,
) -> tuple[Transcript, Brought]:
    """The transcript that follows from a file that was brought; see bring_back."""
    brought = bring_back(content, transcript, score=score, drum_map=drum_map)
    machine = Heard.of(transcript)
    grid = transcript.grid if brought.grid is None else brought.grid
    said = Wishes()
    current = Current(transcript.hits, grid, said.beats, transcript.first_hits)
    return revise(machine, said, current=current, hits=brought.hits), brought


def _from_document(content: bytes, hits: Sequence[Hit], transcript: Transcript) -> Brought:
    """Hits and beats of a document; where it has no beats, those of the page stay."""
    brought = codec.hits_from_json(content)
    if not brought:
        raise InvalidHits("The document has no hits.")
    duration = transcript.duration_seconds
    inside = [hit for hit in brought if hit.time <= duration]
    if not inside:
        raise NoDrumPart("None of the document's hits lies within the recording.")
    named = numbered(_with_known_ids(inside, hits))
    before = {hit.id: hit for hit in hits}
    kept = sum(before.get(hit.id) == hit for hit in named)
    changed = sum(hit.id in before for hit in named) - kept
    grid = codec.grid_from_json(content)
    if grid is not None and grid.has_bars_of(transcript.grid):
        grid = None
    return Brought(
        hits=named,
        grid=grid,
        changes=Changes(
            kept=kept,
            changed=changed,
            added=len(named) - kept - changed,
            removed=len(hits) - kept - changed,
        ),
        aligned_by=AlignedBy.DOCUMENT,
        notices=(
            *(in_words.other_bar_lines(are_taken=True) if grid is not None else ()),
            *in_words.outside(len(brought) - len(inside)),
        ),
    )


def _with_known_ids(brought: Sequence[Hit], hits: Sequence[Hit]) -> list[Hit]:
    """Hits without ids get that of the hit of the page at their time on their drum."""
    known = {(hit.time, hit.instrument): hit.id for hit in hits}
    taken = {hit.id for hit in brought if hit.id is not None}
    named = []
    for hit in brought:
        own = known.get((hit.time, hit.instrument)) if hit.id is None else None
        if own is None or own in taken:
            named.append(hit)
        else:
            taken.add(own)
            named.append(replace(hit, id=own))
    return named
