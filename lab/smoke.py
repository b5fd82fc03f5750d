"""The whole chain in about a minute, on a drum kit and a band made of sines and noise.

    make train-smoke

Builds a cache, trains some steps, goes on from the checkpoint, exports, and lets what was exported
hear held-out excerpts; then the same for the network of strokes. It proves that the chain holds
together and that the loss falls, not that anything good comes out. Needs PyTorch (.venv-train) and
no training bundle.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from drumscribe.beats.reading.bar_kinds import METRES
from drumscribe.beats.reading.learnt import N_LISTENED, StrokeNetwork
from lab.bars.pieces.composed_songs import composed
from lab.bars.pieces.made_up_songs import write_songs
from lab.bars.trainable_network import StrokeNet
from lab.network.export import check_same
from lab.network.model import DrumNet
from lab.network.restore import restored, with_norms_of
from lab.network.widen import widened
from lab.render.cache import SAMPLE_RATE
from lab.render.performances import CLASS_OF_PIECE

_STEPS, _MORE_STEPS = 100, 50
_ONSET_SECONDS = 0.002
# Pitch (Hz; None: noise alone), share of noise, decay in seconds.
_SOUNDS: dict[str, tuple[float | None, float, float]] = {
    "kick": (55, 0.1, 0.12), "snare": (190, 0.8, 0.08), "snare_rimshot": (400, 0.7, 0.06),
    "hihat_closed": (None, 1.0, 0.02), "hihat_pedal": (None, 0.8, 0.015),
    "hihat_open": (None, 1.0, 0.25), "ride": (3100, 0.5, 0.5), "ride_bell": (2100, 0.2, 0.5),
    "crash": (None, 1.2, 0.9), "china": (None, 1.4, 0.6), "splash": (None, 1.0, 0.3),
    "tom_high": (210, 0.2, 0.2), "tom_mid": (150, 0.2, 0.22), "tom_low": (95, 0.2, 0.25),
    "sidestick": (1700, 0.3, 0.015),
}  # fmt: skip
_GROOVE = (
    ("kick", 0.0), ("hihat_closed", 0.0), ("hihat_closed", 0.5), ("snare", 1.0),
    ("hihat_closed", 1.0), ("hihat_open", 1.5), ("kick", 2.0), ("ride", 2.0), ("tom_high", 2.5),
    ("snare", 3.0), ("tom_mid", 3.25), ("tom_low", 3.5), ("crash", 4.0), ("kick", 4.0),
)  # fmt: skip
_BEATS = 5


def _sound(piece: str, rng: np.random.Generator) -> NDArray[np.int16]:
    pitch, noise, decay = _SOUNDS[piece]
    t = np.arange(int(4 * decay * SAMPLE_RATE) + 2000) / SAMPLE_RATE
    tone = 0.0 if pitch is None else np.sin(2 * np.pi * pitch * (1 + 0.5 * np.exp(-t / 0.03)) * t)
    shape = np.exp(-np.maximum(0, t - _ONSET_SECONDS) / decay) * (t >= _ONSET_SECONDS)
    wave = (tone + noise * rng.standard_normal(len(t))) * shape
    return np.asarray(9000 * wave / np.abs(wave).max(), dtype=np.int16)


def _kit(split: str, at: dict[str, tuple[int, int]]) -> dict[str, object]:
    pieces = {
        piece: [
            {"file": f"{piece}.flac", "src": f"{piece}.wav", "at": at[piece], "vel": [1, 127],
             "onset_s": _ONSET_SECONDS, "loud_db": -12.0, "gain_db": 0.0}
        ]
        for piece in at
    }  # fmt: skip
    return {"pieces": pieces, "kind": "acoustic", "family": f"smoke-{split}", "split": split}


def build_cache(folder: Path) -> None:
    """A cache of one kit, one groove, one drone and one room for each split."""
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True, exist_ok=True)
    samples: list[NDArray[np.int16]] = []
    at: dict[str, tuple[int, int]] = {}
    position = 0
    for piece in CLASS_OF_PIECE.keys() & _SOUNDS.keys():
        samples.append(_sound(piece, rng))
        at[piece] = (position, len(samples[-1]))
        position += len(samples[-1])
    t = np.arange(20 * SAMPLE_RATE) / SAMPLE_RATE
    drone = (4000 * np.sin(2 * np.pi * 196 * t) * (0.6 + 0.4 * np.sin(3 * t))).astype(np.int16)
    room = np.concatenate([[1.0], 0.1 * rng.standard_normal(2000) * np.exp(-np.arange(2000) / 500)])
    events = [
        (0.5 * (beat + _BEATS * turn), piece, 60.0 + 10 * (turn % 6))
        for turn in range(12)
        for piece, beat in _GROOVE
    ]
    performances = [
        {"name": f"{split}-{kind}", "kind": kind, "bpm": 120.0, "split": split, "events": events}
        for split in ("train", "val")
        for kind in ("played", "programmed")
    ]
    backings = [
        {"kind": kind, "performance": None, "split": split, "at": [0, len(drone)]}
        for split in ("train", "val")
        for kind in ("midi", "strums")
    ]
    index = {
        "kits": {f"smoke-{split}": _kit(split, at) for split in ("train", "val")},
        "rooms": [{"name": "small_drum", "at": [0, len(room)]}],
        "performances": performances,
        "backings": backings,
    }
    np.save(folder / "samples.npy", np.concatenate(samples))
    np.save(folder / "backings.npy", drone)
    np.save(folder / "rooms.npy", room.astype(np.float32))
    (folder / "index.json").write_text(json.dumps(index))
    source = {"name": "sines and noise", "licence": "MIT", "sha256": "0" * 64}
    (folder / "data-manifest.json").write_text(json.dumps([source]))


def _run(module: str, *arguments: object) -> str:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def onset_losses(log: Path) -> list[float]:
    """The mean losses that a run wrote down, in order."""
    with log.open(newline="") as rows:
        return [float(row[2]) for row in csv.reader(rows) if row[2]]


def check_widening() -> None:
    """A network grown from a smaller one says the same, and its new channels learn."""
    torch.manual_seed(3)
    small = DrumNet(channels=(4, 6, 8, 10), width=12, recurrent=8)
    for module in small.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 2.0)
    grown = widened(small.state_dict(), DrumNet(channels=(6, 6, 9, 14), width=20, recurrent=11))
    music = torch.rand(2, 40, 84)
    with torch.no_grad():
        pairs = zip(small.eval()(music), grown.eval()(music), strict=True)
        torch.testing.assert_close(*map(torch.cat, zip(*pairs, strict=True)), atol=1e-4, rtol=1e-4)
    optimiser = torch.optim.AdamW(grown.train().parameters(), 1e-3)
    for _ in range(2):  # in the first step nothing listens to the new channels yet
        optimiser.zero_grad()
        onsets, velocities = grown(music)
        (onsets.square().mean() + velocities.square().mean()).backward()
        optimiser.step()
    gradient = grown.front[0].conv.weight.grad
    assert gradient is not None
    assert bool((gradient[4:].abs().amax((1, 2, 3)) > 0).all()), "new channels do not learn"


def check_restoring(manifest: Path) -> None:
    """What was exported can be trained on: the same network, its norms with their statistics."""
    files = json.loads(manifest.read_text())["files"]
    stages = {stage: (manifest.parent / name).read_bytes() for stage, name in files.items()}
    net = restored(stages, DrumNet())
    assert check_same(net, stages) < 1e-4, "restored weights are others than were exported"
    net = with_norms_of(net, [torch.rand(4, 200, 84) for _ in range(3)])
    assert check_same(net, stages) < 1e-4, "statistics of the norms change what the network says"
    assert float(net.front[0].norm.running_mean.abs().sum()) > 0, "the norms have no statistics"


def check_pack(folder: Path, cache: Path, run: Path) -> None:
    """A pack trains on another machine as the cache does here."""
    pack, out = folder / "train.zip", folder / "on-a-card"
    _run("lab.material.pack", "--cache", cache, "--start-from", run / "weights.pt", "--out", pack)
    said = _run("lab.network.on_a_card", "--pack", pack, "--out", out, "--device", "cpu",
                "--steps", 9, "--workers", 1, "--batch", 4)  # fmt: skip
    print(said.splitlines()[-1])
    assert (out / "weights.pt").exists(), "nothing was trained from the pack"


def check_strokes(folder: Path) -> None:
    """The network of strokes learns from songs, goes on, and the package reads what is exported."""
    songs, trained, exported = folder / "songs", folder / "strokes.pt", folder / "strokes.npz"
    pieces = [replace(piece, fold=1) for piece in composed(1)]
    write_songs(songs, pieces)
    common = ("lab.bars.stroke_network", songs, trained, "--folds", 1, "--judged-on", 1)
    print(_run(*common, "--minutes", 0.1).strip())
    _run(*common, "--minutes", 0.05, "--start-from", trained)
    _run(*common[:2], folder / "on.pt", *common[3:], "--minutes", 0.05, "--start-from-shipped")
    _run("lab.bars.stroke_network", "--export", trained, "--to", exported)
    with np.load(exported) as arrays:
        network = StrokeNetwork.from_arrays(dict(arrays))
    net = StrokeNet().eval()
    net.load_state_dict(torch.load(trained, weights_only=True))
    frames = np.random.default_rng(0).random((500, 9), dtype=np.float32)
    with torch.no_grad():
        theirs = net(torch.tensor(frames.T[None]))
    tempi = N_LISTENED + len(METRES)
    parts = (theirs[:, :N_LISTENED], theirs[:, N_LISTENED:tempi].log_softmax(1),
             theirs[:, tempi:].log_softmax(1))  # fmt: skip
    expected = torch.cat(parts, 1)[0].numpy().T
    np.testing.assert_allclose(network.said(frames), expected, atol=0.03)  # half floats


def smoke(folder: Path) -> None:
    """Raises SystemExit or AssertionError where a link of the chain is broken."""
    cache, run, weights = folder / "cache", folder / "run", folder / "weights"
    build_cache(cache)
    check_widening()
    common = ("--cache", cache, "--out", run, "--batch", 4, "--seconds", 2.0, "--uses", 1,
              "--threads", 1, "--validation-excerpts", 4)  # fmt: skip
    _run("lab.network.train", *common, "--steps", _STEPS)
    _run("lab.network.train", *common, "--steps", _STEPS + _MORE_STEPS, "--resume")
    losses = onset_losses(run / "log.csv")
    print("onset loss per 50 steps:", *losses)
    assert len(losses) == (_STEPS + _MORE_STEPS) // 50, "a part of the training is missing"
    assert losses[-1] < losses[0], "the loss does not fall"
    print(_run("lab.network.export", "--run", run, "--cache", cache, "--out", weights).strip())
    manifest = next(weights.glob("*.json"))
    check_restoring(manifest)
    print(_run("lab.measure.validation", "--manifest", manifest, "--cache", cache, "--excerpts", 16,
               "--calibration", folder / "calibration.json").strip())  # fmt: skip
    fitted = json.loads((folder / "calibration.json").read_text())
    assert fitted["mix"]["slope"] > 0, "a higher activation must not mean less confidence"
    check_pack(folder, cache, run)
    check_strokes(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="leave everything in this folder")
    args = parser.parse_args()
    if args.keep:
        smoke(args.keep)
        return
    with tempfile.TemporaryDirectory() as folder:
        smoke(Path(folder))


if __name__ == "__main__":
    main()
