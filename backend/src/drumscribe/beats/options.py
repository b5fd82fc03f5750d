"""What the user knows about the beats and bars of a recording."""

from __future__ import annotations

from dataclasses import dataclass

from drumscribe.domain.rhythm import Metre

TEMPO_FACTORS = (0.5, 1.0, 2.0)

BPM_RANGE = (20.0, 400.0)


@dataclass(frozen=True, slots=True)
class BeatOptions:
    """What the user knows about the music; it wins over what is found.

    bpm: quarter notes per minute, whatever the metre; None: find out.
    metre: None: find out.
    bar_one_at_seconds: a bar begins at the beat nearest to this time, and the others are counted
        from there; None: find out.
    tempo_factor: 0.5 counts half as many beats as are found, 2 twice as many. Not with bpm.

    Raises ValueError for values that make no sense.
    """

    bpm: float | None = None
    metre: Metre | None = None
    bar_one_at_seconds: float | None = None
    tempo_factor: float = 1.0

    def __post_init__(self) -> None:
        low, high = BPM_RANGE
        if self.bpm is not None and not low <= self.bpm <= high:
            raise ValueError(f"bpm must lie in {low:g}..{high:g}, got {self.bpm}")
        if self.bar_one_at_seconds is not None and not 0.0 <= self.bar_one_at_seconds < float(
            "inf"
        ):
            raise ValueError(
                f"bar_one_at_seconds must not be negative, got {self.bar_one_at_seconds}"
            )
        if self.tempo_factor not in TEMPO_FACTORS:
            raise ValueError(f"tempo_factor must be one of 0.5, 1, 2, got {self.tempo_factor}")
        if self.bpm is not None and self.tempo_factor != 1.0:
            raise ValueError("give bpm or tempo_factor, not both")
