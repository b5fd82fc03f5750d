"""Which bars speak for a stroke."""

from __future__ import annotations

import numpy as np
import pytest

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.pipeline.reviewing.repetition import support

BARS = 12
# Twelve bars of 4/4 at 120, which begin at 1 s.
GRID = BeatGrid(
    np.arange(4 * BARS, dtype=np.float64) * 0.5 + 1.0, np.tile([1, 2, 3, 4], BARS), Metre(4, 4)
)


def at(bar: int, beat: float) -> float:
    return 1.0 + 2.0 * bar + 0.5 * (beat - 1)


def backbeat() -> list[Hit]:
    return [Hit(at(bar, 2), Instrument.SNARE) for bar in range(BARS)]


def test_support_is_the_share_of_the_bars_that_have_it() -> None:
    once = Hit(at(5, 3.25), Instrument.SNARE)
    hits = [*backbeat(), once]
    shares = support(hits, hits, GRID)
    assert shares[:BARS].min() > 0.9
    assert shares[-1] == 0.0


def test_support_of_bars_alike_counts_for_more_than_that_of_the_neighbours() -> None:
    # Verse and chorus take turns; the ride belongs to the chorus, the closed hat to the verse.
    hits = backbeat()
    for bar in range(BARS):
        drum = Instrument.RIDE if bar % 2 else Instrument.HIHAT_CLOSED
        hits += [Hit(at(bar, beat), drum) for beat in (1, 2, 3, 4) if (bar, beat) != (5, 4)]
    in_chorus, in_verse = support(
        [Hit(at(5, 4), Instrument.RIDE), Hit(at(6, 4), Instrument.RIDE)], hits, GRID
    )
    assert in_chorus > 0.9
    assert in_verse < 0.2


def test_support_of_a_bar_in_which_all_was_missed_is_that_of_all_bars() -> None:
    hits = [hit for hit in backbeat() if hit.time != at(4, 2)]
    kicks = [Hit(at(bar, 1), Instrument.KICK) for bar in range(0, BARS, 3) if bar != 4]
    missed, seldom = support(
        [Hit(at(4, 2), Instrument.SNARE), Hit(at(4, 1), Instrument.KICK)], [*hits, *kicks], GRID
    )
    assert missed == pytest.approx(1.0)
    assert seldom == pytest.approx(4 / (BARS - 1), abs=0.05)


def test_support_reaches_before_the_first_bar_line_and_after_the_last() -> None:
    early = [Hit(at(-1, 4) + 0.25, Instrument.SNARE), Hit(at(BARS, 2), Instrument.SNARE)]
    hits = [*backbeat(), *early]
    before, after = support(early, hits, GRID)
    assert before == 0.0
    assert after > 0.9


def test_support_without_bars_or_hits_is_nothing() -> None:
    grid = BeatGrid(np.array([0.0, 0.5, 1.0]), np.array([1, 2, 3]), Metre(4, 4))
    assert support(backbeat(), backbeat(), grid) == pytest.approx(0.0)
    assert support(backbeat(), [], GRID) == pytest.approx(0.0)
    assert support([], backbeat(), GRID).size == 0
