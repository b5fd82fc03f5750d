"""No secret leaves the process in a log line, and no traceback is longer than it must be."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from pydantic import SecretStr

from api_client import make_settings
from drumscribe.core.redaction import Redactor
from drumscribe.core.tracebacks import bounded_traceback


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("redis://:hunter2@cache:6379/0 is away", "redis://:***@cache:6379/0 is away"),
        ("postgresql+psycopg://u:a%2Fb@h/db", "postgresql+psycopg://u:***@h/db"),
        ("postgresql://drumscribe@h/db", "postgresql://drumscribe@h/db"),
        ("see http://127.0.0.1:8000/a?x=b@c", "see http://127.0.0.1:8000/a?x=b@c"),
        ("Authorization: Bearer ds_0123456789abc", "Authorization: ***"),
        ("[(b'authorization', b'Basic dTpw'), (b'host', b'x')]",
         "[(b'authorization', b'***'), (b'host', b'x')]"),
        ("(b'cookie', b'a=1; drumscribe_session=abc; c=2')", "(b'cookie', b'***')"),
        ("cookie drumscribe_session=eyJ.abc-d; Path=/", "cookie drumscribe_session=***; Path=/"),
        ("key ds_0123456789abcdef was used", "key ds_*** was used"),
        ("host=h password=hunter2 user=u", "host=h password=*** user=u"),
        ("password authentication failed for user u", "password authentication failed for user u"),
        ("GET /b?X-Amz-Signature=0a1b&x=1", "GET /b?X-Amz-Signature=***&x=1"),
        ("nothing secret: 12:30, a@b.example", "nothing secret: 12:30, a@b.example"),
    ],
)  # fmt: skip
def test_line_has_no_secret_and_says_the_rest(line: str, shown: str) -> None:
    assert Redactor()(line) == shown


def test_known_secret_is_hidden_in_every_way_it_is_written() -> None:
    secret = 'p"ä/s\\w@rd'
    redact = Redactor([secret, "abc"])
    written = [secret, json.dumps(secret), "x://h/p%22%C3%A4%2Fs%5Cw%40rd"]
    for text in written:
        assert "rd" not in redact(text).replace("***", "")
    assert redact("abc is too short to be looked for") == "abc is too short to be looked for"


def test_settings_name_their_secrets_but_no_password_that_is_a_word(tmp_path: object) -> None:
    from pathlib import Path

    settings = make_settings(
        Path(str(tmp_path)),
        database_url="postgresql://u:d%40tabase-pw@h/db",
        redis_url="redis://:redis-pw@h",
        youtube_proxy="http://u:proxy-pw@h:3128",
        s3_access_key_id=SecretStr("key-id"),
        s3_secret_access_key=SecretStr("s3-secret"),
        database_password=SecretStr("drumscribe"),
    )
    found = set(settings.secrets)
    assert {"d@tabase-pw", "redis-pw", "proxy-pw", "key-id", "s3-secret"} <= found
    assert settings.secret_key.get_secret_value() in found
    assert "drumscribe" not in found


def test_traceback_tells_cause_and_place_but_no_variables() -> None:
    def inner() -> None:
        password = "s3cret-in-a-variable"
        raise ValueError(len(password))

    try:
        try:
            inner()
        except ValueError as error:
            raise RuntimeError("outer") from error
    except RuntimeError as error:
        text = bounded_traceback(error)
    assert text.startswith("builtins.RuntimeError: outer")
    assert "builtins.ValueError: 20" in text
    assert "in inner" in text
    assert "raise ValueError(len(password))" in text
    assert "s3cret-in-a-variable" not in text.replace('password = "s3cret-in-a-variable"', "")


def test_traceback_of_anything_is_bounded() -> None:
    def deeper(level: int) -> None:
        deeper(level + 1)

    try:
        deeper(0)
    except RecursionError as error:
        first: BaseException = error
    for number in range(30):
        following = ValueError("x" * 1_000_000 + str(number))
        following.__cause__ = first
        first = following
    group = BaseExceptionGroup("many", [OSError("y" * 50_000) for _ in range(500)])
    group.__context__ = first
    assert len(bounded_traceback(group)) < 16_000
    assert len(bounded_traceback(first)) < 16_000


_THREAD = """
import threading
from drumscribe.core.logging import set_up_logging
set_up_logging("INFO", as_json={as_json}, secrets=["s3cret"])
def work():
    raise ValueError("redis://:hunter22@h and s3cret")
thread = threading.Thread(target=work, name="t1")
thread.start()
thread.join()
big = {{str(n): "s3cret" * 1000 for n in range(10_000)}}
raise RuntimeError("the end: s3cret")
"""


@pytest.mark.parametrize("as_json", [True, False])
def test_errors_that_nobody_caught_are_bounded_lines_without_secrets(as_json: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _THREAD.format(as_json=as_json)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "The thread t1 ends by an error." in done.stderr
    assert "RuntimeError: the end: ***" in done.stderr
    assert "hunter22" not in done.stderr
    assert "s3cret" not in done.stderr
    assert len(done.stderr) < 5_000
