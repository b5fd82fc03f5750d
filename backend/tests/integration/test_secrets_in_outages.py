"""Database, queue and store go away one after the other: no process tells a secret."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gates import Gate, port_of
from planted_secrets import DATABASE_PASSWORD, REDIS_PASSWORD, SECRETS
from service_fixtures import PostgresServer, RedisServer, S3Server, free_port
from service_houses import House, running_house
from service_processes import PATIENCE_SECONDS

PROXY_PASSWORD = "s3cret-proxy-password"
CALLERS = {
    "Authorization": "Bearer ds_s3cret-of-a-caller",
    "Cookie": "drumscribe_session=s3cret-session; other=s3cret-cookie",
}
AWAY_SECONDS = 6.0


@pytest.fixture(params=["console", "json"])
def scene(
    request: pytest.FixtureRequest, postgres: PostgresServer, s3: S3Server, tmp_path: Path
) -> Iterator[tuple[House, dict[str, Gate]]]:
    with tempfile.TemporaryDirectory(prefix="drumscribe-redis-") as folder:
        redis = RedisServer(Path(folder), password=REDIS_PASSWORD)
        database = postgres.new_database()
        gates = {
            "database": Gate(port_of(database)),
            "redis": Gate(port_of(redis.url)),
            "s3": Gate(port_of(s3.endpoint_url)),
        }
        for gate in gates.values():
            gate.start()
        name = database.rpartition("/")[2]
        changes = {
            **SECRETS,
            "LOG_FORMAT": request.param,
            "DATABASE_URL": f"postgresql://postgres:{DATABASE_PASSWORD}@127.0.0.1:"
            f"{gates['database'].port}/{name}",
            "QUEUE_BACKEND": "celery",
            "REDIS_URL": f"redis://:{REDIS_PASSWORD}@127.0.0.1:{gates['redis'].port}/0",
            "STORAGE_BACKEND": "s3",
            "S3_BUCKET": s3.new_bucket(),
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{gates['s3'].port}",
            "YOUTUBE_PROXY": f"http://u:{PROXY_PASSWORD}@127.0.0.1:{free_port()}",
            "DATABASE_TIMEOUT_SECONDS": "2",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "",
        }
        commands = [("serve",), ("worker", "--concurrency", "2"), ("worker", "--beat")]
        with running_house(tmp_path, changes, *commands) as house:
            yield house, gates
        redis.stop()
        postgres.drop_database(database)


def test_outages_are_told_without_any_secret_and_in_few_words(
    scene: tuple[House, dict[str, Gate]], tmp_path: Path
) -> None:
    house, gates = scene
    house.client.timeout = PATIENCE_SECONDS
    recording = tmp_path / "broken.wav"
    recording.write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(200))
    url = house.submit(recording)
    for gate in gates.values():
        gate.shut()
        end = time.monotonic() + AWAY_SECONDS
        while time.monotonic() < end:
            house.post(recording)
            for path in ("/api/v1/jobs", "/api/v1/health", "/readyz", "/metrics", url):
                house.client.get(path, headers=CALLERS)
            time.sleep(1)
        gate.is_open = True
    assert house.ended(url)["status"] == "failed"  # it was no recording; that was found out
    secrets = [*SECRETS.values(), DATABASE_PASSWORD, REDIS_PASSWORD, PROXY_PASSWORD]
    secrets += ["s3cret-of-a-caller", "s3cret-session", "s3cret-cookie"]
    for command in house.running:
        said = command.output()
        assert [secret for secret in secrets if secret in said] == []
        assert len(said) < 2_000_000
    assert "does not answer" in house.running[0].output()
