"""The container files: valid, hardened, pinned, and true to the settings."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from drumscribe.core.config import Settings
from places import ROOT

DOCKERFILES = sorted((ROOT / "infrastructure").glob("*.Dockerfile"))
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = ("frontend", "api", "migrate", "worker-default", "worker-heavy", "beat")


def test_compose_files_meet_the_specification_of_compose() -> None:
    files = ["docker-compose.yml", "docker-compose.override.yml"]
    schema = "vendor.compose-spec"
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            schema,
            *files,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_service_has_no_rights_and_a_limit(name: str) -> None:
    service: dict[str, Any] = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "mem_limit" in service
    assert "privileged" not in service


@pytest.mark.parametrize("name", OURS)
def test_environment_of_a_container_names_only_settings(name: str) -> None:
    others = {"API_URL", "STORE_ORIGINS", "MODELS_TO_DOWNLOAD", "NPM_CONFIG_REGISTRY", "TMPDIR"}
    known = {field.upper() for field in Settings.model_fields} | others
    assert set(COMPOSE["services"][name]["environment"]) <= known


# What an image, a secret or the other mode of the queue decides.
NOT_FOR_CONTAINERS = {
    "API_HOST", "API_PORT", "ARTIFACTS_DIR", "DATABASE_PASSWORD", "DATA_DIR", "LILYPOND_BIN",
    "LOCAL_DEFAULT_WORKERS", "LOCAL_HEAVY_WORKERS", "MODEL_CACHE_DIR", "MUSESCORE_BIN",
    "POLL_INTERVAL_SECONDS",
    "SCRATCH_DIR", "SECRET_KEY", "WEBHOOK_SECRET", "WEB_ROOT",
}  # fmt: skip
ONLY_OF_THE_API = {
    "ALLOWED_HOSTS", "API_KEY_REQUIRED", "CORS_ORIGINS", "CREATE_LIMIT_PER_MINUTE",
    "MAX_EVENT_STREAMS",
    "RATE_LIMIT_PER_MINUTE", "SHARE_BY_LINK",
    "TRUSTED_PROXY_HOPS",
}  # fmt: skip
ONLY_OF_WORKERS = {
    "INFERENCE_PROVIDER", "INFERENCE_THREADS", "PROMETHEUS_PORT", "SHUTDOWN_GRACE_SECONDS",
}  # fmt: skip
OTHER_IN_COMPOSE = {"ENVIRONMENT", "DATABASE_URL", "REDIS_URL", "TRUSTED_PROXY_HOPS"}


@pytest.mark.parametrize("name", ["api", "worker-default", "worker-heavy", "beat"])
def test_every_setting_of_the_env_file_reaches_its_container(name: str) -> None:
    elsewhere = ONLY_OF_WORKERS if name == "api" else ONLY_OF_THE_API | ONLY_OF_WORKERS
    wanted = {field.upper() for field in Settings.model_fields} - NOT_FOR_CONTAINERS - elsewhere
    assert wanted <= set(COMPOSE["services"][name]["environment"])


@pytest.mark.parametrize("name", OURS)
def test_compose_says_a_default_only_where_it_wants_another_one(name: str) -> None:
    for variable, value in COMPOSE["services"][name]["environment"].items():
        given = re.fullmatch(r"\$\{(\w+):?-(.*)\}", str(value))
        if given is None or variable.lower() not in Settings.model_fields:
            continue
        assert given[1] == variable
        assert bool(given[2]) == (variable in OTHER_IN_COMPOSE), variable


def test_what_compose_wants_otherwise_is_no_default_of_the_settings() -> None:
    with_nothing = Settings(_env_file=None)  # type: ignore[call-arg]
    for variable in OTHER_IN_COMPOSE:
        wanted = COMPOSE["services"]["api"]["environment"][variable].partition(":-")[2][:-1]
        assert wanted != str(getattr(with_nothing, variable.lower())), variable


def test_grace_periods_outlast_the_soft_shutdown_of_the_workers() -> None:
    for name in ("worker-default", "worker-heavy"):
        service = COMPOSE["services"][name]
        grace = int(service["stop_grace_period"].removesuffix("s"))
        assert int(service["environment"]["SHUTDOWN_GRACE_SECONDS"]) < grace


def test_secrets_stand_in_no_container_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert not re.search(r"(?:SECRET_KEY|WEBHOOK_SECRET|PASSWORD): *[^$\s/]", text)
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".env", "/secrets/"} <= set(ignored)


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.stem)
def test_image_is_pinned_and_runs_as_nobody_of_note(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    *pinned, builder, last = re.findall(r"^FROM (\S+.*)", text, flags=re.MULTILINE)
    # Dependabot reads FROM, and no ARG.
    names = [re.fullmatch(r"\S+@sha256:[0-9a-f]{64} AS (pinned\S*)", stage) for stage in pinned]
    bases = dict(re.findall(r"^ARG (\w+_IMAGE)=(\S+)$", text, flags=re.MULTILINE))
    assert [name and name[1] for name in names] == list(bases.values())
    assert builder == "${BASE_IMAGE} AS builder"
    assert last == f"${{{list(bases)[-1]}}}"
    for wanted in ("USER 1001:1001", "HEALTHCHECK ", "STOPSIGNAL SIGTERM", "image.revision="):
        assert wanted in text
    # Never a front end or an index from somewhere else.
    assert "# syntax=" not in text
    assert "index-url" not in text
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    for program in filter(None, [hadolint]):
        done = subprocess.run([program, path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.stem)
def test_build_sees_every_file_that_it_copies(path: Path) -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [Path(line[1:]) for line in lines if line.startswith("!")]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", path.read_text(), flags=re.MULTILINE)
    sources = [Path(source) for line in copied for source in line.split()]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(source.is_relative_to(entry) for entry in let_in), source


def test_image_of_the_api_leaves_out_what_only_workers_need() -> None:
    lock = (ROOT / "backend" / "requirements-api.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, flags=re.MULTILINE))
    assert not {"onnxruntime", "scipy", "sympy", "av", "deno", "soundfile"} & set(locked)
    server = (ROOT / "backend" / "requirements-server.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, flags=re.MULTILINE)) <= set(
        re.findall(r"^([a-z0-9-]+)==(\S+)", server, flags=re.MULTILINE)
    )


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-server.lock"])
def test_lock_has_the_networks_runtime_for_every_kind_of_computer(name: str) -> None:
    # The newest one has no wheel for Macs with Intel processors; there an older one serves.
    text = (ROOT / "backend" / name).read_text(encoding="utf-8")
    found = re.findall(r"^(onnxruntime==\S+ ;.*?) \\$", text, flags=re.MULTILINE)
    locked = [Requirement(line) for line in found]
    for system, machine in [
        ("darwin", "x86_64"), ("darwin", "arm64"), ("linux", "x86_64"), ("linux", "aarch64"),
        ("win32", "AMD64"),
    ]:  # fmt: skip
        there = {"sys_platform": system, "platform_machine": machine}
        (one,) = [r for r in locked if r.marker is not None and r.marker.evaluate(there)]
        (pin,) = one.specifier
        is_intel_mac = (system, machine) == ("darwin", "x86_64")
        assert (Version(pin.version) < Version("1.24")) is is_intel_mac


_WITHOUT = """
from importlib.machinery import PathFinder
MISSING = {
    "onnxruntime", "scipy", "av", "soundfile", "soxr", "deno", "yt_dlp_ejs", "cairosvg",
    "cairocffi",
}
find = PathFinder.find_spec
PathFinder.find_spec = lambda name, *rest: (
    None if name.partition(".")[0] in MISSING else find(name, *rest)
)
from fastapi.testclient import TestClient
from drumscribe.api.app import create_app
from drumscribe.bootstrap import Service
from drumscribe.core.config import load_settings
from drumscribe.domain.drums import Hit, Instrument
from drumscribe.beats import recount_or_find
from drumscribe.domain.wishes import BeatWishes
from drumscribe.pipeline.context import LocalContext
service = Service(load_settings())
service.upgrade_database()
with TestClient(create_app(service=service), base_url="http://localhost") as client:
    health = client.get("/api/v1/health").json()
    assert health["checks"]["model"]["status"] == "ok", health
hits = [Hit(t / 2, Instrument.SNARE if t % 2 else Instrument.KICK, 0.8, 0.9) for t in range(40)]
with LocalContext() as context:
    print(round(recount_or_find(None, hits, BeatWishes(), context).bpm))
"""


def test_api_works_without_the_packages_that_its_image_leaves_out(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() in ("60", "120", "240")
