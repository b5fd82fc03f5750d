"""Which tempo is printed where: one mark at the start, another where the tempo stays different."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from statistics import median

from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Measure, NoteValue
from drumscribe.notation.tuning import TEMPO


def tempo_marks(measures: Sequence[Measure], *, said: float | None = None) -> tuple[Measure, ...]:
    """The measures with tempo marks set.

    said: the tempo that a user gave, in quarter notes per minute; it is printed as it was given
        wherever the music is within 8 % of it, and at the start in any case.

    A player's drift is no new tempo: a mark appears only where four bars in a row lie more than
    8 % beside the tempo that was printed last.
    """
    tempi = [measure.quarters_per_minute for measure in measures]
    changes = [0]
    current = median(tempi)
    if _apart(tempi[: TEMPO.sustained_bars], current):
        current = median(tempi[: TEMPO.sustained_bars])
    for k in range(1, len(tempi) - TEMPO.sustained_bars + 1):
        ahead = tempi[k : k + TEMPO.sustained_bars]
        if _apart(ahead, current):
            changes.append(k)
            current = median(ahead)
    marked = list(measures)
    for k, end in zip(changes, [*changes[1:], len(tempi)], strict=True):
        played = median(tempi[k:end])
        is_said = said is not None and (k == 0 or _side(played, said) == 0)
        marked[k] = replace(measures[k], tempo_mark=said if is_said else played)
    return tuple(marked)


def _side(tempo: float, other: float) -> int:
    """1 or -1 where a tempo is clearly faster or slower than the other, 0 where it is the same."""
    return int(tempo > other * (1 + TEMPO.change)) - int(tempo < other / (1 + TEMPO.change))


def _apart(tempi: Sequence[float], current: float) -> bool:
    """All on the same side of the current tempo, each clearly beside it."""
    if len(tempi) < TEMPO.sustained_bars:
        return False
    return {_side(tempo, current) for tempo in tempi} in ({1}, {-1})


def tempo_unit(metre: Metre) -> NoteValue:
    """What a tempo mark counts: a dotted quarter in 6/8, a half in 2/2, else a quarter."""
    if metre.is_compound:
        value = NoteValue.of_length(metre.beat_length)
        assert value is not None
        return value
    return NoteValue(Fraction(2)) if metre.denominator == 2 else NoteValue(Fraction(1))
