"""`drumscribe admin backup` and `restore`: taken while jobs come in, brought back whole."""

from __future__ import annotations

import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drumscribe.bootstrap import Service
from drumscribe.cli.main import invoke
from drumscribe.domain.jobs import Step
from job_worlds import short_song
from service_processes import settings_for, submit


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    service = Service(settings_for({"DATA_DIR": str(tmp_path / "data")}))
    service.upgrade_database()
    yield service
    service.close()


@pytest.fixture
def clip(example_song: Path, tmp_path: Path) -> Path:
    return short_song(example_song, tmp_path / "clip.wav")


def test_backup_of_a_running_service_comes_back_whole(
    service: Service, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = submit(service, clip)
    service.run_step(done.id, Step.INGEST_AUDIO)
    stop = threading.Event()

    def others() -> None:
        while not stop.is_set():
            submit(service, clip)

    busy = threading.Thread(target=others)
    busy.start()
    try:
        assert invoke(["admin", "backup", "backup.tar"]) == 0
    finally:
        stop.set()
        busy.join()
    assert not list(tmp_path.glob(".backup*"))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "again"))
    assert invoke(["admin", "restore", "backup.tar"]) == 0
    again = Service(settings_for({"DATA_DIR": str(tmp_path / "again")}))
    restored = again.jobs.get(done.id)
    assert restored == service.jobs.get(done.id)
    due = again.jobs.due(limit=1000)
    assert (done.id, Step.SEPARATE_DRUMS) in due
    for job_id, _ in due:
        artifacts = again.jobs.artifacts(job_id)
        assert artifacts
        for artifact in artifacts:
            content = b"".join(again.storage.open(artifact.stored.key))
            assert len(content) == artifact.stored.size_bytes
    again.close()


def test_restore_takes_nothing_that_is_there_or_damaged(
    service: Service, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    job = submit(service, clip)
    assert invoke(["admin", "backup", "backup.tar"]) == 0
    assert invoke(["admin", "restore", "backup.tar"]) == 1
    assert "already" in capsys.readouterr().err
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "again"))
    whole = (tmp_path / "backup.tar").read_bytes()
    audio = clip.read_bytes()
    # From its middle: the head of a FLAC is padding, as much of the archive is.
    middle = len(audio) // 2
    place = whole.index(audio[middle : middle + 1000])
    (tmp_path / "bent.tar").write_bytes(whole[:place] + b"\xff" * 100 + whole[place + 100 :])
    (tmp_path / "song.tar").write_bytes(audio)
    with tarfile.open(tmp_path / "other.tar", "w") as other:
        other.add(clip, "clip.wav")
    for name, said in (("bent", "is damaged"), ("song", "no backup"), ("other", "no backup")):
        assert invoke(["admin", "restore", f"{name}.tar"]) == 1
        assert said in capsys.readouterr().err
        assert not (tmp_path / "again" / "drumscribe.db").exists()
    assert invoke(["admin", "restore", "backup.tar"]) == 0
    assert (tmp_path / "again" / "artifacts" / "jobs" / str(job.id) / "source").is_file()


def test_backup_of_another_database_points_to_its_own_way(
    service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p4ssw0rd@h/db")
    assert invoke(["admin", "backup", "backup.tar"]) == 1
    told = capsys.readouterr().err
    assert "disaster-recovery.md" in told
    assert "p4ssw0rd" not in told
