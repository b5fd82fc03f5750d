"""Metre and beats: the line between seconds and exact musical positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

LONGEST_BAR_BEATS = 32
_EIGHTHS = 8


@dataclass(frozen=True, slots=True)
class Metre:
    """A time signature such as 4/4 or 7/8."""

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not 1 <= self.numerator <= 32:
            raise ValueError(f"numerator must lie in 1..32, got {self.numerator}")
        if self.denominator not in (1, 2, 4, 8, 16, 32):
            raise ValueError(f"denominator must be a power of two to 32, got {self.denominator}")

    @classmethod
    def parse(cls, text: str) -> Metre:
        """'7/8' -> Metre(7, 8). Raises ValueError on anything else."""
        top, slash, bottom = text.strip().partition("/")
        if not (slash and top.isdecimal() and bottom.isdecimal()):
            raise ValueError(f"a metre looks like 4/4 or 7/8, got {text!r}")
        return cls(int(top), int(bottom))

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    @property
    def is_compound(self) -> bool:
        """6/8, 9/8, 12/8: the beat is a dotted note."""
        return self.denominator >= 8 and self.numerator > 3 and self.numerator % 3 == 0

    @property
    def beat_length(self) -> Fraction:
        """One beat of the beat grid, in quarter notes: 1 in 4/4, 3/2 in 6/8, 1/2 in 7/8."""
        return _quarters(12 if self.is_compound else 4, self.denominator)

    @property
    def beats_per_bar(self) -> int:
        """Beats of the beat grid in one bar: 4 in 4/4, 2 in 6/8, 7 in 7/8."""
        return self.numerator // 3 if self.is_compound else self.numerator

    @property
    def bar_length(self) -> Fraction:
        """One bar in quarter notes."""
        return _quarters(4 * self.numerator, self.denominator)

    @property
    def in_eighths(self) -> Metre:
        """The same bar counted in eighths: 8/8 for 4/4."""
        return Metre(int(2 * self.bar_length), _EIGHTHS)


@cache
def _quarters(numerator: int, denominator: int) -> Fraction:
    return Fraction(numerator, denominator)


COMMON_TIME = Metre(4, 4)


def most_common(metres: Sequence[Metre]) -> Metre:
    """The metre that occurs most often; of equals the first."""
    return max(dict.fromkeys(metres), key=metres.count)


@dataclass(frozen=True, slots=True)
class OtherCount:
    """Another way to count a recording, said as a user would ask for it.

    quarters_per_minute: its tempo; bar_one_at_seconds: where one of its bars begins.
    chance: how probable it is, 0..1.
    """

    metre: Metre
    quarters_per_minute: float
    bar_one_at_seconds: float
    chance: float

    def __post_init__(self) -> None:
        if self.quarters_per_minute <= 0.0 or self.bar_one_at_seconds < 0.0:
            raise ValueError("quarters_per_minute must be above 0, bar_one_at_seconds not below")
        if not 0.0 <= self.chance <= 1.0:
            raise ValueError(f"chance must lie in 0..1, got {self.chance}")


@dataclass(frozen=True, slots=True, eq=False)
class BeatGrid:
    """Where the beats of a recording lie, tempo free to vary.

    beat_times: float64 (beats,), seconds, strictly increasing, at least two.
    beat_numbers: int (beats,), position in the bar counted from 1; 1 is a downbeat. A bar may be
        shorter or longer than the metre says: it ends where the next 1 stands.
    metre: the metre of most bars; one beat lasts metre.beat_length quarter notes in all of them.
        4/4 is counted in eighths, as 8/8, where bars of five or seven of them stand among its bars;
        see written_metre.
    reliable: False where the tempo or the bars are probably wrong (warning bpm_unreliable).
    bar_confidences: per downbeat, how probable it is that a bar begins there, 0..1; empty where
        nobody asked.
    bar_metres: per downbeat, the metre that somebody said of the bar from there on; None where its
        length says it, empty where that holds for all. 6/8 among bars of 4/4 has three quarter
        beats, as 3/4 has.
    alternatives: other ways to count, the likeliest first.
    metre_is_said: True where a user gave the metre: the page is then written in no other.
    said_quarters_per_minute: the tempo that a user gave, which the page then prints; the beats lie
        where they are played. None where nobody gave one.
    """

    beat_times: NDArray[np.float64]
    beat_numbers: NDArray[np.int64]
    metre: Metre
    reliable: bool = True
    bar_confidences: tuple[float, ...] = ()
    bar_metres: tuple[Metre | None, ...] = ()
    alternatives: tuple[OtherCount, ...] = ()
    metre_is_said: bool = False
    said_quarters_per_minute: float | None = None

    def __post_init__(self) -> None:
        if self.beat_times.ndim != 1 or self.beat_times.size < 2:
            raise ValueError(f"a beat grid needs at least two beats, got {self.beat_times.shape}")
        if self.beat_numbers.shape != self.beat_times.shape:
            raise ValueError(
                f"beat_numbers must have shape {self.beat_times.shape}, "
                f"got {self.beat_numbers.shape}"
            )
        if not np.all(np.isfinite(self.beat_times)) or np.any(np.diff(self.beat_times) <= 0):
            raise ValueError("beat_times must be finite and strictly increasing")
        if self.beat_numbers.min() < 1 or self.beat_numbers.max() > LONGEST_BAR_BEATS:
            raise ValueError(f"beat_numbers must lie in 1..{LONGEST_BAR_BEATS}")
        if len(self.bar_confidences) not in (0, int((self.beat_numbers == 1).sum())):
            raise ValueError("bar_confidences must have one value per downbeat, or none")
        if len(self.bar_metres) not in (0, int((self.beat_numbers == 1).sum())):
            raise ValueError("bar_metres must have one value per downbeat, or none")

    @property
    def bpm(self) -> float:
        """Beats per minute: the median over the grid (beats of the grid, not quarter notes)."""
        return float(60.0 / np.median(np.diff(self.beat_times)))

    @property
    def quarters_per_minute(self) -> float:
        """The same in quarter notes: 48 beats of 6/8 a minute are 72."""
        return self.bpm * float(self.metre.beat_length)

    @property
    def written_metre(self) -> Metre:
        """What most bars are written in: 4/4 for eight eighths, unless somebody said 8/8."""
        is_common = self.metre == COMMON_TIME.in_eighths and not self.metre_is_said
        return COMMON_TIME if is_common else self.metre

    def said_of_bar(self, first_beat: int, n_beats: int) -> Metre | None:
        """The metre that somebody said for the bar of so many beats from a beat on; None: no other
        than its length says.

        first_beat: index into the grid's beats; beyond them nobody said anything.
        """
        if not self.bar_metres or not 0 <= first_beat < self.beat_numbers.size:
            return None
        if self.beat_numbers[first_beat] != 1:
            return None
        metre = self.bar_metres[int((self.beat_numbers[:first_beat] == 1).sum())]
        is_so_long = metre is not None and metre.bar_length == n_beats * self.metre.beat_length
        return metre if is_so_long and metre != self.metre_of_bar(n_beats) else None

    def metre_of_bar(self, n_beats: int) -> Metre:
        """What a bar of so many beats of the grid is written in, where only its length is known."""
        metre = self.metre
        if n_beats == metre.beats_per_bar:
            return self.written_metre
        if metre.denominator == _EIGHTHS and not metre.is_compound and n_beats % 2 == 0:
            # Among bars of seven eighths one of eight is 4/4, and one of six 3/4.
            return Metre(n_beats // 2, metre.denominator // 2)
        return Metre(n_beats * (3 if metre.is_compound else 1), metre.denominator)

    @property
    def downbeat_times(self) -> NDArray[np.float64]:
        return np.asarray(self.beat_times[self.beat_numbers == 1])

    def has_bars_of(self, other: BeatGrid) -> bool:
        """Whether beats and bars are the same, and the metre is said in both or in neither."""
        return (
            self.metre == other.metre
            and self.metre_is_said == other.metre_is_said
            and np.array_equal(self.beat_times, other.beat_times)
            and np.array_equal(self.beat_numbers, other.beat_numbers)
            and self.bar_metres == other.bar_metres
        )

    def beat_position(self, time: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds -> position in beats from the first beat (0 = first beat), piecewise linear.

        Before the first and after the last beat the nearest beat's tempo goes on.
        """
        t = np.asarray(time, dtype=np.float64)
        index = np.arange(self.beat_times.size, dtype=np.float64)
        inside = np.interp(t, self.beat_times, index)
        first = self.beat_times[1] - self.beat_times[0]
        last = self.beat_times[-1] - self.beat_times[-2]
        before = (t - self.beat_times[0]) / first
        after = index[-1] + (t - self.beat_times[-1]) / last
        return np.where(
            t < self.beat_times[0], before, np.where(t > self.beat_times[-1], after, inside)
        )

    def time_at(self, position: float | Fraction | NDArray[np.float64]) -> NDArray[np.float64]:
        """Position in beats from the first beat -> seconds; the inverse of beat_position."""
        p = np.asarray(
            float(position) if isinstance(position, Fraction) else position, dtype=np.float64
        )
        last_index = self.beat_times.size - 1
        inside = np.interp(p, np.arange(self.beat_times.size), self.beat_times)
        first = self.beat_times[1] - self.beat_times[0]
        last = self.beat_times[-1] - self.beat_times[-2]
        before = self.beat_times[0] + p * first
        after = self.beat_times[-1] + (p - last_index) * last
        return np.where(p < 0, before, np.where(p > last_index, after, inside))
