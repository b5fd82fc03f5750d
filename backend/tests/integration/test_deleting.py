"""DELETE deletes: what its owner gave and what was made of it leave the store with the answer."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from api_client import JOBS, Api, make_api
from drumscribe.domain.jobs import Step
from drumscribe.errors import StorageUnavailable
from drumscribe.services.sweep_artifacts import remove_orphans


@pytest.fixture(params=["local", "s3"])
def api(request: pytest.FixtureRequest, tmp_path: Path) -> Api:
    if request.param == "local":
        return make_api(tmp_path)
    s3 = request.getfixturevalue("s3")
    return make_api(
        tmp_path,
        storage_backend="s3",
        s3_bucket=s3.new_bucket(),
        s3_endpoint_url=s3.endpoint_url,
        s3_access_key_id=s3.access_key_id,
        s3_secret_access_key=s3.secret_access_key,
    )


def kept(api: Api) -> list[str]:
    return [name for name, _ in api.service.storage.folders("jobs")]


def test_job_that_waits_is_cancelled_and_its_recording_is_gone(api: Api, recording: Path) -> None:
    job_id, other = api.submit(recording), api.submit(recording)
    assert sorted(kept(api)) == sorted([job_id, other])
    assert api.client.delete(f"{JOBS}/{job_id}").json()["status"] == "cancelled"
    assert kept(api) == [other]


def test_job_that_has_ended_is_gone_with_all_its_files(api: Api, recording: Path) -> None:
    job_id = api.submit(recording)
    api.service.run_step(UUID(job_id), Step.INGEST_AUDIO)
    api.service.jobs.fail_by_operator(
        UUID(job_id), message="no", expires_at=datetime.now(UTC) + timedelta(days=1)
    )
    # The lease of a worker that was at it would still guard the files; nobody is.
    assert kept(api) == [job_id]
    assert api.client.delete(f"{JOBS}/{job_id}").json()["deleted"] is True
    assert kept(api) == []


def test_job_that_runs_loses_its_files_when_its_worker_stops(api: Api, recording: Path) -> None:
    job_id = api.submit(recording)

    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        if asked == 1:
            api.client.delete(f"{JOBS}/{job_id}")
            assert kept(api) == [job_id]
        return False

    api.service.run_step(UUID(job_id), Step.INGEST_AUDIO, should_stop=cancelled)
    assert api.client.get(f"{JOBS}/{job_id}").json()["status"] == "cancelled"
    assert kept(api) == []


def test_store_that_does_not_answer_keeps_nobody_from_deleting(
    tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = make_api(tmp_path)
    job_id = api.submit(recording)

    def away(key: str) -> None:
        raise StorageUnavailable("The file storage does not answer.")

    with monkeypatch.context() as outage:
        outage.setattr(api.service.storage, "delete", away)
        assert api.client.delete(f"{JOBS}/{job_id}").status_code == 200
    assert kept(api) == [job_id]
    assert api.service.sweep() == 1
    assert kept(api) == []


def test_files_of_no_job_are_removed_when_they_are_old(api: Api, recording: Path) -> None:
    job_id, orphan = api.submit(recording), str(uuid4())
    api.service.storage.put_stream(
        f"jobs/{orphan}/source", io.BytesIO(b"x"), media_type="audio/wav", max_bytes=9
    )
    assert api.service.remove_orphans() == 0
    later = datetime.now(UTC) + timedelta(hours=2)
    assert remove_orphans(api.service.jobs, api.service.storage, now=later) == 1
    assert kept(api) == [job_id]
