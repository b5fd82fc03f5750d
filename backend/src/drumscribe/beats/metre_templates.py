"""Where drummers put their strokes in a bar: one template per metre, feel and kind of groove.

The shares come from human performances in 4/4 (metre_model.json says which and how): how often
kick, snare, crash, toms and timekeepers are struck on a downbeat, a backbeat and the strong beat
between, and on the parts of each. Bars of other metres are put together from the same beats: a
waltz is a downbeat and two backbeats, a bar of seven three such beats, the last or first of which
is an eighth longer. So a metre nobody recorded enough of can be judged by what is known of one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import Metre

PARTS = 48  # of a quarter or dotted quarter
GROUPS: tuple[tuple[Instrument, ...], ...] = (
    (Instrument.KICK,),
    (Instrument.SNARE,),
    (Instrument.CRASH,),
    (Instrument.TOM_HIGH, Instrument.TOM_MID, Instrument.TOM_LOW),
    (Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN, Instrument.RIDE),
)
GROUP_NAMES = ("kick", "snare", "crash", "toms", "time")
KICK, SNARE, CRASH, TOMS, TIME = range(5)

# Kick and snare tell more than their average over all grooves shows: a groove that is not this
# one blurs it.
_SHARPENED = np.array([1.3, 1.3, 1.0, 1.0, 1.0])[:, None]
# In music in triplets all three are played by the timekeeper; sixteenths are rare guests.
_TRIPLET_TIME = (0.36, 0.26, 0.30)
_SIXTHS_SHARE = 0.03
# Swing from 3:2 to 3:1, as shares of what is played at 2:1.
_OTHER_SWING = ((7, 0.35), (9, 0.20))

_Floats = NDArray[np.float64]


class Feel(StrEnum):
    """How the beats of a template divide."""

    STRAIGHT = "straight"
    SWUNG = "swung"
    TRIPLET = "triplet"


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """Bars of one kind.

    name: what the beats are: D downbeat, B backbeat, S strong, W weak, in quarters or dotted
        quarters.
    kind: "usual", "half-time", "one drop" or "latin".
    shares: (groups, parts of the bar), each row with mean 1: how many strokes of a group fall
        there, relative to anywhere. 48 parts to a quarter or dotted quarter.
    """

    name: str
    metre: Metre
    feel: Feel
    kind: str
    shares: _Floats

    @property
    def parts_per_beat(self) -> int:
        """Of the beat grid, which counts eighths in 7/8."""
        return int(self.shares.shape[1]) // self.metre.beats_per_bar


_COMMON = (("DBSB", "usual"), ("DWBW", "half-time"))
_WALTZ = ("DBB", "DWB", "DBW")
_FIVE = ("DWBWB", "DBWSB", "DWBSB", "DBBSB", "DBSBB", "DBSWB", "DWWBW", "DWWSB")
_SEVEN = ("DBB", "DBS", "DSB", "DBW", "DWB")
_SEVEN_GROUPS = ((2, 2, 3), (3, 2, 2), (2, 3, 2))
BOSSA_NOVA, SAMBA = "bossa nova", "samba"
# Of bossa nova and samba: what else than the two strokes of the surdo the kick plays.
_OTHER_KICKS_SHARE = 0.05


@cache
def templates() -> tuple[Template, ...]:
    """All templates, for 2/4 3/4 4/4 5/4 6/8 7/8 12/8."""
    found: list[Template] = []
    for feel in (Feel.STRAIGHT, Feel.SWUNG):
        beats = _beats_of(feel)
        found += [_of_beats(Metre(4, 4), feel, name, beats, kind) for name, kind in _COMMON]
        found += [_of_beats(Metre(3, 4), feel, name, beats) for name in _WALTZ]
        found += [_of_beats(Metre(5, 4), feel, name, beats) for name in _FIVE]
    straight, triplet = _beats_of(Feel.STRAIGHT), _beats_of(Feel.TRIPLET)
    found.append(_of_beats(Metre(2, 4), Feel.STRAIGHT, "DB", straight))
    found.append(_one_drop(straight))
    found.append(_latin(BOSSA_NOVA, Metre(4, 4), straight, beats_per_kick_figure=2))
    found += [
        _latin(SAMBA, metre, straight, beats_per_kick_figure=1)
        for metre in (Metre(2, 4), Metre(4, 4))
    ]
    found.append(_of_beats(Metre(6, 8), Feel.TRIPLET, "DB", triplet))
    found += [_of_beats(Metre(12, 8), Feel.TRIPLET, name, triplet, kind) for name, kind in _COMMON]
    found += [_seven(groups, name, straight) for groups in _SEVEN_GROUPS for name in _SEVEN]
    return tuple(found)


METRES = tuple(Metre.parse(text) for text in ("2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "12/8"))


def _of_beats(
    metre: Metre, feel: Feel, name: str, beats: dict[str, _Floats], kind: str = "usual"
) -> Template:
    return _template(name, metre, feel, kind, [beats[letter] for letter in name])


def _seven(groups: tuple[int, ...], name: str, beats: dict[str, _Floats]) -> Template:
    """Two or three eighths to a group: the third eighth is played like the second."""
    parts = []
    for n_eighths, letter in zip(groups, name, strict=True):
        parts.append(beats[letter])
        if n_eighths == 3:
            parts.append(beats[letter][:, PARTS // 2 :])
    label = "+".join(map(str, groups)) + " " + name
    return _template(label, Metre(7, 8), Feel.STRAIGHT, "usual", parts)


def _one_drop(beats: dict[str, _Floats]) -> Template:
    """Reggae's: kick and snare together on the third beat."""
    weak, down = beats["W"], beats["W"].copy()
    down[CRASH] = beats["D"][CRASH]
    third = beats["S"].copy()
    third[KICK, 0] = beats["D"][KICK, 0]
    third[SNARE, 0] = beats["B"][SNARE, 0]
    parts = [down, weak, third, weak]
    return _template("one drop", Metre(4, 4), Feel.STRAIGHT, "one drop", parts)


def _latin(
    name: str, metre: Metre, beats: dict[str, _Floats], *, beats_per_kick_figure: int
) -> Template:
    """The kick is the surdo, long-short-long-short, in eighths (bossa nova) or sixteenths (samba).

    No backbeat: what snare or rim play, a clave or running strokes, takes two bars to come round,
    so over many bars it falls alike on every eighth or sixteenth.
    """
    n_beats = metre.beats_per_bar
    bar = np.concatenate([beats["D" if k == 0 else "S"] for k in range(n_beats)], axis=1)
    figure = PARTS * beats_per_kick_figure
    slot = figure // 4
    bar[SNARE] = bar[KICK] = 0.0
    bar[SNARE, ::slot] = 1.0
    bar[KICK, ::slot] = _OTHER_KICKS_SHARE
    bar[KICK, ::figure] = bar[KICK, 3 * slot :: figure] = 1.0
    return _template(name, metre, Feel.STRAIGHT, "latin", [bar])


def _template(name: str, metre: Metre, feel: Feel, kind: str, parts: list[_Floats]) -> Template:
    bar = np.concatenate(parts, axis=1)
    return Template(name, metre, feel, kind, bar / bar.mean(axis=1, keepdims=True))


def _beats_of(feel: Feel) -> dict[str, _Floats]:
    """(groups, 48) per kind of beat."""
    table = model_data()["strokes"]["straight" if feel is Feel.STRAIGHT else "thirds"]
    n_slots = 4 if feel is Feel.STRAIGHT else 3
    at = [slot * PARTS // n_slots for slot in range(n_slots)]
    beats: dict[str, _Floats] = {}
    for letter, role in (("D", "downbeat"), ("B", "backbeat"), ("S", "strong")):
        played = np.array([table[group][role] for group in GROUP_NAMES], dtype=np.float64)
        beat = np.zeros((len(GROUPS), PARTS))
        beat[:, at] = played
        beats[letter] = beat
    if feel is Feel.TRIPLET:
        beats = {letter: _in_triplets(beat) for letter, beat in beats.items()}
    elif feel is Feel.SWUNG:
        beats = {letter: _swung(beat) for letter, beat in beats.items()}
    beats["W"] = np.minimum(beats["B"], beats["S"])
    return {letter: beat**_SHARPENED for letter, beat in beats.items()}


def _in_triplets(beat: _Floats) -> _Floats:
    out = beat.copy()
    thirds, sixths = [0, PARTS // 3, 2 * PARTS // 3], [PARTS // 6, PARTS // 2, 5 * PARTS // 6]
    timekeeping = beat[TIME].sum()
    out[TIME] = 0.0
    out[TIME, thirds] = timekeeping * np.array(_TRIPLET_TIME)
    out[TIME, sixths] = timekeeping * _SIXTHS_SHARE
    for group in (KICK, SNARE, TOMS):
        out[group, sixths] = _SIXTHS_SHARE * beat[group].sum()
    return out


def _swung(beat: _Floats) -> _Floats:
    out = beat.copy()
    out[:, PARTS // 3] = 0.0
    for twelfth, share in _OTHER_SWING:
        out[:, twelfth * PARTS // 12] = share * beat[:, 2 * PARTS // 3]
    return out


@cache
def model_data() -> dict[str, dict[str, dict[str, dict[str, list[float]]]]]:
    """What training/metre_model.py wrote."""
    text = files("drumscribe.beats").joinpath("metre_model.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, dict[str, dict[str, list[float]]]]] = json.loads(text)
    return found
