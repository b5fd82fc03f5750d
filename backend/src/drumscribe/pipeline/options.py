"""What a caller may ask of a transcription: plain values, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import inf

from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import Metre
from drumscribe.errors import InvalidOption

MIN_BPM = 40.0
MAX_BPM = 300.0
TEMPO_FACTORS = (0.5, 1.0, 2.0)
_FINEST_BEAT = 16
_SHORTEST_BAR = Fraction(3, 4)
# More than any limit of the accepted length may be set to.
LONGEST_SECONDS = 7200


def check_metre(metre: Metre) -> None:
    """Raise ValueError for a metre that nobody counts: it would make tens of thousands of bars."""
    if metre.denominator > _FINEST_BEAT or metre.bar_length < _SHORTEST_BAR:
        raise ValueError(
            f"{metre} cannot be counted: beats may be sixteenths at the finest, and a bar lasts at "
            "least three of them"
        )


class SeparationMode(StrEnum):
    """When to take the drums out of the mix before listening."""

    AUTO = "auto"  # if the model is already in the cache, or stems were asked for
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscribeOptions:
    """Options of one transcription.

    bpm: the tempo in beats per minute, 40..300; None lets the recording decide.
    metre: the time signature; None lets the recording decide.
    bar_one_at_seconds: a bar begins at the beat nearest to this time of the recording; None lets
        the recording decide.
    tempo_factor: 0.5 counts half as many beats as are found, 2 twice as many; not with bpm.
    start_seconds, end_seconds: the part of the recording to transcribe; None is its edge.
    separation: see SeparationMode.
    wants_stems: True if the drum stem and the backing track are wanted as files.
    sensitivity: 0..1; above 0.5 more hits are believed, below fewer.
    sensitivity_by_instrument: the same for single instruments, in the place of `sensitivity`.
    min_seconds, max_seconds: recordings outside are refused.
    title, artist: what stands on the page.
    """

    bpm: float | None = None
    metre: Metre | None = None
    bar_one_at_seconds: float | None = None
    tempo_factor: float = 1.0
    start_seconds: float | None = None
    end_seconds: float | None = None
    separation: SeparationMode = SeparationMode.AUTO
    wants_stems: bool = False
    sensitivity: float = 0.5
    sensitivity_by_instrument: Mapping[Instrument, float] = field(default_factory=dict)
    min_seconds: float = 1.0
    max_seconds: float = 900.0
    title: str | None = None
    artist: str | None = None

    def __post_init__(self) -> None:
        if self.bpm is not None and not MIN_BPM <= self.bpm <= MAX_BPM:
            raise InvalidOption(f"bpm must lie in {MIN_BPM:g}..{MAX_BPM:g}, got {self.bpm:g}.")
        self._check_beats()
        for value in (self.sensitivity, *self.sensitivity_by_instrument.values()):
            if not 0.0 <= value <= 1.0:
                raise InvalidOption(f"sensitivity must lie in 0..1, got {value:g}.")
        start = self.start_seconds or 0.0
        if start < 0.0:
            raise InvalidOption(f"start must not be negative, got {start:g} s.")
        if self.end_seconds is not None and self.end_seconds <= start:
            raise InvalidOption(
                f"end must lie after start, got start {start:g} s and end {self.end_seconds:g} s."
            )
        if self.wants_stems and self.separation is SeparationMode.NEVER:
            raise InvalidOption("Stems need separation; they cannot be had with 'never'.")

    def _check_beats(self) -> None:
        if self.metre is not None:
            try:
                check_metre(self.metre)
            except ValueError as error:
                raise InvalidOption(f"{error}.") from None
        start = self.start_seconds or 0.0
        if self.bar_one_at_seconds is not None and not start <= self.bar_one_at_seconds < inf:
            raise InvalidOption(
                f"bar one must not begin before {start:g} s, got {self.bar_one_at_seconds:g} s."
            )
        if self.tempo_factor not in TEMPO_FACTORS:
            raise InvalidOption(f"the tempo factor must be 0.5, 1 or 2, got {self.tempo_factor:g}.")
        if self.bpm is not None and self.tempo_factor != 1.0:
            raise InvalidOption("Give the tempo or a factor of the tempo found, not both.")
