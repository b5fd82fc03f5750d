"""Re-voicing: what is played is changed so that rare pieces occur in plausible places."""

from __future__ import annotations

import random

from training.performances import DISTRACTORS, Event
from training.recipe import RELEASE, Recipe

_TOMS = ("tom_high", "tom_mid", "tom_low")
_FILL_ORDER = {"snare": 0, "tom_high": 1, "tom_mid": 2, "tom_low": 3}


def _moved(
    rng: random.Random, events: list[Event], source: str, target: str, share: float
) -> list[Event]:
    return [
        e._replace(piece=target) if e.piece == source and rng.random() < share else e
        for e in events
    ]


def _without_hats(events: list[Event]) -> list[Event]:
    return [e for e in events if not e.piece.startswith("hihat") and e.piece != "ride"]


def revoiced(rng: random.Random, events: list[Event]) -> list[Event]:
    """A different timekeeper for the whole excerpt, in about half of all cases."""
    chance = rng.random()
    if chance < 0.08:
        return _moved(rng, events, "hihat_closed", "ride", 1)
    if chance < 0.14:
        return _moved(rng, events, "ride", "hihat_closed", 1)
    if chance < 0.26:
        return _moved(rng, events, "hihat_closed", "hihat_open", rng.choice([0.15, 0.5, 1.0]))
    if chance < 0.30:
        return _moved(rng, events, "ride", "hihat_open", 1)
    if chance < 0.34:
        return _moved(rng, events, "ride", "crash", 1)
    if chance < 0.39:
        return _moved(rng, events, "hihat_closed", "crash", rng.choice([0.5, 1]))
    if chance < 0.43:
        return _moved(rng, events, "snare", "sidestick", 1)
    if chance < 0.54:
        return _without_hats(events)
    if chance < 0.56:
        return _moved(rng, events, "hihat_closed", rng.choice(_TOMS), 1)
    return events


def with_fill(rng: random.Random, events: list[Event], seconds: float) -> list[Event]:
    """A run over the toms, usually in the place of what was there, often into a crash."""
    start, gap, n = (
        rng.uniform(-0.5, seconds - 0.5),
        rng.uniform(0.07, 0.25),
        rng.randint(2, 10),
    )
    if rng.random() < 0.6:
        pieces = sorted(rng.choices((*_TOMS, "snare"), k=n), key=_FILL_ORDER.__getitem__)
    else:
        pieces = rng.choices(_TOMS, k=n)
    end = start + n * gap
    if rng.random() < 0.7:
        events = [e for e in events if e.piece == "kick" or not start - 0.03 < e.time < end - 0.03]
    fill = [
        Event(start + i * gap + rng.gauss(0, 0.004), piece, rng.uniform(55, 127))
        for i, piece in enumerate(pieces)
    ]
    if rng.random() < 0.5:
        fill.append(Event(end + rng.gauss(0, 0.004), "crash", rng.uniform(80, 127)))
        fill.append(Event(end, "kick", rng.uniform(70, 120)))
    return events + fill


def with_crashes(rng: random.Random, events: list[Event], seconds: float) -> list[Event]:
    """One to three crashes, most of them on a kick."""
    kicks = [e.time for e in events if e.piece == "kick"]
    added = []
    for _ in range(rng.randint(1, 3)):
        on_kick = kicks and rng.random() < 0.75
        time = rng.choice(kicks) + rng.gauss(0, 0.004) if on_kick else rng.uniform(-0.5, seconds)
        piece = rng.choices(("crash", "china", "splash"), (6, 1, 1))[0]
        added.append(Event(time, piece, rng.uniform(70, 127)))
    return events + added


def with_open_hats(rng: random.Random, events: list[Event], seconds: float) -> list[Event]:
    """One to four open hats, most of them on a stroke, instead of the hat there."""
    for _ in range(rng.randint(1, 4)):
        on_stroke = events and rng.random() < 0.7
        time = rng.choice(events).time if on_stroke else rng.uniform(-0.5, seconds)
        time += rng.gauss(0, 0.004)
        events = [
            e for e in events if not (e.piece.startswith("hihat") and abs(e.time - time) < 0.04)
        ]
        events.append(Event(time, "hihat_open", rng.uniform(50, 127)))
    return events


def with_distractor(
    rng: random.Random, events: list[Event], seconds: float, beat_seconds: float | None
) -> list[Event]:
    """Percussion that is not transcribed, on a steady grid."""
    piece = rng.choices(DISTRACTORS, (4, 2, 2, 4))[0]
    step, time = rng.uniform(0.1, 0.6), rng.uniform(-1, 0)
    if events and rng.random() < 0.6:
        time = events[0].time
        if beat_seconds:
            step = beat_seconds / rng.choice([1, 2, 4])
    added = []
    while time < seconds:
        if rng.random() < 0.9:
            added.append(Event(time + rng.gauss(0, 0.006), piece, rng.uniform(50, 120)))
        time += step
    return events + added


def styled(
    rng: random.Random,
    events: list[Event],
    seconds: float,
    beat_seconds: float | None,
    recipe: Recipe = RELEASE,
) -> list[Event]:
    """All of the above, each with its share of the excerpts; sorted, doubles removed."""
    if recipe.rare_pieces:
        events = revoiced(rng, events)
    hatless = not any(e.piece.startswith("hihat") or e.piece == "ride" for e in events)
    if recipe.rare_pieces:
        if rng.random() < 0.25:
            events = with_fill(rng, events, seconds)
        if rng.random() < 0.30:
            events = with_crashes(rng, events, seconds)
        if rng.random() < 0.20:
            events = with_open_hats(rng, events, seconds)
    if rng.random() < (0.35 if hatless else 0.18) and recipe.distractors:
        events = with_distractor(rng, events, seconds, beat_seconds)
    last: dict[str, float] = {}
    kept = []
    for event in sorted(events):
        if event.time - last.get(event.piece, -9.0) >= 0.02:
            last[event.piece] = event.time
            kept.append(event)
    return kept
