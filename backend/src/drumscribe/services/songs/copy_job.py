"""Make a song one's own: a copy of a finished job, files and all, that another may edit."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from drumscribe.domain.artifacts import Artifact, NewArtifact
from drumscribe.domain.jobs import Job, JobStatus
from drumscribe.domain.service.retention import Retention
from drumscribe.errors import ArtifactMissing, EditConflict, JobNotReady, ResultExpired
from drumscribe.ports import ArtifactStorage, JobIntake
from drumscribe.services.stored_keys import copy_key, job_folder


def copy_job(
    jobs: JobIntake, storage: ArtifactStorage, job: Job, *, owner: str, retention: Retention
) -> Job:
    """A completed job of its own with the same recording, hits, edits and pages.

    Webhook and metadata are the other owner's and stay behind.

    Raises JobNotReady, ResultExpired, EditConflict (the song was edited meanwhile; ask again),
    StorageFull.
    """
    if job.status is not JobStatus.COMPLETED:
        raise JobNotReady("Only a finished song can be copied.")
    artifacts = jobs.artifacts(job.id)
    if not artifacts:
        raise ResultExpired("The files of this song are gone; there is nothing to copy.")
    new_id = uuid4()
    try:
        files = [_copied(storage, new_id, artifact) for artifact in artifacts]
        copied = jobs.copy(
            job.id,
            new_id,
            owner,
            files,
            expires_at=retention.until(datetime.now(UTC)),
            if_version=job.version,
        )
    except ArtifactMissing:
        copied = None
    except BaseException:
        storage.delete_folder(job_folder(new_id))
        raise
    if copied is None:
        storage.delete_folder(job_folder(new_id))
        raise EditConflict("The song was changed while it was copied; copy it again.")
    return copied


def _copied(storage: ArtifactStorage, new_id: UUID, artifact: Artifact) -> NewArtifact:
    with storage.local_path(artifact.stored.key) as path:
        stored = storage.put_file(
            copy_key(new_id, artifact.kind.value), path, media_type=artifact.media_type
        )
    return NewArtifact(artifact.kind, stored, artifact.media_type, artifact.filename)
