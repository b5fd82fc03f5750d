"""Where the files of jobs are stored: everything of a job lies in one folder."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from drumscribe.domain.jobs import Claim, Step

JOBS_FOLDER: Final = "jobs"


def job_folder(job_id: UUID) -> str:
    """All files of a job."""
    return f"{JOBS_FOLDER}/{job_id}"


def source_key(job_id: UUID) -> str:
    """The recording that was uploaded."""
    return f"{job_folder(job_id)}/source"


def output_key(claim: Claim, step: Step, filename: str) -> str:
    """What a step made. The token keeps workers apart: none overwrites what another stored.

    What refines a song lies with the song.
    """
    return f"{job_folder(claim.job.song_id)}/{step.value}/{claim.token}/{filename}"


def copy_key(job_id: UUID, kind: str) -> str:
    """What came from another job."""
    return f"{job_folder(job_id)}/copied/{kind}"


def edit_key(job_id: UUID, edit_id: UUID, filename: str) -> str:
    """What an edit made."""
    return f"{job_folder(job_id)}/edits/{edit_id}/{filename}"


def rendering_key(job_id: UUID, version: int, digest: str, filename: str) -> str:
    """One format of a result; the digest says of what.

    The version keeps what is swept after an edit apart from what is made after the way back.
    """
    return f"{job_folder(job_id)}/renderings/{version}/{digest}/{filename}"
