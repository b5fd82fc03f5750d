"""Makes drumscribe/beats/reading/stroke_network.npz: what strokes say of beats and downbeats.

    python -m lab.bars.stroke_network SONGS_FOLDER OUT.pt --minutes 60 [--folds 2 3 4 5]
        [--without NAMES.txt] [--own-share 0.15] [--start-from OUT.pt | --start-from-shipped]
    python -m lab.bars.stroke_network --export OUT.pt

Learns from excerpts of whole songs (lab/bars/stroke_examples.py), half of them made into other
metres (lab/bars/made_metres.py), and of medleys of our own pieces (lab/bars/composed_songs.py). The
network sees about half a minute at once; see drumscribe.beats.reading.learnt.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

import drumscribe.beats.reading as reading_room
from drumscribe.beats.reading.learnt import NETWORK_FILE
from drumscribe.domain.drums import Instrument
from lab.bars.composed_songs import FOR_NETWORK, composed, medley
from lab.bars.made_metres import Bars, in_other_metres
from lab.bars.songs import read_songs
from lab.bars.stroke_examples import example

TARGET = Path(next(iter(reading_room.__path__))) / NETWORK_FILE
DILATIONS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 1, 4, 16, 64)
_CHANNELS = 64
_BATCH = 12
_RATE = 3e-3
_WEIGHT_DECAY = 1e-2
_MOST_JUDGED = 48
_DROPOUT = 0.1
_NORM_EXAMPLES = 48
_OWN_EACH = 8  # pieces under each condition of the study
_MEDLEY_SECONDS = 90.0
_POSITIVE_WEIGHTS = (3.0, 1.5)  # downbeats are rare, beats less so


class StrokeNet(nn.Module):
    """(batch, 9 drums, frames) -> (batch, 2, frames / 2): log odds of downbeat and beat.

    Convolutions over time, written as ones over images of one line with the channels last: on a
    CPU they take half as long as Conv1d.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(len(Instrument), _CHANNELS, (1, 7), stride=(1, 2), padding=(0, 3))
        self.convs = nn.ModuleList(
            nn.Conv2d(_CHANNELS, _CHANNELS, (1, 3), dilation=(1, d), padding=(0, d), bias=False)
            for d in DILATIONS
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(_CHANNELS) for _ in DILATIONS)
        self.mix = nn.ModuleList(nn.Conv2d(_CHANNELS, _CHANNELS, 1) for _ in DILATIONS)
        self.head = nn.Conv2d(_CHANNELS, 2, 1)
        for layer in self.mix:
            layer.weight.data *= 0.3
        self.head.bias.data = torch.tensor([-3.5, -2.0])
        self.to(memory_format=torch.channels_last)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x[:, :, None, :].contiguous(memory_format=torch.channels_last)
        x = functional.relu(self.stem(x))
        for conv, norm, mix in zip(self.convs, self.norms, self.mix, strict=True):
            seen = functional.relu(norm(conv(x)))
            x = x + mix(functional.dropout2d(seen, _DROPOUT, self.training))
        out: torch.Tensor = self.head(functional.relu(x))
        return out[:, :, 0, :]


def loss_of(odds: torch.Tensor, targets: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """Mean cross entropy over the frames that count, nats."""
    each = functional.binary_cross_entropy_with_logits(
        odds, targets, reduction="none", pos_weight=torch.tensor(_POSITIVE_WEIGHTS)[:, None]
    )
    return (each.mean(1) * counts).sum() / counts.sum()


def train(
    songs: Sequence[Bars],
    unseen: Sequence[Bars],
    net: StrokeNet,
    out: Path,
    *,
    minutes: float,
    seed: int,
    rate: float = _RATE,
    own_share: float = 0.0,
) -> None:
    """Train by the clock; the rate falls along half a cosine. Saved and judged every two minutes.

    unseen: songs that the loss is told of beside those learnt from, as they are and made into other
    metres. own_share: of the excerpts,
    those that come from medleys of our own pieces.
    """
    rng = np.random.default_rng(seed)
    own = composed(_OWN_EACH, names=None, seed=FOR_NETWORK) if own_share else []

    def drawn() -> Bars:
        if rng.random() < own_share:
            return Bars.of(medley(own, _MEDLEY_SECONDS, rng))
        return songs[int(rng.choice(len(songs), p=chances))]

    chances = np.array(
        [np.sqrt(sum(map(len, song.strokes))) * (1.0 + 3.0 * song.odd_share) for song in songs]
    )
    chances /= chances.sum()
    optimiser = torch.optim.AdamW(net.parameters(), rate, weight_decay=_WEIGHT_DECAY)
    changed = np.random.default_rng(0)
    made = [in_other_metres(song, changed) for song in unseen]
    begun = saved = time.monotonic()
    step, smooth = 0, 0.0
    while (done := (time.monotonic() - begun) / 60.0 / minutes) < 1.0:
        falling = min(1.0, (step + 1) / 100) * (0.505 + 0.495 * float(np.cos(np.pi * done)))
        for group in optimiser.param_groups:
            group["lr"] = rate * falling
        frames, targets, counts = _batch([example(drawn(), rng) for _ in range(_BATCH)])
        loss = loss_of(net(frames), targets, counts)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        smooth = float(loss.detach()) if step == 0 else 0.98 * smooth + 0.02 * float(loss.detach())
        step += 1
        if time.monotonic() - saved > 120.0:
            saved = time.monotonic()
            torch.save(net.state_dict(), out)
            judged = ""
            if unseen:
                judged = f", unseen {judge(unseen, net):.4f}, made {judge(made, net):.4f}"
            print(f"{done * minutes:.1f} min, step {step}, loss {smooth:.4f}{judged}", flush=True)
    torch.save(net.state_dict(), out)


def judge(songs: Sequence[Bars], net: StrokeNet) -> float:
    """Loss on the same excerpts every time, as a listener would hear them, nats a frame."""
    rng = np.random.default_rng(0)
    net.eval()
    losses = []
    with torch.no_grad():
        for first in range(0, len(songs), _BATCH):
            batch = _batch([example(song, rng) for song in songs[first : first + _BATCH]])
            losses.append(float(loss_of(net(batch[0]), *batch[1:])))
    net.train()
    return float(np.mean(losses))


def _batch(
    examples: Sequence[tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]],
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    frames, targets, counts = (torch.tensor(np.stack(each)) for each in zip(*examples, strict=True))
    return frames, targets, counts


def export(net: StrokeNet, target: Path) -> None:
    """Half floats, taps first, as drumscribe.beats.reading.learnt reads them.

    What the norms do is put into the convolutions before them.
    """

    def half(tensor: torch.Tensor) -> NDArray[np.float16]:
        return np.asarray(tensor.detach().numpy(), np.float16)

    arrays: dict[str, NDArray[np.generic]] = {
        "dilations": np.array(DILATIONS),
        "stem": half(net.stem.weight[:, :, 0].permute(2, 1, 0)),
        "stem_bias": half(net.stem.bias),
        "head": half(net.head.weight[:, :, 0, 0].T),
        "head_bias": half(net.head.bias),
    }
    for k, (conv, norm, mix) in enumerate(zip(net.convs, net.norms, net.mix, strict=True)):
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        arrays[f"conv{k}"] = half((conv.weight[:, :, 0] * gain[:, None, None]).permute(2, 1, 0))
        arrays[f"conv{k}_bias"] = half(norm.bias - norm.running_mean * gain)
        arrays[f"mix{k}"], arrays[f"mix{k}_bias"] = half(mix.weight[:, :, 0, 0].T), half(mix.bias)
    with target.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def restored(songs: Sequence[Bars], source: Path = TARGET) -> StrokeNet:
    """The network of the package, to go on from: what its norms did is in the convolutions before
    them, so the norms are set to undo what they do over excerpts of songs.
    """
    net = StrokeNet()
    with np.load(source, allow_pickle=False) as file:
        arrays = {name: torch.tensor(file[name].astype(np.float32)) for name in file}
    rng = np.random.default_rng(0)
    frames = _batch([example(songs[k], rng) for k in rng.integers(len(songs), size=_NORM_EXAMPLES)])
    with torch.no_grad():
        net.stem.weight[:, :, 0] = arrays["stem"].permute(2, 1, 0)
        net.stem.bias.copy_(arrays["stem_bias"])
        net.head.weight[:, :, 0, 0] = arrays["head"].T
        net.head.bias.copy_(arrays["head_bias"])
        x = functional.relu(net.stem(frames[0][:, :, None, :]))
        for k, (conv, norm, mix) in enumerate(zip(net.convs, net.norms, net.mix, strict=True)):
            conv.weight[:, :, 0] = arrays[f"conv{k}"].permute(2, 1, 0)
            mix.weight[:, :, 0, 0] = arrays[f"mix{k}"].T
            mix.bias.copy_(arrays[f"mix{k}_bias"])
            seen = conv(x)
            variance, mean = torch.var_mean(seen, dim=(0, 2, 3), unbiased=False)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.weight.copy_(torch.sqrt(variance + norm.eps))
            norm.bias.copy_(arrays[f"conv{k}_bias"] + mean)
            x = x + mix(functional.relu(seen + arrays[f"conv{k}_bias"][:, None, None]))
    return net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("songs", type=Path, nargs="?")
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--folds", type=int, nargs="+", default=[2, 3, 4, 5])
    parser.add_argument("--without", type=Path, help="names of songs to leave out, one a line")
    parser.add_argument("--judged-on", type=int, nargs="*", default=[1], help="folds")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--start-from", type=Path)
    parser.add_argument("--start-from-shipped", action="store_true", help="go on from the package")
    parser.add_argument("--rate", type=float, default=_RATE, help="less, to go on from weights")
    parser.add_argument("--own-share", type=float, default=0.15, help="of medleys of our own")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--export", type=Path, help="write these weights into the package")
    parser.add_argument("--to", type=Path, default=TARGET, help="or into this file")
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(given.seed)
    net = StrokeNet()
    if given.export or given.start_from:
        net.load_state_dict(torch.load(given.export or given.start_from, weights_only=True))
    if given.export:
        export(net, given.to)
        return
    if given.songs is None or given.out is None:
        parser.error("say where the songs are, and where to put the weights")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    without = frozenset(given.without.read_text().split()) if given.without else frozenset()
    kept: dict[int, list[Bars]] = {}
    for song in read_songs(given.songs, {*given.folds, *given.judged_on}):
        if song.name not in without:
            kept.setdefault(song.fold, []).append(Bars.of(song))
    songs = [song for fold in given.folds for song in kept.get(fold, ())]
    unseen = [song for fold in given.judged_on for song in kept.get(fold, ())]
    if not songs:
        parser.error("no songs in these folds")
    if given.start_from_shipped:
        net = restored(songs)
    print(f"{len(songs)} songs, {sum(p.numel() for p in net.parameters())} weights", flush=True)
    train(
        songs,
        unseen[:_MOST_JUDGED],
        net,
        given.out,
        minutes=given.minutes,
        seed=given.seed,
        rate=given.rate,
        own_share=given.own_share,
    )


if __name__ == "__main__":
    main()
