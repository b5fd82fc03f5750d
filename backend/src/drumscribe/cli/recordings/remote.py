"""Recordings that a service elsewhere writes down: handed in, waited for, their files fetched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from drumscribe.cli import exit_codes
from drumscribe.cli.common import Remote, console
from drumscribe.cli.progress import Reporter, reporter
from drumscribe.cli.recordings.job import LONG_LISTS, Job, Outcome
from drumscribe.client import Client
from drumscribe.errors import DrumScribeError
from drumscribe.pipeline.files.formats import STEMS

# What the statuses of the contract mean to somebody who waits.
_WORDS: Final[Mapping[str, str]] = {
    "queued": "Waiting for its turn",
    "processing": "Reading the recording",
    "separating_drums": "Taking the drums out of the mix",
    "predicting": "Listening for drums",
    "transcribing": "Writing the music",
    "completed": "Fetching the pages",
}
# The two stems are files of their own there.
_STEM_FILES: Final = ("drums", "backing")
_OF_RESULT_ONLY: Final = ("downloads", "settings", "source")


def run_remotely(jobs: list[Job], remote: Remote, *, quiet: bool) -> Iterator[Outcome]:
    """Have all jobs done, one after the other; one failure never stops the rest."""
    with Client(remote.url, api_key=remote.api_key) as service:
        for number, job in enumerate(jobs, start=1):
            label = job.name if len(jobs) == 1 else f"[{number}/{len(jobs)}] {job.name}"
            with reporter(console, label, quiet=quiet) as report:
                outcome = run_remote_job(job, service, report)
            yield outcome


def run_remote_job(job: Job, service: Client, report: Reporter) -> Outcome:
    """Hand one recording in and write its files; expected errors become an outcome."""
    said = job.wishes.said()
    if STEMS in job.formats:
        said.setdefault("separation", "always")

    def on_progress(status: str, percent: int) -> None:
        report.whole(_WORDS.get(status, status), percent / 100)

    report.whole("Sending the recording", 0.0)
    try:
        done = service.transcribe(job.link or job.source, on_progress=on_progress, **said)
        # The name of a link's song is known only now.
        name = job.output_stem.name if job.link is None or job.is_named else None
        written = done.save(job.output_stem.parent, name=name, formats=_files(job.formats))
        summary = dict(done.result())
    except DrumScribeError as error:
        return Outcome(
            source=job.label,
            exit_code=exit_codes.exit_code_of(error),
            error_code=error.code,
            error_message=error.message,
        )
    outputs: dict[str, list[str]] = {}
    for kind, path in written.items():
        outputs.setdefault(STEMS if kind in _STEM_FILES else kind, []).append(str(path))
    return Outcome(source=job.label, outputs=outputs, summary=_short(summary))


def _files(formats: tuple[str, ...]) -> Iterator[str]:
    for name in formats:
        yield from _STEM_FILES if name == STEMS else (name,)


def _short(document: dict[str, Any]) -> dict[str, Any]:
    left_out = (*LONG_LISTS, *_OF_RESULT_ONLY)
    return {key: value for key, value in document.items() if key not in left_out}
