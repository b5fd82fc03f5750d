"""The servers that other tests stand on."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import psycopg

from service_fixtures import PostgresServer, RedisServer, S3Server


def test_postgres_restarted_keeps_what_was_committed(
    postgres: PostgresServer, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    postgres.restart()
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_redis_restarted_keeps_keys_and_flushed_loses_them(
    redis: RedisServer, redis_url: str
) -> None:
    def say(command: bytes) -> bytes:
        address = urlsplit(redis_url)
        with socket.create_connection((str(address.hostname), address.port or 0), 5) as connection:
            connection.sendall(command + b"\r\n")
            return connection.recv(100)

    say(b"SET kept 1")
    redis.restart()
    assert say(b"GET kept") == b"$1\r\n1\r\n"
    redis.flush()
    assert say(b"GET kept") == b"$-1\r\n"


def test_s3_new_buckets_are_different(s3: S3Server) -> None:
    assert s3.new_bucket() != s3.new_bucket()
