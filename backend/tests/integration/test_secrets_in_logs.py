"""What is secret does not get into the log, whatever goes wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from planted_secrets import DATABASE_PASSWORD, SECRETS

GIVEN = {**SECRETS, "DATABASE_PASSWORD": DATABASE_PASSWORD}
_SCRIPT = """
import logging
from fastapi.testclient import TestClient
from drumscribe.api.app import create_app
from drumscribe.bootstrap import Service
from drumscribe.core.config import load_settings
from drumscribe.core.logging import set_up_logging
settings = load_settings()
set_up_logging("DEBUG", as_json=True)
logging.getLogger("test").info("settings: %r", settings)
app = create_app(service=Service(settings))
with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
    for path in ("/readyz", "/api/v1/health", "/api/v1/jobs", "/metrics"):
        client.get(path, headers={"Authorization": "Bearer ds_s3cret-api-key"})
    client.post("/api/v1/session", cookies={"session": "s3cret-cookie"})
"""


def test_secrets_do_not_get_into_the_log(tmp_path: Path) -> None:
    environment = {
        **GIVEN,
        "ENVIRONMENT": "production",
        # Nobody listens there: every request ends in an error with its traceback.
        "DATABASE_URL": "postgresql://drumscribe@127.0.0.1:1/drumscribe",
        "DATABASE_TIMEOUT_SECONDS": "1",
        "STORAGE_BACKEND": "s3",
        "S3_BUCKET": "b",
        "S3_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_MAX_ATTEMPTS": "1",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout + done.stderr
    assert "settings: " in said
    assert "/readyz" in said or "store_unavailable" in said
    secrets = [*GIVEN.values(), "s3cret-api-key", "s3cret-cookie"]
    assert [secret for secret in secrets if secret in said] == []
