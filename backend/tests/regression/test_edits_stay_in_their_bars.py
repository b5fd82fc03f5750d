"""The example and the clips, corrected: no other bar is rewritten, Undo gives the page back."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bars_compared import changed_elsewhere
from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Wishes
from drumscribe.library import Transcription
from drumscribe.pipeline.files import codec
from drumscribe.pipeline.hear import Heard
from drumscribe.pipeline.rerender import transcript_from_hits
from drumscribe.pipeline.revise import Current, revise

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "page" / "funk-rock.json"
CLIPS = sorted((Path(__file__).parent / "clips").glob("*.hits.json"))
EDITS = 60


@pytest.fixture(scope="module", params=[EXAMPLE, *CLIPS], ids=lambda path: path.name)
def heard(request: pytest.FixtureRequest) -> Transcript:
    return transcript_from_hits(request.param.read_bytes())


def edited(page: Transcript, heard: Transcript, hits: Sequence[Hit]) -> Transcript:
    said = Wishes()
    current = Current(page.hits, page.grid, said.beats, page.first_hits)
    return revise(Heard.of(heard), said, current=current, hits=hits)


def any_edit(page: Transcript, random: np.random.Generator) -> tuple[list[Hit], list[float]]:
    """Strokes after one of them was put in, taken out, moved or put on another drum; and where."""
    hits = list(page.hits)
    number = int(random.integers(len(hits)))
    hit = hits.pop(number)
    sixteenth = np.round(4 * page.grid.beat_position(hit.time) + random.choice([-1, 1])) / 4
    time = max(0.0, float(page.grid.time_at(sixteenth)) + float(random.normal(0.0, 0.01)))
    match random.choice(["put in", "taken out", "moved", "another drum"]):
        case "put in":
            new = Hit(time, Instrument.TOM_MID, 0.8)
            return [*hits, hit, new], [time]
        case "taken out":
            return hits, [hit.time]
        case "moved":
            return [*hits, dataclasses.replace(hit, time=time)], [hit.time, time]
        case _:
            other = Instrument.TOM_LOW if hit.instrument is Instrument.SNARE else Instrument.SNARE
            return [*hits, dataclasses.replace(hit, instrument=other)], [hit.time]


def test_edits_of_a_first_page_rewrite_no_other_bar(heard: Transcript) -> None:
    random = np.random.default_rng(18)
    before = Transcription(heard).score
    for _ in range(EDITS):
        hits, times = any_edit(heard, random)
        after = edited(heard, heard, numbered(hits))
        assert changed_elsewhere(before, Transcription(after).score, times) == []


def test_edits_one_after_the_other_rewrite_no_other_bar_and_are_undone(heard: Transcript) -> None:
    random = np.random.default_rng(19)
    pages = [heard]
    for _ in range(12):
        hits, times = any_edit(pages[-1], random)
        page = edited(pages[-1], heard, numbered(hits))
        # Every page passes through its document, as it does in the service.
        page = codec.transcript_from_json(codec.transcript_to_json(page))
        before, after = Transcription(pages[-1]).score, Transcription(page).score
        assert changed_elsewhere(before, after, times) == []
        pages.append(page)
    for former in reversed(pages):
        page = edited(page, heard, former.hits)
        assert Transcription(page).score == Transcription(former).score


def test_document_edited_by_hand_rewrites_no_other_bar(heard: Transcript) -> None:
    random = np.random.default_rng(20)
    before = Transcription(heard).score
    for _ in range(12):
        hits, times = any_edit(heard, random)
        document = dataclasses.replace(heard, hits=numbered(hits))
        page = transcript_from_hits(codec.transcript_to_json(document))
        assert changed_elsewhere(before, Transcription(page).score, times) == []
