"""A tempo that a user says: it wins, and what was heard is kept beside it."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.transcription import Transcript, WarningCode
from drumscribe.domain.wishes import Wishes
from drumscribe.notation.quantize import quantize
from drumscribe.pipeline.files.codec import (
    transcript_from_json,
    transcript_to_dict,
    transcript_to_json,
)
from drumscribe.pipeline.hear import Heard
from drumscribe.pipeline.rerender import transcript_from_hits
from drumscribe.pipeline.revise import revise

KICK, SNARE, HAT = Instrument.KICK, Instrument.SNARE, Instrument.HIHAT_CLOSED


def rock(bpm: float = 100.0, bars: int = 16) -> tuple[Hit, ...]:
    """Eighths on the hat, kick on 1 and 3, snare on 2 and 4, from half a second on."""
    eighth = 30.0 / bpm
    hits = []
    for k in range(bars * 8):
        time = 0.5 + k * eighth
        hits.append(Hit(time, HAT, velocity=0.6))
        if k % 4 == 0:
            hits.append(Hit(time, SNARE if k % 8 == 4 else KICK, velocity=0.9))
        elif k % 8 == 5:
            hits.append(Hit(time, KICK, velocity=0.8))
    return numbered(tuple(sorted(hits)))


def heard(bpm: float = 100.0) -> Heard:
    hits = rock(bpm)
    found = revise(Heard(hits=hits, grid=None, duration_seconds=hits[-1].time), Wishes())
    return Heard.of(found)


def at(bpm: float, machine: Heard | None = None) -> Transcript:
    return revise(machine or heard(), Wishes.of({"bpm": bpm}))


def printed_tempo(page: Transcript) -> float | None:
    return quantize(page.hits, page.grid).measures[0].tempo_mark


@pytest.mark.parametrize("said", [92.0, 120.0])
def test_tempo_that_does_not_fit_is_followed_and_contradicted_in_words(said: float) -> None:
    page = at(said)
    assert (page.bpm, page.detected_bpm, printed_tempo(page)) == (said, 100, said)
    assert page.grid.quarters_per_minute == pytest.approx(said, rel=0.02)
    [notice] = page.notices
    assert notice.code is WarningCode.TEMPO_DOES_NOT_FIT
    assert WarningCode.TEMPO_DOES_NOT_FIT in page.warnings
    assert f"{said:g}" in notice.message
    assert "100" in notice.message


@pytest.mark.parametrize(("said", "factor"), [(101.5, 1.0), (98.0, 1.0), (200.0, 2.0), (50.0, 0.5)])
def test_tempo_that_was_heard_keeps_the_beats_that_were_heard(said: float, factor: float) -> None:
    machine = heard()
    page = at(said, machine)
    assert (page.bpm, page.detected_bpm, printed_tempo(page)) == (said, 100, said)
    assert page.warnings == ()
    assert machine.grid is not None
    assert page.grid.quarters_per_minute == pytest.approx(
        machine.grid.quarters_per_minute * factor, rel=1e-6
    )
    if factor == 1.0:
        np.testing.assert_array_equal(page.grid.beat_times, machine.grid.beat_times)


def test_tempo_is_printed_in_quarters_also_where_beats_are_longer() -> None:
    machine = dataclasses.replace(heard(), found_with=Wishes().beats)
    page = revise(machine, Wishes.of({"time_signature": "6/8", "bpm": 150}))
    assert page.grid.metre == Metre(6, 8)
    assert (page.bpm, printed_tempo(page)) == (150.0, 150.0)
    assert page.grid.bpm == pytest.approx(100.0, rel=0.05)
    document = transcript_to_dict(page)
    assert (document["beat_length"], document["bpm_is_said"]) == (1.5, True)
    assert document["tempo_map"][0]["bpm"] == pytest.approx(150.0, rel=0.05)


def test_without_a_word_the_page_has_what_was_heard() -> None:
    page = revise(heard(), Wishes())
    document = transcript_to_dict(page)
    assert (document["bpm_is_said"], document["detected_bpm"]) == (False, 100)
    assert document["bpm"] == pytest.approx(100.0, rel=0.002)


def test_document_remembers_what_was_said_and_what_was_heard() -> None:
    content = transcript_to_json(at(92.0))
    again = transcript_from_hits(content)
    assert (again.bpm, again.detected_bpm) == (92.0, 100)
    assert [notice.code for notice in again.notices] == [WarningCode.TEMPO_DOES_NOT_FIT]
    assert json.loads(transcript_to_json(again)) == json.loads(content)
    back = transcript_from_hits(content, Wishes.of({"bpm": 100}))
    assert (back.bpm, back.detected_bpm, back.notices) == (100.0, 100, ())
    assert transcript_from_json(content).heard_quarters_per_minute == 100.0


def test_order_of_saying_does_not_matter() -> None:
    machine = heard()
    first = at(92.0, machine)
    later = revise(Heard.of(revise(machine, Wishes())), Wishes.of({"bpm": 92}))
    np.testing.assert_array_equal(first.grid.beat_times, later.grid.beat_times)


def test_strokes_without_beats_are_heard_before_a_tempo_is_said_of_them() -> None:
    bare = Heard(hits=rock(), grid=None, duration_seconds=rock()[-1].time)
    page = revise(bare, Wishes.of({"bpm": 92}))
    assert (page.bpm, page.detected_bpm) == (92.0, 100)
    assert WarningCode.TEMPO_DOES_NOT_FIT in page.warnings
    np.testing.assert_array_equal(page.grid.beat_times, at(92.0).grid.beat_times)
