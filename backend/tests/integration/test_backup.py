"""Backup and restore as docs/runbooks/disaster-recovery.md tells, on a real PostgreSQL."""

from __future__ import annotations

import tempfile
from pathlib import Path

from api_client import short_recording
from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import JobStatus, Step
from service_fixtures import PostgresServer
from service_processes import assert_whole, current, settings_for, submit


def test_restored_database_goes_on_where_the_backup_was_made(
    postgres: PostgresServer, example_song: Path, tmp_path: Path
) -> None:
    def service_of(url: str) -> Service:
        folder = str(tmp_path / "data")
        given = {"DATABASE_URL": url, "DATA_DIR": folder, "MIN_DURATION_SECONDS": "1"}
        return Service(settings_for(given))

    first_url, second_url = postgres.new_database(), postgres.new_database()
    song = short_recording(example_song, tmp_path / "song.flac")
    before = service_of(first_url)
    before.upgrade_database()
    done, waiting = submit(before, song, title="Done"), submit(before, song, title="Waiting")
    for step in Step:
        before.run_step(done.id, step)
    # A worker is at this one while the backup is made; it will never be heard of again.
    before.jobs.claim(waiting.id, Step.INGEST_AUDIO, lease_seconds=0.01, max_attempts=3)

    with tempfile.TemporaryDirectory(prefix="drumscribe-backup-") as folder:
        Path(folder).chmod(0o777)
        dump = f"{folder}/drumscribe.dump"
        postgres.run("pg_dump", "--format=custom", f"--file={dump}", first_url)
        restore = ("--clean", "--if-exists", "--exit-on-error", f"--dbname={second_url}", dump)
        postgres.run("pg_restore", *restore)
    before.close()
    postgres.drop_database(first_url)

    after = service_of(second_url)
    after.upgrade_database()
    assert_whole(after, current(after, done.id))
    after.reconcile()
    for step in Step:
        after.run_step(waiting.id, step)
    assert current(after, waiting.id).status is JobStatus.COMPLETED
    after.close()
    postgres.drop_database(second_url)
