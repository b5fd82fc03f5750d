"""Plain music: every beat is like the one before, so no stroke says where a bar begins.

Whoever writes it down writes 4/4 from the first stroke and knows that it is a guess. Songs have
hardly any of it, and weights that were fitted on songs alone hear threes in it.
"""

from __future__ import annotations

import numpy as np

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import COMMON_TIME
from lab.notation_study.known_parts import LEAD_IN_SECONDS, KnownPart

PLAIN = "plain"  # their group
_SECONDS = 42.0
_SAME = (70, 90, 120, 150)  # quarters a minute
_BLASTS = (140, 180, 200, 220)
_FORCE = 0.7
_CLOSED = Instrument.HIHAT_CLOSED
_KICK, _SNARE = Instrument.KICK, Instrument.SNARE
# A beat: places in quarters and drums; and whether one crash comes first.
_Beat = tuple[tuple[float, Instrument], ...]
_BEATS: dict[str, tuple[_Beat, bool, tuple[int, ...]]] = {
    "kicks": (((0.0, _KICK),), False, _SAME),
    "kick and snare at once": (((0.0, _KICK), (0.0, _SNARE)), False, _SAME),
    "ride after a crash": (((0.0, Instrument.RIDE),), True, _SAME),
    "hats after a crash": (((0.0, _CLOSED), (0.5, _CLOSED)), True, _SAME),
    "toms after a crash": (((0.0, Instrument.TOM_LOW),), True, _SAME),
    "blast beat": (((0.0, _KICK), (0.0, _CLOSED), (0.5, _SNARE)), False, _BLASTS),
    "blast beat in sixteenths": (
        ((0.0, _KICK), (0.25, _SNARE), (0.5, _KICK), (0.75, _SNARE)),
        False,
        tuple(bpm // 2 for bpm in _BLASTS),
    ),
}


def plain_pieces() -> list[KnownPart]:
    """All of them, at four tempi each."""
    return [
        _piece(f"{name} at {bpm}", beat, has_crash, bpm)
        for name, (beat, has_crash, tempi) in _BEATS.items()
        for bpm in tempi
    ]


def _piece(name: str, beat: _Beat, has_crash: bool, bpm: int) -> KnownPart:
    quarter = 60.0 / bpm
    n_bars = int(_SECONDS / quarter) // 4 + 1
    hits = [
        Hit(LEAD_IN_SECONDS + (number + place) * quarter, drum, _FORCE)
        for number in range(4 * n_bars)
        for place, drum in beat
    ]
    if has_crash:
        hits = [Hit(LEAD_IN_SECONDS, Instrument.CRASH, _FORCE), *hits[1:]]
    hits.sort(key=lambda hit: hit.time)
    bars = LEAD_IN_SECONDS + 4.0 * quarter * np.arange(n_bars + 1, dtype=np.float64)
    return KnownPart(name, bars, (COMMON_TIME,) * n_bars, tuple(hits), PLAIN)
