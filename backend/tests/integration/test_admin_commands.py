"""drumscribe admin, and the scripts of the repository, on a database of their own."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from drumscribe.bootstrap import Service
from drumscribe.cli.main import invoke
from drumscribe.core.config import load_settings
from drumscribe.domain.jobs import JobStatus, Step
from drumscribe.services.api_keys import find_key
from job_worlds import short_song
from places import ROOT
from service_processes import current, submit


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    for name, value in {
        "DATA_DIR": str(tmp_path / "data"),
        "MODEL_CACHE_DIR": str(tmp_path / "models"),
        "DRUMSCRIBE_OFFLINE": "true",
        "PDF_BACKEND": "none",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    service = Service(load_settings())
    service.upgrade_database()
    return service


@pytest.fixture
def clip(example_song: Path, tmp_path: Path) -> Path:
    return short_song(example_song, tmp_path / "clip.wav")


def test_admin_fail_and_requeue_move_a_job_and_tell(
    service: Service, clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = submit(service, clip)
    service.run_step(job.id, Step.INGEST_AUDIO)
    assert invoke(["admin", "fail", str(job.id), "--message", "Out of memory."]) == 0
    failed = current(service, job.id)
    assert (failed.status, failed.error_code) == (JobStatus.FAILED, "failed_by_operator")
    assert failed.error_message == "Out of memory."
    assert invoke(["admin", "fail", str(job.id)]) == 1
    assert invoke(["admin", "requeue", str(job.id), "--step", "ingest_audio"]) == 0
    again = current(service, job.id)
    assert (again.status, again.step) == (JobStatus.QUEUED, Step.INGEST_AUDIO)
    assert invoke(["admin", "requeue", str(uuid4())]) == 1
    assert "queued at ingest_audio" in capsys.readouterr().out


def test_admin_stats_and_sweep_count(
    service: Service, clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting, dropped = submit(service, clip), submit(service, clip)
    service.jobs.request_cancel(dropped.id, expires_at=dropped.created_at)
    orphan = f"jobs/{uuid4()}/source"
    service.storage.put_file(orphan, clip, media_type="audio/wav")
    for path in service.settings.effective_artifacts_dir.rglob("source"):
        os.utime(path, (0, 0))
    assert invoke(["admin", "stats", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["jobs"]["queued"] == document["jobs"]["cancelled"] == 1
    assert document["queued"]["ingest_audio"] == 1
    assert document["oldest_queued_seconds"] >= 0
    assert invoke(["admin", "stats"]) == 0
    assert "queued 1" in capsys.readouterr().out
    assert invoke(["admin", "fail", str(waiting.id)]) == 0
    capsys.readouterr()
    assert invoke(["admin", "stats"]) == 0
    assert "failed: failed_by_operator 1" in capsys.readouterr().out
    assert invoke(["admin", "sweep"]) == 0
    assert capsys.readouterr().out == (
        "Files deleted: 1, and those of 1 job(s) that are in no row.\n"
    )
    assert not service.storage.exists(orphan)
    assert service.storage.exists(f"jobs/{waiting.id}/source")


def test_admin_keys_are_made_listed_and_revoked(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["admin", "keys", "create", "page of the band"]) == 0
    secret = capsys.readouterr().out.strip()
    key = find_key(service.keys, secret)
    assert key is not None
    assert secret not in (key.key_hash, key.prefix)
    assert invoke(["admin", "keys", "list"]) == 0
    listed = capsys.readouterr().out
    assert "page of the band" in listed
    assert secret not in listed
    assert invoke(["admin", "keys", "revoke", str(key.id)]) == 0
    assert find_key(service.keys, secret) is None
    assert invoke(["admin", "keys", "revoke", str(key.id)]) == 1
    assert invoke(["admin", "keys", "create", ""]) == 2


def test_settings_that_cannot_be_used_are_a_usage_error_without_their_values(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "hunter2")
    assert invoke(["admin", "stats"]) == 2
    told = capsys.readouterr().err
    assert "SECRET_KEY" in told
    assert "hunter2" not in told


def test_seed_script_makes_jobs_in_every_state(service: Service) -> None:
    script = ROOT / "scripts" / "seed_test_data.py"
    done = subprocess.run(
        [sys.executable, str(script), "--owner", "key:seed"],
        capture_output=True,
        text=True,
        check=True,
    )
    page = service.jobs.list_jobs("key:seed", cursor=None, limit=50)
    assert {job.status for job in page.jobs} == set(JobStatus)
    assert {job.step for job in page.jobs if job.status is JobStatus.RUNNING} == set(Step)
    printed = {UUID(line.split()[0]) for line in done.stdout.splitlines()}
    assert printed == {job.id for job in page.jobs}


def test_seed_script_refuses_production(service: Service) -> None:
    script = ROOT / "scripts" / "seed_test_data.py"
    environment = {
        **os.environ,
        "ENVIRONMENT": "production",
        "SECRET_KEY": "x" * 40,
        "WEBHOOK_SECRET": "whsec_" + "eHh4" * 8,
    }
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 2
    assert service.jobs.stats().by_status[JobStatus.QUEUED] == 0


@pytest.fixture
def recorded_drumscribe(tmp_path: Path) -> Path:
    """A program in the place of drumscribe that writes down how it was called."""
    program = tmp_path / "drumscribe"
    program.write_text(
        f'#!/bin/sh\necho "$MODEL_CACHE_DIR: $*" >> {tmp_path}/calls\n'
        'if [ "$4" = broken ]; then exit 1; fi\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def test_download_script_passes_cache_and_models_on(
    recorded_drumscribe: Path, tmp_path: Path
) -> None:
    script = str(ROOT / "scripts" / "download_models.sh")
    environment = {**os.environ, "DRUMSCRIBE": str(recorded_drumscribe), "MODEL_CACHE_DIR": "env"}
    for arguments in ([], ["/cache"], ["/cache", "all"]):
        subprocess.run([script, *arguments], check=True, env=environment)
    assert (tmp_path / "calls").read_text().splitlines() == [
        "env: models download --quiet beats",
        "/cache: models download --quiet beats",
        "/cache: models download --quiet all",
    ]


def test_entrypoint_starts_the_worker_even_if_a_model_cannot_be_had(
    recorded_drumscribe: Path, tmp_path: Path
) -> None:
    script = str(ROOT / "scripts" / "entrypoint-worker.sh")
    environment = {
        **os.environ,
        "DRUMSCRIBE": str(recorded_drumscribe),
        "MODELS_TO_DOWNLOAD": "broken beats",
        "MODEL_CACHE_DIR": "/cache",
    }
    done = subprocess.run(
        [script, str(recorded_drumscribe), "worker", "--queue", "default"],
        check=True,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert "broken could not be fetched" in done.stderr
    assert (tmp_path / "calls").read_text().splitlines() == [
        "/cache: models download --quiet broken",
        "/cache: models download --quiet beats",
        "/cache: worker --queue default",
    ]
