"""music21 and Verovio, who did not write it, read the same music from our MusicXML."""

from fractions import Fraction
from typing import Any

import music21
import pytest
import verovio

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.notation.quantize import quantize
from drumscribe.notation.structure import with_similes
from drumscribe.notation.styles.drum_styles import WEINBERG
from drumscribe.notation.writers.musicxml import write_musicxml
from engraving_pieces import PIECES
from engraving_readers import read_musicxml


def read_part(document: bytes) -> music21.stream.Part:
    read = music21.converter.parseData(document.decode())
    assert isinstance(read, music21.stream.Score)
    return read.parts[0]


def strokes_in_music21(document: bytes) -> list[tuple[Any, ...]]:
    """(measure, onset, position, ghost, accents) of every head that is no grace note."""
    found = []
    part = read_part(document)
    for index, measure in enumerate(part.getElementsByClass(music21.stream.Measure)):
        for element in measure.recurse().notesAndRests:
            if element.isRest or element.duration.isGrace:
                continue
            heads = element.notes if hasattr(element, "notes") else [element]
            onset = Fraction(element.getOffsetInHierarchy(measure)).limit_denominator(96)
            for head in heads:
                found.append(
                    (
                        index,
                        onset,
                        head.displayName,
                        bool(head.noteheadParenthesis),
                    )
                )
    return sorted(found)


@pytest.mark.parametrize("name", sorted(PIECES))
@pytest.mark.filterwarnings("ignore::music21.musicxml.xmlToM21.MusicXMLWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_music21_reads_the_same_onsets_drums_and_ghosts(name: str) -> None:
    piece = PIECES[name]()
    document = write_musicxml(quantize(piece.hits, piece.grid, title=name))
    written = sorted(
        (note.measure, note.onset, note.position, note.is_ghost)
        for note in read_musicxml(document)
        if not note.is_grace
    )
    assert strokes_in_music21(document) == written


@pytest.mark.filterwarnings("ignore::music21.musicxml.xmlToM21.MusicXMLWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_music21_reads_sections_dynamics_and_every_note_under_repeat_signs() -> None:
    piece = PIECES["song-with-form"]()
    score = quantize(piece.hits, piece.grid)
    document = write_musicxml(with_similes(score))
    assert len(strokes_in_music21(document)) == len(piece.hits)
    part = read_part(document)
    marks = {m.measureNumber: m.content for m in part.recurse().getElementsByClass("RehearsalMark")}
    assert marks == {score.measures[s.first].number: s.label for s in score.sections}
    dynamics = [d.value for d in part.recurse().getElementsByClass("Dynamic")]
    assert dynamics == [str(m.dynamic) for m in score.measures if m.dynamic]
    assert len(list(part.recurse().getElementsByClass("Crescendo"))) == 1


@pytest.mark.parametrize("name", sorted(PIECES))
def test_verovio_plays_every_note_at_its_place(name: str) -> None:
    piece = PIECES[name]()
    score = quantize(piece.hits, piece.grid, title=name)
    toolkit = verovio.toolkit()
    assert toolkit.loadData(write_musicxml(score).decode())
    starts = {}
    for entry in toolkit.renderToTimemap():
        for note in entry.get("on", []):
            starts[note] = entry["qstamp"]
    written = piece.swung if score.swing else piece.at
    for placement, at in zip(score.placements, written, strict=True):
        if not placement.is_grace:
            # Verovio takes the time of grace notes from the note that follows them.
            is_drag = piece.hits[placement.hit].articulation is Articulation.DRAG
            late = 0.5 if is_drag else 0.06
            assert starts[f"hit-{placement.hit}"] == pytest.approx(float(at), abs=late)


def test_verovio_sees_heads_ghosts_and_accents() -> None:
    piece = PIECES["rock-beat"]()
    toolkit = verovio.toolkit()
    assert toolkit.loadData(write_musicxml(quantize(piece.hits, piece.grid)).decode())
    for i, hit in enumerate(piece.hits):
        attributes = toolkit.getElementAttr(f"hit-{i}")
        drawing = next(
            d
            for s, d in WEINBERG.drawings.items()
            if s.instrument is hit.instrument and s.articulation is None
        )
        assert int(attributes["loc"]) == drawing.staff_position + 4
        assert (attributes.get("head.mod") == "paren") == (hit.velocity == 0.18)
        is_drum = hit.instrument in {Instrument.SNARE, Instrument.KICK}
        assert attributes.get("head.shape", "quarter") == ("quarter" if is_drum else "x")
