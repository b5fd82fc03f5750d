"""MODEL_URI: another transcriber than the one that ships, from its store to the result."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import multiprocessing
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api_client import JOBS, make_api, problem_of, short_recording
from drumscribe.errors import InvalidOption, ModelCorrupt, ModelUnavailable
from drumscribe.hearing.bundle import (
    bundle_content,
    chosen_detector,
    load_bundle,
    read_bundle_manifest,
)
from drumscribe.hearing.detection import load_detector
from drumscribe.hearing.manifest import STAGES, released_manifest, released_weights
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline.models import ModelSet
from http_server import send, serving

OTHER = "band-hearing"
VERSION = "7.1"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped networks under another name and version."""
    folder = tmp_path_factory.mktemp("bundle")
    known = released_manifest()
    for stage, content in released_weights(known).items():
        (folder / known.files[stage]).write_bytes(content)
    other = dataclasses.replace(known, name=OTHER, version=VERSION)
    (folder / "my.json").write_text(other.to_json())
    packed = folder / "model.zip"
    packed.write_bytes(bundle_content(folder / "my.json"))
    return packed


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_bundle_holds_the_networks_and_is_the_same_each_time(bundle: Path) -> None:
    assert bundle.read_bytes() == bundle_content(bundle.with_name("my.json"))
    assert read_bundle_manifest(bundle).name == OTHER
    shipped, other = load_detector(), load_bundle(bundle, version=f"v{VERSION}")
    assert other.manifest.sha256 == shipped.manifest.sha256
    assert other.picking == shipped.picking


def test_service_hears_with_the_chosen_model_and_says_so(
    bundle: Path, example_song: Path, tmp_path: Path
) -> None:
    with serving(lambda handler, _: send(handler, bundle.read_bytes())) as site:
        api = make_api(
            tmp_path,
            drumscribe_offline=False,
            model_uri=f"{site.url}/models/model.zip",
            model_sha256=sha256_of(bundle),
            model_version=VERSION,
            pdf_backend="none",
        )
        # The beat networks are not part of this test, and nothing else is asked for.
        api.service.models._fetch_beats_from = math.inf
        with api.client:
            health = api.client.get("/api/v1/health").json()
            assert health["checks"]["model"]["status"] == "missing"
            recording = short_recording(example_song, tmp_path / "song.flac", 2.0)
            job_id = api.completed(recording, model=OTHER)
            result = api.client.get(f"{JOBS}/{job_id}/result").json()
            api.completed(recording)
            refused = api.client.post(
                JOBS,
                files={"file": ("song.flac", recording.read_bytes())},
                data={"model": "drumscribe-hearing"},
            )
            assert problem_of(refused, 422) == "invalid_option"
            health = api.client.get("/api/v1/health").json()
            assert OTHER in health["checks"]["model"]["detail"]
    assert result["model_version"] == f"{OTHER} {VERSION}"
    assert result["models"][0] == {
        "name": OTHER, "version": VERSION, "sha256": released_manifest().sha256
    }  # fmt: skip
    assert len(site.requests) == 1  # fetched once, loaded once


def test_model_of_another_content_or_version_is_never_used(bundle: Path, tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "cache")
    wrong = ModelSet(store, detector_spec=chosen_detector(str(bundle), sha256="0" * 64))
    with pytest.raises(ModelCorrupt, match="expected sha256 000"):
        wrong.detector()
    other = chosen_detector(str(bundle), sha256=sha256_of(bundle), version="8.0")
    with pytest.raises(ModelCorrupt, match=rf"MODEL_VERSION is 8\.0.*{VERSION}"):
        ModelSet(store, detector_spec=other).detector()
    right = chosen_detector(bundle.as_uri(), sha256=sha256_of(bundle))
    assert ModelSet(store, detector_spec=right).detector().model.version == VERSION


def without(name: str) -> Callable[[Path, Path], None]:
    def change(source: Path, target: Path) -> None:
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
            for entry in old.namelist():
                if entry != name:
                    new.writestr(entry, old.read(entry))

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda source, target: target.write_bytes(b"no zip"),
        without("manifest.json"),
        without(released_manifest().files[STAGES[0]]),
    ],
)
def test_file_that_is_no_bundle_is_refused(
    bundle: Path, tmp_path: Path, change: Callable[[Path, Path], None]
) -> None:
    broken = tmp_path / "broken.zip"
    change(bundle, broken)
    with pytest.raises(ModelCorrupt, match="models bundle"):
        load_bundle(broken).run_stage("front")


@pytest.mark.parametrize(
    ("uri", "sha256", "version"),
    [
        ("https://example.org/m.zip", None, None),
        ("https://example.org/m.zip", "abc", None),
        ("https://example.org/m.zip", "0" * 64, "../../etc"),
    ],
)
def test_setting_that_makes_no_sense_is_named(
    uri: str, sha256: str | None, version: str | None
) -> None:
    with pytest.raises(InvalidOption, match="MODEL_"):
        chosen_detector(uri, sha256=sha256, version=version)


def test_offline_says_how_to_fetch_it_beforehand(tmp_path: Path) -> None:
    chosen = chosen_detector("https://example.org/m.zip", sha256="0" * 64)
    models = ModelSet(ModelStore(tmp_path, offline=True), detector_spec=chosen)
    with pytest.raises(ModelUnavailable, match="drumscribe models download detector"):
        models.detector()


def _fetch_it(uri: str, sha256: str, cache: Path) -> None:
    chosen = chosen_detector(uri, sha256=sha256)
    ModelSet(ModelStore(cache), detector_spec=chosen).detector()


def test_processes_of_one_machine_fetch_it_once(bundle: Path, tmp_path: Path) -> None:
    with serving(lambda handler, _: send(handler, bundle.read_bytes())) as site:
        context = multiprocessing.get_context("spawn")
        arguments = (f"{site.url}/m.zip", sha256_of(bundle), tmp_path / "cache")
        processes = [context.Process(target=_fetch_it, args=arguments) for _ in range(3)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(120)
            assert process.exitcode == 0
    assert len(site.requests) == 1


def test_commands_pack_pre_seed_and_use_it(
    bundle: Path, example_song: Path, tmp_path: Path
) -> None:
    def drumscribe(*arguments: str, fails: bool = False, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "drumscribe", *arguments],
            env={**os.environ, "MODEL_CACHE_DIR": str(tmp_path / "cache"), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) is fails, done.stderr
        return done.stderr if fails else done.stdout

    manifest = str(bundle.with_name("my.json"))
    said = drumscribe("models", "bundle", str(tmp_path / "b.zip"), "--manifest", manifest)
    settings: dict[str, Any] = dict(line.split("=", 1) for line in said.splitlines())
    assert settings["MODEL_VERSION"] == VERSION
    assert settings["MODEL_SHA256"] == sha256_of(bundle)
    drumscribe("models", "download", "detector", **settings)
    another = {**settings, "MODEL_VERSION": "99.1.0"}
    for command in ("download", "verify"):
        told = drumscribe("models", command, "detector", fails=True, **another)
        assert "MODEL_VERSION is" in told
    (tmp_path / "b.zip").unlink()
    assert "detector" in drumscribe("models", "list", **settings)
    assert "ok" in drumscribe("models", "verify", "detector", **settings)
    recording = short_recording(example_song, tmp_path / "song.flac", 6.0)
    drumscribe(
        "transcribe", str(recording), "-o", str(tmp_path), "-f", "json", "--offline", **settings
    )
    result = json.loads((tmp_path / "song.json").read_text())
    assert result["model_version"] == f"{OTHER} {VERSION}"
