"""What somebody said about the page of a job, when it was made or afterwards."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSettings:
    """How hits are picked, beats counted and the page drawn; None is as it was found.

    bpm: quarter notes per minute. time_signature: such as 7/8.
    tempo_factor: 0.5 counts half as many beats as were found, 2 twice as many; not with bpm.
    bar_one_at_seconds: a bar begins at the beat nearest to this time.
    shift_beats: then bar 1 begins so many beats later (negative: earlier).
    sensitivity, sensitivity_by_instrument: 0..1; higher believes more hits.
    style: drum key of the page.
    drum_map: which keys the MIDI files play.
    similes: where repeated bars become repeat signs: paper, always or never.
    title: what stands on the page.
    has_edited_hits: the hits were written by hand; what picks hits does not apply to them.
    """

    bpm: float | None = None
    time_signature: str | None = None
    tempo_factor: float | None = None
    bar_one_at_seconds: float | None = None
    shift_beats: int | None = None
    sensitivity: float | None = None
    sensitivity_by_instrument: Mapping[str, float] | None = None
    style: str | None = None
    drum_map: str | None = None
    similes: str | None = None
    title: str | None = None
    has_edited_hits: bool = field(default=False)

    def to_dict(self) -> dict[str, Any]:
        """What was said, as a JSON object; what is as it was found is left out."""
        values = {entry.name: getattr(self, entry.name) for entry in dataclasses.fields(self)}
        if self.sensitivity_by_instrument is not None:
            values["sensitivity_by_instrument"] = dict(self.sensitivity_by_instrument)
        if not self.has_edited_hits:
            del values["has_edited_hits"]
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any] | None) -> ScoreSettings:
        """Read what to_dict wrote; what this version does not know is left out."""
        known = {entry.name for entry in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in (document or {}).items() if name in known})

    def over(self, other: ScoreSettings) -> ScoreSettings:
        """These settings where they say something, else the other ones."""
        return ScoreSettings.from_dict(other.to_dict() | self.to_dict())
