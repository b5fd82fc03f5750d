"""One recording of a batch: what to do with it, doing it, and what became of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drumscribe.audio.decode import DecodeLimits
from drumscribe.cli import exit_codes
from drumscribe.cli.notices import collected_notices, with_those_of
from drumscribe.cli.progress import Reporter
from drumscribe.domain.wishes import Wishes
from drumscribe.errors import DrumScribeError
from drumscribe.library import Transcriber
from drumscribe.models.registry import ModelSpec
from drumscribe.pipeline.files import codec
from drumscribe.pipeline.files.formats import FORMATS, STEM_SUFFIXES, STEMS, Engravers

logger = logging.getLogger(__name__)

# Left out of --json: the result files have them.
LONG_LISTS = (
    "hits", "first_hits", "candidates", "beats", "beat_numbers", "downbeats",
    "bar_confidences", "bar_time_signatures", "tempo_map",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOptions:
    """How the sound of links is fetched. cookies_file: Netscape form."""

    cookies_file: Path | None = None
    proxy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One recording and what to do with it; travels to a child process."""

    source: Path
    link: str | None = None
    output_stem: Path
    # The user named the result: not after what a link turns out to be.
    is_named: bool = False
    formats: tuple[str, ...]
    wishes: Wishes
    limits: DecodeLimits
    engravers: Engravers
    model_cache_dir: Path | None
    offline: bool
    detector: ModelSpec | None = None
    fetching: LinkOptions | None = None

    @property
    def label(self) -> str:
        """What the user knows the recording by."""
        return self.link or str(self.source)

    @property
    def name(self) -> str:
        """The same, short."""
        return self.link or self.source.name

    def is_done(self) -> bool:
        """Whether every result is there already; numbered pages count by their first."""
        return all(
            any(self._exists(suffix) for suffix in suffixes)
            for suffixes in self._expected_suffixes()
        )

    def _exists(self, suffix: str) -> bool:
        if self.link is None or self.is_named:
            return self._with(suffix).exists()
        # Before the id stands a title that is not known yet.
        end = f"{self.output_stem.name}{suffix}"
        folder = self.output_stem.parent
        return folder.is_dir() and any(path.name.endswith(end) for path in folder.iterdir())

    def _expected_suffixes(self) -> Iterator[tuple[str, ...]]:
        for name in self.formats:
            if name == STEMS:
                yield from ((suffix,) for suffix in STEM_SUFFIXES)
            else:
                suffix = FORMATS[name].suffix
                yield suffix, f"-1{suffix}"

    def _with(self, suffix: str) -> Path:
        return self.output_stem.with_name(self.output_stem.name + suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one job.

    outputs: format -> paths. summary: the document of the transcription without its long lists.
    notices: things worth saying that are no errors.
    """

    source: str
    exit_code: int = exit_codes.OK
    outputs: dict[str, list[str]] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    error_code: str | None = None
    error_message: str | None = None
    is_skipped: bool = False

    @classmethod
    def skipped(cls, job: Job) -> Outcome:
        """All results were there."""
        return cls(source=job.label, is_skipped=True)

    def to_dict(self) -> dict[str, Any]:
        """The line of --json."""
        if self.error_code is not None:
            return {
                "source": self.source,
                "status": "failed",
                "code": self.error_code,
                "message": self.error_message,
            }
        status = "skipped" if self.is_skipped else "completed"
        return {
            "source": self.source,
            "status": status,
            "outputs": self.outputs,
            "notices": list(self.notices),
        } | self.summary


def run_job(job: Job, transcriber: Transcriber, report: Reporter) -> Outcome:
    """Transcribe one recording and write its files; expected errors become an outcome."""
    source = job.label
    try:
        with collected_notices() as notices, ExitStack() as at_the_end:
            if job.link is not None:
                from drumscribe.cli.recordings.links import fetched

                job = at_the_end.enter_context(fetched(job, report))
            transcription = transcriber.transcribe(
                job.source,
                job.wishes,
                stems=job.output_stem if STEMS in job.formats else None,
                on_progress=report.stage,
            )
            if job.link is not None:
                transcription = transcription.said_to_be_from(job.link)
            files = tuple(name for name in job.formats if name != STEMS)
            written = (
                transcription.save(job.output_stem.parent, name=job.output_stem.name, formats=files)
                if files
                else {}
            )
            report.stage("engrave", 1.0)
    except DrumScribeError as error:
        return Outcome(
            source=source,
            exit_code=exit_codes.exit_code_of(error),
            error_code=error.code,
            error_message=error.message,
        )
    except Exception as error:
        # Nothing that one recording does may end a batch. The traceback is for a bug report.
        logger.debug("Unexpected error in %s", source, exc_info=True)
        return Outcome(
            source=source,
            exit_code=exit_codes.RUNTIME_ERROR,
            error_code="internal_error",
            error_message=f"Unexpected error ({type(error).__name__}: {error}). "
            "Run again with --log-level debug for details, and please report it.",
        )
    outputs = {name: [str(path) for path in paths] for name, paths in written.items()}
    if STEMS in job.formats:
        outputs[STEMS] = [
            str(job.output_stem.with_name(job.output_stem.name + suffix))
            for suffix in STEM_SUFFIXES
        ]
    summary = codec.transcript_to_dict(transcription.transcript, transcription.score)
    for key in (*LONG_LISTS, "source"):
        summary.pop(key)
    return Outcome(
        source=source,
        outputs=outputs,
        summary=summary,
        notices=with_those_of(transcription.transcript, notices),
    )
