"""What a transcription is: hits, beats, and where they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid

SCHEMA_VERSION = 1


class WarningCode(StrEnum):
    """Things the reader should know; the values are part of the contract."""

    LOW_CONFIDENCE = "low_confidence"
    BPM_UNRELIABLE = "bpm_unreliable"
    FEW_HITS = "few_hits"
    KICK_HARDLY_HEARD = "kick_hardly_heard"
    SNARE_HARDLY_HEARD = "snare_hardly_heard"
    CYMBALS_HARDLY_HEARD = "cymbals_hardly_heard"
    SOUND_MISSING = "sound_missing"
    SEVERAL_TRACKS = "several_tracks"
    PHASE_INVERTED = "phase_inverted"
    TEMPO_DOES_NOT_FIT = "tempo_does_not_fit"


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning in words, with places and numbers, for the owner of the recording.

    choices: where there was something to choose from, the numbers of what was not taken.
    """

    code: WarningCode
    message: str
    choices: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """{code, message, choices}."""
        return {"code": self.code.value, "message": self.message, "choices": list(self.choices)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Notice:
        """Read what to_dict wrote; raises KeyError or ValueError."""
        choices = tuple(int(number) for number in values.get("choices", ()))
        return cls(WarningCode(values["code"]), str(values["message"]), choices)


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Exactly which model said it: name, version and the sha256 of its file."""

    name: str
    version: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.sha256[:12]})"


@dataclass(frozen=True, slots=True, eq=False)
class Transcript:
    """What was heard in one recording: the data of a transcription, before any page.

    The library's `Transcription` holds one and can write itself to files.

    hits: sorted by time.
    confidence: 0..1, the mean confidence of the hits.
    notices: what is odd about the recording, in words; their codes are among the warnings.
    models: every model that took part.
    separated: True if the drums were heard in a separated stem too.
    candidates: strokes that were nearly heard, to be offered to a reader; their confidence is the
        chance that they are real. Ids are apart from those of the hits.
    heard_quarters_per_minute: the tempo that was found before a user gave another; None where
        nobody gave one, because the grid has it then.
    first_hits: the strokes that the page was first written from over these beats; those that stand
        where nothing else is said. How the song is played is judged from them, whatever is put in
        or taken out afterwards, so that correcting one bar writes no other anew.
    """

    hits: tuple[Hit, ...]
    grid: BeatGrid
    duration_seconds: float
    confidence: float
    warnings: tuple[WarningCode, ...] = ()
    notices: tuple[Notice, ...] = ()
    models: tuple[ModelRef, ...] = ()
    separated: bool = False
    title: str | None = None
    artist: str | None = None
    source: str | None = None
    compute_time_ms: int | None = None
    heard_quarters_per_minute: float | None = None
    candidates: tuple[Hit, ...] = ()
    first_hits: tuple[Hit, ...] = ()
    schema_version: int = field(default=SCHEMA_VERSION)

    def __post_init__(self) -> None:
        if not self.first_hits:
            object.__setattr__(self, "first_hits", self.hits)

    @property
    def detected_bpm(self) -> int:
        """The tempo that was found without being told, in quarter notes per minute."""
        return round(self.heard_quarters_per_minute or self.grid.quarters_per_minute)

    @property
    def bpm(self) -> float:
        """Quarter notes per minute of the page: what was said, else what was found."""
        return self.grid.said_quarters_per_minute or self.grid.quarters_per_minute

    @property
    def hit_summary(self) -> dict[str, int]:
        """How many hits each instrument has; instruments without hits are listed with 0."""
        counts = Counter(hit.instrument for hit in self.hits)
        return {instrument.value: counts.get(instrument, 0) for instrument in Instrument}
