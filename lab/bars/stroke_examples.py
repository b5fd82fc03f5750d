"""Excerpts of songs for the network of strokes: frames, and what is true of them.

Excerpts of 40 s of whole songs (lab/bars/pieces/songs.py), stretched to other tempi; strokes are
lost, made up, moved and confused as a listener would. Many of them are made into other metres first
(lab/bars/pieces/made_metres.py), so that odd metres and changes are no rarity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.reading.bar_kinds import METRES
from drumscribe.beats.reading.learnt import FRAMES_PER_SECOND, INPUT_FRAMES_PER_SECOND
from drumscribe.beats.reading.steps import tempo_place
from drumscribe.domain.drums import Instrument
from lab.bars.pieces.made_metres import Bars, in_other_metres
from lab.bars.pieces.songs import Floats

N_TEMPI = 20  # 38 quarters a minute to 340
UNKNOWN = -1
_SECONDS = 40
MADE_SHARE = 0.5  # of the excerpts, those made into other metres
_STRETCHED, _STRETCHED_MADE = 0.42, 0.6  # octaves of tempo up and down; of those made
_SLOWEST, _FASTEST = 30.0, 360.0  # quarters a minute that anybody counts
_HATS, _TOMS = (2, 3, 4), (6, 7, 8)
_CYMBALS = (2, 3, 4, 5)


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """What the network hears and what is true of it, at 25 frames a second.

    frames: (drums, 2 n), 50 a second; targets: (2, n), downbeats and beats; counts: (n,), 1 where
    something is played; metres: (n,), the number of the bar's metre among METRES; tempi: (n,), the
    place of the tempo among those told apart, whole numbers for those themselves; UNKNOWN where
    there is none of them.
    """

    frames: NDArray[np.float32]
    targets: NDArray[np.float32]
    counts: NDArray[np.float32]
    metres: NDArray[np.int64]
    tempi: NDArray[np.float32]


def excerpt(
    bars: Bars,
    rng: np.random.Generator,
    *,
    first: int | None = None,
    changed: bool = True,
    made_share: float = MADE_SHARE,
    widest: float | None = None,
) -> Excerpt:
    """An excerpt of a song.

    first: the bar that it begins with; None: any. changed: not as written, but as above.
    made_share: how often it is made into another metre. widest: octaves of tempo up and down; None
    for what is usual.
    """
    if first is None:
        first = int(rng.integers(0, max(1, bars.seconds.size - 4)))
    end = np.searchsorted(np.cumsum(bars.seconds[first:]), (_SECONDS + 12.0) * 2.0**_STRETCHED)
    bars = bars.between(first, first + int(end) + 1)
    reach = _STRETCHED
    if changed and rng.random() < made_share:
        bars, reach = in_other_metres(bars, rng), _STRETCHED_MADE
    reach = reach if widest is None else widest
    stretch = 2.0 ** rng.uniform(-reach, reach) if changed else 1.0
    strokes, lines, beats, quarter_seconds, now = [], [0.0], [], [], 0.0
    for metre, seconds, quarters, played in zip(
        bars.metres, bars.seconds.tolist(), bars.quarters.tolist(), bars.strokes, strict=True
    ):
        quarter = seconds / quarters * stretch
        moved = played.copy()
        moved[:, 0] = now + moved[:, 0] * quarter
        strokes.append(moved)
        beat = float(metre.beat_length) if metre.is_compound else 1.0
        beats.append(now + np.arange(0.0, quarters - 1e-3, beat) * quarter)
        quarter_seconds.append(quarter)
        now += seconds * stretch
        lines.append(now)
        if now > _SECONDS + 12.0:
            break
    later = 0.4 - (rng.uniform(0.0, max(0.01, min(8.0, now - 20.0))) if changed else 0.0)
    table = np.concatenate(strokes)
    table[:, 0] += later
    table[:, 2] = np.clip(table[:, 2], 0.2, 1.2)
    if changed:
        table = _as_heard(table, rng)
    line_times = np.array(lines) + later
    frames, counts = _frames(table)
    numbers = [METRES.index(m) if m in METRES else UNKNOWN for m in bars.metres[: len(strokes)]]
    bar = np.searchsorted(line_times, (np.arange(counts.size) + 0.5) / FRAMES_PER_SECOND, "right")
    bar -= 1
    is_told = (counts > 0.0) & (bar >= 0) & (bar < len(strokes))
    bar = np.clip(bar, 0, len(strokes) - 1)
    tempi = tempo_places(60.0 / np.maximum(quarter_seconds, 1e-3))
    return Excerpt(
        frames,
        _targets(line_times, np.concatenate(beats) + later, counts.size),
        counts,
        np.where(is_told, np.array(numbers)[bar], UNKNOWN),
        np.where(is_told, tempi[bar], UNKNOWN).astype(np.float32),
    )


def tempo_places(quarters_per_minute: Floats) -> Floats:
    """Places of tempi among those that are told apart; UNKNOWN where nobody counts like that."""
    places = np.clip(tempo_place(quarters_per_minute), 0.0, N_TEMPI - 1.001)
    is_counted = (quarters_per_minute > _SLOWEST) & (quarters_per_minute < _FASTEST)
    return np.asarray(np.where(is_counted, places, UNKNOWN))


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


def _frames(table: Floats) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Strokes as frames, and which frames count."""
    n = _SECONDS * INPUT_FRAMES_PER_SECOND
    frames = np.zeros((len(Instrument), n + 1), np.float32)
    at = table[:, 0] * INPUT_FRAMES_PER_SECOND
    early = np.floor(at).astype(np.int64)
    inside = (early >= 0) & (early < n)
    early, late_share, table = early[inside], (at - early)[inside], table[inside]
    drum = table[:, 1].astype(np.int64)
    np.maximum.at(frames, (drum, early), (table[:, 2] * (1.0 - late_share)).astype(np.float32))
    np.maximum.at(frames, (drum, early + 1), (table[:, 2] * late_share).astype(np.float32))
    counts = np.zeros(_SECONDS * FRAMES_PER_SECOND, np.float32)
    counts[: int(max(0.0, table[:, 0].max(initial=0.0) + 0.3) * FRAMES_PER_SECOND)] = 1.0
    return frames[:, :n], counts


def _targets(downbeats: Floats, beats: Floats, n: int) -> NDArray[np.float32]:
    targets = np.zeros((2, n), np.float32)
    for row, times in enumerate((downbeats, beats)):
        nearest = np.round(times * FRAMES_PER_SECOND).astype(np.int64)
        for offset, value in ((0, 1.0), (-1, 0.3), (1, 0.3)):
            frame = nearest + offset
            frame = frame[(frame >= 0) & (frame < n)]
            targets[row, frame] = np.maximum(targets[row, frame], value)
    return targets
