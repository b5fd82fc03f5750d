"""The signs by which a chart says more than it writes: slashes, repeats, endings, segno, coda."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Times that a plain repeat is played; more is said in words.
TWICE: Final = 2


class Jump(StrEnum):
    """Where a player goes after a bar; the values are what is printed."""

    DAL_SEGNO_AL_CODA = "D.S. al Coda"
    DAL_SEGNO_AL_FINE = "D.S. al Fine"


@dataclass(frozen=True, slots=True)
class Slashes:
    """One printed bar that stands for n_bars bars of a groove that is written elsewhere.

    groove: indices of the printed bars of the groove, played in turn; first: which of them comes
        first.
    words: what is printed above, such as "play 7 more"; empty for one bar of slashes.
    """

    n_bars: int
    groove: tuple[int, ...]
    first: int = 0
    words: str = ""

    def __post_init__(self) -> None:
        if self.n_bars < 1 or not self.groove:
            raise ValueError(f"slashes stand for bars of a groove, got {self}")

    def bar(self, index: int) -> int:
        """The printed bar that is played in the bar of that index (from 0) of the passage."""
        return self.groove[(self.first + index) % len(self.groove)]


@dataclass(frozen=True, slots=True)
class RoadSigns:
    """The signs of one printed bar.

    ends_repeat: how often the repeated bars are played in all; 0 where no repeat ends.
    ending: the passes in which the bar is played; empty for all of them. begins_ending,
        ends_ending: where its bracket begins and ends.
    has_segno, begins_coda: at the start of the bar. goes_to_coda, is_fine: at its end, on the way
        after the jump. jump: at its end.
    """

    slashes: Slashes | None = None
    begins_repeat: bool = False
    ends_repeat: int = 0
    ending: tuple[int, ...] = ()
    begins_ending: bool = False
    ends_ending: bool = False
    has_segno: bool = False
    begins_coda: bool = False
    goes_to_coda: bool = False
    is_fine: bool = False
    jump: Jump | None = None

    @property
    def at_end(self) -> str | None:
        """What is printed at the end of the bar."""
        if self.goes_to_coda:
            return "To Coda"
        if self.is_fine:
            return "Fine"
        return self.jump.value if self.jump else None
