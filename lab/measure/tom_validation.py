"""Measures which tom is heard, with and without the judgement by pitch, on held-out renders.

    python -m lab.measure.tom_validation [--manifest FILE.json] [--seed 12] [--clips 200]

Two sets. Songs: clips of 30 s on one kit each, with fills every few seconds on one, two or three
toms, a fifth each as drums alone and 12, 6, 0 and -6 dB above the band. Fixed: the excerpts of 5 s
of `lab.measure.validation --set fixed`. Strokes that drown in the mix (12 dB below it) count on
neither side. `right` is the share of the toms heard that have the right name.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.audio import Audio
from drumscribe.domain.comparing.matching import match
from drumscribe.domain.drums import TOMS, Activations, Hit
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.hearing.picking import pick
from drumscribe.pipeline.context import LocalContext
from lab.measure.validation import INAUDIBLE_DB, RECIPES
from lab.network.dataset import excerpts
from lab.render import cache as cached
from lab.render.excerpt import excerpt
from lab.render.kits import Kit
from lab.render.labels import Label
from lab.render.performances import Event
from lab.render.recipe import MEASURED, Levels

Samples = NDArray[np.float32]
_TOM_NAMES = tuple(tom.value for tom in TOMS)
_TOLERANCE_SECONDS = 0.05
_DRUMS_DB: tuple[float | None, ...] = (None, 12.0, 6.0, 0.0, -6.0)
_PLAYED = (
    ("tom_low",), ("tom_high",), ("tom_mid",),
    ("tom_high", "tom_low"), ("tom_high", "tom_low"), ("tom_high", "tom_mid"),
    ("tom_mid", "tom_low"),
    _TOM_NAMES, _TOM_NAMES, _TOM_NAMES,
)  # fmt: skip
_FEWEST_STROKES = 3


class Clip(NamedTuple):
    """A rendered clip, what was played in it, and the groups whose figures it belongs to."""

    samples: Samples
    labels: list[Label]
    groups: tuple[str, ...]


def _nearest(piece: str, toms: tuple[str, ...]) -> str:
    place = _TOM_NAMES.index
    return min(toms, key=lambda tom: (abs(place(tom) - place(piece)), place(tom)))


def with_fills(
    rng: random.Random, song: cached.Performance, toms: tuple[str, ...], seconds: float
) -> cached.Performance:
    """A performance of at least `seconds` on these toms only, with fills over them."""
    events = [
        e._replace(piece=_nearest(e.piece, toms)) if e.piece in _TOM_NAMES else e
        for e in song.events
    ]
    beat = 60 / song.bpm if song.bpm else 0.5
    bars = max(1, round(float(song.times[-1]) / (4 * beat))) * 4 * beat
    times = int(np.ceil(1.4 * seconds / bars))
    events = [e._replace(time=e.time + i * bars) for i in range(times) for e in events]
    end, at = events[-1].time, rng.uniform(1, 6)
    while at < end:
        gap, n = rng.uniform(0.08, 0.3), rng.randint(2, 8)
        downwards = ("snare", *_TOM_NAMES).index
        pieces = rng.choices((*toms, "snare"), k=n)
        if rng.random() < 0.6:
            pieces.sort(key=downwards)
        events = [
            e for e in events if e.piece == "kick" or not at - 0.03 < e.time < at + n * gap - 0.03
        ]
        events += [
            Event(at + i * gap + rng.gauss(0, 0.004), piece, rng.uniform(55, 127))
            for i, piece in enumerate(pieces)
        ]
        if rng.random() < 0.5:
            events.append(Event(at + n * gap, "crash", rng.uniform(80, 127)))
        at += rng.uniform(4, 9)
    events.sort()
    return dataclasses.replace(
        song, events=tuple(events), times=np.array([event.time for event in events])
    )


def songs(cache: cached.Cache, seed: int, n: int, seconds: float = 30.0) -> Iterator[Clip]:
    """n clips of `seconds`; the same seed gives the same clips."""
    rng = random.Random(seed)
    pool = [p for group in cache.performances.values() for p in group if p.times[-1] > 4]
    made = 0
    while made < n:
        drums_db = _DRUMS_DB[made % len(_DRUMS_DB)]
        toms = _PLAYED[made // len(_DRUMS_DB) % len(_PLAYED)]
        recipe = MEASURED._replace(
            rare_pieces=False,
            backed_share=0.0 if drums_db is None else 1.0,
            levels=Levels((drums_db or 0.0,) * 2, ahead_share=0.0, drumless_share=0.0),
        )
        song = with_fills(rng, rng.choice(pool), toms, seconds)
        one = dataclasses.replace(
            cache,
            performances={"played": [song], "programmed": [song]},
            weights={"played": np.ones(1), "programmed": np.ones(1)},
        )
        samples, labels = excerpt(one, rng, Kit(one, rng, recipe), seconds, recipe)
        clear = [x for x in labels if x.name in toms and x.audibility_db >= INAUDIBLE_DB["fixed"]]
        if len(clear) < _FEWEST_STROKES:
            continue
        level = "drums alone" if drums_db is None else f"drums {drums_db:+.0f} dB"
        yield Clip(samples, labels, ("all", level, f"{len(toms)} toms"))
        made += 1


def fixed(cache: cached.Cache) -> Iterator[Clip]:
    """The excerpts of 5 s by which releases are measured, with their sound."""
    stream = excerpts(cache, 1, 5.0, RECIPES["fixed"])
    for samples, labels in itertools.islice(stream, 1, 400, 2):
        yield Clip(samples, labels, ("all",))


class Count(NamedTuple):
    """Strokes: found, played, heard."""

    found: int = 0
    played: int = 0
    heard: int = 0

    def plus(self, other: Count) -> Count:
        return Count(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def f(self) -> float:
        return round(2 * self.found / max(1, self.played + self.heard), 3)


def matches(labels: list[Label], hits: list[Hit]) -> list[tuple[int, int]]:
    """(label, hit) one to one within 50 ms."""
    played, heard = ([x.time for x in side] for side in (labels, hits))
    return match(played, heard, _TOLERANCE_SECONDS)


def count(labels: list[Label], hits: list[Hit]) -> Count:
    """Strokes of one kind; hits at drowned strokes are left out."""
    clear = [x for x in labels if x.audibility_db >= INAUDIBLE_DB["fixed"]]
    drowned = [x.time for x in labels if x.audibility_db < INAUDIBLE_DB["fixed"]]
    pairs = matches(clear, hits)
    matched = {hit for _, hit in pairs}
    excused = sum(
        any(abs(time - hit.time) <= _TOLERANCE_SECONDS for time in drowned)
        for i, hit in enumerate(hits)
        if i not in matched
    )
    return Count(len(pairs), len(clear), len(hits) - excused)


def figures(
    clips: list[tuple[Clip, Activations]], hear: Callable[[Activations], list[Hit]]
) -> dict[str, dict[str, float]]:
    """F per tom, their mean, F of any tom, and the share of right names, by group."""
    counts: dict[str, dict[str, Count]] = defaultdict(lambda: defaultdict(Count))
    names: dict[str, list[bool]] = defaultdict(list)
    for clip, activations in clips:
        hits = [hit for hit in hear(activations) if hit.instrument in TOMS]
        labels = [label for label in clip.labels if label.name in _TOM_NAMES]
        right = [labels[i].name == hits[j].instrument for i, j in matches(labels, hits)]
        for group in clip.groups:
            names[group] += right
            for name in (*_TOM_NAMES, "any tom"):
                one = count(
                    [x for x in labels if name in ("any tom", x.name)],
                    [x for x in hits if name in ("any tom", x.instrument)],
                )
                counts[group][name] = counts[group][name].plus(one)
    result = {}
    for group, of_name in counts.items():
        each = {name: of_name[name].f for name in of_name}
        each["mean of three"] = round(float(np.mean([each[name] for name in _TOM_NAMES])), 3)
        each["right"] = round(float(np.mean(names[group])), 3)
        each["strokes"] = of_name["any tom"].played
        result[group] = each
    return result


def heard(detector: Detector, clips: Iterator[Clip]) -> list[tuple[Clip, Activations]]:
    """The clips, their sound let go, with what the network says of them."""
    found = []
    with LocalContext() as context:
        for clip in clips:
            activations = detect(Audio(clip.samples[None], cached.SAMPLE_RATE), detector, context)
            found.append((clip._replace(samples=clip.samples[:0]), activations))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifest", type=Path, help="default: the shipped weights")
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--split", choices=("train", "val"), default="val")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--clips", type=int, default=200)
    args = parser.parse_args()
    detector = load_detector(args.manifest)
    cache = cached.load(args.cache, args.split)
    sets = {"songs": songs(cache, args.seed, args.clips), "fixed": fixed(cache)}
    for name, clips in sets.items():
        said = heard(detector, clips)
        for how, pitched in (("by the network", False), ("by pitch", True)):

            def hear(activations: Activations, pitched: bool = pitched) -> list[Hit]:
                if not pitched:
                    activations = dataclasses.replace(activations, tom_pitches=None)
                return pick(activations, detector.picking)

            for group, each in figures(said, hear).items():
                print(name, how, group, json.dumps(each), flush=True)


if __name__ == "__main__":
    main()
