"""Bring a score back to a finished job: a file that was corrected in another program."""

from __future__ import annotations

from typing import Any

from drumscribe.domain.jobs import Job
from drumscribe.domain.wishes import ALL_WISHES, BeatWishes, Wishes
from drumscribe.notation.bringing.changes import Brought
from drumscribe.pipeline.bring_back import bring_back
from drumscribe.pipeline.models import ModelSet
from drumscribe.ports import ArtifactStorage, JobIntake
from drumscribe.services.songs.edit_score import (
    EditOptions,
    ScoreEdit,
    edit_score,
    read_page,
)


def bring_score(
    jobs: JobIntake,
    storage: ArtifactStorage,
    models: ModelSet,
    job: Job,
    content: bytes,
    options: EditOptions,
    *,
    if_version: int | None = None,
) -> Brought:
    """Make a file the score of a job, as one edit; says what became of the notes.

    A file that cannot be taken changes nothing.
    Raises ScoreFileError, InvalidHits, EditConflict, JobNotReady, ResultExpired, EngravingFailed,
    Unavailable.
    """
    page = read_page(jobs, storage, job, if_version)
    brought = bring_back(content, page.transcript, drum_map=job.wishes.page.drum_map)
    edit = ScoreEdit(
        hits=brought.hits,
        grid=brought.grid,
        wishes={} if brought.grid is None else _bars_of(brought, job.wishes),
    )
    edit_score(jobs, storage, models, job, edit, options, page=page)
    return brought


def _bars_of(brought: Brought, wishes: Wishes) -> dict[str, Any]:
    """Bar lines of a file as wishes, so that they stand when the page is counted anew."""
    if not brought.bars:
        return {"bars": None}
    said = BeatWishes(bars=brought.bars, bar_one_at_seconds=brought.bar_one_at_seconds)
    in_song = said.later(wishes.hearing.start_seconds or 0.0)
    return {
        "bars": ALL_WISHES["bars"].write(in_song.bars),
        "bar_one_at_seconds": in_song.bar_one_at_seconds,
        "shift_beats": None,
    }
