"""Excerpts of songs for the network of strokes: frames, and where downbeats and beats are.

Excerpts of 40 s of whole songs (lab/bars/songs.py), stretched to other tempi; strokes are lost,
made up, moved and confused as a listener would. Half of them are made into other metres first
(lab/bars/made_metres.py), so that odd metres and changes are no rarity.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.reading.learnt import INPUT_FRAMES_PER_SECOND
from drumscribe.domain.drums import Instrument
from lab.bars.made_metres import Bars, in_other_metres
from lab.bars.songs import Floats

_SECONDS = 40
_MADE = 0.5  # of the excerpts, those made into other metres
_STRETCHED, _STRETCHED_MADE = 0.42, 0.6  # octaves of tempo up and down; of those made
_HATS, _TOMS = (2, 3, 4), (6, 7, 8)
_CYMBALS = (2, 3, 4, 5)


def example(
    bars: Bars, rng: np.random.Generator, *, changed: bool = True
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """An excerpt: frames (drums, n), targets (2, n / 2), which of them count (n / 2,)."""
    first = int(rng.integers(0, max(1, bars.seconds.size - 4)))
    widest = _STRETCHED
    end = np.searchsorted(np.cumsum(bars.seconds[first:]), (_SECONDS + 12.0) * 2.0**widest)
    bars = bars.between(first, first + int(end) + 1)
    if changed and rng.random() < _MADE:
        bars, widest = in_other_metres(bars, rng), _STRETCHED_MADE
    stretch = 2.0 ** rng.uniform(-widest, widest) if changed else 1.0
    strokes, downbeats, beats, now = [], [0.0], [], 0.0
    for metre, seconds, quarters, played in zip(
        bars.metres, bars.seconds.tolist(), bars.quarters.tolist(), bars.strokes, strict=True
    ):
        quarter = seconds / quarters * stretch
        moved = played.copy()
        moved[:, 0] = now + moved[:, 0] * quarter
        strokes.append(moved)
        beat = float(metre.beat_length) if metre.is_compound else 1.0
        beats.append(now + np.arange(0.0, quarters - 1e-3, beat) * quarter)
        now += seconds * stretch
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
