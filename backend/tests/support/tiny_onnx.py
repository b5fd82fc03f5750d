"""A network with htdemucs' inputs and outputs that anybody can follow, as an ONNX file.

It answers: the drums are all that the spectrogram holds, the bass is a tenth of the waveform, the
rest is nothing. Written field by field after the ONNX protobuf schema (onnx.proto3), so that
no test needs the onnx package.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

_FLOAT, _INT64 = 1, 7


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, content: bytes | str) -> bytes:
    data = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _node(op: str, inputs: Sequence[str], output: str, *, axis: int | None = None) -> bytes:
    node = b"".join(_bytes(1, name) for name in inputs) + _bytes(2, output) + _bytes(4, op)
    if axis is not None:
        node += _bytes(5, _bytes(1, "axis") + _number(3, axis) + _number(20, 2))
    return _bytes(1, node)


def _constant(name: str, values: np.ndarray) -> bytes:
    kind = _INT64 if values.dtype == np.int64 else _FLOAT
    dims = b"".join(_number(1, size) for size in values.shape)
    return _bytes(5, dims + _number(2, kind) + _bytes(8, name) + _bytes(9, values.tobytes()))


def _value(field: int, name: str, shape: Sequence[int]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, size)) for size in shape)
    return _bytes(
        field, _bytes(1, name) + _bytes(2, _bytes(1, _number(1, _FLOAT) + _bytes(2, dims)))
    )


def write_stand_in(path: Path, *, segment_samples: int = 343_980) -> Path:
    """Write the network to path."""
    graph = b"".join(
        [
            _node("Unsqueeze", ["spectrum", "one"], "spectral"),
            _node("Mul", ["spectral", "zero"], "no_spectral"),
            _node("Concat", ["spectral", *["no_spectral"] * 3], "frequency", axis=1),
            _node("Unsqueeze", ["mix", "one"], "temporal"),
            _node("Mul", ["temporal", "zero"], "no_temporal"),
            _node("Mul", ["temporal", "tenth"], "bass"),
            _node("Concat", ["no_temporal", "bass", *["no_temporal"] * 2], "time", axis=1),
            _bytes(2, "stand-in"),
            _constant("one", np.array([1], dtype=np.int64)),
            _constant("zero", np.array([0], dtype=np.float32)),
            _constant("tenth", np.array([0.1], dtype=np.float32)),
            _value(11, "mix", (1, 2, segment_samples)),
            _value(11, "spectrum", (1, 4, 2048, 336)),
            _value(12, "frequency", (1, 4, 4, 2048, 336)),
            _value(12, "time", (1, 4, 2, segment_samples)),
        ]
    )
    opset = _bytes(8, _bytes(1, "") + _number(2, 13))
    path.write_bytes(_number(1, 8) + _bytes(7, graph) + opset)
    return path
