"""Slots are whole numbers of ticks, whatever the metre and however it swings."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Swing
from drumscribe.notation.quantize.divisions import BEAT, families_of, in_ticks, swing_family
from drumscribe.notation.quantize.rhythm_grid import SWINGS

METRES = st.builds(Metre, st.integers(1, 32), st.sampled_from([1, 2, 4, 8, 16, 32]))


@given(metre=METRES)
def test_slots_of_any_metre_divide_its_beat_evenly(metre: Metre) -> None:
    for family in families_of(metre):
        for division in family:
            parts = len(division.slots) - 1
            slots = [Fraction(slot, BEAT) for slot in division.slots]
            assert slots == [Fraction(k, parts) for k in range(parts + 1)]
            assert division.length == metre.beat_length / parts


@given(metre=METRES, swing=st.sampled_from(SWINGS))
def test_the_second_eighth_of_any_swing_is_a_slot(metre: Metre, swing: Swing) -> None:
    _, pair = swing_family(metre, swing.offbeat)
    assert [Fraction(slot, BEAT) for slot in pair.slots] == [0, swing.offbeat, 1]


def test_a_place_between_two_ticks_is_refused() -> None:
    with pytest.raises(ValueError, match="1/13 of a beat"):
        in_ticks(Fraction(1, 13))
