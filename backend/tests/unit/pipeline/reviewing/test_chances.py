"""How likely strokes are to be real."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.pipeline.reviewing.chances import (
    chances_of_hits,
    chances_of_offers,
    features_of_offers,
)
from drumscribe.pipeline.tuning import REVIEW

BARS = 12
GRID = BeatGrid(
    np.arange(4 * BARS, dtype=np.float64) * 0.5, np.tile([1, 2, 3, 4], BARS), Metre(4, 4)
)


def row(instrument: Instrument, confidence: float, beat: float) -> list[Hit]:
    times = [2.0 * bar + 0.5 * (beat - 1) for bar in range(BARS)]
    return [Hit(time, instrument, confidence=confidence) for time in times]


def test_stroke_of_the_pattern_is_likelier_than_one_by_itself() -> None:
    once = Hit(11.25, Instrument.SNARE, confidence=0.6)
    chances = chances_of_hits([*row(Instrument.SNARE, 0.6, 2), once], GRID)
    assert chances[:BARS].min() > REVIEW.doubtful_below > chances[-1]


def test_what_was_said_by_hand_is_never_doubtful() -> None:
    once = Hit(11.25, Instrument.SNARE, confidence=1.0)
    assert chances_of_hits([once], GRID) == pytest.approx(1.0)


def test_trace_of_the_pattern_is_likelier_than_a_peak_by_itself() -> None:
    kicks = row(Instrument.KICK, 0.9, 1)
    hits = [*kicks, *(hit for hit in row(Instrument.SNARE, 0.9, 2) if hit.time != 8.5)]
    trace = Hit(8.5, Instrument.SNARE, confidence=0.05)
    peak = Hit(9.25, Instrument.SNARE, confidence=0.15)
    of_trace, of_peak = chances_of_offers([trace, peak], hits, GRID)
    assert of_trace > REVIEW.offered_from > of_peak


def test_open_hat_where_a_closed_one_is_written_is_less_likely_a_second_stroke() -> None:
    closed = row(Instrument.HIHAT_CLOSED, 0.9, 1)
    there = Hit(0.01, Instrument.HIHAT_OPEN, confidence=0.2)
    alone = replace(there, time=0.26)
    beside = features_of_offers([there, alone, replace(alone, time=0.0)], closed, GRID)[:, 2]
    assert beside.tolist() == [1.0, 0.0, 1.0]
    first, second = chances_of_offers([there, alone], closed, GRID)
    assert first < second


def test_crash_may_be_struck_with_a_kick_and_a_tom_be_taken_for_another() -> None:
    hits = [Hit(1.0, Instrument.KICK), Hit(1.0, Instrument.TOM_HIGH)]
    nearly = [Hit(1.0, Instrument.CRASH, 0.5, 0.2), Hit(1.0, Instrument.TOM_LOW, 0.5, 0.2)]
    assert features_of_offers(nearly, hits, GRID)[:, 2].tolist() == [0.0, 1.0]


def test_more_was_missed_where_much_of_the_page_is_doubtful() -> None:
    missing = [Hit(8.25, Instrument.KICK, confidence=0.2)]
    (sure,) = chances_of_offers(missing, row(Instrument.SNARE, 0.99, 2), GRID)
    (doubtful,) = chances_of_offers(missing, row(Instrument.SNARE, 0.5, 2), GRID)
    assert sure < doubtful


def test_offers_without_a_page_have_a_chance_too() -> None:
    (chance,) = chances_of_offers([Hit(8.25, Instrument.KICK, confidence=0.2)], [], GRID)
    assert 0 < chance < 1
