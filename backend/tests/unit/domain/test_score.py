from fractions import Fraction
from typing import Any

import pytest

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import (
    Event,
    Measure,
    NoteValue,
    Score,
    ScoreNote,
    Tuplet,
    Voice,
    VoiceRole,
)

QUARTER = NoteValue(Fraction(1))
SNARE = ScoreNote(Instrument.SNARE)


@pytest.mark.parametrize(
    ("base", "dots", "length"),
    [(4, 0, 4), (2, 1, 3), (1, 1, Fraction(3, 2)), (1, 2, Fraction(7, 4)), (0.125, 0, 0.125)],
)
def test_note_value_length_counts_dots(base: float, dots: int, length: Fraction | int) -> None:
    value = NoteValue(Fraction(base), dots)
    assert value.length == length
    assert NoteValue.of_length(Fraction(length)) == value


def test_note_value_of_impossible_length_is_none() -> None:
    assert NoteValue.of_length(Fraction(5, 4)) is None
    assert NoteValue.of_length(Fraction(1, 3)) is None
    assert NoteValue.of_length(Fraction(7, 4), max_dots=1) is None


def test_event_with_value_of_other_length_is_refused() -> None:
    with pytest.raises(ValueError, match="does not last"):
        Event(Fraction(0), Fraction(1, 2), QUARTER, (SNARE,))
    triplet = Tuplet(3, 2)
    Event(Fraction(0), Fraction(2, 3), QUARTER, (SNARE,), tuplet=triplet)
    with pytest.raises(ValueError, match="does not last"):
        Event(Fraction(0), Fraction(1), QUARTER, (SNARE,), tuplet=triplet)


def test_event_without_value_must_be_a_rest() -> None:
    assert Event(Fraction(0), Fraction(7, 2), None).is_full_measure_rest
    with pytest.raises(ValueError, match="written value"):
        Event(Fraction(0), Fraction(1), None, (SNARE,))


def test_note_with_ghost_as_articulation_is_refused() -> None:
    with pytest.raises(ValueError, match="is_ghost"):
        ScoreNote(Instrument.SNARE, articulation=Articulation.GHOST)


def test_voice_with_a_gap_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 1"):
        Voice(
            VoiceRole.HANDS,
            (Event(Fraction(0), Fraction(1), QUARTER), Event(Fraction(2), Fraction(1), QUARTER)),
        )


def _measure(**changes: Any) -> Measure:
    rest = Voice(VoiceRole.HANDS, (Event(Fraction(0), Fraction(4), None),))
    fields: dict[str, Any] = {
        "number": 1,
        "metre": Metre(4, 4),
        "length": Fraction(4),
        "voices": (rest,),
        "groups": (Fraction(1),) * 4,
        "start_seconds": 0.0,
        "end_seconds": 2.0,
    }
    return Measure(**(fields | changes))


def test_measure_knows_tempo_and_emptiness() -> None:
    measure = _measure()
    assert measure.quarters_per_minute == 120.0
    assert measure.is_empty


@pytest.mark.parametrize(
    "changes",
    [{"length": Fraction(3)}, {"groups": (Fraction(1),)}, {"end_seconds": 0.0}, {"voices": ()}],
)
def test_measure_that_does_not_add_up_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"bar|voices"):
        _measure(**changes)


def test_score_without_measures_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Score(())
