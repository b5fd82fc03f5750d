"""A folder of songs whose bars are known, made up: for trying the commands that learn bars."""

from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from drumscribe.domain.drums import Instrument
from lab.bars.pieces.songs import SONGS_FILE
from lab.notation_study.known_parts import KnownPart


def write_songs(folder: Path, songs: Sequence[KnownPart]) -> None:
    """Write the songs so that lab/bars/pieces/songs.py reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    with lzma.open(folder / SONGS_FILE, "wt", encoding="utf-8") as lines:
        for song in songs:
            lines.write(json.dumps(_line_of(song)) + "\n")


def _line_of(song: KnownPart) -> dict[str, object]:
    drums = list(Instrument)
    bars = [
        [start, metre.numerator, metre.denominator, float(metre.bar_length)]
        for start, metre in zip(song.bars.tolist(), song.metres, strict=False)
    ]
    lengths = [float(metre.bar_length) for metre in song.metres]
    hits = []
    for hit in song.hits:
        bar = int(np.clip(np.searchsorted(song.bars, hit.time, "right") - 1, 0, len(lengths) - 1))
        share = (hit.time - song.bars[bar]) / (song.bars[bar + 1] - song.bars[bar])
        place = float(share) * lengths[bar]
        hits.append([hit.time, drums.index(hit.instrument), 100 * hit.velocity, bar, place])
    end = [float(song.bars[-1]), 0, 0, 0]
    return {"id": song.name, "fold": song.fold, "bars": [*bars, end], "hits": hits}
