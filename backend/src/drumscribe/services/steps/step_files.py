"""The files that one run of a step stores: valid by the commit of its row, or deleted again."""

from __future__ import annotations

import logging

from drumscribe.domain.artifacts import NewArtifact
from drumscribe.domain.jobs import Claim, Step
from drumscribe.errors import Unavailable
from drumscribe.ports import ArtifactStorage
from drumscribe.services.songs.result_files import MadeFile
from drumscribe.services.stored_keys import output_key

logger = logging.getLogger(__name__)


class StepFiles:
    """What a run has stored so far, under keys that contain its lease.

    may_be_committed: the row may name them, so that they must stay whatever happens now.
    """

    def __init__(self, storage: ArtifactStorage, claim: Claim, step: Step) -> None:
        self.stored: list[NewArtifact] = []
        self.may_be_committed = False
        self._storage = storage
        self._claim = claim
        self._step = step

    def store(self, made: MadeFile, prefix: str = "") -> NewArtifact:
        """Store a local file. prefix: of its name, where a run may store it more than once."""
        key = output_key(self._claim, self._step, prefix + made.path.name)
        stored = self._storage.put_file(key, made.path, media_type=made.media_type)
        artifact = NewArtifact(made.kind, stored, made.media_type, made.filename)
        self.stored.append(artifact)
        return artifact

    def discard(self) -> None:
        """Delete all; unless the commit that makes them valid may have happened."""
        if self.may_be_committed:
            return
        for artifact in self.stored:
            try:
                self._storage.delete(artifact.stored.key)
            except Unavailable as error:
                logger.warning("The file %s is left behind: %s", artifact.stored.key, error.message)
        self.stored = []
