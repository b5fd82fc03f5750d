"""Delete the files of jobs that ended long enough ago."""

from __future__ import annotations

import logging
from uuid import UUID

from drumscribe.errors import Unavailable
from drumscribe.ports import ArtifactStorage, JobStore
from drumscribe.services.stored_keys import job_folder

logger = logging.getLogger(__name__)

_BATCH = 100


def sweep_artifacts(jobs: JobStore, storage: ArtifactStorage) -> int:
    """Delete expired files; returns how many.

    The tombstone comes first, the file second, the row last: after a crash in between the same
    artifacts come again, and meanwhile a download answers that the file is gone. With the last
    file of a job goes whatever else lies in its folder: killed workers leave files without rows.

    A file that cannot be deleted now is tried again at the next sweep. Raises StoreUnavailable.
    """
    deleted = 0
    while batch := jobs.sweepable(limit=_BATCH):
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
