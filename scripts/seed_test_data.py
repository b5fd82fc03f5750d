#!/usr/bin/env python3
"""Fill a development database with jobs in every state, made from the example song.

usage: DATA_DIR=data .venv/bin/python scripts/seed_test_data.py [--owner OWNER]

The completed job is really transcribed (a few seconds). The jobs can be read by their ids, which
are printed; --owner makes them appear in the list of that owner.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drumscribe.bootstrap import Service
from drumscribe.core.config import load_settings
from drumscribe.domain.jobs import InputType, Job, JobRequest, JobStatus, Step
from drumscribe.errors import InvalidOption
from drumscribe.services.submit_job import SubmitOptions, submit_job

SONG = Path(__file__).resolve().parents[1] / "examples" / "funk-rock.flac"
# A seeded running job has no worker behind it; a long lease keeps real workers off it.
DISPLAY_LEASE_SECONDS = 7 * 86_400.0


def seed(service: Service, owner: str) -> list[Job]:
    """One job of each status, and a running one at each step; all of one owner."""
    service.upgrade_database()
    made = [_completed(service, owner)]
    made += [_running(service, owner, step) for step in Step]
    made += [_failed(service, owner), _cancelled(service, owner), _queued(service, owner)]
    return [service.jobs.get(job.id) or job for job in made]


def _queued(service: Service, owner: str, title: str = "Waiting song") -> Job:
    request = JobRequest(
        input_type=InputType.UPLOAD,
        title=title,
        original_filename=SONG.name,
        metadata={"seeded": True},
    )
    options = SubmitOptions(max_active=1000, max_upload_bytes=SONG.stat().st_size)
    with SONG.open("rb") as upload:
        job, _ = submit_job(
            service.jobs,
            service.storage,
            service.doorbell,
            owner=owner,
            request=request,
            upload=upload,
            options=options,
        )
    return job


def _completed(service: Service, owner: str) -> Job:
    job = _queued(service, owner, "Funk Rock")
    for step in Step:
        service.run_step(job.id, step)
    return job


def _running(service: Service, owner: str, last: Step) -> Job:
    """A job that stands at a step. Steps before it are really done, but for the long ones."""
    job = _queued(service, owner, f"Song at {last.value}")
    for step in Step:
        if step is last:
            break
        service.run_step(job.id, step)
    claim = service.jobs.claim(job.id, last, lease_seconds=DISPLAY_LEASE_SECONDS, max_attempts=99)
    if claim is not None:
        begin, end = last.progress_span
        service.jobs.heartbeat(
            claim, lease_seconds=DISPLAY_LEASE_SECONDS, progress=(begin + end) // 2
        )
    return job


def _failed(service: Service, owner: str) -> Job:
    job = _queued(service, owner, "Song that failed")
    expires_at = service.settings.retention.until(datetime.now(UTC))
    service.jobs.fail_by_operator(job.id, message="A seeded failure.", expires_at=expires_at)
    return job


def _cancelled(service: Service, owner: str) -> Job:
    job = _queued(service, owner, "Song that was cancelled")
    # Without the files that go with it, so that it can be looked at.
    service.jobs.request_cancel(job.id, expires_at=datetime.now(UTC) + timedelta(hours=1))
    return job


def main() -> None:
    """Seed the database of the settings and print what was made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--owner", default="seed", help="whose jobs they are (default: seed)")
    arguments = parser.parse_args()
    try:
        settings = load_settings()
    except InvalidOption as error:
        parser.error(error.message)
    if settings.environment == "production":
        parser.error("this is for development databases, and ENVIRONMENT is production")
    for job in seed(Service(settings), arguments.owner):
        lease = " (for show)" if job.status is JobStatus.RUNNING else ""
        print(f"{job.id}  {job.status.value:9}  {job.progress:3} %  {job.request.title}{lease}")


if __name__ == "__main__":
    main()
