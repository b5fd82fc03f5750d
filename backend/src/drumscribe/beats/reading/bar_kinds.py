"""Kinds of bar: a metre, how its eighths group, and the role of each group for a drummer.

Roles of group starts: D downbeat, B backbeat, S strong, W weak. Of what lies between: A the eighth
between two beats, E sixteenths, T and U the second and third third of a quarter, X and Y those of a
dotted quarter, O anything finer.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.rhythm import Metre

ROLES = "DBSWAETUXYO"
MAIN_ROLES = "DBSW"
_AFTER_THREE = {6: "X", 12: "Y"}
_AFTER_TWO = {6: "A", 4: "T", 8: "U"}


@dataclass(frozen=True, slots=True)
class BarKind:
    """groups: lengths in eighths; names: the role of the start of each."""

    metre: Metre
    groups: tuple[int, ...]
    names: str

    @property
    def quarters(self) -> Fraction:
        return self.metre.bar_length

    @property
    def is_in_twos(self) -> bool:
        return set(self.groups) == {2}

    @property
    def is_in_threes(self) -> bool:
        return set(self.groups) == {3}

    @property
    def is_half_time(self) -> bool:
        """One backbeat, in the middle of a bar of four."""
        return self.names == "DWBW"


def _kinds() -> tuple[BarKind, ...]:
    in_twos = {
        "2/4": ("DB",),
        "3/4": ("DBB", "DSB", "DBS"),
        "4/4": ("DBSB", "DWBW"),
        "5/4": ("DBSBS", "DBSSB", "DSBSB", "DBBSB"),
        "6/4": ("DBSBSB", "DSBSSB", "DBBSBB"),
        "7/4": ("DBSBSBS", "DBSBSSB", "DSBSBSB"),
    }
    found = [(metre, (2,) * len(names), names) for metre in in_twos for names in in_twos[metre]]
    found += [
        ("6/8", (3, 3), "DB"),
        ("12/8", (3, 3, 3, 3), "DBSB"),
        ("12/8", (3, 3, 3, 3), "DWBW"),
        ("9/8", (3, 3, 3), "DBS"),
        ("9/8", (3, 3, 3), "DSB"),
        ("5/8", (3, 2), "DB"),
        ("5/8", (2, 3), "DB"),
        ("7/8", (2, 2, 3), "DBS"),
        ("7/8", (3, 2, 2), "DSB"),
        ("7/8", (2, 3, 2), "DBS"),
        ("7/8", (4, 3), "DB"),
        ("7/8", (2, 2, 3), "DSB"),
        ("9/8", (2, 2, 2, 3), "DBSB"),
        ("9/8", (3, 2, 2, 2), "DBSB"),
        ("11/8", (2, 2, 2, 2, 3), "DBSBS"),
        ("11/8", (3, 3, 3, 2), "DBSB"),
        ("11/8", (4, 4, 3), "DBS"),
    ]
    return tuple(BarKind(Metre.parse(metre), groups, names) for metre, groups, names in found)


KINDS = _kinds()
METRES = tuple(dict.fromkeys(kind.metre for kind in KINDS))


@cache
def roles_of(kind: BarKind, steps_per_quarter: int) -> NDArray[np.float64] | None:
    """(steps of the bar, roles), 1 where a step has the role; None where the steps do not fit."""
    length = kind.quarters * steps_per_quarter
    if length.denominator != 1 or (not kind.is_in_twos and steps_per_quarter % 2):
        return None
    starts = np.concatenate([[0], np.cumsum(kind.groups)])
    roles = np.zeros((int(length), len(ROLES)))
    for step in range(int(length)):
        eighths = Fraction(2 * step, steps_per_quarter)
        group = int(np.searchsorted(starts, float(eighths) + 1e-9, side="right")) - 1
        twelfths = (eighths - int(starts[group])) * 6  # of a quarter
        roles[step, ROLES.index(_role(kind, group, twelfths))] = 1.0
    return roles


def _role(kind: BarKind, group: int, twelfths: Fraction) -> str:
    finer = "E" if twelfths % 3 == 0 else "O"
    if twelfths == 0:
        return kind.names[group]
    if kind.groups[group] == 3 and kind.is_in_threes:
        return _AFTER_THREE.get(int(twelfths), finer) if twelfths.denominator == 1 else "O"
    if kind.is_in_twos:
        return _AFTER_TWO.get(int(twelfths), finer) if twelfths.denominator == 1 else "O"
    if twelfths == 12 and kind.groups[group] >= 4:
        return "W"
    return "A" if twelfths % 6 == 0 else finer
