"""Many recordings, one after the other or several at once; one failure never stops the rest."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from drumscribe.cli import exit_codes
from drumscribe.cli.common import console
from drumscribe.cli.notices import set_up_logging, shown_level
from drumscribe.cli.progress import SilentReporter, reporter
from drumscribe.cli.recordings.batch_progress import Board, BoardReporter, batch_bars
from drumscribe.cli.recordings.job import Job, Outcome, run_job
from drumscribe.library import Transcriber


def run_jobs(jobs: list[Job], *, job_count: int, quiet: bool) -> Iterator[Outcome]:
    """Run all jobs, yielding each outcome as it comes."""
    if job_count == 1 or len(jobs) <= 1:
        yield from _run_here(jobs, quiet=quiet)
    else:
        yield from _run_in_children(jobs, min(job_count, len(jobs)), quiet=quiet)


def _run_here(jobs: list[Job], *, quiet: bool) -> Iterator[Outcome]:
    transcriber: Transcriber | None = None
    for number, job in enumerate(jobs, start=1):
        label = job.name if len(jobs) == 1 else f"[{number}/{len(jobs)}] {job.name}"
        with reporter(console, label, quiet=quiet) as report:
            if transcriber is None:
                transcriber = _transcriber(job)
            transcriber.models.on_download = report.download
            outcome = run_job(job, transcriber, report)
        yield outcome


def _run_in_children(jobs: list[Job], job_count: int, *, quiet: bool) -> Iterator[Outcome]:
    # spawn: a forked child would inherit the threads and locks of ONNX Runtime.
    context = multiprocessing.get_context("spawn")
    board = Board.of(context, len(jobs))
    pool = concurrent.futures.ProcessPoolExecutor(
        job_count,
        mp_context=context,
        initializer=_begin_child,
        initargs=(job_count, shown_level(), board),
    )
    with _interrupts_ignored():
        futures = {
            pool.submit(_run_in_child, job, number): (job, number)
            for number, job in enumerate(jobs)
        }
    try:
        with batch_bars(console, [job.name for job in jobs], board, quiet=quiet) as bars:
            for future in concurrent.futures.as_completed(futures):
                job, number = futures[future]
                try:
                    outcome = future.result()
                except concurrent.futures.process.BrokenProcessPool:
                    outcome = Outcome(
                        source=job.label,
                        exit_code=exit_codes.RUNTIME_ERROR,
                        error_code="worker_lost",
                        error_message="The process that worked on this recording died "
                        "(out of memory?). Try a smaller -j.",
                    )
                board.end(number)
                with bars.paused():
                    yield outcome
    except BaseException:
        # Ctrl-C: do not begin what is still waiting, and stop what is running.
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _transcriber(job: Job) -> Transcriber:
    """What all jobs of one command have in common; they differ in the recording only."""
    return Transcriber(
        cache_dir=job.model_cache_dir,
        offline=job.offline,
        detector=job.detector,
        engravers=job.engravers,
        limits=job.limits,
    )


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Children that start in here never see Ctrl-C: it is the parent that stops them."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_child_transcriber: Transcriber | None = None
_child_share = 1
_child_board: Board | None = None
_child_is_working = False


def _begin_child(job_count: int, log_level: int, board: Board) -> None:
    global _child_share, _child_board  # noqa: PLW0603 - set once per child, before any job
    _child_share = job_count
    _child_board = board
    signal.signal(signal.SIGTERM, _end_child)
    set_up_logging(log_level)


def _end_child(number: int, frame: FrameType | None) -> NoReturn:
    """Stop at once, but let a job unwind first, so that its temporary files vanish."""
    if _child_is_working:
        raise KeyboardInterrupt
    os._exit(exit_codes.INTERRUPTED)


def _run_in_child(job: Job, number: int) -> Outcome:
    global _child_transcriber, _child_is_working  # noqa: PLW0603 - models are loaded once per child
    _child_is_working = True
    try:
        if _child_transcriber is None:
            _child_transcriber = _transcriber(job)
            threads = _child_transcriber.models.threads // _child_share
            _child_transcriber.models.threads = max(1, threads)
        report = SilentReporter() if _child_board is None else BoardReporter(_child_board, number)
        return run_job(job, _child_transcriber, report)
    except KeyboardInterrupt:
        os._exit(exit_codes.INTERRUPTED)
    finally:
        _child_is_working = False
