from __future__ import annotations

import collections
import io
import pickle
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drumscribe.errors import ModelCorrupt
from drumscribe.models.torch_weights import read_torch_tensors


class Storage:
    """Stands in for a torch storage: the pickler refers to it by its key."""

    def __init__(self, key: str, n_values: int) -> None:
        self.key, self.n_values = key, n_values


class Tensor:
    def __init__(self, storage: Storage, offset: int, shape: Any, strides: Any) -> None:
        self.arguments: tuple[Any, ...] = (
            storage,
            offset,
            shape,
            strides,
            False,
            collections.OrderedDict(),
        )

    def __reduce__(self) -> Any:
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.arguments


class Pickler(pickle.Pickler):
    def persistent_id(self, value: object) -> Any:
        if isinstance(value, Storage):
            storage_type = sys.modules["torch"].FloatStorage
            return ("storage", storage_type, value.key, "cpu", value.n_values)
        return None


@pytest.fixture
def torch_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Just the names that a checkpoint's pickle refers to; torch itself is not needed."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    def _rebuild_tensor_v2(*_: object) -> None: ...

    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    storage = type("FloatStorage", (), {"__module__": "torch"})
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2  # type: ignore[attr-defined]
    torch.FloatStorage = storage  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)


def checkpoint(path: Path, content: object, storages: dict[str, bytes] | None = None) -> Path:
    buffer = io.BytesIO()
    Pickler(buffer, protocol=2).dump(content)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", buffer.getvalue())
        for key, raw in (storages or {}).items():
            archive.writestr(f"archive/data/{key}", raw)
    return path


VALUES = np.arange(6, dtype="<f4")


@pytest.mark.usefixtures("torch_names")
def test_read_tensors_views_into_one_storage_are_placed_by_offset_and_shape(tmp_path: Path) -> None:
    shared = Storage("0", 6)
    content = collections.OrderedDict(
        weight=Tensor(shared, 0, (2, 2), (2, 1)), bias=Tensor(shared, 4, (2,), (1,))
    )
    path = checkpoint(tmp_path / "w.pt", content, {"0": VALUES.tobytes()})
    tensors = read_torch_tensors(path)
    assert list(tensors) == ["weight", "bias"]
    np.testing.assert_array_equal(tensors["weight"], [[0, 1], [2, 3]])
    np.testing.assert_array_equal(tensors["bias"], [4, 5])
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())


class Hostile:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> Any:
        return Path.touch, (self.target,)


class Evaluated:
    def __reduce__(self) -> Any:
        return eval, ("1 + 1",)


@pytest.mark.usefixtures("torch_names")
def test_read_tensors_hostile_pickle_is_refused_and_nothing_runs(tmp_path: Path) -> None:
    target = tmp_path / "touched"
    path = checkpoint(tmp_path / "w.pt", {"weight": Hostile(target)})
    with pytest.raises(ModelCorrupt, match="names"):
        read_torch_tensors(path)
    assert not target.exists()


RAW = {"0": VALUES.tobytes()}


@pytest.mark.usefixtures("torch_names")
@pytest.mark.parametrize(
    ("value", "storages"),
    [
        pytest.param(Evaluated(), {}, id="builtin"),
        pytest.param(Tensor(Storage("0", 6), 4, (4,), (1,)), RAW, id="beyond"),
        pytest.param(Tensor(Storage("0", 6), -1, (2,), (1,)), RAW, id="before"),
        pytest.param(Tensor(Storage("0", 6), 0, (2, 3), (1, 2)), RAW, id="strides"),
        pytest.param(Tensor(Storage("0", 6), 0, (-2, -3), (-3, 1)), RAW, id="negative"),
        pytest.param(Tensor(Storage("0", 9), 0, (9,), (1,)), RAW, id="short"),
        pytest.param(Tensor(Storage("0", 6), 0, (6,), (1,)), {}, id="no storage"),
        pytest.param(Tensor(Storage("../0", 6), 0, (6,), (1,)), {}, id="path"),
        pytest.param("text", {}, id="not a tensor"),
    ],
)
def test_read_tensors_malformed_checkpoint_is_refused(
    tmp_path: Path, value: object, storages: dict[str, bytes]
) -> None:
    with pytest.raises(ModelCorrupt, match=r"w\.pt"):
        read_torch_tensors(checkpoint(tmp_path / "w.pt", {"weight": value}, storages))


@pytest.mark.usefixtures("torch_names")
def test_read_tensors_list_instead_of_a_dict_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelCorrupt, match="state dict"):
        read_torch_tensors(checkpoint(tmp_path / "w.pt", [1, 2]))


def test_read_tensors_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    for name, content in (("text.pt", b"hello"), ("empty.pt", b""), ("pickle.pt", pickle.dumps(1))):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ModelCorrupt):
            read_torch_tensors(path)
    with pytest.raises(ModelCorrupt, match="cannot be read"):
        read_torch_tensors(tmp_path / "missing.pt")


def test_read_tensors_oversized_pickle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(2 << 20))
    with pytest.raises(ModelCorrupt, match="more than"):
        read_torch_tensors(path)
