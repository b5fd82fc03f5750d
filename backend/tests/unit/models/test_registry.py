"""The model store: whole files with the right content, or a clear word why not."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from drumscribe.errors import Cancelled, ModelCorrupt, ModelUnavailable, OutputError
from drumscribe.models.known_models import KNOWN_MODELS, MODEL_GROUPS
from drumscribe.models.registry import ModelSpec, ModelState, ModelStore
from http_server import send, serving

CONTENT = bytes(range(256)) * 4000


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    path = tmp_path / "origin" / "weights of it.bin"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def spec(origin: Path) -> ModelSpec:
    return ModelSpec(
        name="tiny",
        version="1.2",
        uri=origin.as_uri(),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        size_bytes=len(CONTENT),
        filename="tiny.onnx",
        licence="CC0",
    )


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "cache")


def leftovers(store: ModelStore) -> list[str]:
    """Everything in the cache except models and locks."""
    files = (path for path in store.cache_dir.rglob("*") if path.is_file())
    return [path.name for path in files if path.name != "tiny.onnx" and path.suffix != ".lock"]


def test_ensure_missing_model_is_fetched_and_reported(store: ModelStore, spec: ModelSpec) -> None:
    seen: list[tuple[int, int]] = []

    path = store.ensure(spec, lambda done, total: seen.append((done, total)))

    assert path == store.cache_dir / "tiny" / "1.2" / "tiny.onnx"
    assert path.read_bytes() == CONTENT
    assert seen[0] == (0, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert leftovers(store) == []


def test_ensure_cached_model_needs_no_origin(
    store: ModelStore, spec: ModelSpec, origin: Path
) -> None:
    store.ensure(spec)
    origin.unlink()

    assert ModelStore(store.cache_dir, offline=True).ensure(spec) == store.path(spec)


def test_ensure_damaged_model_is_fetched_again(store: ModelStore, spec: ModelSpec) -> None:
    path = store.ensure(spec)
    path.write_bytes(CONTENT[:-1] + b"!")

    fresh = ModelStore(store.cache_dir)
    assert fresh.state(spec) is ModelState.CORRUPT
    assert fresh.path_if_cached(spec) is None
    assert fresh.ensure(spec).read_bytes() == CONTENT


def test_state_damage_after_a_look_is_noticed(store: ModelStore, spec: ModelSpec) -> None:
    path = store.ensure(spec)
    path.write_bytes(CONTENT[:1000])

    assert store.state(spec) is ModelState.CORRUPT


def test_ensure_offline_without_the_model_says_what_to_do(
    store: ModelStore, spec: ModelSpec
) -> None:
    offline = ModelStore(store.cache_dir, offline=True)

    with pytest.raises(ModelUnavailable, match="drumscribe models download tiny") as caught:
        offline.ensure(spec)

    assert str(store.path(spec)) in caught.value.message
    assert not store.cache_dir.exists()


def test_ensure_offline_names_what_the_command_takes(store: ModelStore, spec: ModelSpec) -> None:
    one_of_three = replace(spec, group="beats")

    with pytest.raises(ModelUnavailable, match="drumscribe models download beats"):
        ModelStore(store.cache_dir, offline=True).ensure(one_of_three)


def test_state_of_a_model_that_cannot_be_read_is_damaged(
    store: ModelStore, spec: ModelSpec
) -> None:
    unknown_size = replace(spec, size_bytes=None)
    store.path(unknown_size).mkdir(parents=True)

    assert store.path_if_cached(unknown_size) is None
    with pytest.raises(ModelCorrupt, match="cannot be read"):
        store.verify(unknown_size)
    with pytest.raises(OutputError):
        store.ensure(unknown_size)


def test_ensure_offline_with_a_damaged_model_says_so(store: ModelStore, spec: ModelSpec) -> None:
    store.ensure(spec).write_bytes(b"rubbish")

    with pytest.raises(ModelUnavailable, match="damaged"):
        ModelStore(store.cache_dir, offline=True).ensure(spec)


def test_ensure_other_content_than_pinned_is_refused(store: ModelStore, spec: ModelSpec) -> None:
    other = replace(spec, sha256="0" * 64)

    with pytest.raises(ModelCorrupt, match=spec.sha256):
        store.ensure(other)

    assert store.state(other) is ModelState.MISSING
    assert leftovers(store) == []


def test_verify_tells_missing_from_damaged(store: ModelStore, spec: ModelSpec) -> None:
    with pytest.raises(ModelUnavailable):
        store.verify(spec)
    path = store.ensure(spec)
    assert store.verify(spec) == path
    path.write_bytes(b"rubbish")
    with pytest.raises(ModelCorrupt, match="7 bytes"):
        store.verify(spec)


def test_listing_names_each_state(store: ModelStore, spec: ModelSpec) -> None:
    store.ensure(spec)
    damaged = replace(spec, name="damaged")
    store.ensure(damaged).write_bytes(b"rubbish")
    missing = replace(spec, name="missing")

    listing = ModelStore(store.cache_dir).listing([spec, damaged, missing])

    assert [status.state for status in listing] == ["cached", "corrupt", "missing"]


def test_ensure_unwritable_cache_is_an_output_error(tmp_path: Path, spec: ModelSpec) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(OutputError, match="MODEL_CACHE_DIR"):
        ModelStore(tmp_path / "file" / "cache").ensure(spec)


def test_ensure_progress_may_cancel(store: ModelStore, spec: ModelSpec) -> None:
    def stop(*_: int) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        store.ensure(spec, stop)

    assert store.path_if_cached(spec) is None


def test_ensure_interrupted_beginning_of_other_content_is_thrown_away(
    store: ModelStore, spec: ModelSpec
) -> None:
    def answer_ranges(handler: BaseHTTPRequestHandler, _: int) -> None:
        wanted = handler.headers.get("Range")
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        send(handler, CONTENT[start:], status=206 if wanted else 200)

    store.path(spec).parent.mkdir(parents=True)
    (store.path(spec).parent / ".tiny.onnx.part").write_bytes(b"another model" * 20)

    with serving(answer_ranges) as site:
        path = store.ensure(replace(spec, uri=f"{site.url}/tiny.onnx"))

    assert path.read_bytes() == CONTENT
    assert [wanted for _, wanted in site.requests] == ["bytes=260-", None]


def test_ensure_by_two_processes_at_once_fetches_once(store: ModelStore, spec: ModelSpec) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from drumscribe.models.registry import ModelSpec, ModelStore\n"
        "cache, uri, sha256, size = sys.argv[1:]\n"
        "spec = ModelSpec('tiny', '1.2', uri, sha256, int(size), 'tiny.onnx', 'CC0')\n"
        "print(ModelStore(Path(cache)).ensure(spec))\n"
    )
    with serving(lambda handler, _: send(handler, CONTENT)) as site:
        arguments = [str(store.cache_dir), f"{site.url}/x", spec.sha256, str(spec.size_bytes)]
        processes = [
            subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE)
            for _ in range(3)
        ]
        paths = [process.communicate()[0].decode().strip() for process in processes]

    assert paths == [str(store.path(spec))] * 3
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "abc"},
        {"sha256": "A" * 64},
        {"filename": "../evil"},
        {"name": ""},
        {"version": "a/b"},
        {"size_bytes": 0},
    ],
)
def test_spec_with_an_impossible_field_is_refused(
    spec: ModelSpec, change: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        replace(spec, **change)  # type: ignore[arg-type]


def test_known_models_are_told_apart_by_name_and_belong_to_a_group() -> None:
    names = [spec.name for spec in KNOWN_MODELS]

    assert len(set(names)) == len(names)
    assert [spec for specs in MODEL_GROUPS.values() for spec in specs] == list(KNOWN_MODELS)
    assert all(spec.licence for spec in KNOWN_MODELS)
