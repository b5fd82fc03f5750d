"""How long songs live: for good on one's own machine, for a day where many share one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from api_client import JOBS, make_api, problem_of, short_recording
from drumscribe.db.job_store.store import SqlJobStore
from drumscribe.services.sweep_artifacts import sweep_artifacts


def sweep_in(days: int, api_service: object) -> int:
    """A sweep as it is when so much time has passed."""
    from drumscribe.bootstrap import Service

    assert isinstance(api_service, Service)
    later = datetime.now(UTC) + timedelta(days=days)
    retention = api_service.settings.retention
    store = SqlJobStore(api_service.engine, clock=lambda: later, retention=retention)
    return sweep_artifacts(store, api_service.storage)


def test_edited_song_on_a_machine_of_ones_own_is_all_there_after_a_month(
    tmp_path: Path, example_song: Path
) -> None:
    api = make_api(tmp_path)
    job = f"{JOBS}/{api.completed(short_recording(example_song, tmp_path / 'song.flac', 3.0))}"
    edit = {"hits": [{"time": 0.5, "instrument": "kick"}]}
    assert api.client.put(f"{job}/score", json=edit).status_code == 200
    assert api.client.get(job).json()["expires_at"] is None
    # What the edit replaced goes at once; nothing more goes in time.
    sweep_in(0, api.service)
    assert sweep_in(30, api.service) == 0
    assert [hit["time"] for hit in api.client.get(f"{job}/result").json()["hits"]] == [0.5]
    for kind in ("svg", "timemap", "original", "recording", "pdf"):
        assert api.client.get(f"{job}/download/{kind}").status_code == 200
    assert api.client.get(f"{job}/download/pdf").content.startswith(b"%PDF")


def test_song_on_a_shared_machine_goes_after_a_day_unless_it_is_kept(
    tmp_path: Path, example_song: Path
) -> None:
    api = make_api(tmp_path, artifact_ttl_hours=24, pdf_backend="none")
    song = short_recording(example_song, tmp_path / "song.flac", 2.0)
    kept, left = (f"{JOBS}/{api.completed(song)}" for _ in range(2))
    assert api.client.get(left).json()["expires_at"] is not None
    answer = api.client.put(f"{kept}/keep", json={"keep": True})
    assert (answer.status_code, answer.json()["expires_at"]) == (200, None)
    assert sweep_in(30, api.service) > 0
    assert problem_of(api.client.get(f"{left}/result"), 410) == "result_expired"
    assert problem_of(api.client.put(f"{left}/keep", json={"keep": True}), 410) == "result_expired"
    assert api.client.get(f"{kept}/result").status_code == 200
    let_go = api.client.put(f"{kept}/keep", json={"keep": False}).json()
    assert let_go["expires_at"] is not None
    assert sweep_in(2, api.service) > 0
    assert problem_of(api.client.get(f"{kept}/result"), 410) == "result_expired"


def test_song_is_kept_by_its_owner_only_and_once_it_has_ended(
    tmp_path: Path, example_song: Path
) -> None:
    api = make_api(tmp_path, artifact_ttl_hours=24, pdf_backend="none")
    job = f"{JOBS}/{api.submit(short_recording(example_song, tmp_path / 'song.flac', 2.0))}"
    assert problem_of(api.client.put(f"{job}/keep", json={"keep": True}), 409) == "job_not_ready"
    api.client.cookies.clear()
    api.client.post("/api/v1/session")
    assert api.client.get(job).json()["is_own"] is False
    assert problem_of(api.client.put(f"{job}/keep", json={"keep": True}), 404) == "job_not_found"
    nowhere = f"{JOBS}/{uuid4()}/keep"
    assert problem_of(api.client.put(nowhere, json={"keep": True}), 404) == "job_not_found"
