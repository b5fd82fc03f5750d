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
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import Metre
from lab.notation_study.known_parts import LEAD_IN_SECONDS, KnownPart

SONGS_FILE = "songs.jsonl.xz"
_FEWEST_HITS = 30

Floats = NDArray[np.float64]


def read_songs(folder: Path, folds: Collection[int]) -> Iterator[KnownPart]:
    """The songs of some folds, whole; without those that have a bar no metre can write (43/8)."""
    with lzma.open(folder / SONGS_FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            song = json.loads(line)
            if song["fold"] in folds and (piece := _piece_of(song)) is not None:
                yield piece


def _piece_of(song: dict[str, Any]) -> KnownPart | None:
    instruments = list(Instrument)
    bars = song["bars"]
    try:
        metres = tuple(Metre(int(bar[1]), int(bar[2])) for bar in bars[:-1])
    except ValueError:
        return None
    hits = (
        Hit(max(0.0, hit[0]), instruments[hit[1]], min(1.0, hit[2] / 100.0)) for hit in song["hits"]
    )
    starts = np.array([bar[0] for bar in bars], dtype=np.float64)
    return KnownPart(song["id"], starts, metres, tuple(hits), fold=song["fold"])


def cut(song: KnownPart, seconds: float, rng: np.random.Generator) -> KnownPart | None:
    """So much of a song from anywhere, bar line or not; None where too little is played."""
    last = song.hits[-1].time
    begin = rng.uniform(song.hits[0].time, max(song.hits[0].time + 0.01, last - seconds))
    played = [hit for hit in song.hits if begin <= hit.time < begin + seconds]
    if len(played) < _FEWEST_HITS:
        return None
    moved = LEAD_IN_SECONDS - played[0].time
    within = np.flatnonzero((song.bars[1:] > begin) & (song.bars[:-1] < begin + seconds))
    first, end = int(within[0]), int(within[-1]) + 1
    return replace(
        song,
        bars=song.bars[first : end + 1] + moved,
        metres=song.metres[first:end],
        hits=tuple(replace(hit, time=hit.time + moved) for hit in played),
    )
