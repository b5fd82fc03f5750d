"""The samples of docs/how-to/webhooks.md that check signatures, each run as it stands there."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from drumscribe.domain.service.webhook_signing import sign, signing_key
from drumscribe.webhooks.sender import encoded
from places import ROOT

PAGE = ROOT / "docs" / "how-to" / "webhooks.md"
SECRET = "whsec_" + base64.b64encode(bytes(range(1, 33))).decode()
BODY = encoded({"type": "job.completed", "data": {"title": "Für Elise 'live'", "note": "a\nb"}})
WEBHOOK_ID = str(UUID(int=7))

Check = Callable[[dict[str, str], bytes], bool]


def sample(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(found) == 1
    text: str = found[0]
    return text


def headers_of(body: bytes, *, age_seconds: int = 0, secret: str = SECRET) -> dict[str, str]:
    timestamp = int(time.time()) - age_seconds
    return {
        "webhook-id": WEBHOOK_ID,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(signing_key(secret), WEBHOOK_ID, timestamp, body),
    }


def by_python(headers: dict[str, str], body: bytes) -> bool:
    names: dict[str, Callable[[str, dict[str, str], bytes], bool]] = {}
    exec(compile(sample("python"), str(PAGE), "exec"), names)
    return names["is_from_drumscribe"](SECRET, headers, body)


def by_node(headers: dict[str, str], body: bytes) -> bool:
    program = sample("javascript") + (
        "const { secret, headers, body } = JSON.parse(process.argv[1]);\n"
        'console.log(isFromDrumscribe(secret, headers, Buffer.from(body, "base64")));\n'
    )
    given = {"secret": SECRET, "headers": headers, "body": base64.b64encode(body).decode()}
    done = subprocess.run(
        [node(), "--input-type=module", "--eval", program, "--", json.dumps(given)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) is True


def node() -> str:
    """Node.js as the web page is built with it."""
    script = ROOT / "scripts" / "ensure_node.sh"
    done = subprocess.run([str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return str(Path(done.stdout.strip()) / "node")


@pytest.fixture
def by_shell(tmp_path: Path) -> Check:
    def check(headers: dict[str, str], body: bytes) -> bool:
        (tmp_path / "body.json").write_bytes(body)
        environment = {
            **os.environ,
            "WEBHOOK_SECRET": SECRET,
            "ID": headers["webhook-id"],
            "TIMESTAMP": headers["webhook-timestamp"],
            "SIGNATURE": headers["webhook-signature"],
        }
        done = subprocess.run(
            ["sh", "-eu", "-c", sample("sh")],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip() == "genuine"

    return check


@pytest.fixture(params=["python", "node", "shell"])
def check(request: pytest.FixtureRequest) -> Check:
    if request.param == "shell":
        chosen: Check = request.getfixturevalue("by_shell")
        return chosen
    return {"python": by_python, "node": by_node}[request.param]


def test_sample_takes_what_we_sign(check: Check) -> None:
    assert check(headers_of(BODY), BODY)


def test_sample_refuses_another_body_or_key(check: Check) -> None:
    assert not check(headers_of(BODY), BODY + b" ")
    other = "whsec_" + base64.b64encode(bytes(32)).decode()
    assert not check(headers_of(BODY, secret=other), BODY)


@pytest.mark.parametrize("check_age", [by_python, by_node])
def test_sample_refuses_what_is_old(check_age: Check) -> None:
    assert not check_age(headers_of(BODY, age_seconds=600), BODY)
