"""Makes drumscribe/beats/reading/stroke_network.npz: what strokes say of bars.

    python -m lab.bars.stroke_network SONGS_FOLDER OUT.pt --minutes 60 [--folds 2 3 4 5]
        [--without NAMES.txt] [--start-from OUT.pt | --start-from-shipped]
    python -m lab.bars.stroke_network --export OUT.pt

Learns from excerpts of whole songs (lab/bars/stroke_examples.py), half of them made into other
metres, from stretches of songs around bars in rare metres, from parts made by rule in those, and
from medleys of our own pieces (lab/bars/pieces). The network hears about half a minute at once; see
drumscribe.beats.reading.learnt. Convolutions are worked out in bfloat16, which processors that have
it do in half the time; what is kept is the mean of the weights over the last hundreds of steps.
"""

from __future__ import annotations

import argparse
import copy
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from drumscribe.beats.reading.bar_kinds import METRES
from drumscribe.beats.reading.learnt import N_LISTENED
from lab.bars.pieces.composed_songs import FOR_NETWORK, composed, medley
from lab.bars.pieces.made_metres import Bars, in_other_metres
from lab.bars.pieces.ruled_songs import ruled_song
from lab.bars.pieces.songs import read_songs
from lab.bars.stroke_examples import UNKNOWN, Excerpt, excerpt
from lab.bars.trainable_network import TARGET, StrokeNet, export, restored

_BATCH = 12
_RATE = 2e-3
_WEIGHT_DECAY = 2e-2
_STEADY = 0.35  # of the time, at the full rate
_MEAN = 0.998  # of the weights, what a step leaves as it is
_MOST_JUDGED = 60
_OWN_EACH = 8  # pieces under each condition of the study
_MEDLEY_SECONDS = 90.0
_POSITIVE_WEIGHTS = (3.0, 1.5)  # downbeats are rare, beats less so
_METRE_WEIGHT, _TEMPO_WEIGHT = 0.1, 0.05  # against the loss of downbeats and beats
_OWN, _RULED, _RARE = 0.12, 0.12, 0.15  # of the excerpts
_RARITY = 0.6  # a bar in a metre of so many minutes is met as often as this power of them is small
_BARS_BEFORE = 9  # an excerpt around a bar begins fewer bars before it
_RULED_STRETCHED = 0.18


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Excerpts one after another; see lab.bars.stroke_examples.Excerpt."""

    frames: torch.Tensor
    targets: torch.Tensor
    counts: torch.Tensor
    metres: torch.Tensor
    tempi: torch.Tensor

    @classmethod
    def of(cls, excerpts: Sequence[Excerpt]) -> Batch:
        """Excerpts of one length."""
        return cls(
            *(
                torch.tensor(np.stack([getattr(each, name) for each in excerpts]))
                for name in ("frames", "targets", "counts", "metres", "tempi")
            )
        )


@dataclass(frozen=True, slots=True)
class Losses:
    """Mean cross entropies, nats a frame: of downbeats and beats, of the metre, of the tempo."""

    bars: torch.Tensor
    metre: torch.Tensor
    tempo: torch.Tensor

    @property
    def together(self) -> torch.Tensor:
        return self.bars + _METRE_WEIGHT * self.metre + _TEMPO_WEIGHT * self.tempo

    @property
    def numbers(self) -> NDArray[np.float64]:
        return np.array([float(each.detach()) for each in (self.bars, self.metre, self.tempo)])


def losses_of(net: StrokeNet, batch: Batch) -> Losses:
    """How far what the network says is from what is true."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        said = net(batch.frames)
    each = functional.binary_cross_entropy_with_logits(
        said[:, :N_LISTENED],
        batch.targets,
        reduction="none",
        pos_weight=torch.tensor(_POSITIVE_WEIGHTS)[:, None],
    )
    bars = (each.mean(1) * batch.counts).sum() / batch.counts.sum()
    tempi_from = N_LISTENED + len(METRES)
    metre = functional.cross_entropy(
        said[:, N_LISTENED:tempi_from], batch.metres, ignore_index=UNKNOWN
    )
    # A tempo between two that are told apart is as much of either as it is near to it.
    chances = functional.log_softmax(said[:, tempi_from:], 1)
    lower = batch.tempi.clamp(min=0.0).floor().long()
    share = batch.tempi - lower
    lost = -(1.0 - share) * chances.gather(1, lower[:, None])[:, 0]
    lost = lost - share * chances.gather(1, lower[:, None] + 1)[:, 0]
    is_told = (batch.tempi >= 0.0).float()
    tempo = (lost * is_told).sum() / is_told.sum().clamp(min=1.0)
    return Losses(bars, metre, tempo)


class Material:
    """What is learnt from: excerpts without end."""

    def __init__(self, songs: Sequence[Bars], rng: np.random.Generator) -> None:
        self._songs, self._rng = songs, rng
        self._own = composed(_OWN_EACH, names=None, seed=FOR_NETWORK)
        often = np.array(
            [np.sqrt(sum(map(len, song.strokes))) * (1.0 + 3.0 * song.odd_share) for song in songs]
        )
        self._often = often / often.sum()
        self._rare, rarity = _rare_bars(songs)
        self._rarity = rarity / max(1e-9, rarity.sum())

    def excerpts(self) -> Iterator[Excerpt]:
        """One after another."""
        rng, shares = self._rng, np.cumsum([_OWN, _RULED, _RARE if self._rare else 0.0])
        while True:
            drawn = int(np.searchsorted(shares, rng.random(), side="right"))
            if drawn == 0:
                yield excerpt(Bars.of(medley(self._own, _MEDLEY_SECONDS, rng)), rng)
            elif drawn == 1:
                song = ruled_song(rng)
                yield excerpt(song, rng, made_share=0.0, widest=_RULED_STRETCHED)
            elif drawn == 2:
                number, bar = self._rare[int(rng.choice(len(self._rare), p=self._rarity))]
                first = max(0, bar - int(rng.integers(0, _BARS_BEFORE)))
                yield excerpt(self._songs[number], rng, first=first, made_share=0.0)
            else:
                song = self._songs[int(rng.choice(len(self._songs), p=self._often))]
                yield excerpt(song, rng)


def _rare_bars(songs: Sequence[Bars]) -> tuple[list[tuple[int, int]], NDArray[np.float64]]:
    """Bars that are not four quarters long, as song and bar, and how often each is to be met."""
    minutes = dict.fromkeys(METRES, 0.0)
    for song in songs:
        for metre, seconds in zip(song.metres, song.seconds.tolist(), strict=True):
            if metre in minutes:
                minutes[metre] += seconds / 60.0
    found, rarity = [], []
    for number, song in enumerate(songs):
        for bar, metre in enumerate(song.metres):
            if metre in minutes and song.quarters[bar] not in (2.0, 4.0):
                found.append((number, bar))
                rarity.append(float(song.seconds[bar]) / minutes[metre] ** _RARITY)
    return found, np.array(rarity)


def train(
    songs: Sequence[Bars],
    unseen: Sequence[Bars],
    net: StrokeNet,
    out: Path,
    *,
    minutes: float,
    seed: int,
    rate: float = _RATE,
) -> None:
    """Train by the clock: at the full rate, then along half a cosine. Saved and judged every two
    minutes.

    unseen: songs that the loss is told of beside those learnt from, as they are and made into other
    metres.
    """
    material = Material(songs, np.random.default_rng(seed)).excerpts()
    optimiser = torch.optim.AdamW(net.parameters(), rate, weight_decay=_WEIGHT_DECAY)
    mean = copy.deepcopy(net)
    sets = _judged(unseen)
    begun = saved = time.monotonic()
    step, smooth = 0, np.zeros(3)
    while (done := (time.monotonic() - begun) / 60.0 / minutes) < 1.0:
        falling = max(0.0, (done - _STEADY) / (1.0 - _STEADY))
        for group in optimiser.param_groups:
            slow = 0.51 + 0.49 * float(np.cos(np.pi * falling))
            group["lr"] = rate * min(1.0, (step + 1) / 100) * slow
        losses = losses_of(net, Batch.of([next(material) for _ in range(_BATCH)]))
        optimiser.zero_grad()
        losses.together.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        smooth = losses.numbers if step == 0 else 0.98 * smooth + 0.02 * losses.numbers
        step += 1
        _follow(mean, net, min(_MEAN, step / (step + 10)))
        if time.monotonic() - saved > 120.0:
            saved = time.monotonic()
            torch.save(mean.state_dict(), out)
            judged = "".join(f"; {name} {judge(each, mean)}" for name, each in sets.items())
            print(
                f"{done * minutes:.1f} min, step {step}, loss {_told(smooth)}{judged}", flush=True
            )
    torch.save(mean.state_dict(), out)


def _follow(mean: StrokeNet, net: StrokeNet, kept: float) -> None:
    with torch.no_grad():
        for slow, fast in zip(mean.parameters(), net.parameters(), strict=True):
            slow.mul_(kept).add_(fast, alpha=1.0 - kept)
        for slow, fast in zip(mean.buffers(), net.buffers(), strict=True):
            slow.copy_(fast)


def _judged(unseen: Sequence[Bars]) -> dict[str, list[Batch]]:
    """Excerpts that are judged, the same ones every time."""
    rng = np.random.default_rng(0)
    made = [in_other_metres(song, rng) for song in unseen]
    return {
        name: [
            Batch.of([excerpt(song, rng, made_share=0.0) for song in some[k : k + _BATCH]])
            for k in range(0, len(some), _BATCH)
        ]
        for name, some in (("unseen", unseen), ("made", made))
        if some
    }


def judge(batches: Sequence[Batch], net: StrokeNet) -> str:
    """Losses of bars, metre and tempo, nats a frame, as they are told."""
    net.eval()
    with torch.no_grad():
        losses = np.mean([losses_of(net, batch).numbers for batch in batches], axis=0)
    net.train()
    return _told(losses)


def _told(losses: NDArray[np.float64]) -> str:
    return " ".join(f"{each:.4f}" for each in losses)


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
    )


if __name__ == "__main__":
    main()
