"""Strokes decided once more by the bars that are like theirs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import COMMON_TIME, BeatGrid
from drumscribe.domain.wishes import HearingWishes
from drumscribe.pipeline.settle import settled

BARS = 12
STANDARD = HearingWishes()
KICK, SNARE, CLOSED, OPEN, TOM = (
    Instrument.KICK, Instrument.SNARE, Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN,
    Instrument.TOM_LOW,
)  # fmt: skip


def grid(bars: int = BARS) -> BeatGrid:
    """Bars of two seconds."""
    n_beats = 4 * bars
    return BeatGrid(np.arange(n_beats) / 2.0, np.arange(n_beats) % 4 + 1, COMMON_TIME)


def stroke(bar: int, beat: float, instrument: Instrument, confidence: float = 0.95) -> Hit:
    return Hit(2.0 * bar + 0.5 * beat, instrument, 0.8, confidence)


def rock(bars: int = BARS) -> list[Hit]:
    """The same bar again and again, all of it surely heard."""
    return [
        one
        for bar in range(bars)
        for one in (
            *(stroke(bar, beat, KICK) for beat in (0, 2)),
            *(stroke(bar, beat, SNARE) for beat in (1, 3)),
            *(stroke(bar, half / 2, CLOSED) for half in range(8)),
        )
    ]  # fmt: skip


def without(hits: list[Hit], gone: Hit) -> list[Hit]:
    return [hit for hit in hits if (hit.time, hit.instrument) != (gone.time, gone.instrument)]


def test_stroke_that_all_other_bars_have_is_written_though_no_threshold_let_it_in() -> None:
    missed = stroke(5, 3, SNARE, confidence=0.4)
    found = settled(without(rock(), missed), [missed], grid(), STANDARD)
    assert missed in found.hits
    assert not found.left
    assert list(found.hits) == sorted(found.hits)


def test_trace_that_no_other_bar_has_stays_an_offer() -> None:
    lone = stroke(5, 2.25, SNARE, confidence=0.2)
    found = settled(rock(), [lone], grid(), STANDARD)
    assert lone not in found.hits
    assert found.left == (lone,)


def test_doubtful_stroke_that_no_other_bar_has_stays() -> None:
    lone = stroke(7, 2.25, TOM, confidence=0.3)
    assert set(settled([*rock(), lone], [], grid(), STANDARD).hits) == {*rock(), lone}


def test_of_two_names_of_one_stroke_one_is_written() -> None:
    half = [stroke(bar, 3.5, OPEN) for bar in range(0, BARS, 2)]
    hits = [
        hit for hit in rock()
        if not (hit.instrument is CLOSED and hit.time % 4 == pytest.approx(1.75))
        and not (hit.instrument is CLOSED and hit.time == 5 * 2 + 1.75)
    ]  # fmt: skip
    both = [stroke(5, 3.5, CLOSED, confidence=0.85), stroke(5, 3.5, OPEN, confidence=0.85)]
    found = settled([*hits, *half], both, grid(), STANDARD)
    written = [hit for hit in found.hits if hit.time == both[0].time]
    assert len(written) == 1
    assert len(found.left) == 1


def test_nothing_is_written_beside_what_is_written_under_another_name() -> None:
    opened = stroke(5, 3.5, OPEN)
    closed = stroke(5, 3.5, CLOSED, confidence=0.6)
    found = settled([*without(rock(), closed), opened], [closed], grid(), STANDARD)
    assert opened in found.hits
    assert found.left == (closed,)


def test_more_sensitivity_writes_more() -> None:
    missed = stroke(5, 3, SNARE, confidence=0.1)

    def is_written(wishes: HearingWishes) -> bool:
        return missed in settled(without(rock(), missed), [missed], grid(), wishes).hits

    assert is_written(HearingWishes(sensitivity=1.0))
    assert not is_written(HearingWishes(sensitivity=0.0))
    assert is_written(HearingWishes(sensitivity=0.0, sensitivity_by_instrument={SNARE: 1.0}))
    assert not is_written(HearingWishes(sensitivity=0.0, sensitivity_by_instrument={KICK: 1.0}))


@pytest.mark.parametrize("bars", [0, 3])
def test_nothing_is_decided_where_hardly_a_bar_can_be_asked(bars: int) -> None:
    few = grid(3) if bars else replace(grid(3), beat_numbers=np.full(12, 2))
    hits = [replace(hit, confidence=0.3) for hit in rock(3)]
    trace = stroke(1, 2.25, SNARE, confidence=0.2)
    found = settled(hits, [trace], few, STANDARD)
    assert set(found.hits) == set(hits)
    assert found.left == (trace,)
