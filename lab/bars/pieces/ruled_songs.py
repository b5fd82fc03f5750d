"""Drum parts made by rule in metres that songs rarely have: 6/4, 5/8, 3/4, 9/8, 11/8 and others.

A groove has its kick on one, backbeats where the metre has them, something that keeps time at a
density that hands can play, ghosts now and then; phrases of a few bars end in fills and begin with
crashes, and some songs have sections in another metre of the same eighth. So a network that learns
from songs in 4/4 meets the rare metres at every tempo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drumscribe.domain.drums import Instrument
from drumscribe.domain.rhythm import COMMON_TIME, Metre
from lab.bars.pieces.made_metres import Bars
from lab.bars.pieces.songs import Floats, cut
from lab.notation_study.known_parts import KnownPart, as_heard

_DRUMS = list(Instrument)
_KICK, _SNARE, _CLOSED, _OPEN, _RIDE, _CRASH, _HIGH, _MID, _LOW = (
    _DRUMS.index(drum)
    for drum in (
        Instrument.KICK,
        Instrument.SNARE,
        Instrument.HIHAT_CLOSED,
        Instrument.HIHAT_OPEN,
        Instrument.RIDE,
        Instrument.CRASH,
        Instrument.TOM_HIGH,
        Instrument.TOM_MID,
        Instrument.TOM_LOW,
    )
)
_KEEPERS = ((_CLOSED, 0.55), (_RIDE, 0.2), (_OPEN, 0.1), (None, 0.07), (_LOW, 0.08))
_FASTEST_HAND_SECONDS = 0.1
RULED = "ruled"  # the group of cuts of them
_SECONDS, _CUT_SECONDS = 110.0, 45.0
_SOFT, _SOFTER = 0.7, 0.3

_Stroke = tuple[float, int, float]  # quarters from the bar's start, drum, loudness


@dataclass(frozen=True, slots=True)
class Rule:
    """groups: of a bar, in eighths; quarters_per_minute: slowest and fastest; share: of songs."""

    metre: Metre
    groups: tuple[int, ...]
    quarters_per_minute: tuple[float, float]
    share: float

    @property
    def quarters(self) -> float:
        return sum(self.groups) / 2.0

    @property
    def is_in_threes(self) -> bool:
        return set(self.groups) == {3}

    @property
    def starts(self) -> Floats:
        """Starts of the groups, in quarters."""
        return np.concatenate([[0], np.cumsum(self.groups)[:-1]]) / 2.0


RULES = tuple(
    Rule(Metre.parse(metre), groups, tempi, share)
    for metre, groups, tempi, share in (
        ("6/4", (2,) * 6, (80.0, 190.0), 0.16),
        ("3/4", (2,) * 3, (70.0, 130.0), 0.10),
        ("3/4", (2,) * 3, (130.0, 230.0), 0.12),
        ("5/8", (3, 2), (90.0, 220.0), 0.09),
        ("5/8", (2, 3), (90.0, 220.0), 0.08),
        ("7/4", (2,) * 7, (90.0, 200.0), 0.06),
        ("9/8", (2, 2, 2, 3), (100.0, 220.0), 0.05),
        ("9/8", (3, 3, 3), (60.0, 180.0), 0.05),
        ("11/8", (2, 2, 2, 2, 3), (110.0, 230.0), 0.02),
        ("11/8", (3, 3, 3, 2), (110.0, 230.0), 0.02),
        ("5/4", (2,) * 5, (80.0, 200.0), 0.06),
        ("7/8", (2, 2, 3), (90.0, 230.0), 0.04),
        ("7/8", (3, 2, 2), (90.0, 230.0), 0.03),
        ("6/8", (3, 3), (60.0, 240.0), 0.06),
        ("12/8", (3,) * 4, (60.0, 220.0), 0.08),
        ("2/4", (2, 2), (60.0, 130.0), 0.02),
        ("4/4", (2,) * 4, (60.0, 230.0), 0.06),
    )
)
_SHARES = np.array([rule.share for rule in RULES]) / sum(rule.share for rule in RULES)
_FOURS = Rule(COMMON_TIME, (2,) * 4, (60.0, 230.0), 0.0)
# Which groups of a bar have a backbeat, by how many groups there are.
_BACKBEATS: dict[int, tuple[tuple[int, ...], ...]] = {
    2: ((1,),),
    3: ((1, 2), (2,), (1,), (2,)),
    4: ((1, 3), (1, 3), (2,)),
    5: ((1, 3), (1, 4), (2, 4), (1, 3, 4), (3,)),
    6: ((1, 3, 5), (2, 5), (1, 4), (3,), (2, 4, 5), (1, 3, 4)),
    7: ((1, 3, 5), (1, 3, 6), (2, 4, 6), (1, 4, 6), (3, 6)),
}


def ruled_parts(n: int, seed: int) -> list[KnownPart]:
    """So many cuts of 45 s of songs by rule, half of them as heard; the same ones every time."""
    rng = np.random.default_rng(seed)
    parts: list[KnownPart] = []
    while len(parts) < n:
        song = ruled_song(rng, 2.0 * _CUT_SECONDS).as_part(f"ruled {len(parts)}", RULED)
        piece = cut(song, _CUT_SECONDS, rng)
        if piece is not None:
            parts.append(as_heard(piece, rng) if rng.random() < 0.5 else piece)
    return parts


def ruled_song(rng: np.random.Generator, seconds: float = _SECONDS) -> Bars:
    """A song by one of the rules, at least so long."""
    own = RULES[int(rng.choice(len(RULES), p=_SHARES))]
    slowest, fastest = own.quarters_per_minute
    quarter = 60.0 / float(np.exp(rng.uniform(np.log(slowest), np.log(fastest))))
    other: Rule | None = None
    if rng.random() < 0.2:
        other = _FOURS if rng.random() < 0.6 else RULES[int(rng.choice(len(RULES), p=_SHARES))]
    grooves: list[tuple[Rule, list[list[_Stroke]]]] = []
    rules: list[Rule] = []
    strokes: list[Floats] = []
    while sum(rule.quarters for rule in rules) * quarter < seconds:
        rule = own if other is None or not rules or rng.random() < 0.6 else other
        if grooves and rng.random() < 0.4:
            rule, groove = grooves[int(rng.integers(len(grooves)))]
        else:
            groove = _groove(rule, quarter, rng)
            grooves.append((rule, groove))
        section = _section(rule, groove, rng)
        strokes += section
        rules += [rule] * len(section)
    quarters = np.array([rule.quarters for rule in rules])
    return Bars(tuple(rule.metre for rule in rules), quarters * quarter, quarters, tuple(strokes))


def _groove(rule: Rule, quarter: float, rng: np.random.Generator) -> list[list[_Stroke]]:
    """One, two or four bars that belong together."""
    backbeats = _BACKBEATS[len(rule.groups)]
    snares = rule.starts[list(backbeats[int(rng.integers(len(backbeats)))])].tolist()
    places = np.arange(0.0, rule.quarters, 0.5 if rng.random() < 0.75 else 0.25).tolist()
    often = float(rng.choice([0.08, 0.15, 0.3]))
    kicks = {0.0}
    kicks |= {p for p in places if p > 0.0 and p not in snares and rng.random() < often}
    kicks |= {s for s in rule.starts[1:].tolist() if s not in snares and rng.random() < 0.5}
    if rng.random() < 0.08:
        kicks.discard(0.0)
    keeping = _keeping(rule, quarter, rng)
    has_ghosts, has_open_end = rng.random() < 0.25, rng.random() < 0.3
    bars = []
    for k in range(int(rng.choice([1, 1, 2, 2, 4]))):
        bar: list[_Stroke] = [*keeping, *((place, _SNARE, 1.0) for place in snares)]
        varied = {p for p in places if k and p > 0.0 and rng.random() < 0.1}
        bar += [(place, _KICK, 1.0) for place in kicks ^ varied]
        if k and rng.random() < 0.3:
            bar.append((float(rng.choice(places)), _SNARE, 1.0))
        if has_ghosts and not rule.is_in_threes:
            ghosts = np.arange(0.25, rule.quarters, 0.5)
            bar += [(place, _SNARE, _SOFTER) for place in ghosts.tolist() if rng.random() < 0.25]
        if has_open_end:
            bar.append((rule.quarters - 0.5, _OPEN, 1.0))
        bars.append(bar)
    return bars


def _keeping(rule: Rule, quarter: float, rng: np.random.Generator) -> list[_Stroke]:
    """What keeps time in a bar."""
    keeper = _KEEPERS[int(rng.choice(len(_KEEPERS), p=[share for _, share in _KEEPERS]))][0]
    if keeper is None:
        return []
    if rule.is_in_threes:
        distances = [0.5, 1.5] if 0.5 * quarter > _FASTEST_HAND_SECONDS else [1.5]
    else:
        distances = [d for d in (0.25, 0.5, 0.5, 1.0, 1.0) if d * quarter > _FASTEST_HAND_SECONDS]
    distance = distances[int(rng.integers(len(distances)))]
    places = np.arange(0.0, rule.quarters - 1e-6, distance)
    if distance == 1.0 and 3 in rule.groups:
        places = rule.starts
    elif distance == 1.0 and rng.random() < 0.08:
        places = places + 0.5  # on the off-beats
    return [(p, keeper, 1.0 if p % 0.5 == 0.0 else _SOFT) for p in places.tolist()]


def _section(rule: Rule, groove: list[list[_Stroke]], rng: np.random.Generator) -> list[Floats]:
    """Some phrases of a groove, with fills at their ends and crashes at their beginnings."""
    phrase = int(rng.choice([2, 4, 4, 6, 8, 8]))
    begins_with_crash, has_crash_after_fill = rng.random() < 0.75, rng.random() < 0.5
    bars = []
    for k in range(phrase * int(rng.choice([1, 2]))):
        bar = list(groove[k % len(groove)])
        if k % phrase == phrase - 1 and rng.random() < 0.7:
            bar = _with_fill(bar, rule.quarters, rng)
        if (k == 0 and begins_with_crash) or (k % phrase == 0 and has_crash_after_fill):
            bar = [stroke for stroke in bar if stroke[0] > 0.0 or stroke[1] in (_KICK, _SNARE)]
            bar += [(0.0, _CRASH, 1.0), (0.0, _KICK, 1.0)]
        loudest: dict[tuple[float, int], float] = {}
        for place, drum, loudness in bar:
            loudest[place, drum] = max(loudness, loudest.get((place, drum), 0.0))
        rows = [(place, drum, loudness) for (place, drum), loudness in sorted(loudest.items())]
        bars.append(np.array(rows, dtype=np.float64).reshape(-1, 3))
    return bars


def _with_fill(bar: list[_Stroke], quarters: float, rng: np.random.Generator) -> list[_Stroke]:
    length = min(quarters, float(rng.choice([0.5, 1.0, 1.0, 2.0, 4.0])))
    begin = quarters - length
    places = np.arange(begin, quarters - 1e-6, float(rng.choice([0.25, 0.25, 0.5]))).tolist()
    downwards = (_SNARE, _HIGH, _MID, _LOW)
    kept = [stroke for stroke in bar if stroke[0] < begin]
    for number, place in enumerate(places):
        if rng.random() < 0.85:
            falls = rng.random() < 0.8
            drum = downwards[4 * number // len(places)] if falls else _SNARE
            kept.append((place, drum, 1.0))
        if rng.random() < 0.2:
            kept.append((place, _KICK, 1.0))
    return kept
