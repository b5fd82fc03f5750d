from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from drumscribe.beats.sound import networks as beat_networks
from drumscribe.beats.sound.networks import BeatNetworks, run_lstm
from drumscribe.errors import ModelCorrupt

Floats = NDArray[np.float32]


def random_tensors(seed: int) -> dict[str, Floats]:
    generator = np.random.default_rng(seed)
    return {
        name: (0.2 * generator.standard_normal(shape)).astype(np.float32)
        for name, shape in beat_networks._EXPECTED_SHAPES.items()
    }


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


def lstm_by_the_book(x: Floats, w_ih: Floats, w_hh: Floats, bias: Floats) -> NDArray[np.float64]:
    """One LSTM layer as the formulas stand in torch's documentation, value by value."""
    n_cells = w_hh.shape[1]
    h, c = np.zeros(n_cells), np.zeros(n_cells)
    out = []
    for frame in x:
        gates = w_ih @ frame + w_hh @ h + bias
        new_h, new_c = np.zeros(n_cells), np.zeros(n_cells)
        for k in range(n_cells):
            i, f, g, o = (float(gates[k + part * n_cells]) for part in range(4))
            new_c[k] = sigmoid(f) * c[k] + sigmoid(i) * math.tanh(g)
            new_h[k] = sigmoid(o) * math.tanh(new_c[k])
        h, c = new_h, new_c
        out.append(h)
    return np.array(out)


def network_by_the_book(tensors: dict[str, Floats], features: Floats) -> NDArray[np.float64]:
    """(frames, 272) -> (frames, 3), each layer in its plainest form."""
    rows = []
    for frame in features:
        pooled = []
        for kernel, bias in zip(tensors["conv1.weight"][:, 0], tensors["conv1.bias"], strict=True):
            line = [float(frame[p : p + 10] @ kernel + bias) for p in range(263)]
            pooled += [max(0.0, line[2 * p], line[2 * p + 1]) for p in range(131)]
        rows.append(tensors["linear0.weight"] @ np.array(pooled) + tensors["linear0.bias"])
    x = np.array(rows)
    for layer in (0, 1):
        x = lstm_by_the_book(
            x,
            tensors[f"lstm.weight_ih_l{layer}"],
            tensors[f"lstm.weight_hh_l{layer}"],
            tensors[f"lstm.bias_ih_l{layer}"] + tensors[f"lstm.bias_hh_l{layer}"],
        )
    scores = np.exp(x @ tensors["linear.weight"].T + tensors["linear.bias"])
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


@pytest.fixture(scope="module")
def features() -> Floats:
    """(2 recordings, 12 frames, 272)"""
    generator = np.random.default_rng(7)
    return generator.random((2, 12, 272)).astype(np.float32)


@pytest.fixture(scope="module")
def networks() -> BeatNetworks:
    return BeatNetworks.from_tensors([random_tensors(1), random_tensors(2)])


def test_run_lstm_one_cell_gives_values_worked_by_hand() -> None:
    # input, forget, output, candidate; no recurrence.
    gates = np.array([0.0, 100.0, 100.0, 100.0], np.float32).reshape(1, 1, 1, 4).repeat(2, axis=2)
    hidden, cell = np.zeros((1, 1, 1), np.float32), np.zeros((1, 1, 1), np.float32)
    out = run_lstm(gates, np.zeros((1, 1, 4), np.float32), hidden, cell)
    # sigmoid(0) = 1/2 lets in half of tanh(100) = 1 each time, and nothing is forgotten.
    assert out.ravel() == pytest.approx([math.tanh(0.5), math.tanh(1.0)])
    assert cell.item() == pytest.approx(1.0)
    assert hidden.item() == pytest.approx(math.tanh(1.0))


def test_listen_agrees_with_each_network_worked_step_by_step(
    networks: BeatNetworks, features: Floats
) -> None:
    heard = networks.listen(features, networks.start(2))
    assert heard.shape == (2, 2, 12, 3)
    for n, seed in enumerate((1, 2)):
        for recording in range(2):
            expected = network_by_the_book(random_tensors(seed), features[recording])
            np.testing.assert_allclose(heard[n, recording], expected, atol=2e-5)


def test_listen_in_chunks_gives_what_one_pass_gives(
    networks: BeatNetworks, features: Floats
) -> None:
    whole = networks.listen(features, networks.start(2))
    state = networks.start(2)
    parts = [
        networks.listen(features[:, cut], state) for cut in (slice(0, 5), slice(5, 6), slice(6, 12))
    ]
    np.testing.assert_allclose(np.concatenate(parts, axis=2), whole, atol=1e-6)


def test_listen_probabilities_sum_to_one(networks: BeatNetworks, features: Floats) -> None:
    heard = networks.listen(100.0 * features, networks.start(2))
    np.testing.assert_allclose(heard.sum(axis=-1), 1.0, atol=1e-5)
    assert heard.min() >= 0.0


def test_load_file_without_the_tensors_raises_model_corrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "network.pt"
    for name, value in (
        ("linear.bias", np.zeros(4, np.float32)),
        ("conv1.bias", np.array([0.0, np.nan], np.float32)),
        ("linear0.bias", None),
    ):
        tensors = random_tensors(1)
        if value is None:
            del tensors[name]
        else:
            tensors[name] = value
        monkeypatch.setattr(beat_networks, "read_torch_tensors", lambda _, found=tensors: found)
        with pytest.raises(ModelCorrupt, match=name):
            BeatNetworks.load([path])
