"""Each contract test runs on every implementation of its port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from drumscribe.ports import ArtifactStorage
from drumscribe.storage.local import LocalStorage
from drumscribe.storage.s3 import S3Options, S3Storage
from drumscribe.testing import MemoryStorage
from service_fixtures import PostgresServer, S3Server
from stores import Stores, empty, migrated, sql_stores


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A SQLite database with tables; whoever uses it empties it first."""
    with migrated(f"sqlite:///{tmp_path_factory.mktemp('contract') / 'drumscribe.db'}") as engine:
        yield engine


@pytest.fixture(scope="session")
def postgres_engine(postgres: PostgresServer) -> Iterator[Engine]:
    """A PostgreSQL database with tables; whoever uses it empties it first."""
    url = postgres.new_database()
    with migrated(url) as engine:
        yield engine
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest) -> Stores:
    name = {"sqlite": "sqlite_engine", "postgresql": "postgres_engine"}[request.param]
    engine: Engine = request.getfixturevalue(name)
    empty(engine)
    return sql_stores(engine)


@pytest.fixture(params=["memory", "local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> ArtifactStorage:
    if request.param == "memory":
        return MemoryStorage()
    if request.param == "local":
        return LocalStorage(tmp_path / "artifacts")
    return s3_storage(request.getfixturevalue("s3"), tmp_path)


def s3_storage(server: S3Server, scratch: Path, **options: str) -> S3Storage:
    return S3Storage(
        S3Options(
            bucket=options.pop("bucket", "") or server.new_bucket(),
            endpoint_url=server.endpoint_url,
            access_key_id=server.access_key_id,
            secret_access_key=server.secret_access_key,
            region=server.region,
            scratch_folder=scratch / "scratch",
            **options,
        )
    )
