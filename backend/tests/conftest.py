"""What several test modules need: the example song, and a model cache that is always empty."""

import json
from pathlib import Path

import pytest
from hypothesis import settings

from places import EXAMPLES

# A busy machine is not a wrong answer: time is measured in benchmarks, never asserted.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# PostgreSQL, Redis, S3 and the whole service for whoever asks for them.
pytest_plugins = ["service_fixtures", "service_houses"]


@pytest.fixture(scope="session")
def example_song() -> Path:
    return EXAMPLES / "funk-rock.flac"


@pytest.fixture(scope="session")
def example_hits() -> list[dict[str, object]]:
    hits: list[dict[str, object]] = json.loads((EXAMPLES / "funk-rock.hits.json").read_text())
    return hits


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model cache without models, so that a test hears the same on every machine."""
    cache = tmp_path / "model-cache"
    monkeypatch.setenv("MODEL_CACHE_DIR", str(cache))
    return cache
