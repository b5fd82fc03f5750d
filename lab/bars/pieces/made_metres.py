"""Songs in 4/4 with their bars cut and repeated into other metres.

Metres other than 4/4 are rare among songs (one in ten, most of them a few bars long), so whoever
learns bars from songs alone mishears them. A drummer's bars of four without their last beat are
bars of three that somebody might play; with the eighth after every beat twice they are a 12/8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import Metre
from lab.bars.pieces.songs import Floats
from lab.notation_study.known_parts import LEAD_IN_SECONDS, KnownPart

_EARLY_QUARTERS = 0.02  # a stroke so shortly before a place is meant to be on it
_USUAL_VELOCITY = 0.7  # a loudness of 1
_CRASH = list(Instrument).index(Instrument.CRASH)
_WHOLE, _SECTIONS, _ALTERNATING = 0.55, 0.2, 0.1  # of songs; in the rest single bars are changed
_SECTION_BARS = (4, 8, 8, 8, 16)
_SINGLE_SHARE = 0.08  # of the bars
_OTHER_WAYS = (0.0, 0.0, 0.12, 0.25)  # of the bars, those made in another way than the rest


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """A song bar by bar: metre and seconds of each, and the strokes in it.

    quarters: of each bar; strokes: per bar (strokes, 3): quarters from its start, number of the
    drum, loudness (1 is usual).
    """

    metres: tuple[Metre, ...]
    seconds: Floats
    quarters: Floats
    strokes: tuple[Floats, ...]

    @classmethod
    def of(cls, song: KnownPart) -> Bars:
        """The bars of a song."""
        seconds = np.diff(song.bars)
        quarters = np.array([float(metre.bar_length) for metre in song.metres])
        drums = list(Instrument)
        table = np.array(
            [
                [hit.time, drums.index(hit.instrument), hit.velocity / _USUAL_VELOCITY]
                for hit in song.hits
            ]
        )
        bar = np.clip(np.searchsorted(song.bars, table[:, 0] + 0.01) - 1, 0, seconds.size - 1)
        strokes = []
        for k in range(seconds.size):
            inside = table[bar == k]
            inside[:, 0] = (inside[:, 0] - song.bars[k]) / max(seconds[k], 1e-6) * quarters[k]
            strokes.append(inside)
        return cls(song.metres, seconds, quarters, tuple(strokes))

    @property
    def odd_share(self) -> float:
        """The bars that are not four quarters long."""
        return float((self.quarters != 4.0).mean())

    def between(self, first: int, end: int) -> Bars:
        """Some of the bars."""
        return Bars(
            self.metres[first:end],
            self.seconds[first:end],
            self.quarters[first:end],
            self.strokes[first:end],
        )

    def as_part(self, name: str, group: str = "", fold: int = 0) -> KnownPart:
        """The bars as a song again."""
        starts = LEAD_IN_SECONDS + np.append(0.0, np.cumsum(self.seconds))
        drums = list(Instrument)
        hits = [
            Hit(
                max(0.0, start + place / quarters * seconds),
                drums[int(drum)],
                float(min(1.0, loudness * _USUAL_VELOCITY)),
            )
            for start, seconds, quarters, strokes in zip(
                starts[:-1].tolist(),
                self.seconds.tolist(),
                self.quarters.tolist(),
                self.strokes,
                strict=True,
            )
            for place, drum, loudness in strokes.tolist()
        ]
        hits.sort(key=lambda hit: hit.time)
        return KnownPart(name, starts, self.metres, tuple(hits), group, fold)


@dataclass(frozen=True, slots=True)
class Making:
    """How a bar of four quarters becomes one or more bars of another metre.

    bars: of each new bar the stretches of the old one that it is made of, begin and end in
    quarters.
    """

    metre: Metre
    bars: tuple[tuple[tuple[float, float], ...], ...]

    def __post_init__(self) -> None:
        for stretches in self.bars:
            length = sum(end - begin for begin, end in stretches)
            if abs(length - float(self.metre.bar_length)) > 1e-9:
                raise ValueError(f"{stretches} is no bar of {self.metre}")


def _in_threes(first: float) -> tuple[tuple[float, float], ...]:
    """A beat and the eighth after it once more: three eighths from two."""
    return ((first, first + 1.0), (first + 0.5, first + 1.0))


def _make(metre: str, *bars: tuple[tuple[float, float], ...]) -> Making:
    return Making(Metre.parse(metre), bars)


# Ways to make each metre, and how often it is made.
MAKINGS: tuple[tuple[tuple[Making, ...], float], ...] = (
    (
        (
            _make("3/4", ((0.0, 3.0),)),
            _make("3/4", ((0.0, 2.0), (3.0, 4.0))),
            _make("3/4", ((0.0, 1.0), (2.0, 4.0))),
            _make("3/4", ((0.0, 2.0), (1.0, 2.0)), ((2.0, 4.0), (3.0, 4.0))),
            _make("3/4", ((0.0, 1.0), (0.0, 2.0)), ((2.0, 3.0), (2.0, 4.0))),
            _make("3/4", ((0.0, 1.0), (3.0, 4.0), (3.0, 4.0))),
        ),
        0.24,
    ),
    (
        (
            _make("5/4", ((0.0, 4.0), (3.0, 4.0))),
            _make("5/4", ((0.0, 4.0), (0.0, 1.0))),
            _make("5/4", ((0.0, 3.0), (2.0, 4.0))),
        ),
        0.10,
    ),
    (
        (
            _make("7/8", ((0.0, 3.5),)),
            _make("7/8", ((0.0, 1.5), (2.0, 4.0))),
            _make("7/8", ((0.0, 2.0), (2.0, 3.0), (3.5, 4.0))),
        ),
        0.10,
    ),
    (
        (
            _make("5/8", ((0.0, 2.5),)),
            _make("5/8", ((0.0, 1.0), (0.5, 1.0), (3.0, 4.0))),
            _make("5/8", ((0.0, 2.0), (1.5, 2.0))),
            _make("5/8", ((0.0, 1.5), (1.0, 2.0))),
            _make("5/8", ((0.0, 2.0), (1.5, 2.0)), ((2.0, 4.0), (3.5, 4.0))),
            _make("5/8", (*_in_threes(0.0), (1.0, 2.0)), (*_in_threes(2.0), (3.0, 4.0))),
            _make("5/8", ((0.0, 2.5),), ((2.0, 4.0), (3.5, 4.0))),
        ),
        0.13,
    ),
    (
        (
            _make("6/4", ((0.0, 4.0), (0.0, 2.0))),
            _make("6/4", ((0.0, 4.0), (2.0, 4.0))),
            _make("6/4", ((0.0, 2.0), (0.0, 4.0))),
            _make("6/4", ((0.0, 3.0), (2.0, 3.0), (2.0, 4.0))),
            _make("6/4", ((0.0, 3.0), (0.0, 1.0), (2.0, 4.0))),
            _make("6/4", ((0.0, 4.0), (1.0, 2.0), (3.0, 4.0))),
        ),
        0.13,
    ),
    (
        (
            _make("6/8", _in_threes(0.0) + _in_threes(1.0), _in_threes(2.0) + _in_threes(3.0)),
            _make("6/8", _in_threes(0.0) + _in_threes(3.0)),
        ),
        0.10,
    ),
    ((_make("12/8", tuple(s for beat in range(4) for s in _in_threes(float(beat)))),), 0.06),
    (
        (
            _make("9/8", ((0.0, 4.0), (3.5, 4.0))),
            _make("9/8", _in_threes(0.0) + _in_threes(1.0) + _in_threes(3.0)),
            _make("9/8", (*_in_threes(0.0), (1.0, 4.0))),
        ),
        0.06,
    ),
    (
        (
            _make("7/4", ((0.0, 4.0), (0.0, 3.0))),
            _make("7/4", ((0.0, 3.0), (0.0, 4.0))),
        ),
        0.04,
    ),
    (
        (
            _make("11/8", ((0.0, 4.0), (0.0, 1.5))),
            _make("11/8", ((0.0, 4.0), (2.5, 4.0))),
        ),
        0.02,
    ),
    ((_make("10/8", _in_threes(0.0) + _in_threes(1.0) + ((2.0, 4.0),)),), 0.02),
)
_CHANCES = [share for _, share in MAKINGS]
# Single bars among fours: those that songs have.
_SINGLE = (
    _make("2/4", ((0.0, 2.0),)),
    _make("2/4", ((2.0, 4.0),)),
    _make("3/4", ((0.0, 3.0),)),
    _make("5/4", ((0.0, 4.0), (3.0, 4.0))),
    _make("6/4", ((0.0, 4.0), (2.0, 4.0))),
    _make("7/8", ((0.0, 3.5),)),
)


def any_making(rng: np.random.Generator) -> Making:
    """One of them all, each metre as often as it is made."""
    ways = MAKINGS[int(rng.choice(len(MAKINGS), p=_CHANCES))][0]
    return ways[int(rng.integers(len(ways)))]


def whole_in(making: Making, bars: Bars) -> Bars:
    """Every bar of four made into another metre."""
    return made(bars, [making] * len(bars.metres))


def _whole_in_ways(making: Making, bars: Bars, rng: np.random.Generator) -> Bars:
    """The same, some bars in another way of the same metre: fills and answers differ too."""
    ways = next(ways for ways, _ in MAKINGS if making in ways)
    share = float(rng.choice(_OTHER_WAYS))
    others = rng.random(len(bars.metres)) < share
    return made(bars, [ways[int(rng.integers(len(ways)))] if other else making for other in others])


def in_other_metres(bars: Bars, rng: np.random.Generator) -> Bars:
    """A song in 4/4 made into one in another metre, or one in which metres change."""
    n, drawn, making = len(bars.metres), rng.random(), any_making(rng)
    if drawn < _WHOLE:
        return _whole_in_ways(making, bars, rng)
    plan: list[Making | None] = [None] * n
    if drawn < _WHOLE + _SECTIONS:
        now, is_on = 0, bool(rng.random() < 0.5)
        while now < n:
            length = int(rng.choice(_SECTION_BARS))
            plan[now : now + length] = [making if is_on else None] * len(plan[now : now + length])
            now, is_on = now + length, not is_on
    elif drawn < _WHOLE + _SECTIONS + _ALTERNATING:
        every = int(rng.choice((2, 2, 4)))
        plan[every - 1 :: every] = [making] * len(plan[every - 1 :: every])
    else:
        plan = [
            _SINGLE[int(rng.integers(len(_SINGLE)))] if rng.random() < _SINGLE_SHARE else None
            for _ in range(n)
        ]
    return made(bars, plan)


def made(bars: Bars, plan: Sequence[Making | None]) -> Bars:
    """Each bar made anew as planned; None, and bars that are no 4/4: left as they are.

    What is played twice in a bar has its crash once: a crash says that something begins.
    """
    metres: list[Metre] = []
    seconds: list[float] = []
    strokes: list[Floats] = []
    for k, making in enumerate(plan):
        if making is None or bars.quarters[k] != 4.0:
            metres.append(bars.metres[k])
            seconds.append(float(bars.seconds[k]))
            strokes.append(bars.strokes[k])
            continue
        quarter = float(bars.seconds[k]) / 4.0
        for stretches in making.bars:
            strokes.append(_spliced(bars.strokes[k], stretches))
            metres.append(making.metre)
            seconds.append(quarter * float(making.metre.bar_length))
    quarters = np.array([float(metre.bar_length) for metre in metres])
    return Bars(tuple(metres), np.array(seconds), quarters, tuple(strokes))


def _spliced(strokes: Floats, stretches: Sequence[tuple[float, float]]) -> Floats:
    """Stretches of a bar one after another."""
    parts, now, furthest = [], 0.0, 0.0
    for begin, end in stretches:
        at = strokes[:, 0]
        is_in = (at >= begin - _EARLY_QUARTERS) & (at < end - _EARLY_QUARTERS)
        if begin < furthest:
            is_in &= strokes[:, 1] != _CRASH
        part = strokes[is_in].copy()
        part[:, 0] += now - begin
        parts.append(part)
        now, furthest = now + end - begin, max(furthest, end)
    return np.concatenate(parts)
