"""What may be said of how hits are brought onto the grid."""

from __future__ import annotations

from dataclasses import dataclass, field

from drumscribe.notation.dynamics import DynamicsOptions


@dataclass(frozen=True, slots=True)
class QuantizeOptions:
    """How hits are brought onto the grid.

    spread_seconds: standard deviation of players and beats around the grid (measured on human
        performances: median 15 ms, 90th percentile 21 ms); None estimates it from the hits.
    leading_rests: write the bars before the drums enter as rests.
    allow_compound: write music whose beats are thirds in 12/8 (9/8, 6/8) instead of in triplets,
        unless a user gave the metre.
    allow_swing: write music that swings as straight eighths under a mark.
    mark_form: find sections, long changes of loudness and the feel, and mark them.
    """

    spread_seconds: float | None = None
    allow_triplets: bool = True
    leading_rests: bool = True
    allow_compound: bool = True
    allow_swing: bool = True
    mark_form: bool = True
    dynamics: DynamicsOptions = field(default_factory=DynamicsOptions)

    def __post_init__(self) -> None:
        if self.spread_seconds is not None and not 0.001 <= self.spread_seconds <= 0.2:
            raise ValueError(f"spread_seconds must lie in 0.001..0.2, got {self.spread_seconds}")
