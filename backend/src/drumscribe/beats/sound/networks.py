"""The three recurrent networks that hear beats and downbeats, in numpy.

Weights: BeatNet (M. Heydari, F. Cwitkowitz, Z. Duan: "BeatNet: CRNN and particle filtering for
online joint beat, downbeat and meter tracking", ISMIR 2021), CC BY 4.0. Each network is one
convolution over frequency, a dense layer, two LSTM layers of 150 cells and a softmax over beat,
downbeat and neither. The networks never look ahead, so a recording can be fed in chunks of any
size with the same result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.sound.features import N_FEATURES
from drumscribe.errors import ModelCorrupt
from drumscribe.models.torch_weights import read_torch_tensors

N_CELLS: Final = 150
KERNEL: Final = 10
_N_POOLED = (N_FEATURES - KERNEL + 1) // 2

_Floats = NDArray[np.float32]

_EXPECTED_SHAPES: dict[str, tuple[int, ...]] = {
    "conv1.weight": (2, 1, KERNEL),
    "conv1.bias": (2,),
    "linear0.weight": (N_CELLS, 2 * _N_POOLED),
    "linear0.bias": (N_CELLS,),
    **{
        f"lstm.{part}_{side}_l{layer}": shape
        for layer in (0, 1)
        for side in ("ih", "hh")
        for part, shape in (("weight", (4 * N_CELLS, N_CELLS)), ("bias", (4 * N_CELLS,)))
    },
    "linear.weight": (3, N_CELLS),
    "linear.bias": (3,),
}


@dataclass(frozen=True, slots=True, eq=False)
class LstmLayer:
    """One LSTM layer of several networks side by side.

    The gates stand in the order input, forget, output, candidate, so that the three sigmoids are
    one slice.

    inputs: (networks, n_in, 4 cells); recurrent: (networks, cells, 4 cells);
    bias: (networks, 1, 4 cells).
    """

    inputs: _Floats
    recurrent: _Floats
    bias: _Floats


@dataclass(slots=True, eq=False)
class NetworkState:
    """What the networks remember between two chunks: (layers, networks, inputs, cells) each."""

    hidden: _Floats
    cell: _Floats


@dataclass(frozen=True, slots=True, eq=False)
class BeatNetworks:
    """The weights of all networks, stacked so that one matrix product serves them all.

    conv: (2, networks, 272, 262), the convolution as a matrix, for the even positions and for the
    odd ones, which the pooling then compares; 262 = 2 channels of 131 pooled positions.
    """

    conv: _Floats
    conv_bias: _Floats
    dense: _Floats
    dense_bias: _Floats
    lstm: tuple[LstmLayer, LstmLayer]
    head: _Floats
    head_bias: _Floats

    @classmethod
    def load(cls, paths: Sequence[Path]) -> BeatNetworks:
        """The networks of BeatNet's weight files (torch checkpoints; torch is not needed).

        Reading takes milliseconds, so no converted copy is kept.
        Raises ModelCorrupt if a file does not hold the tensors of such a network.
        """
        if not paths:
            raise ValueError("at least one weight file is needed")
        return cls.from_tensors([_checked(path, read_torch_tensors(path)) for path in paths])

    @classmethod
    def from_tensors(cls, networks: Sequence[dict[str, _Floats]]) -> BeatNetworks:
        """The networks from tensors under the names and in the layout of the weight files."""

        def stacked(name: str) -> _Floats:
            return np.stack([tensors[name] for tensors in networks])

        def lstm_layer(layer: int) -> LstmLayer:
            bias = stacked(f"lstm.bias_ih_l{layer}") + stacked(f"lstm.bias_hh_l{layer}")
            return LstmLayer(
                inputs=_gates_reordered(stacked(f"lstm.weight_ih_l{layer}")),
                recurrent=_gates_reordered(stacked(f"lstm.weight_hh_l{layer}")),
                bias=_gates_reordered(bias[:, :, None]),
            )

        return cls(
            conv=_convolution_matrices(stacked("conv1.weight")[:, :, 0, :]),
            conv_bias=np.repeat(stacked("conv1.bias"), _N_POOLED, axis=1)[:, None, :],
            dense=stacked("linear0.weight").transpose(0, 2, 1).copy(),
            dense_bias=stacked("linear0.bias")[:, None, :],
            lstm=(lstm_layer(0), lstm_layer(1)),
            head=stacked("linear.weight").transpose(0, 2, 1).copy(),
            head_bias=stacked("linear.bias")[:, None, :],
        )

    @property
    def n_networks(self) -> int:
        return int(self.dense.shape[0])

    def start(self, n_inputs: int) -> NetworkState:
        """The state before the first frame, for n_inputs recordings heard side by side."""
        shape = (2, self.n_networks, n_inputs, N_CELLS)
        return NetworkState(np.zeros(shape, np.float32), np.zeros(shape, np.float32))

    def listen(self, features: _Floats, state: NetworkState) -> _Floats:
        """The next frames; `state` moves on.

        features: (inputs, frames, 272).
        Returns (networks, inputs, frames, 3): probabilities of beat that is not a downbeat,
        downbeat, neither; they sum to 1.
        """
        n_inputs, n_frames, _ = features.shape
        flat = features.reshape(n_inputs * n_frames, N_FEATURES)
        x: _Floats = self._convolve(flat) @ self.dense + self.dense_bias
        for index, layer in enumerate(self.lstm):
            gates: _Floats = x @ layer.inputs + layer.bias
            x = run_lstm(
                gates.reshape(self.n_networks, n_inputs, n_frames, -1),
                layer.recurrent,
                state.hidden[index],
                state.cell[index],
            ).reshape(self.n_networks, n_inputs * n_frames, N_CELLS)
        scores = x @ self.head + self.head_bias
        scores -= scores.max(axis=-1, keepdims=True)
        weights = np.exp(scores)
        weights /= weights.sum(axis=-1, keepdims=True)
        probabilities: _Floats = weights.reshape(self.n_networks, n_inputs, n_frames, 3)
        return probabilities

    def _convolve(self, flat: _Floats) -> _Floats:
        """Convolution, rectifier, pooling by two: (n, 272) -> (networks, n, 262)."""
        even, odd = (flat @ phase + self.conv_bias for phase in self.conv)
        pooled: _Floats = np.maximum(np.maximum(even, odd), np.float32(0.0))
        return pooled


def run_lstm(gates: _Floats, recurrent: _Floats, hidden: _Floats, cell: _Floats) -> _Floats:
    """One LSTM layer over time (Hochreiter, Schmidhuber 1997, with forget gates).

    gates: (networks, inputs, frames, 4 cells), what the inputs and biases add to the gates input,
    forget, output, candidate.
    recurrent: (networks, cells, 4 cells).
    hidden, cell: (networks, inputs, cells), the state before; left as the state after.
    Returns the hidden values, (networks, inputs, frames, cells).
    """
    n_cells = recurrent.shape[1]
    by_frame = np.ascontiguousarray(gates.transpose(2, 0, 1, 3))
    out = np.empty((*by_frame.shape[:3], n_cells), np.float32)
    total = np.empty(by_frame.shape[1:], np.float32)
    sigmoids = total[..., : 3 * n_cells]
    opened, kept, shown = (sigmoids[..., k * n_cells : (k + 1) * n_cells] for k in range(3))
    candidate = total[..., 3 * n_cells :]
    squashed = np.empty_like(cell)
    h = hidden
    for frame in range(by_frame.shape[0]):
        np.matmul(h, recurrent, out=total)
        total += by_frame[frame]
        # sigmoid(x) = (1 + tanh(x / 2)) / 2: one call for all four gates, and no overflow.
        sigmoids *= 0.5
        np.tanh(total, out=total)
        sigmoids += 1.0
        sigmoids *= 0.5
        cell *= kept
        candidate *= opened
        cell += candidate
        np.tanh(cell, out=squashed)
        h = out[frame]
        np.multiply(shown, squashed, out=h)
    hidden[...] = h
    return out.transpose(1, 2, 0, 3)


def _convolution_matrices(kernels: _Floats) -> _Floats:
    """Kernels (networks, channels, taps) -> (2, networks, 272, channels * 131)."""
    n_networks, n_channels, n_taps = kernels.shape
    matrices = np.zeros((2, n_networks, N_FEATURES, n_channels, _N_POOLED), np.float32)
    for phase in range(2):
        for position in range(_N_POOLED):
            first = 2 * position + phase
            matrices[phase, :, first : first + n_taps, :, position] = kernels.transpose(0, 2, 1)
    return matrices.reshape(2, n_networks, N_FEATURES, n_channels * _N_POOLED)


def _gates_reordered(weights: _Floats) -> _Floats:
    """Torch's gates (input, forget, candidate, output) on axis 1 -> ours on the last axis."""
    opened, kept, candidate, shown = np.split(weights, 4, axis=1)
    return np.concatenate([opened, kept, shown, candidate], axis=1).transpose(0, 2, 1).copy()


def _checked(path: Path, tensors: dict[str, _Floats]) -> dict[str, _Floats]:
    for name, shape in _EXPECTED_SHAPES.items():
        found = tensors[name].shape if name in tensors else None
        if found != shape:
            raise ModelCorrupt(f"{path.name}: {name} has shape {found}, expected {shape}.")
        if not np.all(np.isfinite(tensors[name])):
            raise ModelCorrupt(f"{path.name}: {name} holds values that are not finite.")
    return tensors
