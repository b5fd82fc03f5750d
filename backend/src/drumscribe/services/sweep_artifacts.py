"""Delete the files of jobs that ended long enough ago."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from drumscribe.errors import Unavailable
from drumscribe.ports import ArtifactStorage, JobStore
from drumscribe.services.stored_keys import JOBS_FOLDER, job_folder

logger = logging.getLogger(__name__)

_BATCH = 100
# Longer than any upload goes on between its file and its row.
_ORPHAN_AGE: Final = timedelta(hours=1)


def sweep_artifacts(jobs: JobStore, storage: ArtifactStorage, *, job_id: UUID | None = None) -> int:
    """Delete expired files, of one job only if job_id is given; returns how many.

    The tombstone comes first, the file second, the row last: after a crash in between the same
    artifacts come again, and meanwhile a download answers that the file is gone. With the last
    file of a job goes whatever else lies in its folder: killed workers leave files without rows.

    A file that cannot be deleted now is tried again at the next sweep. Raises StoreUnavailable.
    """
    deleted = 0
    while batch := jobs.sweepable(limit=_BATCH, job_id=job_id):
        gone = [artifact for artifact in batch if _delete(storage, artifact.stored.key)]
        over = {a.job_id for a in gone if _is_over(jobs, a.job_id)}
        unfinished = {job_id for job_id in over if not _delete_folder(storage, job_folder(job_id))}
        gone = [artifact for artifact in gone if artifact.job_id not in unfinished]
        for artifact in gone:
            jobs.forget_artifact(artifact.id)
        deleted += len(gone)
        if not gone:
            break
    if deleted:
        logger.info("%d expired files were deleted.", deleted)
    return deleted


def sweep_soon(jobs: JobStore, storage: ArtifactStorage, job_id: UUID) -> None:
    """Delete the files of a job that was cancelled or deleted now, not at the next sweep; where
    that cannot be done, the next sweep does it.
    """
    try:
        sweep_artifacts(jobs, storage, job_id=job_id)
    except Unavailable as error:
        logger.warning("The files of job %s stay for now: %s", job_id, error.message)


def remove_orphans(jobs: JobStore, storage: ArtifactStorage, *, now: datetime) -> int:
    """Delete files of jobs that are in no row; returns of how many jobs.

    An API that is killed between the recording and the row of its job leaves one. Young ones are
    left alone: their row may just be written. Raises Unavailable.
    """
    removed = 0
    for name, stored_at in storage.folders(JOBS_FOLDER):
        if now - stored_at < _ORPHAN_AGE:
            continue
        try:
            job_id = UUID(name)
        except ValueError:
            continue  # not of our making
        if jobs.get(job_id) is None and not jobs.artifacts(job_id):
            storage.delete_folder(job_folder(job_id))
            removed += 1
    if removed:
        logger.info("The files of %d jobs without a row were deleted.", removed)
    return removed


def _is_over(jobs: JobStore, job_id: UUID) -> bool:
    """The job has ended (or is deleted), and none of its files is to be kept.

    An edited job also has artifacts to sweep, and lives on.
    """
    job = jobs.get(job_id)
    if job is not None and (not job.status.is_terminal or job.lease_token is not None):
        return False
    return not jobs.artifacts(job_id)


def _delete(storage: ArtifactStorage, key: str) -> bool:
    try:
        storage.delete(key)
    except Unavailable as error:
        logger.warning("The file %s stays for now: %s", key, error.message)
        return False
    return True


def _delete_folder(storage: ArtifactStorage, folder: str) -> bool:
    try:
        storage.delete_folder(folder)
    except Unavailable as error:
        logger.warning("What is left of %s stays for now: %s", folder, error.message)
        return False
    return True
