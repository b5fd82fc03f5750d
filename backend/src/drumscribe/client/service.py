"""The service as a caller sees it: jobs are handed in and found again."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final
from uuid import UUID

from drumscribe.client.http import ask, make_connection
from drumscribe.client.jobs import JOBS, Progress, RemoteJob
from drumscribe.errors import SourceNotFound

# Large enough for any page of songs that the service gives.
_PAGE_SIZE: Final = 100
_SESSION: Final = "/api/v1/session"
_LINK: Final = ("https://", "http://")


class Client:
    """A DrumScribe service somewhere; use as a context manager, or close it.

    url: of the service, as a browser would open it.
    api_key: made with `drumscribe admin create-key`; without one the service knows this client by
        a session, which ends with it.
    """

    def __init__(self, url: str, *, api_key: str | None = None) -> None:
        self._connection = make_connection(url, api_key)
        self._is_known = api_key is not None

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._connection.close()

    def submit(self, source: str | Path, **said: Any) -> RemoteJob:
        """Hand in a recording, or a link to a video or a sound file; returns at once.

        said: what the API's reference lists for a new job (title, bpm, time_signature, ...).
            None counts as not said.
        Raises SourceNotFound, what the service answers, or Unavailable.
        """
        fields = {name: value for name, value in said.items() if value is not None}
        # A request that is sent twice because an answer was lost makes one job.
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        if str(source).startswith(_LINK):
            self._make_known()
            body = {"source_url": str(source), **fields}
            answer = ask(self._connection, "POST", JOBS, json=body, headers=headers)
        else:
            with _opened(Path(source)) as file:
                self._make_known()
                answer = ask(
                    self._connection,
                    "POST",
                    JOBS,
                    files={"file": (Path(source).name, file)},
                    data=_form(fields),
                    headers=headers,
                )
        return RemoteJob(self._connection, UUID(answer.json()["job_id"]))

    def transcribe(
        self, source: str | Path, *, on_progress: Progress | None = None, **said: Any
    ) -> RemoteJob:
        """Hand in a recording and wait until its pages are there.

        on_progress: called as on_progress(status, percent) whenever something has changed.
        Raises like submit, and the error that the job failed with.
        """
        return self.submit(source, **said).wait(on_progress=on_progress)

    def job(self, job_id: str | UUID) -> RemoteJob:
        """A job by its id. Raises JobNotFound when something is asked of one that is not there."""
        return RemoteJob(self._connection, UUID(str(job_id)))

    def jobs(self) -> Iterator[RemoteJob]:
        """The caller's own jobs, newest first."""
        self._make_known()
        cursor: str | None = None
        while True:
            asked = {"limit": _PAGE_SIZE} | ({} if cursor is None else {"cursor": cursor})
            page = ask(self._connection, "GET", JOBS, params=asked).json()
            for state in page["jobs"]:
                yield RemoteJob(self._connection, UUID(state["job_id"]), state)
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _make_known(self) -> None:
        """Begin a session, once: without one the service lists and deletes nothing for us."""
        if not self._is_known:
            ask(self._connection, "POST", _SESSION)
            self._is_known = True


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise SourceNotFound(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        yield file


def _form(fields: Mapping[str, Any]) -> dict[str, str]:
    """A form has texts only: objects travel as JSON."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in fields.items()
    }
