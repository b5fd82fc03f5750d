"""Renders an excerpt: a stretch of a performance on a kit, in a room, in a band."""

from __future__ import annotations

import itertools
import math
import random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lab.render import effects, interference, records, styles
from lab.render.cache import SAMPLE_RATE, Backing, Cache, Performance
from lab.render.kits import Kit, Stroke
from lab.render.labels import Label
from lab.render.performances import Event
from lab.render.recipe import RELEASE, Recipe

Samples = NDArray[np.float32]
PRE_ROLL_SECONDS = 1.0
_WEAKEST_VELOCITY = 10
_ATTACK_SECONDS = 0.03
_STROKES_THAT_RING = ("kick", "snare", "snare_rimshot")


class _Placed(NamedTuple):
    time: float
    name: str
    velocity: float
    level: float
    bright_level: float


def choose_performance(cache: Cache, rng: random.Random, recipe: Recipe) -> Performance:
    """Played or programmed, each performance as likely as it is long (up to a minute)."""
    kind = "programmed" if rng.random() < recipe.programmed_share else "played"
    weights = cache.weights[kind]
    return cache.performances[kind][int(np.searchsorted(weights, rng.random() * weights[-1]))]


def _sympathetic(
    rng: random.Random, kit: Kit, events: list[Event], share: float
) -> list[tuple[Event, float]]:
    """Sounds that follow a stroke without being one: (what sounds, dB)."""
    found = []
    for event in events:
        rings, buzzes = kit.tom_resonance_db, kit.wire_buzz_db
        rung = event.piece in _STROKES_THAT_RING
        if rings is not None and rung and rng.random() < share:
            for tom in kit.resonating:
                found.append((event._replace(piece=tom), rings))
        struck = event.piece.startswith(("kick", "tom"))
        if buzzes is not None and struck and rng.random() < share:
            found.append((event._replace(piece="snare"), buzzes))
    return found


def _add(out: Samples, samples: Samples, gain: float, at: int) -> None:
    if at < 0:
        samples, at = samples[-at:], 0
    n = min(len(samples), len(out) - at)
    if n > 0:
        out[at : at + n] += samples[:n] * np.float32(gain)


def _choked(rng: random.Random, stroke: Stroke, seconds: float) -> Samples:
    """The stroke cut where the next hat event closes it, with a short fade."""
    fade = rng.randint(500, 2200)
    samples = stroke.samples[: int((seconds + stroke.onset_seconds) * SAMPLE_RATE) + fade].copy()
    n = min(fade, len(samples))
    samples[-n:] *= np.linspace(1, 0, n, dtype=np.float32)
    return samples


def _followed_by_open_hats(events: list[Event]) -> set[float]:
    """Times of the open hats after which the next hat is open too."""
    hats = [e for e in events if e.piece.startswith("hihat")]
    return {
        one.time
        for one, following in itertools.pairwise(hats)
        if one.piece == following.piece == "hihat_open"
    }


def _place(
    rng: random.Random, kit: Kit, events: list[Event], seconds: float, recipe: Recipe
) -> tuple[Samples, list[_Placed]]:
    """Dry drums with PRE_ROLL_SECONDS before time 0, and what was played in them."""
    out = np.zeros(int((PRE_ROLL_SECONDS + seconds) * SAMPLE_RATE), dtype=np.float32)
    placed = []
    hats = np.array([e.time for e in events if e.piece.startswith("hihat")])
    sloshing = _followed_by_open_hats(events) if recipe.sloshing_hat_share else set()
    audible = [e for e in events if -PRE_ROLL_SECONDS + 0.05 <= e.time <= seconds]
    for event in audible:
        if event.piece == "shaker":
            stroke: Stroke | None = kit.shaker(event.velocity)
        else:
            stroke = kit.stroke(event.piece, event.velocity)
        if stroke is None or (stroke.label is not None and event.velocity < _WEAKEST_VELOCITY):
            continue
        samples = stroke.samples
        if event.piece == "hihat_open":
            following = int(np.searchsorted(hats, event.time + 0.02))
            # A sloshing hat is not closed between its strokes.
            sloshes = recipe.sloshing_hat_share and event.time in sloshing
            if following < len(hats) and not sloshes:
                samples = _choked(rng, stroke, float(hats[following]) - event.time)
        at = round((event.time - stroke.onset_seconds + PRE_ROLL_SECONDS) * SAMPLE_RATE)
        _add(out, samples, stroke.gain, at)
        if kit.kick_layer_db is not None and event.piece == "kick":
            shift = int(kit.kick_layer_delay * SAMPLE_RATE)
            second = kit.stroke("kick", event.velocity)
            if second is not None:
                gain = second.gain * 10 ** (kit.kick_layer_db / 20)
                _add(out, second.samples, gain, at + shift)
        if stroke.label is not None:
            start = int(stroke.onset_seconds * SAMPLE_RATE)
            attack = samples[start : start + int(_ATTACK_SECONDS * SAMPLE_RATE)]
            if len(attack) > 2:
                level = stroke.gain * effects.rms(attack)
                bright = stroke.gain * effects.rms(np.diff(attack))
                placed.append(_Placed(event.time, stroke.label, event.velocity, level, bright))
    for event, level_db in _sympathetic(rng, kit, audible, recipe.ringing_share):
        stroke = kit.stroke(event.piece, event.velocity)
        if stroke is None:
            continue
        samples = stroke.samples[: int(0.6 * SAMPLE_RATE)].copy()
        rise = int((stroke.onset_seconds + kit.slow_attack_seconds) * SAMPLE_RATE)
        rise = min(rise, len(samples))
        samples[:rise] *= np.linspace(0, 1, rise, dtype=np.float32) ** 2
        at = round((event.time - stroke.onset_seconds + PRE_ROLL_SECONDS) * SAMPLE_RATE)
        _add(out, samples, stroke.gain * 10 ** (level_db / 20), at)
    return out, placed


def _on_the_bus(cache: Cache, rng: random.Random, drums: Samples, recipe: Recipe) -> Samples:
    room = None
    if rng.random() < recipe.room_share:
        small = rng.random() < 0.8
        room = cache.rooms[
            rng.choice(cache.small_rooms) if small else rng.randrange(len(cache.rooms))
        ]
    drums = effects.in_room(rng, drums, room)
    if rng.random() < recipe.compressor_share:
        drums = effects.compressed(rng, drums)
    if recipe.crushed_share and rng.random() < recipe.crushed_share:
        drums = records.crushed_beside(rng, drums)
    if rng.random() < recipe.saturation_share:
        drums = effects.saturated(drums, rng.uniform(0.5, 4) / (float(np.abs(drums).max()) + 1e-6))
    return drums / np.float32(effects.rms(drums))


def stretched(cache: Cache, backing: Backing, start: float, speed: float, n: int) -> Samples:
    """n samples of a backing from `start` (in its samples), at another speed and pitch."""
    at = start + np.arange(n) * speed
    first, last = max(0, math.floor(at[0])), min(backing.length, int(at[-1]) + 2)
    if last - first < 10:
        return np.zeros(n, dtype=np.float32)
    source = cache.sound(backing)[first:last]
    moved = np.interp(at, np.arange(first, last), source.astype(np.float32), left=0, right=0)
    return np.asarray(moved, np.float32)


def _accompaniment(
    cache: Cache,
    rng: random.Random,
    in_time: Backing | None,
    start: float,
    speed: float,
    n: int,
    recipe: Recipe,
    *,
    alone: bool = False,
) -> Samples | None:
    """A band without drums, unit level; None if it happens to be silent.

    alone: no drums will sound with it, so bands with remains of theirs are left out.
    """
    band = np.zeros(n, dtype=np.float32)
    chosen: list[Backing | None] = [in_time]
    if in_time is None:
        real = recipe.real_band_share and rng.random() < recipe.real_band_share
        if real and alone and cache.drum_free:
            chosen = [rng.choice(cache.drum_free)]
        elif real and cache.real_backs:
            chosen = [rng.choice(cache.real_backs)]
        else:
            chosen = [rng.choice(cache.backings) for _ in range(1 if rng.random() < 0.75 else 2)]
    if rng.random() < recipe.layer_share and cache.layers:
        chosen.append(rng.choice(cache.layers))
    if recipe.spoken_share and cache.spoken and rng.random() < recipe.spoken_share:
        chosen.append(rng.choice(cache.spoken))
    for backing in chosen:
        if backing is None:
            continue
        if backing is in_time:
            part = stretched(cache, backing, start * SAMPLE_RATE, speed, n)
        else:
            other = 2 ** (rng.gauss(0, 2) / 12)
            latest = max(1.0, backing.length - n * other - 1)
            part = stretched(cache, backing, rng.uniform(0, latest), other, n)
        level = effects.rms(part)
        if level > 1:
            band += part / np.float32(level) * np.float32(10 ** (rng.gauss(0, 3) / 20))
    if effects.rms(band) < 1e-3:
        return None
    if rng.random() < recipe.noise_strokes_share:
        strokes = effects.noise_strokes(rng, n)
        band += strokes * np.float32(effects.rms(band) * 10 ** (rng.uniform(-16, -2) / 20))
    if rng.random() < 0.6:
        band = effects.equalised(rng, band, 5.0)
    if rng.random() < 0.25:
        band = effects.saturated(band, rng.uniform(1, 5) / effects.rms(band))
    return band / np.float32(effects.rms(band))


def on_the_record(rng: random.Random, mix: Samples, recipe: Recipe) -> Samples:
    """Noise and loss of treble, as recordings have them."""
    if rng.random() < 0.5:
        hiss = effects.noise(rng, len(mix))
        if rng.random() < 0.5:
            hiss = effects.low_passed(hiss, rng.uniform(300, 4000))
        mix = mix + hiss / np.float32(effects.rms(hiss) * 10 ** (rng.uniform(25, 60) / 20))
    if rng.random() < recipe.narrow_share:
        mix = effects.low_passed(mix, rng.uniform(7000, 14000))
    if rng.random() < recipe.codec_share:
        mix = effects.through_codec(rng, mix)
    return mix


def _in_drummers_time(
    cache: Cache,
    rng: random.Random,
    events: list[Event],
    seconds: float,
    beat_seconds: float | None,
    n: int,
) -> Samples:
    """Strums or chords on the drummer's grid, unit level (silence where there is no grid)."""
    times = [event.time for event in events]
    at = interference.grid(rng, times, seconds, beat_seconds)
    if rng.random() < 0.6:
        sound = interference.strummed(rng, at, n, PRE_ROLL_SECONDS)
    else:
        backing = rng.choice(cache.backings)
        other = 2 ** (rng.gauss(0, 3) / 12)
        start = rng.uniform(0, max(1.0, backing.length - n * other - 1))
        chords = stretched(cache, backing, start, other, n)
        sound = interference.stabs(rng, chords, at, PRE_ROLL_SECONDS)
    level = effects.rms(sound)
    return sound / np.float32(level) if level > 1e-4 else np.zeros(n, dtype=np.float32)


def levelled(rng: random.Random, mix: Samples) -> Samples:
    """RMS of about 0.1, as the product brings every recording to."""
    level = np.float32(0.1 * 10 ** (rng.gauss(0, 3.5) / 20) / effects.rms(mix))
    return np.asarray(mix * level, dtype=np.float32)


def _audibility_db(
    placed: _Placed,
    energy: NDArray[np.float64],
    bright: NDArray[np.float64],
    scale: float,
) -> float:
    """How far the dry attack stands above (below: negative) the mix at its place."""
    a = int(placed.time * SAMPLE_RATE)
    b = min(len(energy) - 1, a + int(_ATTACK_SECONDS * SAMPLE_RATE))
    if b - a < 300:
        return 0.0
    whole = math.sqrt((energy[b] - energy[a]) / (b - a)) + 1e-9
    treble = math.sqrt((bright[b] - bright[a]) / (b - a)) + 1e-9
    full_db = 20 * math.log10(placed.level * scale / whole + 1e-9)
    bright_db = 20 * math.log10(placed.bright_level * scale / treble + 1e-9)
    if placed.name == "kick" or placed.name.startswith("tom"):
        return full_db
    return max(full_db, bright_db) if placed.name == "snare" else bright_db


def excerpt(
    cache: Cache,
    rng: random.Random,
    kit: Kit,
    seconds: float,
    recipe: Recipe = RELEASE,
) -> tuple[Samples, list[Label]]:
    """`seconds` of music, mono at 44.1 kHz, RMS about 0.1, and its strokes."""
    performance = choose_performance(cache, rng, recipe)
    in_time: Backing | None = None
    backed = rng.random() < recipe.backed_share
    if backed and cache.in_time and rng.random() < recipe.in_time_share:
        in_time = rng.choice(cache.in_time.get(performance.name) or [None])
    speed = rng.uniform(0.85, 1.15)
    end = float(performance.times[-1])
    if in_time is not None:
        end = min(end, in_time.length / SAMPLE_RATE)
    start = rng.uniform(-0.5, max(0.0, end / speed - seconds * 0.8))
    first, last = np.searchsorted(
        performance.times,
        [(start - PRE_ROLL_SECONDS) * speed, (start + seconds) * speed],
    )
    louder = rng.uniform(0.85, 1.15)
    events = [
        Event(e.time / speed - start, e.piece, min(127.0, max(1.0, e.velocity * louder)))
        for e in performance.events[first:last]
    ]
    beat = 60 / (performance.bpm * speed) if performance.bpm else None
    events = styles.styled(rng, events, seconds, beat, recipe, concert=kit.is_concert)
    grid_events = events
    if backed and rng.random() < recipe.levels.drumless_share:
        events = []

    dry, placed = _place(rng, kit, events, seconds, recipe)
    dry_rms = effects.rms(dry) if dry.any() else 0.0
    mix = _on_the_bus(cache, rng, dry, recipe) if dry_rms > 0 else dry
    if backed:
        band = _accompaniment(
            cache, rng, in_time, (start - PRE_ROLL_SECONDS) * speed, speed, len(mix), recipe,
            alone=not events,
        )  # fmt: skip
        if band is not None:
            if recipe.low_strokes_share and rng.random() < recipe.low_strokes_share:
                kicks = [e.time for e in grid_events if e.piece == "kick"]
                others = [e.time for e in grid_events if e.piece != "kick"]
                low = records.low_strokes(rng, kicks, others, len(mix), PRE_ROLL_SECONDS)
                band = band + low * np.float32(10 ** (rng.uniform(-10, 4) / 20))
                band = band / np.float32(effects.rms(band))
            if rng.random() < recipe.interference_share:
                sound = _in_drummers_time(cache, rng, grid_events, seconds, beat, len(mix))
                band = band + sound * np.float32(10 ** (rng.uniform(-12, 3) / 20))
                band = band / np.float32(effects.rms(band))
            drums_db = recipe.levels.choose(rng)
            mix = mix + band * np.float32(10 ** (-drums_db / 20))
            if recipe.mastered_share and rng.random() < recipe.mastered_share:
                mix = records.mastered(rng, mix)
            elif rng.random() < 0.3:
                mix = effects.saturated(mix, rng.uniform(0.1, 0.5))
    mix = on_the_record(rng, mix, recipe)[int(PRE_ROLL_SECONDS * SAMPLE_RATE) :]

    energy = np.concatenate([[0.0], np.cumsum(np.square(mix, dtype=np.float64))])
    slope = np.diff(mix, prepend=mix[:1]).astype(np.float64)
    bright = np.concatenate([[0.0], np.cumsum(np.square(slope))])
    labels = [
        Label(p.time, p.name, p.velocity, _audibility_db(p, energy, bright, 1 / dry_rms))
        for p in placed
        if 0 <= p.time < seconds
    ]
    return levelled(rng, mix), labels
