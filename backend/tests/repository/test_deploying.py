"""The configuration of a deployment names files, services and commands that exist."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from drumscribe.cli.main import cli
from places import ROOT

RAILWAY = sorted((ROOT / "infrastructure" / "railway").glob("*.json"))
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "deploy.yml").read_text())


def test_workflow_deploys_every_service_that_has_a_configuration() -> None:
    (job,) = WORKFLOW["jobs"].values()
    services = job["strategy"]["matrix"]["service"]
    assert sorted(services) == [path.stem for path in RAILWAY]
    assert services[0] == "api"  # it migrates
    assert "vars.DEPLOY_TO == 'railway'" in job["if"]
    assert "success" in job["if"]


@pytest.mark.parametrize("path", RAILWAY, ids=lambda path: path.stem)
def test_configuration_builds_an_image_and_starts_a_command_that_exist(path: Path) -> None:
    document = json.loads(path.read_text())
    dockerfile = ROOT / document["build"]["dockerfilePath"]
    text = dockerfile.read_text()
    words = shlex.split(document["deploy"]["startCommand"])
    if "drumscribe" in words:
        arguments = words[words.index("drumscribe") + 1 :]
        assert CliRunner().invoke(cli, [arguments[0], "--help"]).exit_code == 0
        assert set(words[: words.index("drumscribe")]) <= set(re.findall(r"[\w./-]+", text))
    else:
        assert json.dumps(words) == re.findall(r"^CMD (.+)$", text, flags=re.MULTILINE)[-1]
    health = document["deploy"].get("healthcheckPath")
    assert health is None or re.search(rf"{health}[\"']", text)


def test_base_images_are_supported_and_pinned() -> None:
    for path in (ROOT / "infrastructure").glob("*.Dockerfile"):
        bases = re.findall(r"^FROM (\S+) AS pinned\S*$", path.read_text(), flags=re.MULTILINE)
        assert bases
        for base in bases:
            assert re.fullmatch(
                r"(python:3\.1[3-9]-slim|node:2[4-9]-alpine|caddy:2\.\d+\.\d+-alpine)@sha256:[0-9a-f]{64}",
                base,
            )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    for name in (".env.example", "scripts/make_secrets.sh"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / ".env.example", tmp_path / ".env")
    return tmp_path


def test_compose_refuses_without_secrets_by_naming_the_command() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    files = re.findall(r"file: \"(\$\{.+?\})/", compose)
    assert len(files) == 6
    refusal = re.compile(r"\$\{SECRETS_DIR:\?.*scripts/make_secrets\.sh\}")
    assert all(refusal.fullmatch(file) for file in files)


def test_secrets_are_made_once_and_compose_is_told_where_they_are(checkout: Path) -> None:
    env = checkout / ".env"
    env.write_text(env.read_text() + "LOG_LEVEL=INFO")  # no end of line

    def made() -> str:
        done = subprocess.run(
            ["sh", "scripts/make_secrets.sh"], cwd=checkout, env={"PATH": "/usr/bin:/bin"},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    assert "made secrets/secret_key" in made()
    assert env.read_text().endswith("LOG_LEVEL=INFO\nSECRETS_DIR=secrets\n")
    before = (checkout / "secrets" / "secret_key").read_text()
    assert made() == ""
    assert (checkout / "secrets" / "secret_key").read_text() == before
    # Copying the example over it loses the line; the next run tells it again.
    shutil.copy(checkout / ".env.example", env)
    assert made() == "told .env of them\n"
