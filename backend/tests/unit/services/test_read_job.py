"""What a job's row alone does not say: its place in the queue and its downloads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from drumscribe.db.job_store.store import SqlJobStore
from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.services.songs.read_job import view_job, view_jobs
from stores import Stores, a_file, claim, complete, new_stores, submit


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with new_stores(tmp_path) as made:
        yield made


def test_listed_jobs_are_viewed_as_each_alone_in_three_statements(stores: Stores) -> None:
    for _ in range(3):
        job = submit(stores)
        complete(stores, job.id, a_file(ArtifactKind.PDF, key=f"jobs/{job.id}/page"))
    claim(stores, submit(stores).id)
    for _ in range(3):
        submit(stores)
        stores.clock.advance(1)
    listed = stores.jobs.list_jobs("anna", cursor=None, limit=50).jobs
    assert isinstance(stores.jobs, SqlJobStore)
    statements: list[str] = []
    event.listen(
        stores.jobs.engine, "before_cursor_execute", lambda *said: statements.append(said[2])
    )
    views = view_jobs(stores.jobs, listed)
    assert len([said for said in statements if said.startswith(("SELECT", "WITH"))]) == 3
    assert views == [view_job(stores.jobs, job) for job in listed]
    assert sorted(view.queue_position for view in views if view.queue_position) == [1, 2, 3]
    assert [len(view.downloads) > 0 for view in views].count(True) == 3
