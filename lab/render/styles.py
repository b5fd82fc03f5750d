"""Re-voicing: what is played is changed so that rare pieces occur in plausible places."""

from __future__ import annotations

import random

from lab.render.performances import DISTRACTORS, Event
from lab.render.recipe import RELEASE, Recipe

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


def revoiced(rng: random.Random, events: list[Event], recipe: Recipe = RELEASE) -> list[Event]:
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
    if chance < 0.56 and recipe.hats_as_toms:
        return _moved(rng, events, "hihat_closed", rng.choice(_TOMS), 1)
    return events


def _keeps_time(event: Event) -> bool:
    return event.piece.startswith(("hihat", "ride")) and event.piece != "hihat_pedal"


def _on_strong_strokes(rng: random.Random, events: list[Event]) -> list[Event]:
    """Every stroke of the timekeeper, or only those with a kick or a snare and some others."""
    if rng.random() < 0.6:
        return events
    struck = [e.time for e in events if e.piece in ("kick", "snare", "snare_rimshot")]
    return [
        e for e in events
        if not _keeps_time(e)
        or any(abs(e.time - time) < 0.03 for time in struck)
        or rng.random() < 0.25
    ]  # fmt: skip


def with_timekeeper_of_records(
    rng: random.Random, events: list[Event], recipe: Recipe
) -> list[Event]:
    """Time kept on a ridden crash, a sloshing hat, the ride or the floor tom, as loud as that is.

    Real bands keep time on these at full strength for whole choruses; what is played on the closed
    hat of a practice kit is soft, and so would be a crash that takes its place.
    """
    shares = (
        recipe.ridden_crash_share, recipe.sloshing_hat_share, recipe.ride_share,
        recipe.floor_tom_share,
    )  # fmt: skip
    if not any(shares):
        return events
    rest = 1 - sum(shares)
    piece, low, high = rng.choices(
        [("crash", 85, 127), ("hihat_open", 75, 127), ("ride", 50, 120), ("tom_low", 60, 127),
         ("", 0, 0)],
        (*shares, rest),
    )[0]  # fmt: skip
    if not piece:
        return events
    if piece in ("crash", "tom_low"):
        events = _on_strong_strokes(rng, events)
    strength, spread = rng.uniform(low, high), rng.uniform(2, 12)
    bell_share = rng.choice((0.0, 0.0, 0.3))
    played = []
    for one in events:
        event = one
        if _keeps_time(event):
            accent = 0.4 * (event.velocity - 70)
            velocity = min(127.0, max(30.0, strength + accent + rng.gauss(0, spread)))
            own = "ride_bell" if piece == "ride" and rng.random() < bell_share else piece
            event = event._replace(piece=own, velocity=velocity)
        played.append(event)
    return played


def with_two_cymbals(rng: random.Random, events: list[Event]) -> list[Event]:
    """A ride or a crash struck at once with some of the strokes, over hats that go on.

    No drummer has a third hand for it, but programmed drums are full of it.
    """
    piece, steps = rng.choice(
        (("ride", (1, 2, 4)), ("crash", (2, 4, 8)), ("crash", (4, 8, 16)), ("china", (2, 4, 8)))
    )
    played_on = rng.choice((("kick",), ("snare", "snare_rimshot"), ("hihat", "kick", "snare")))
    struck = [e for e in events if e.piece.startswith(played_on)]
    step, strength = rng.choice(steps), rng.uniform(50, 120)
    added = [
        Event(e.time + rng.gauss(0, 0.002), piece, min(127.0, strength + rng.gauss(0, 8)))
        for e in struck[rng.randrange(step) :: step]
    ]
    return events + added


def in_an_orchestra(
    rng: random.Random, events: list[Event], seconds: float, beat_seconds: float | None
) -> list[Event]:
    """A snare that marches and rolls, without a timekeeper; sometimes with what else was played."""
    out = {"hihat_closed", "hihat_open", "hihat_pedal", "ride", "ride_bell", "snare_rimshot"}
    out |= {"kick"} if rng.random() < 0.5 else set()
    out |= {"snare", "sidestick"} if rng.random() < 0.7 else set()
    out |= set(_TOMS) if rng.random() < 0.5 else set()
    kept = [e for e in events if e.piece not in out]
    step = (beat_seconds or rng.uniform(0.35, 0.8)) / rng.choice((2, 2, 3, 4))
    pattern = [rng.random() < 0.6 for _ in range(rng.choice((6, 8)))]
    strength, rolls = rng.uniform(25, 95), rng.choice((0.0, 0.08, 0.2))
    time, place = rng.uniform(-1.0, -1.0 + step), 0
    while time < seconds:
        accent = strength * rng.uniform(1.0, 1.4) if place % 4 == 0 else strength
        if pattern[place % len(pattern)]:
            kept.append(Event(time + rng.gauss(0, 0.004), "snare", min(127.0, accent)))
            if rng.random() < rolls:
                gap = rng.uniform(0.055, 0.1)
                softer = strength * rng.uniform(0.5, 0.9)
                kept += [
                    Event(time + gap * i, "snare", softer) for i in range(1, rng.randint(2, 9))
                ]
        time, place = time + step, place + 1
    return kept


def with_flams(rng: random.Random, events: list[Event]) -> list[Event]:
    """A soft stroke just before some of the snare's and the toms'."""
    share, gap = rng.uniform(0.05, 0.5), rng.uniform(0.025, 0.06)
    added = []
    for event in events:
        if event.piece in ("snare", "snare_rimshot", *_TOMS) and rng.random() < share:
            piece = "snare" if event.piece == "snare_rimshot" else event.piece
            grace = event.velocity * rng.uniform(0.25, 0.7)
            added.append(Event(event.time - gap + rng.gauss(0, 0.003), piece, grace))
    return events + added


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
    *,
    concert: bool = False,
) -> list[Event]:
    """All of the above, each with its share of the excerpts; sorted, doubles removed.

    concert: the snare is an orchestra's.
    """
    if recipe.rare_pieces:
        events = with_timekeeper_of_records(rng, revoiced(rng, events, recipe), recipe)
    if concert:
        events = in_an_orchestra(rng, events, seconds, beat_seconds)
    if recipe.two_cymbals_share and rng.random() < recipe.two_cymbals_share:
        events = with_two_cymbals(rng, events)
    hatless = not any(e.piece.startswith("hihat") or e.piece == "ride" for e in events)
    if recipe.rare_pieces:
        if rng.random() < recipe.fill_share:
            events = with_fill(rng, events, seconds)
        if rng.random() < recipe.crash_share:
            events = with_crashes(rng, events, seconds)
        if rng.random() < 0.20:
            events = with_open_hats(rng, events, seconds)
        if recipe.flam_share and rng.random() < recipe.flam_share:
            events = with_flams(rng, events)
    if rng.random() < (0.35 if hatless else 0.18) and recipe.distractors:
        events = with_distractor(rng, events, seconds, beat_seconds)
    last: dict[str, float] = {}
    kept = []
    for event in sorted(events):
        if event.time - last.get(event.piece, -9.0) >= 0.02:
            last[event.piece] = event.time
            kept.append(event)
    return kept
