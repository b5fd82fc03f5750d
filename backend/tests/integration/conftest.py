"""What the tests of the API share: a service of their own, and a recording to hand in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api_client import Api, make_api, short_recording
from drumscribe.db.engine import create_database_engine
from drumscribe.db.job_store.store import SqlJobStore
from drumscribe.db.schema import upgrade_schema
from drumscribe.domain.service.retention import Retention
from drumscribe.storage.local import LocalStorage
from job_worlds import World, clock_of_today, short_song
from refining import KnowsTheDrums, knows_the_drums


@pytest.fixture
def api_settings() -> dict[str, Any]:
    """For modules whose service is set up otherwise."""
    return {}


@pytest.fixture
def api(tmp_path: Path, api_settings: dict[str, Any]) -> Iterator[Api]:
    made = make_api(tmp_path, **api_settings)
    with made.client:
        yield made


@pytest.fixture
def recording(example_song: Path, tmp_path: Path) -> Path:
    """Four seconds, under a name that headers have to write with care."""
    return short_recording(example_song, tmp_path / "Mein Stück.flac")


@pytest.fixture(scope="session")
def clip(example_song: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_song(example_song, tmp_path_factory.mktemp("clip") / "clip.wav")


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    clock = clock_of_today()
    storage = LocalStorage(tmp_path / "artifacts")
    engine = create_database_engine(request.getfixturevalue(f"{request.param}_url"))
    upgrade_schema(engine)
    yield World(SqlJobStore(engine, clock=clock, retention=Retention(24)), storage, clock, tmp_path)
    engine.dispose()


@pytest.fixture
def separator(world: World, example_song: Path) -> KnowsTheDrums:
    """The one that the world's workers have."""
    world.models._separator = found = knows_the_drums(example_song)
    return found
