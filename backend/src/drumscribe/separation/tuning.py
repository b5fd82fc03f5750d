"""The number by which a mix is cut up: its unit, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeparationTuning:
    """overlap: share of a segment that the next one hears again: the default of Demucs' authors."""

    overlap: float = 0.25


SEPARATION = SeparationTuning()
