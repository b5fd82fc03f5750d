"""The score of a job: what was heard, what holds, what a file brought."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from drumscribe.api.v1.schemas.common import (
    DETAILS_MEANING,
    VERSION_MEANING,
    Download,
    WarningDetail,
    WireStatus,
    example,
)
from drumscribe.api.v1.wish_models import answers
from drumscribe.domain.drums import Articulation, Instrument, Sticking
from drumscribe.domain.jobs import Job
from drumscribe.domain.wishes import ALL_WISHES
from drumscribe.notation.bringing.changes import Brought
from drumscribe.notation.bringing.placing import AlignedBy
from drumscribe.pipeline.reviewing.review import ReviewKind


def result_tag(job: Job) -> str:
    """The ETag of a result, which If-Match gives back."""
    return f'"v{job.version}"'


@answers(ALL_WISHES.values())
class ScoreSettingsOut(BaseModel):
    """What holds of all that can be said about hits, beats and page; null: it was found out."""

    @classmethod
    def of(cls, job: Job) -> ScoreSettingsOut:
        """What holds now."""
        return cls.model_validate(job.wishes.to_dict())


class HitOut(BaseModel):
    """One stroke."""

    model_config = example(
        {
            "id": 17, "time": 1.2034, "instrument": "snare", "velocity": 0.31, "confidence": 0.97,
            "articulation": "ghost", "sticking": "left",
        }
    )  # fmt: skip

    id: int = Field(description="Of this stroke in this score; edits keep it.")
    time: float = Field(ge=0, description="Onset in seconds.")
    instrument: Instrument
    velocity: float = Field(ge=0, le=1)
    confidence: float = Field(ge=0, le=1)
    articulation: Articulation | None
    sticking: Sticking | None = Field(
        default=None, description="Which hand plays it, or which foot, where somebody said so."
    )


class TempoChange(BaseModel):
    """The tempo from a time on."""

    time: float
    bpm: float


class OtherCountOut(BaseModel):
    """Another way to count the recording, as the settings of an edit that bring it about."""

    time_signature: str
    bpm: float = Field(description="Quarter notes per minute.")
    tempo_ratio: float = Field(description="Against the tempo found: 0.5 is half as fast.")
    bar_one_at_seconds: float = Field(description="Where one of its bars begins.")
    chance: float = Field(description="How probable it is, 0 to 1.")


class ReviewGroupOut(BaseModel):
    """Strokes of one drum about which one decision may do."""

    kind: ReviewKind = Field(
        description="doubtful: hits that are likelier wrong than one in three; offered: candidates "
        "that the page does not have and that may be missing."
    )
    instrument: Instrument
    beat: float | None = Field(
        description="Place in the bar in beats from 1; null: the drum's other places together."
    )
    ids: list[int] = Field(description="Of hits, or of candidates where they are offered.")
    chance: float = Field(ge=0, le=1, description="The mean chance that they are real.")


class JobResultOut(BaseModel):
    """What was heard."""

    job_id: UUID
    title: str
    status: WireStatus
    duration_seconds: float
    detected_bpm: int = Field(description="Quarter notes per minute, as found without being told.")
    bpm: float = Field(description="Quarter notes per minute of the page: as said, else as found.")
    bpm_is_said: bool = Field(description="The owner gave the tempo.")
    beat_length: float = Field(
        description="Quarter notes that one of `beats` lasts: 1 in 4/4, 1.5 in 6/8, 0.5 in 7/8."
    )
    bpm_unreliable: bool
    time_signature: str = Field(description="What `beats` are counted in.")
    written_time_signature: str | None = Field(
        default=None,
        description="What most bars of the page are written in: as counted, or 12/8, 9/8 or 6/8 "
        "for beats that are played in thirds. null: as counted.",
    )
    tempo_map: list[TempoChange]
    beats: list[float]
    beat_numbers: list[int]
    downbeats: list[float]
    bar_confidences: list[float] = Field(
        description="Per downbeat, how probable it is that a bar begins there, 0 to 1; empty after "
        "the bars were counted anew."
    )
    bar_time_signatures: list[str | None] = Field(
        default=[],
        description="Per downbeat, the metre of a bar that its length does not say, as somebody "
        "said it: 6/8 among bars of 4/4, which has as many beats as 3/4. null: as its length says; "
        "empty where that holds for all bars.",
    )
    alternatives: list[OtherCountOut] = Field(
        description="Other ways to count, the likeliest first; at most three."
    )
    hits: list[HitOut] = Field(
        description="Sorted by time; their ids are the numbers of the SVG's `hit-N` and of the "
        "time map."
    )
    candidates: list[HitOut] = Field(
        default=[],
        description="Strokes that were nearly heard, no hits: a reader may put them on the page. "
        "Their confidence is the chance that they are real; their ids are apart from the hits'.",
    )
    review: list[ReviewGroupOut] = Field(
        default=[], description="What to check, the largest groups first, doubtful ones before."
    )
    hit_summary: dict[str, int]
    confidence_score: float
    warnings: list[str]
    warning_details: list[WarningDetail] = Field(description=DETAILS_MEANING)
    compute_time_ms: int | None
    model_version: str | None
    models: list[dict[str, str]]
    separated: bool
    is_edited: bool = Field(description="False: everything is as the machine made it.")
    has_edited_hits: bool = Field(description="The hits were written by hand.")
    edited_at: datetime | None
    version: int = Field(description=VERSION_MEANING)
    settings: ScoreSettingsOut
    downloads: list[Download]


class TriedOut(BaseModel):
    """What an edit would make of the hits that the machine wrote; those written by hand stay."""

    added: int = Field(description="Hits that the score does not have.")
    removed: int = Field(description="Hits that it would have no more.")


class BroughtOut(BaseModel):
    """What a file that was brought back made of a score."""

    kept: int = Field(description="Notes that are as they were.")
    changed: int = Field(description="Notes that differ in how they are struck, or when.")
    added: int = Field(description="Notes that the score did not have.")
    removed: int = Field(description="Notes that the file does not have.")
    aligned_by: AlignedBy = Field(
        description="How places were found in the recording: bar by bar, by quarter notes counted "
        "through, by the likeness of bars (some were put in or taken out), by time, or by the "
        "times in a document of our own."
    )
    notices: list[str] = Field(description="What could not be taken over, in words with counts.")

    @classmethod
    def of(cls, brought: Brought) -> BroughtOut:
        """The wire form."""
        return cls(
            kept=brought.changes.kept,
            changed=brought.changes.changed,
            added=brought.changes.added,
            removed=brought.changes.removed,
            aligned_by=brought.aligned_by,
            notices=list(brought.notices),
        )


class BroughtResultOut(JobResultOut):
    """The result after a file was brought back."""

    brought: BroughtOut
