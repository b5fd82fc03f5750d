"""The models of a run: what is used where one of them is not there or damaged."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import pytest

from drumscribe.beats.sound.networks import BeatNetworks
from drumscribe.models.known_models import HTDEMUCS
from drumscribe.models.registry import ModelSpec, ModelStore
from drumscribe.pipeline import models as pipeline_models
from drumscribe.pipeline.models import ModelSet

CONTENT = b"weights"


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the one beat network of these tests is fetched from; nothing stands there yet."""
    path = tmp_path / "origin.bin"
    spec = ModelSpec(
        name="tiny-beats",
        version="1",
        uri=path.as_uri(),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size_bytes=len(CONTENT),
        filename="tiny.bin",
        licence="CC0",
        group="beats",
    )
    monkeypatch.setattr(pipeline_models, "BEAT_MODELS", (spec,))
    monkeypatch.setattr(BeatNetworks, "load", lambda paths: [path.read_bytes() for path in paths])
    return path


def test_beat_networks_out_of_reach_are_told_of_and_not_fetched_for_every_song(
    tmp_path: Path, origin: Path, caplog: pytest.LogCaptureFixture
) -> None:
    models = ModelSet(ModelStore(tmp_path / "cache"))

    assert models.beat_networks() is None
    origin.write_bytes(CONTENT)
    assert models.beat_networks() is None

    assert models.beat_refs == ()
    assert caplog.text.count("found without its networks") == 1


def test_beat_networks_that_come_into_the_cache_later_are_used(
    tmp_path: Path, origin: Path
) -> None:
    models = ModelSet(ModelStore(tmp_path / "cache"))
    assert models.beat_networks() is None

    origin.write_bytes(CONTENT)
    ModelStore(tmp_path / "cache").ensure(pipeline_models.BEAT_MODELS[0])

    assert models.beat_networks() == [CONTENT]
    assert [ref.name for ref in models.beat_refs] == ["tiny-beats"]


def test_beat_networks_out_of_reach_are_fetched_again_some_day(
    tmp_path: Path, origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_models, "FETCH_AGAIN_SECONDS", 0.0)
    models = ModelSet(ModelStore(tmp_path / "cache"))
    assert models.beat_networks() is None

    origin.write_bytes(CONTENT)

    assert models.beat_networks() == [CONTENT]


def test_separator_that_is_damaged_is_told_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = ModelStore(tmp_path / "cache")
    models = ModelSet(store)
    with caplog.at_level(logging.WARNING):
        assert not models.separator_is_cached
        assert caplog.text == ""

        store.path(HTDEMUCS).parent.mkdir(parents=True)
        store.path(HTDEMUCS).write_bytes(b"half of it")

        assert not models.separator_is_cached
    assert "drumscribe models download htdemucs" in caplog.text
