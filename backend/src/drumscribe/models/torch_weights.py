"""Read the tensors of a torch checkpoint without torch, and without running anything in it.

A checkpoint (`torch.save` of a state dict, zip format) holds one pickle that describes the tensors
and one raw file per storage. A pickle can name any function to call, so this reader resolves three
names only, all to code of its own: the ordered dictionary, the rebuilding of a tensor, and the
float32 storage. Everything else is refused.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumscribe.errors import ModelCorrupt

_MAX_PICKLE_BYTES = 1 << 20
_MAX_STORAGE_BYTES = 1 << 28
_FLOAT32_STORAGE = "float32 storage"


def read_torch_tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a saved state dict, by name, in the order of the file.

    Raises ModelCorrupt if the file is not such a checkpoint, holds anything but float32 tensors,
    or its pickle names anything that a state dict has no need of.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            content = _load(archive)
    except ModelCorrupt as error:
        raise ModelCorrupt(f"{path.name}: {error.message}") from error
    except OSError as error:
        raise ModelCorrupt(f"{path.name} cannot be read: {error}") from error
    except Exception as error:  # a damaged pickle can fail in any way; none of them is a bug here
        raise ModelCorrupt(f"{path.name} is not a torch checkpoint: {error}") from error
    if not isinstance(content, dict):
        raise ModelCorrupt(f"{path.name} holds {type(content).__name__}, expected a state dict.")
    for name, value in content.items():
        if not (isinstance(name, str) and isinstance(value, np.ndarray)):
            raise ModelCorrupt(f"{path.name}: the entry {name!r} is not a tensor.")
    return dict(content)


def _load(archive: zipfile.ZipFile) -> Any:
    names = [name for name in archive.namelist() if name.endswith("/data.pkl")]
    if len(names) != 1:
        raise ModelCorrupt(f"expected one data.pkl in the archive, found {len(names)}.")
    root = names[0].removesuffix("data.pkl")
    return _TensorUnpickler(archive, root, _read(archive, names[0], _MAX_PICKLE_BYTES)).load()


def _read(archive: zipfile.ZipFile, name: str, limit_bytes: int) -> bytes:
    size = archive.getinfo(name).file_size
    if size > limit_bytes:
        raise ModelCorrupt(f"{name} has {size} bytes, more than the {limit_bytes} allowed.")
    return archive.read(name)


class _TensorUnpickler(pickle.Unpickler):
    """Builds numpy arrays where torch would build tensors, and nothing else."""

    def __init__(self, archive: zipfile.ZipFile, root: str, content: bytes) -> None:
        super().__init__(io.BytesIO(content))
        self._archive = archive
        self._root = root
        self._storages: dict[str, NDArray[np.float32]] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor
        if (module, name) == ("torch", "FloatStorage"):
            return _FLOAT32_STORAGE
        raise ModelCorrupt(f"the checkpoint names {module}.{name}, which no weights need.")

    def persistent_load(self, pid: Any) -> NDArray[np.float32]:
        kind, storage_type, key, _device, n_values = pid
        if kind != "storage" or storage_type != _FLOAT32_STORAGE or not str(key).isdecimal():
            raise ModelCorrupt(f"the checkpoint refers to {pid!r}, expected a float32 storage.")
        if key not in self._storages:
            raw = _read(self._archive, f"{self._root}data/{key}", _MAX_STORAGE_BYTES)
            if len(raw) != 4 * n_values:
                raise ModelCorrupt(f"storage {key} has {len(raw)} bytes, expected {4 * n_values}.")
            self._storages[key] = np.frombuffer(raw, dtype="<f4").astype(np.float32)
        return self._storages[key]


def _rebuild_tensor(
    storage: NDArray[np.float32],
    offset: int,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    *_: object,
) -> NDArray[np.float32]:
    """A contiguous tensor as a view into its storage.

    The further arguments (requires_grad, hooks) matter to training only.
    """
    size = int(np.prod(shape, dtype=np.int64))
    contiguous = tuple(int(np.prod(shape[axis + 1 :])) for axis in range(len(shape)))
    if tuple(strides) != contiguous:
        raise ModelCorrupt(f"a tensor of shape {shape} has strides {strides}, not contiguous.")
    if offset < 0 or size < 0 or offset + size > storage.size:
        raise ModelCorrupt(f"a tensor of shape {shape} at {offset} reaches beyond its storage.")
    return storage[offset : offset + size].reshape(shape)
