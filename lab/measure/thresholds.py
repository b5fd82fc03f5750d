"""Chooses the thresholds of a set of weights, by one rule for all, for each way of listening.

    python -m lab.measure.thresholds --manifest FILE.json --out runs/v4/thresholds.json \\
        --cells runs/cells.npz --free FOLDER --annotated FOLDER --loud FOLDER --separated FOLDER

Material: `lab/measure/heard.py`. Ways of listening and their sets:

mix   free pieces, records of the annotated recordings, real mixes against their drums alone
stem  annotated drum stems, and separated drums of the free pieces and the records
both  the mean of the logits of mix and separated drums, of the free pieces and the records

For each threshold every set has an optimum: of 0.25, 0.30 ... 0.75 the lowest whose F is within
.001 of the largest (an invented stroke is deleted with one key, a missed one has to be heard). A
set with fewer than 50 strokes of the class has none. The threshold goes from where it was as far
towards the median of the optima as no set that votes loses more than .003 by it: the median alone
cost the records .017 (LOG.md, run v4). What is heard in the drums alone has no vote on
names of cymbals and hats: they do not survive separation. So no single set, and no set of renders,
decides. A cross-stick has the snare's threshold, and the toms have one together, by whether any tom
is heard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from drumscribe.domain.drums import TOMS, Activations, Listening
from drumscribe.hearing.manifest import DetectorManifest
from drumscribe.hearing.picking import PickingOptions
from lab.measure.heard import Heard, Recording, fit_on_material
from lab.measure.onsets import Strokes, counts
from lab.measure.selection import Count, f_of, five, picked

GRID = tuple(round(0.25 + 0.05 * i, 2) for i in range(11))
FEWEST_STROKES = 50
# The set of real mixes against their drums alone.
AGREEMENT = "real"
_FLAT, _LOSS = 0.001, 0.003
_TOMS = tuple(tom.value for tom in TOMS)


class Knob(NamedTuple):
    """A threshold: the columns or the option that it is, and the class that says how good it is."""

    columns: tuple[str, ...]
    option: str | None
    judged_by: str
    in_five: bool


KNOBS = {
    "kick": Knob(("kick",), None, "kick", True),
    "snare": Knob(("snare", "sidestick"), None, "snare", True),
    "hihat_closed": Knob(("hihat_closed",), None, "hihat", True),
    "hihat_open": Knob(("hihat_open",), None, "hihat_open", False),
    "ride": Knob(("ride",), None, "ride", False),
    "crash": Knob(("crash",), None, "crash", False),
    "tom": Knob(_TOMS, None, "tom", True),
    "cymbal": Knob((), "cymbal_threshold", "cymbal", True),
}

Curve = dict[float, Count]
Sets = dict[str, list[tuple[Activations, Strokes]]]


def optimum(curve: Curve) -> float | None:
    """The lowest threshold as good as the best; None where too few strokes say anything."""
    if max(count[2] for count in curve.values()) < FEWEST_STROKES:
        return None
    best = max(f_of([count]) for count in curve.values())
    return min(t for t, count in curve.items() if f_of([count]) >= best - _FLAT)


def chosen(curves: Mapping[str, Curve], before: float) -> float:
    """The value towards the median of the optima by which no set that votes loses."""
    voting = [one for one in curves.values() if optimum(one) is not None]
    if not voting:
        return before
    nearest = min(GRID, key=lambda value: abs(value - before))
    aim = median(optimum(one) or before for one in voting)
    way = [value for value in GRID if min(before, aim) <= value <= max(before, aim)]
    reached = before
    for value in sorted(way, key=lambda value: abs(value - before)):
        if any(f_of([one[value]]) < f_of([one[nearest]]) - _LOSS for one in voting):
            break
        reached = value
    return reached


def with_threshold(options: PickingOptions, knob: Knob, value: float) -> PickingOptions:
    """The options with one knob turned."""
    if knob.option:
        turned: dict[str, Any] = {knob.option: value}
        return replace(options, **turned)
    moved = dict(options.thresholds)
    moved.update({name: value for name in knob.columns if name in moved})
    return replace(options, thresholds=moved)


def _count(true: Strokes, found: Strokes, knob: Knob) -> Count:
    if knob.in_five:
        true, found = five(true), five(found)
    return counts(true, found).get(knob.judged_by, (0, 0, 0))


def curve(
    recordings: list[tuple[Activations, Strokes]], options: PickingOptions, knob: Knob
) -> Curve:
    """Counts of the class that judges a knob at every threshold."""
    result: Curve = {}
    for value in GRID:
        turned = with_threshold(options, knob, value)
        each = [_count(true, picked(said, turned), knob) for said, true in recordings]
        matched, found, true = (int(x) for x in np.sum(each, axis=0))
        result[value] = (matched, found, true)
    return result


def _plain(recordings: list[Recording]) -> list[tuple[Activations, Strokes]]:
    return [(one.said, one.true) for one in recordings]


def material(heard: Heard, stem: PickingOptions) -> dict[Listening, Sets]:
    """The sets of each way of listening; `stem` picks what D's mixes are held against."""
    names = {
        Listening.MIX: ("free", "loud"),
        Listening.STEM: ("stems", "free separated", "loud separated"),
        Listening.BOTH: ("free both", "loud both"),
    }
    ways: dict[Listening, Sets] = {
        way: {name: _plain(heard.sets[name]) for name in of if heard.sets.get(name)}
        for way, of in names.items()
    }
    ways[Listening.MIX][AGREEMENT] = [(pair.mix, picked(pair.drums, stem)) for pair in heard.pairs]
    return {way: sets for way, sets in ways.items() if sets}


def fitted(
    sets: Sets,
    options: PickingOptions,
    say: Callable[[str], None] = print,
) -> dict[str, float]:
    """Thresholds by name of column or option."""
    known = {field.name for field in fields(PickingOptions)}
    result: dict[str, float] = {}
    for name, knob in KNOBS.items():
        if knob.option and knob.option not in known:
            continue
        before = (
            getattr(options, knob.option) if knob.option else options.thresholds[knob.columns[0]]
        )
        curves = {
            of: curve(recordings, options, knob)
            for of, recordings in sets.items()
            if knob.in_five or of != AGREEMENT
        }
        value = chosen(curves, before)
        result |= {knob.option: value} if knob.option else dict.fromkeys(knob.columns, value)
        said = "; ".join(
            f"{of} {optimum(one)} " + " ".join(f"{f_of([count]):.3f}" for count in one.values())
            for of, one in curves.items()
        )
        say(f"  {name}: {before} -> {value}   {said}")
    return result


def thresholds(rules: DetectorManifest, heard: Heard) -> dict[str, dict[str, float]]:
    """The thresholds of each way of listening, printed on the way."""
    content: dict[str, dict[str, float]] = {}
    for way, sets in material(heard, rules.picking_for(Listening.STEM)).items():
        print(way.value)
        content[way.value] = fitted(sets, rules.picking_for(way))
    return content


if __name__ == "__main__":
    fit_on_material(__doc__, thresholds)
