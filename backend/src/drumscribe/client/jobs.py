"""A job on a service: where it stands, what came of it, its files."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from email.message import Message
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx

from drumscribe.client.http import ask, error_of, streaming
from drumscribe.errors import Cancelled, SourceNotFound
from drumscribe.pipeline.files.atomic import atomic_path
from drumscribe.pipeline.files.formats import FORMATS

JOBS: Final = "/api/v1/jobs"
Progress = Callable[[str, int], None]

_POLL_SECONDS: Final = 1.0  # where the service does not say when to ask again
_TERMINAL: Final = frozenset({"completed", "failed", "cancelled"})


class RemoteJob:
    """A job on a service.

    state: what the service last said of it (the fields of `GET /api/v1/jobs/{id}`).
    """

    def __init__(
        self, connection: httpx.Client, job_id: UUID, state: Mapping[str, Any] | None = None
    ) -> None:
        self.id = job_id
        self._connection = connection
        self._path = f"{JOBS}/{job_id}"
        self._state = state

    @property
    def state(self) -> Mapping[str, Any]:
        """Asked for when it is first needed; `refresh` asks again."""
        if self._state is None:
            self.refresh()
        assert self._state is not None
        return self._state

    def refresh(self) -> float:
        """Ask where the job stands; returns after how many seconds it makes sense to ask again."""
        answer = ask(self._connection, "GET", self._path)
        self._state = answer.json()
        try:
            return float(answer.headers.get("Retry-After", _POLL_SECONDS))
        except ValueError:  # a date, from some proxy
            return _POLL_SECONDS

    def wait(self, *, on_progress: Progress | None = None) -> RemoteJob:
        """Wait for the end of the job; returns it completed.

        on_progress: called as on_progress(status, percent) whenever something has changed.
        Raises the error that the job failed with, or Cancelled.
        """
        return self._wait(lambda state: state, on_progress)

    def _wait(
        self,
        of: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        on_progress: Progress | None,
    ) -> RemoteJob:
        """of: the part of the state that says how it stands with what is waited for."""
        told: tuple[str, int] | None = None
        while True:
            pause_seconds = self.refresh()
            state = of(self.state)
            now = (str(state["status"]), int(state["progress"]))
            if on_progress is not None and now != told:
                told = now
                on_progress(*now)
            if now[0] in _TERMINAL:
                break
            time.sleep(pause_seconds)
        if now[0] == "cancelled":
            raise Cancelled(f"The job {self.id} was cancelled.")
        if now[0] == "failed":
            error = state["error"] or {"code": "", "message": "The job failed."}
            raise error_of(error["code"], error["message"])
        return self

    def result(self) -> Mapping[str, Any]:
        """Hits, beats and tempo. Raises JobNotReady, ResultExpired."""
        document: Mapping[str, Any] = ask(self._connection, "GET", f"{self._path}/result").json()
        return document

    def download(self, name: str) -> bytes:
        """One file: pdf, musicxml, midi, json, drums, ...

        Raises JobNotReady, FormatNotAvailable, ResultExpired.
        """
        return ask(self._connection, "GET", f"{self._path}/download/{name}").content

    def save(
        self, folder: str | Path = ".", *, name: str | None = None, formats: Iterable[str]
    ) -> dict[str, Path]:
        """Write files into a folder, each whole or not at all; returns format -> path.

        name: of the files, without suffix; the service's own names if it is not given.
        Raises like download, and OutputError where nothing can be written.
        """
        written = {}
        for wanted in dict.fromkeys(formats):
            with streaming(self._connection, f"{self._path}/download/{wanted}") as answer:
                target = Path(folder) / _target_name(answer, name, wanted)
                with atomic_path(target) as temporary, temporary.open("wb") as file:
                    for block in answer.iter_bytes():
                        file.write(block)
            written[wanted] = target
        return written

    def bring_back(self, score: str | Path) -> Mapping[str, Any]:
        """Make a file that was corrected elsewhere the score of the job; returns the new result.

        score: MusicXML, MIDI or JSON of ours. `brought` in the result says what became of the
        notes. Raises SourceNotFound, ScoreFileError, InvalidHits, JobNotReady, ResultExpired.
        """
        path = Path(score)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SourceNotFound(f"{path} cannot be read: {error.strerror}.") from error
        document: Mapping[str, Any] = ask(
            self._connection,
            "PUT",
            f"{self._path}/score/file",
            content=content,
            headers={"Content-Type": "application/octet-stream"},
        ).json()
        return document

    def refine(self, *, on_progress: Progress | None = None) -> RemoteJob:
        """Have the drums of the finished song heard alone, and wait until its score has them.

        What was written by hand stays. on_progress: as for wait.
        Raises RefinementRunning, AlreadyRefined, JobNotReady, ResultExpired, ModelUnavailable, the
        error that it failed with, or Cancelled.
        """
        key = {"Idempotency-Key": secrets.token_hex(16)}
        self._state = ask(self._connection, "POST", f"{self._path}/refinement", headers=key).json()
        return self._wait(lambda state: state["refinement"], on_progress)

    def undo_refinement(self) -> Mapping[str, Any]:
        """Take back what was heard in the drums alone; returns the new result.

        Raises RefinementNotFound, EditConflict where the score was edited since.
        """
        answer = ask(self._connection, "POST", f"{self._path}/refinement/undo")
        document: Mapping[str, Any] = answer.json()
        return document

    def cancel(self) -> RemoteJob:
        """Stop the job; one that has ended stays as it is (see `state`). Raises JobNotFound."""
        self._state = ask(self._connection, "POST", f"{self._path}/cancel").json()
        return self

    def delete(self) -> None:
        """Cancel the job if it runs; its files are thrown away. Raises JobNotFound."""
        ask(self._connection, "DELETE", self._path)


def _target_name(answer: httpx.Response, name: str | None, wanted: str) -> str:
    """The name under which the service would have a browser save it, or ours with the suffix."""
    header = Message()
    header["Content-Disposition"] = answer.headers.get("Content-Disposition", "")
    # Only its last part: a service does not choose where we write.
    theirs = Path(header.get_filename() or f"drums.{wanted}").name
    if name is None:
        return theirs
    return name + (
        FORMATS[wanted].suffix if wanted in FORMATS else f".{wanted}{Path(theirs).suffix}"
    )
