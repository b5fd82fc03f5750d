"""Whole songs whose bars are known, as pieces to learn bars from.

A folder with `songs.jsonl.xz`, one song a line:

    id, fold (0 to 5), bars [[start s, numerator, denominator, quarters], ..., the end],
    hits [[time s, instrument, velocity 0..100, index of its bar, quarters from its start], ...]

Instruments are numbered in the order of drumscribe's. Such songs are mostly under copyright: they
are read where the user has them, and nothing of them is written anywhere but the fitted weights.
"""

from __future__ import annotations

import json
import lzma
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import Metre

SONGS_FILE = "songs.jsonl.xz"
_LEAD_IN_SECONDS = 0.4
_FEWEST_HITS = 30
_CONFUSED = (Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN, Instrument.RIDE, Instrument.CRASH)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """bars: (bars + 1,) starts in seconds, the end of the last one behind them; may be negative.

    metres: of each bar; hits: in the order of time.
    """

    name: str
    fold: int
    bars: Floats
    metres: tuple[Metre, ...]
    hits: tuple[Hit, ...]

    @property
    def metre(self) -> Metre:
        """The metre of most of the time."""
        seconds: Counter[Metre] = Counter()
        for metre, length in zip(self.metres, np.diff(self.bars), strict=True):
            seconds[metre] += float(length)
        return seconds.most_common(1)[0][0]


def read_songs(folder: Path, folds: Collection[int]) -> Iterator[Piece]:
    """The songs of some folds, whole."""
    instruments = list(Instrument)
    with lzma.open(folder / SONGS_FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            song = json.loads(line)
            if song["fold"] in folds:
                bars = song["bars"]
                yield Piece(
                    song["id"],
                    song["fold"],
                    np.array([bar[0] for bar in bars], dtype=np.float64),
                    tuple(Metre(int(bar[1]), int(bar[2])) for bar in bars[:-1]),
                    tuple(
                        Hit(max(0.0, hit[0]), instruments[hit[1]], min(1.0, hit[2] / 100.0))
                        for hit in song["hits"]
                    ),
                )


def cut(song: Piece, seconds: float, rng: np.random.Generator) -> Piece | None:
    """So much of a song from anywhere, bar line or not; None where too little is played."""
    last = song.hits[-1].time
    begin = rng.uniform(song.hits[0].time, max(song.hits[0].time + 0.01, last - seconds))
    played = [hit for hit in song.hits if begin <= hit.time < begin + seconds]
    if len(played) < _FEWEST_HITS:
        return None
    moved = _LEAD_IN_SECONDS - played[0].time
    within = np.flatnonzero((song.bars[1:] > begin) & (song.bars[:-1] < begin + seconds))
    first, end = int(within[0]), int(within[-1]) + 1
    return Piece(
        song.name,
        song.fold,
        song.bars[first : end + 1] + moved,
        song.metres[first:end],
        tuple(replace(hit, time=hit.time + moved) for hit in played),
    )


def as_heard(piece: Piece, rng: np.random.Generator) -> Piece:
    """As a listener might hear it: 10 % lost, 5 % made up, 8 ms astray, cymbals confused."""
    heard = []
    for hit in piece.hits:
        if rng.random() < 0.10:
            continue
        instrument = hit.instrument
        if instrument in _CONFUSED[:3] and rng.random() < 0.15:
            instrument = _CONFUSED[int(rng.integers(len(_CONFUSED)))]
        time = max(0.0, hit.time + float(rng.normal(0.0, 0.008)))
        heard.append(replace(hit, time=time, instrument=instrument))
    everything = list(Instrument)
    for _ in range(round(0.05 * len(heard))):
        time = float(rng.uniform(piece.hits[0].time, piece.hits[-1].time))
        heard.append(Hit(time, everything[int(rng.integers(len(everything)))], 0.6))
    return replace(piece, hits=tuple(sorted(heard, key=lambda hit: hit.time)))
