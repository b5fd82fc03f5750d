"""Excerpts of songs for the network of strokes: frames, and where downbeats and beats are.

Excerpts of 40 s of whole songs (lab/bars/songs.py), stretched to other tempi; strokes are lost,
made up, moved and confused as a listener would. A third of them are cut into other metres: beats
are taken out of every bar, of some stretches, or of single bars, so that odd metres and changes
are no rarity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.reading.learnt import INPUT_FRAMES_PER_SECOND
from drumscribe.domain.drums import Instrument
from lab.bars.songs import Floats
from lab.notation_study.known_parts import KnownPart

_SECONDS = 40
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
    def of(cls, song: KnownPart) -> Bars:
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
