"""Makes drumscribe/beats/reading/stroke_network.npz: what strokes say of beats and downbeats.

    python -m training.stroke_network SONGS_FOLDER OUT.pt --minutes 60 [--folds 2 3 4 5]
    python -m training.stroke_network --export OUT.pt

Excerpts of 40 s of whole songs (training/songs.py), stretched to other tempi; strokes are lost,
made up, moved and confused as a listener would. A third of them are cut into other metres: beats
are taken out of every bar, of some stretches, or of single bars, so that odd metres and changes
are no rarity. The network sees about half a minute at once; see drumscribe.beats.reading.learnt.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

import drumscribe.beats.reading as reading_room
from drumscribe.beats.reading.learnt import INPUT_FRAMES_PER_SECOND, NETWORK_FILE
from drumscribe.domain.drums import Instrument
from training.songs import Piece, read_songs

TARGET = Path(next(iter(reading_room.__path__))) / NETWORK_FILE
DILATIONS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 1, 4, 16, 64)
_CHANNELS = 48
_SECONDS = 40
_BATCH = 12
_RATE = 3e-3
_DROPOUT = 0.1
_POSITIVE_WEIGHTS = (3.0, 1.5)  # downbeats are rare, beats less so
_SHORTEN, _SHORTEN_STRETCHES, _SHORTEN_SINGLE = 0.20, 0.10, 0.08
# Quarters that are kept of a bar of four, and how often each way is taken.
_CUTS: tuple[tuple[tuple[tuple[float, float], ...], float], ...] = (
    (((0.0, 3.0),), 0.35),
    (((0.0, 3.5),), 0.25),
    (((0.0, 4.0), (3.0, 4.0)), 0.15),
    (((0.0, 2.0), (3.0, 4.0)), 0.15),
    (((0.0, 2.5),), 0.10),
)
_HATS, _TOMS = (2, 3, 4), (6, 7, 8)
_CYMBALS = (2, 3, 4, 5)

Floats = NDArray[np.float64]


class StrokeNet(nn.Module):
    """(batch, 9 drums, frames) -> (batch, 2, frames / 2): log odds of downbeat and beat."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv1d(len(Instrument), _CHANNELS, 7, stride=2, padding=3)
        self.convs = nn.ModuleList(
            nn.Conv1d(_CHANNELS, _CHANNELS, 3, dilation=d, padding=d) for d in DILATIONS
        )
        self.mix = nn.ModuleList(nn.Conv1d(_CHANNELS, _CHANNELS, 1) for _ in DILATIONS)
        self.head = nn.Conv1d(_CHANNELS, 2, 1)
        for layer in self.mix:
            layer.weight.data *= 0.3
        self.head.bias.data = torch.tensor([-3.5, -2.0])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = functional.relu(self.stem(x))
        for conv, mix in zip(self.convs, self.mix, strict=True):
            seen = functional.relu(conv(x))
            x = x + mix(functional.dropout(seen, _DROPOUT, self.training))
        out: torch.Tensor = self.head(functional.relu(x))
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """A song bar by bar: seconds and quarters of each, and the strokes in it.

    strokes: per bar (strokes, 3): quarters from its start, number of the drum, loudness.
    beat_quarters: one beat of its metre.
    """

    seconds: Floats
    quarters: Floats
    beat_quarters: Floats
    strokes: tuple[Floats, ...]

    @classmethod
    def of(cls, song: Piece) -> Bars:
        seconds = np.diff(song.bars)
        quarters = np.array([float(metre.bar_length) for metre in song.metres])
        beats = np.array([float(m.beat_length) if m.is_compound else 1.0 for m in song.metres])
        drums = list(Instrument)
        times = np.array([hit.time for hit in song.hits])
        table = np.array(
            [[hit.time, drums.index(hit.instrument), hit.velocity / 0.7] for hit in song.hits]
        )
        bar = np.clip(np.searchsorted(song.bars, times + 0.01) - 1, 0, seconds.size - 1)
        strokes = []
        for k in range(seconds.size):
            inside = table[bar == k]
            inside[:, 0] = (inside[:, 0] - song.bars[k]) / max(seconds[k], 1e-6) * quarters[k]
            strokes.append(inside)
        return cls(seconds, quarters, beats, tuple(strokes))

    @property
    def odd_share(self) -> float:
        return float((self.quarters != 4.0).mean())


def example(
    bars: Bars, rng: np.random.Generator, *, changed: bool = True
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """An excerpt: frames (drums, n), targets (2, n / 2), which of them count (n / 2,)."""
    stretch = 2.0 ** rng.uniform(-0.42, 0.42) if changed else 1.0
    drawn = rng.random() if changed else 1.0
    cut = _CUTS[int(rng.choice(len(_CUTS), p=[share for _, share in _CUTS]))][0]
    is_on = drawn < _SHORTEN
    strokes, downbeats, beats, now = [], [0.0], [], 0.0
    for k in range(int(rng.integers(0, max(1, bars.seconds.size - 4))), bars.seconds.size):
        if _SHORTEN <= drawn < _SHORTEN + _SHORTEN_STRETCHES and rng.random() < 0.12:
            is_on = not is_on
        elif 0.0 <= drawn - _SHORTEN - _SHORTEN_STRETCHES < _SHORTEN_SINGLE:
            is_on = rng.random() < 0.08
        whole = ((0.0, float(bars.quarters[k])),)
        kept = cut if is_on and bars.quarters[k] == 4.0 else whole
        quarter = float(bars.seconds[k] / bars.quarters[k]) * stretch
        length = 0.0
        for begin, end in kept:
            at = bars.strokes[k][:, 0]
            inside = bars.strokes[k][(at >= begin - 0.02) & (at < end - 0.02)].copy()
            inside[:, 0] = now + (inside[:, 0] - begin + length) * quarter
            strokes.append(inside)
            length += end - begin
        beats.append(now + np.arange(0.0, length - 1e-3, bars.beat_quarters[k]) * quarter)
        now += length * quarter
        downbeats.append(now)
        if now > _SECONDS + 12.0:
            break
    later = 0.4 - (rng.uniform(0.0, max(0.01, min(8.0, now - 20.0))) if changed else 0.0)
    table = np.concatenate(strokes)
    table[:, 0] += later
    table[:, 2] = np.clip(table[:, 2], 0.2, 1.2)
    if changed:
        table = _as_heard(table, rng)
    return _frames(table, np.array(downbeats) + later, np.concatenate(beats) + later)


def _as_heard(table: Floats, rng: np.random.Generator) -> Floats:
    """Strokes lost, made up, moved, confused."""
    if rng.random() < 0.5:
        table[:, 2] = 1.0
    drum = table[:, 1].astype(np.int64)
    kept = rng.random(drum.size) > rng.uniform(0.0, 0.2)
    if rng.random() < 0.3:
        kept &= (drum != rng.integers(9)) | (rng.random(drum.size) > rng.uniform(0.3, 1.0))
    if rng.random() < 0.25:
        kept &= ~np.isin(drum, _HATS) | (rng.random(drum.size) > rng.uniform(0.3, 0.9))
    if rng.random() < 0.3:
        confused = np.isin(drum, _CYMBALS) & (rng.random(drum.size) < rng.uniform(0.0, 0.3))
        drum[confused] = rng.choice(_CYMBALS, int(confused.sum()))
    if rng.random() < 0.2:
        drum[np.isin(drum, _TOMS)] = rng.choice(_TOMS)
    if rng.random() < 0.2:
        drum[drum == 3] = 2
    table[:, 1] = drum
    table = table[kept]
    n_made_up = int(table.shape[0] * rng.uniform(0.0, 0.1)) if rng.random() < 0.6 else 0
    made_up = np.stack(
        [
            rng.uniform(0.0, _SECONDS, n_made_up),
            rng.integers(0, 9, n_made_up),
            rng.uniform(0.3, 1.0, n_made_up),
        ],
        axis=1,
    )
    table = np.concatenate([table, made_up])
    table[:, 0] += rng.normal(0.0, rng.uniform(0.0, 0.012), table.shape[0])
    return table


def _frames(
    table: Floats, downbeats: Floats, beats: Floats
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    n = _SECONDS * INPUT_FRAMES_PER_SECOND
    frames = np.zeros((len(Instrument), n + 1), np.float32)
    at = table[:, 0] * INPUT_FRAMES_PER_SECOND
    early = np.floor(at).astype(np.int64)
    inside = (early >= 0) & (early < n)
    early, late_share, table = early[inside], (at - early)[inside], table[inside]
    drum = table[:, 1].astype(np.int64)
    np.maximum.at(frames, (drum, early), (table[:, 2] * (1.0 - late_share)).astype(np.float32))
    np.maximum.at(frames, (drum, early + 1), (table[:, 2] * late_share).astype(np.float32))
    half = n // 2
    targets = np.zeros((2, half), np.float32)
    for row, times in enumerate((downbeats, beats)):
        nearest = np.round(times * INPUT_FRAMES_PER_SECOND / 2.0).astype(np.int64)
        for offset, value in ((0, 1.0), (-1, 0.3), (1, 0.3)):
            frame = nearest + offset
            frame = frame[(frame >= 0) & (frame < half)]
            targets[row, frame] = np.maximum(targets[row, frame], value)
    counts = np.zeros(half, np.float32)
    counts[: int(max(0.0, table[:, 0].max(initial=0.0) + 0.3) * INPUT_FRAMES_PER_SECOND / 2)] = 1.0
    return frames[:, :n], targets, counts


def loss_of(odds: torch.Tensor, targets: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """Mean cross entropy over the frames that count, nats."""
    each = functional.binary_cross_entropy_with_logits(
        odds, targets, reduction="none", pos_weight=torch.tensor(_POSITIVE_WEIGHTS)[:, None]
    )
    return (each.mean(1) * counts).sum() / counts.sum()


def train(songs: Sequence[Bars], net: StrokeNet, minutes: float, out: Path, seed: int) -> None:
    """By the clock; the rate falls along half a cosine. Saved every two minutes."""
    rng = np.random.default_rng(seed)
    chances = np.array(
        [np.sqrt(sum(map(len, song.strokes))) * (1.0 + 3.0 * song.odd_share) for song in songs]
    )
    optimiser = torch.optim.AdamW(net.parameters(), _RATE, weight_decay=1e-2)
    begun, saved, step, smooth = time.monotonic(), time.monotonic(), 0, 0.0
    while (done := (time.monotonic() - begun) / 60.0 / minutes) < 1.0:
        rate = _RATE * min(1.0, (step + 1) / 100) * (0.51 + 0.49 * float(np.cos(np.pi * done)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        chosen = rng.choice(len(songs), _BATCH, p=chances / chances.sum())
        batch = [example(songs[k], rng) for k in chosen]
        frames, targets, counts = (
            torch.tensor(np.stack(each)) for each in zip(*batch, strict=True)
        )
        loss = loss_of(net(frames), targets, counts)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        smooth = float(loss) if step == 0 else 0.98 * smooth + 0.02 * float(loss)
        step += 1
        if time.monotonic() - saved > 120.0:
            saved = time.monotonic()
            torch.save(net.state_dict(), out)
            print(f"{60 * done * minutes / 60:.1f} min, step {step}, loss {smooth:.4f}", flush=True)
    torch.save(net.state_dict(), out)


def export(net: StrokeNet, target: Path) -> None:
    """Half floats, taps first, as drumscribe.beats.reading.learnt reads them."""

    def half(tensor: torch.Tensor) -> NDArray[np.float16]:
        return tensor.detach().numpy().astype(np.float16)

    arrays: dict[str, NDArray[np.generic]] = {
        "dilations": np.array(DILATIONS),
        "stem": half(net.stem.weight.permute(2, 1, 0)),
        "stem_bias": half(net.stem.bias),
        "head": half(net.head.weight[:, :, 0].T),
        "head_bias": half(net.head.bias),
    }
    for k, (conv, mix) in enumerate(zip(net.convs, net.mix, strict=True)):
        arrays[f"conv{k}"], arrays[f"conv{k}_bias"] = (
            half(conv.weight.permute(2, 1, 0)),
            half(conv.bias),
        )
        arrays[f"mix{k}"], arrays[f"mix{k}_bias"] = half(mix.weight[:, :, 0].T), half(mix.bias)
    with target.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("songs", type=Path, nargs="?")
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--folds", type=int, nargs="+", default=[2, 3, 4, 5])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--start-from", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--export", type=Path, help="write these weights into the package")
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(given.seed)
    net = StrokeNet()
    if given.export or given.start_from:
        net.load_state_dict(torch.load(given.export or given.start_from, weights_only=True))
    if given.export:
        export(net, TARGET)
        return
    songs = [Bars.of(song) for song in read_songs(given.songs, given.folds)]
    train(songs, net, given.minutes, given.out, given.seed)


if __name__ == "__main__":
    main()
