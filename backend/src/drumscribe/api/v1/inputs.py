"""What comes over the wire. Field names and values are the contract: extended, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from drumscribe.api.v1.wish_models import asks
from drumscribe.domain.drums import Articulation, Instrument, Sticking
from drumscribe.domain.service.outside_urls import parse_outside_url
from drumscribe.domain.service.set_lists import LONGEST_TAG, MOST_TAGS
from drumscribe.domain.service.video_links import video_in
from drumscribe.domain.wishes import ALL_WISHES
from drumscribe.domain.wishing.kinds import printable
from drumscribe.errors import InvalidRequest
from drumscribe.services.songs.edit_score import OF_HITS

MAX_METADATA_CHARACTERS = 4000
MAX_METADATA_LEVELS = 20


ModelName = Annotated[
    str,
    BeforeValidator(lambda v: printable(v) if isinstance(v, str) else v),
    StringConstraints(max_length=100),
]


Tag = Annotated[
    str,
    BeforeValidator(lambda v: printable(v) if isinstance(v, str) else v),
    StringConstraints(max_length=LONGEST_TAG),
]


def _is_deeper_than(value: object, levels: int) -> bool:
    """Whether lists and objects are nested in each other more than so many levels deep."""
    if isinstance(value, dict):
        parts: Iterable[object] = value.values()
    elif isinstance(value, list):
        parts = value
    else:
        return False
    return levels == 0 or any(_is_deeper_than(part, levels - 1) for part in parts)


@asks(ALL_WISHES.values())
class JobOptions(BaseModel):
    """What may be said about a recording; everything is optional."""

    model_config = ConfigDict(extra="forbid")

    model: ModelName | None = None
    webhook_url: Annotated[str, StringConstraints(max_length=2048)] | None = Field(
        None,
        description="Is told when the job ends (Standard Webhooks).",
        examples=["https://example.org/drumscribe"],
    )
    metadata: dict[str, Any] = Field(
        default_factory=dict, description="Given back with the job and its webhook."
    )

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


_Link = Annotated[str, StringConstraints(max_length=2048)]


@dataclass(frozen=True, slots=True)
class SaidLink:
    """A link as it was given. is_of_video: it was said to be one."""

    url: str
    is_of_video: bool


class JobFromLink(JobOptions):
    """A job from a link: to a video (`youtube_url`), or to a video or sound file (`source_url`)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"youtube_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "bpm": 113}
        },
    )

    youtube_url: _Link | None = Field(None, description="To one video.")
    source_url: _Link | None = Field(
        None, description="To a sound file anywhere on the internet (https), or to a video."
    )

    @field_validator("source_url")
    @classmethod
    def _link_to_something(cls, value: str | None) -> str | None:
        if value is not None and video_in(value) is None:
            try:
                parse_outside_url(value, field="source_url")
            except InvalidRequest as error:
                raise ValueError(error.message) from None
        return value

    @model_validator(mode="after")
    def _one_link(self) -> JobFromLink:
        if (self.youtube_url is None) == (self.source_url is None):
            raise ValueError("expected either youtube_url or source_url")
        return self

    @property
    def said_link(self) -> SaidLink:
        """The link, and whether it must be one to a video."""
        if self.youtube_url is not None:
            return SaidLink(self.youtube_url, is_of_video=True)
        return SaidLink(self.source_url or "", is_of_video=False)


class HitIn(BaseModel):
    """One stroke of an edited score; only time and instrument are needed."""

    model_config = ConfigDict(extra="forbid")

    id: int | None = Field(
        None, ge=0, le=2**53 - 1, description="Of a stroke that stays; a new one is given its own."
    )
    time: float = Field(ge=0, allow_inf_nan=False)
    instrument: Instrument
    velocity: float = Field(0.8, ge=0, le=1)
    confidence: float = Field(1.0, ge=0, le=1)
    articulation: Articulation | None = None
    sticking: Sticking | None = Field(None, description="Which hand plays it, or which foot.")


class ScoreEditIn(BaseModel):
    """All hits of the edited score."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"hits": [{"time": 0.5, "instrument": "kick"}]}},
    )

    hits: list[HitIn] = Field(min_length=1, max_length=50_000)


@asks(entry for entry in ALL_WISHES.values() if not entry.needs_sound)
class OptionsEditIn(BaseModel):
    """What to change about a finished score.

    What is left out stays; null takes a change back: it is as the machine found it again. Another
    sensitivity picks the hits anew; what was written by hand stays.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"time_signature": "6/8", "bpm": 72}}
    )

    revert: bool = Field(
        False, description="Back to what the machine made, before anything else that is said here."
    )


@asks(ALL_WISHES[name] for name in sorted(OF_HITS))
class SensitivityIn(BaseModel):
    """Another sensitivity, to be tried; null: as the machine had it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"sensitivity": 0.7}})


class KeepIn(BaseModel):
    """Whether a song stays."""

    model_config = ConfigDict(extra="forbid")

    keep: bool = Field(
        description="True: until it is deleted. False: from now as long as any other."
    )


class TagsIn(BaseModel):
    """All tags of a song."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"tags": ["gig"]}})

    tags: list[Tag] = Field(max_length=MOST_TAGS)


@asks(ALL_WISHES.values())
class HearAgainIn(BaseModel):
    """What to do differently this time.

    What is left out is as it was said before, at first or in an edit; null takes it back.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"separation": "always"}}
    )
