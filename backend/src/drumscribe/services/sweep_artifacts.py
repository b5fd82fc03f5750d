"""Delete the files of jobs that ended long enough ago."""

from __future__ import annotations

import logging

from drumscribe.domain.artifacts import Artifact
from drumscribe.errors import Unavailable
from drumscribe.ports import ArtifactStorage, JobStore

logger = logging.getLogger(__name__)

_BATCH = 100


def sweep_artifacts(jobs: JobStore, storage: ArtifactStorage) -> int:
    """Delete expired files; returns how many.

    The tombstone comes first, the file second, the row last: after a crash in between the same
    artifacts come again, and meanwhile a download answers that the file is gone.

    A file that cannot be deleted now is tried again at the next sweep. Raises StoreUnavailable.
    """
    deleted = 0
    while batch := jobs.sweepable(limit=_BATCH):
        gone = [artifact for artifact in batch if _delete(storage, artifact)]
        for artifact in gone:
            jobs.forget_artifact(artifact.id)
        deleted += len(gone)
        if not gone:
            break
    if deleted:
        logger.info("%d expired files were deleted.", deleted)
    return deleted


def _delete(storage: ArtifactStorage, artifact: Artifact) -> bool:
    try:
        storage.delete(artifact.stored.key)
    except Unavailable as error:
        logger.warning("The file %s stays for now: %s", artifact.stored.key, error.message)
        return False
    return True
