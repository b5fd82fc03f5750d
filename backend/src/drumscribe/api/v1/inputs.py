"""What comes over the wire. Field names and values are the contract: extended, never changed."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.rhythm import Metre
from drumscribe.notation.styles.drum_maps import DRUM_MAPS
from drumscribe.notation.styles.drum_styles import STYLES
from drumscribe.pipeline.options import MAX_BPM, MIN_BPM, TEMPO_FACTORS, check_metre

MAX_METADATA_CHARACTERS = 4000
MAX_METADATA_LEVELS = 20
LONGEST_RECORDING_SECONDS = 86_400


def _printable(value: str) -> str:
    """Without control characters: a page cannot show them, and PostgreSQL refuses NUL."""
    return "".join(c for c in value if unicodedata.category(c) != "Cc")


Title = Annotated[
    str,
    BeforeValidator(lambda v: _printable(v) if isinstance(v, str) else v),
    StringConstraints(strip_whitespace=True, max_length=200),
]
ModelName = Annotated[
    str,
    BeforeValidator(lambda v: _printable(v) if isinstance(v, str) else v),
    StringConstraints(max_length=100),
]
Bpm = Annotated[float, Field(ge=MIN_BPM, le=MAX_BPM)]
Sensitivity = Annotated[float, Field(ge=0, le=1)]


def _is_deeper_than(value: object, levels: int) -> bool:
    """Whether lists and objects are nested in each other more than so many levels deep."""
    if isinstance(value, dict):
        parts: Iterable[object] = value.values()
    elif isinstance(value, list):
        parts = value
    else:
        return False
    return levels == 0 or any(_is_deeper_than(part, levels - 1) for part in parts)


def _checked_metre(value: str | None) -> str | None:
    if value is None:
        return None
    metre = Metre.parse(value)
    check_metre(metre)
    return str(metre)


def by_name(values: Mapping[Instrument, float] | None) -> dict[str, float] | None:
    """Keyed by the names of the contract."""
    return None if values is None else {key.value: value for key, value in values.items()}


def _checked_factor(value: float | None) -> float | None:
    if value is not None and value not in TEMPO_FACTORS:
        raise ValueError("expected 0.5, 1 or 2")
    return value


def _checked_style(value: str | None) -> str | None:
    if value is not None and value not in STYLES:
        raise ValueError(f"expected one of {', '.join(STYLES)}")
    return value


def _checked_drum_map(value: str | None) -> str | None:
    if value is not None and value not in DRUM_MAPS:
        raise ValueError(f"expected one of {', '.join(DRUM_MAPS)}")
    return value


class PageWishes(BaseModel):
    """What may be said about hits, beats and page, both before and after."""

    sensitivity_by_instrument: dict[Instrument, Sensitivity] | None = Field(
        None,
        description="The sensitivity of single instruments, in the place of `sensitivity`.",
        examples=[{"hihat_open": 0.3}],
    )
    tempo_factor: float | None = Field(
        None,
        description="0.5 counts half as many beats as are found, 2 twice as many. Not with bpm.",
        json_schema_extra={"enum": [*TEMPO_FACTORS, None]},
    )
    bar_one_at_seconds: (
        Annotated[float, Field(ge=0, le=LONGEST_RECORDING_SECONDS, allow_inf_nan=False)] | None
    ) = Field(None, description="A bar begins at the beat nearest to this time.")
    style: str | None = Field(
        None,
        description="Drum key of the page.",
        json_schema_extra={"enum": [*STYLES, None]},
    )
    drum_map: str | None = Field(
        None,
        description="Which keys the MIDI files play.",
        json_schema_extra={"enum": [*DRUM_MAPS, None]},
    )
    similes: Literal["paper", "always", "never"] | None = Field(
        None,
        description="Where repeated bars become repeat signs: in the PDF, in the MusicXML too, or "
        "nowhere.",
    )

    _factor = field_validator("tempo_factor")(_checked_factor)
    _style = field_validator("style")(_checked_style)
    _drum_map = field_validator("drum_map")(_checked_drum_map)


class JobOptions(PageWishes):
    """What may be said about a recording; everything is optional."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = Field(None, description="Stands on the page.")
    bpm: Bpm | None = Field(None, description="The tempo, if known.")
    time_signature: str | None = Field(
        None, description="The metre, if known.", examples=["4/4", "7/8"], max_length=7
    )
    separation: Literal["auto", "always", "never"] = "auto"
    sensitivity: Sensitivity = Field(0.5, description="Higher writes down more doubtful hits.")
    model: ModelName | None = None
    webhook_url: Annotated[str, StringConstraints(max_length=2048)] | None = Field(
        None,
        description="Is told when the job ends (Standard Webhooks).",
        examples=["https://example.org/drumscribe"],
    )
    metadata: dict[str, Any] = Field(
        default_factory=dict, description="Given back with the job and its webhook."
    )

    _metre = field_validator("time_signature")(_checked_metre)

    @model_validator(mode="after")
    def _one_tempo(self) -> JobOptions:
        if self.bpm is not None and self.tempo_factor not in (None, 1.0):
            raise ValueError("give bpm or tempo_factor, not both")
        return self

    @field_validator("webhook_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("expected an https address")
        return value

    @field_validator("metadata")
    @classmethod
    def _small(cls, value: dict[str, Any]) -> dict[str, Any]:
        if _is_deeper_than(value, MAX_METADATA_LEVELS):
            raise ValueError(f"expected at most {MAX_METADATA_LEVELS} levels")
        # What is let in here must be storable (PostgreSQL) and writable as JSON ever after.
        try:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            text.encode()
        except UnicodeEncodeError:
            raise ValueError("expected text without halves of surrogate pairs") from None
        except ValueError:
            raise ValueError("expected finite numbers") from None
        if "\\u0000" in text.replace("\\\\", ""):
            raise ValueError("expected text without NUL characters")
        if len(repr(value)) > MAX_METADATA_CHARACTERS:
            raise ValueError(f"expected at most {MAX_METADATA_CHARACTERS} characters")
        return value


class JobFromLink(JobOptions):
    """A job from a link to a video."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"youtube_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "bpm": 113}
        },
    )

    youtube_url: Annotated[str, StringConstraints(max_length=2048)]


class HitIn(BaseModel):
    """One stroke of an edited score; only time and instrument are needed."""

    model_config = ConfigDict(extra="forbid")

    time: float = Field(ge=0)
    instrument: Instrument
    velocity: float = Field(0.8, ge=0, le=1)
    confidence: float = Field(1.0, ge=0, le=1)
    articulation: Articulation | None = None


class ScoreEditIn(BaseModel):
    """All hits of the edited score."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"hits": [{"time": 0.5, "instrument": "kick"}]}},
    )

    hits: list[HitIn] = Field(min_length=1, max_length=50_000)


class OptionsEditIn(PageWishes):
    """What to change about a finished score.

    What is left out stays; null takes a change back: it is as the machine found it again.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"time_signature": "6/8", "bpm": 72}}
    )

    title: Title | None = None
    bpm: Bpm | None = Field(None, description="Quarter notes per minute.")
    time_signature: str | None = Field(None, max_length=7)
    shift_beats: int | None = Field(
        None, ge=-64, le=64, description="Bar 1 begins so many beats later than it was found."
    )
    revert: bool = Field(
        False, description="Back to what the machine made, before anything else that is said here."
    )
    sensitivity: Sensitivity | None = Field(
        None, description="Picks the hits anew; edits of hits are lost."
    )

    _metre = field_validator("time_signature")(_checked_metre)
