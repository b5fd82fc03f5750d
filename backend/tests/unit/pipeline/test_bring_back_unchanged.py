"""Pages that went out and come back as they were are the same pages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brought_pages import (
    brought,
    compressed,
    is_unchanged,
    seven_eight_song,
    transcript_of,
    written,
)
from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Form, KeyMap, PageWishes, Similes, Style
from drumscribe.library import Transcription
from drumscribe.notation.bringing.changes import Changes
from drumscribe.pipeline.bring_back import bring_back, with_brought
from drumscribe.pipeline.files.formats import FORMATS, Engravers, Sheet
from drumscribe.pipeline.rerender import transcript_from_hits
from engraving_pieces import PIECES, Piece, steady_grid

HERE = Path(__file__).parent


SAVED_BY_MUSESCORE = HERE / "musescore"


EXAMPLES = HERE.parents[3] / "examples"


METRES = ("2/4", "3/4", "4/4", "5/4", "2/2", "3/8", "6/8", "7/8", "9/8", "12/8", "7/16")


@st.composite
def any_page(draw: st.DrawFn) -> Transcript:
    """Strokes anywhere, of anything, over beats that stray, with or without a pickup."""
    metre = draw(st.sampled_from(METRES))
    pickup = draw(st.integers(0, 2))
    grid = steady_grid(metre, 4, bpm=draw(st.floats(50, 220)), pickup_beats=pickup)
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    step = float(np.diff(grid.beat_times)[0])
    strayed = grid.beat_times + random.uniform(-0.1, 0.1, grid.beat_times.size) * step
    grid = replace(grid, beat_times=np.maximum.accumulate(strayed) + 1e-6 * np.arange(strayed.size))
    marks = [*[None] * 6, *Articulation]
    n = draw(st.integers(1, 60))
    hits = sorted(
        Hit(
            float(time),
            list(Instrument)[random.integers(len(Instrument))],
            float(random.random()),
            float(random.random()),
            marks[random.integers(len(marks))],
        )
        for time in random.uniform(0.0, float(grid.beat_times[-1]), n)
    )
    return transcript_of(Piece(tuple(hits), (), grid))


@settings(max_examples=25, deadline=None)
@given(any_page(), st.sampled_from(list(Style)), st.booleans())
def test_page_as_musicxml_comes_back_as_the_same_page(
    transcript: Transcript, style: Style, shortens: bool
) -> None:
    similes = Similes.ALWAYS if shortens else Similes.NEVER
    root = written(transcript, PageWishes(style=style, similes=similes))
    found = brought(root, transcript)
    assert is_unchanged(found, transcript)
    assert (found.changes.changed, found.changes.added, found.changes.removed) == (0, 0, 0)
    assert found.notices == ()


@settings(max_examples=25, deadline=None)
@given(any_page())
def test_page_as_json_comes_back_as_the_same_page(transcript: Transcript) -> None:
    found = bring_back(Transcription(transcript).to_json().encode(), transcript)
    assert is_unchanged(found, transcript)
    assert found.changes == Changes(kept=len(transcript.hits))


@settings(max_examples=25, deadline=None)
@given(any_page(), st.sampled_from(list(KeyMap)))
def test_page_as_midi_comes_back_with_the_same_notes(transcript: Transcript, keys: KeyMap) -> None:
    page = Transcription(transcript, page=PageWishes(drum_map=keys))
    for performance in (False, True):
        found = bring_back(page.to_midi(performance=performance), transcript, drum_map=keys)
        assert (found.changes.added, found.changes.removed) == (0, 0)
        assert {hit.id for hit in found.hits} == {hit.id for hit in transcript.hits}


@pytest.mark.parametrize("name", PIECES)
def test_every_piece_comes_back_from_the_form_that_musescore_writes(name: str) -> None:
    """Compressed, without our ids, positions in many divisions, velocities rounded."""
    transcript = transcript_of(PIECES[name]())
    root = written(transcript)
    for element in root.iter():
        element.attrib.pop("id", None) if element.tag in ("note", "measure") else None
        if element.tag == "divisions":
            element.text = str(int(element.text or "1") * 480)
        if element.tag == "duration":
            element.text = str(int(element.text or "0") * 480)
        if "dynamics" in element.attrib:
            midi = round(float(element.attrib["dynamics"]) * 0.9)
            element.set("dynamics", f"{midi / 0.9:.2f}")
    found = bring_back(compressed(ET.tostring(root)), transcript)
    assert is_unchanged(found, transcript)


def example_song_as_played() -> Transcript:
    """What the drummer of the example song played, over its beats."""
    document = json.loads((EXAMPLES / "funk-rock.beats.json").read_bytes())
    document["hits"] = json.loads((EXAMPLES / "funk-rock.hits.json").read_bytes())
    return transcript_from_hits(json.dumps(document).encode())


def musescore_pages() -> dict[str, Transcript]:
    return {
        "seven-eight-with-pickup": seven_eight_song(),
        "example-song": example_song_as_played(),
        "every-sound": transcript_of(without_second_crash(PIECES["every-sound"]())),
    }


def without_second_crash(piece: Piece) -> Piece:
    """What MuseScore saved is older than the second crash, the last stroke of the piece."""
    assert piece.hits[-1].articulation is Articulation.CRASH_2
    return replace(piece, hits=piece.hits[:-1], at=piece.at[:-1])


@pytest.mark.parametrize("name", ["seven-eight-with-pickup", "example-song", "every-sound"])
def test_page_that_musescore_saved_comes_back_as_the_same_page(name: str) -> None:
    """The .mxl files are what MuseScore 3.2.3 wrote after it had read our MusicXML."""
    transcript = musescore_pages()[name]
    content = (SAVED_BY_MUSESCORE / f"{name}.mxl").read_bytes()

    after, found = with_brought(content, transcript)

    assert is_unchanged(found, transcript)
    assert (found.changes.changed, found.changes.added, found.changes.removed) == (0, 0, 0)
    assert after.grid.downbeat_times.tolist() == transcript.grid.downbeat_times.tolist()
    before = Transcription(transcript)
    assert FORMATS["timemap"].write(sheet(after)) == FORMATS["timemap"].write(sheet(transcript))
    assert Transcription(after).to_musicxml() == before.to_musicxml()


def sheet(transcript: Transcript) -> Sheet:
    return Sheet(transcript, Transcription(transcript).score, PageWishes(), Engravers())


def test_chart_comes_back_with_repeats_written_out_and_slashes_as_they_were() -> None:
    transcript = transcript_of(PIECES["song-with-form"]())
    root = written(transcript, PageWishes(form=Form.CHART))
    assert root.find(".//repeat") is not None
    found = brought(root, transcript)
    assert found.changes.added == 0
    assert found.changes.kept > 0.9 * len(transcript.hits)
