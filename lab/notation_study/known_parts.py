"""Drum parts that others wrote, with their true bar lines; and what may happen to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import Metre
from drumscribe.errors import InvalidHits, SourceNotFound

LEAD_IN_SECONDS = 0.4
_CONFUSED = (Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN, Instrument.RIDE)
_TAKEN_FOR = (*_CONFUSED, Instrument.CRASH)

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class KnownPart:
    """bars: (bars + 1,) starts in seconds, the end of the last one behind them; may be negative.

    metres: of each bar; hits: in the order of time; group: what kind of music it is; fold: of
    songs that are kept apart in fitting.
    """

    name: str
    bars: _Floats
    metres: tuple[Metre, ...]
    hits: tuple[Hit, ...]
    group: str = ""
    fold: int = 0

    @property
    def metre(self) -> Metre:
        """The metre of most of the time."""
        seconds: dict[Metre, float] = {}
        for metre, length in zip(self.metres, np.diff(self.bars), strict=True):
            seconds[metre] = seconds.get(metre, 0.0) + float(length)
        return max(seconds, key=lambda metre: seconds[metre])


def read_known_parts(folder: Path) -> list[KnownPart]:
    """Every *.json of a folder, in the order of the names.

    group, bars [{"start": s, "end": s, "num": 4, "den": 4}, ...],
    hits [{"time": s, "instrument": name, "velocity": 0..1}, ...]

    Raises SourceNotFound where there is none, InvalidHits for a file that cannot be read.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise SourceNotFound(f"{folder} has no parts (*.json with hits and bars).")
    parts = []
    for path in paths:
        try:
            parts.append(_part_of(path.stem, json.loads(path.read_text(encoding="utf-8"))))
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise InvalidHits(f"{path} is not a part with hits and bars: {error!r}.") from None
    return parts


def _part_of(name: str, document: Mapping[str, Any]) -> KnownPart:
    bars = document["bars"]
    hits = (
        Hit(float(hit["time"]), Instrument(hit["instrument"]), float(hit["velocity"]))
        for hit in document["hits"]
    )
    starts = [float(bar["start"]) for bar in bars]
    part = KnownPart(
        name,
        np.array([*starts, float(bars[-1]["end"])], dtype=np.float64),
        tuple(Metre(int(bar["num"]), int(bar["den"])) for bar in bars),
        tuple(sorted(hits, key=lambda hit: hit.time)),
        str(document.get("group", "")),
    )
    if not part.hits or (np.diff(part.bars) <= 0.0).any():
        raise ValueError("hits must not be empty, and bars must follow each other")
    return part


def begun_later(part: KnownPart, rng: np.random.Generator) -> KnownPart:
    """The part from anywhere in its first three bars on."""
    bars = part.bars[part.bars >= -0.05]
    latest = min(float(bars[min(3, bars.size - 1)]), part.hits[-1].time)
    begin = float(rng.uniform(min(float(bars[0]), latest), latest))
    played = [hit for hit in part.hits if hit.time >= begin]
    moved = LEAD_IN_SECONDS - played[0].time
    hits = tuple(replace(hit, time=hit.time + moved) for hit in played)
    return replace(part, bars=part.bars + moved, hits=hits)


def as_heard(part: KnownPart, rng: np.random.Generator) -> KnownPart:
    """What a listener might hear: 10 % lost, 5 % made up, 8 ms astray, cymbals confused."""
    heard = []
    for hit in part.hits:
        if rng.random() < 0.10:
            continue
        instrument = hit.instrument
        if instrument in _CONFUSED and rng.random() < 0.15:
            instrument = _TAKEN_FOR[int(rng.integers(len(_TAKEN_FOR)))]
        time = max(0.0, hit.time + float(rng.normal(0.0, 0.008)))
        heard.append(replace(hit, time=time, instrument=instrument))
    everything = list(Instrument)
    for _ in range(round(0.05 * len(heard))):
        time = float(rng.uniform(part.hits[0].time, part.hits[-1].time))
        heard.append(Hit(time, everything[int(rng.integers(len(everything)))], 0.6))
    return replace(part, hits=tuple(sorted(heard, key=lambda hit: hit.time)))
