"""Drum patterns with known beats, as hits and as sound, for tests of everything about rhythm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Hit, Instrument

SAMPLE_RATE = 44_100
K, S, H, C = Instrument.KICK, Instrument.SNARE, Instrument.HIHAT_CLOSED, Instrument.CRASH

# Patterns: position in beats within the bar -> what is struck.
ROCK = (4, [(0.0, K), (1.0, S), (2.0, K), (2.5, K), (3.0, S), *((e / 2, H) for e in range(8))])
WALTZ = (3, [(0.0, K), (1.0, S), (2.0, S), *((e / 2, H) for e in range(6))])
_SECONDS_OF_SOUND = {K: 0.12, S: 0.10, H: 0.03, C: 0.4}
_LOUDNESS = {K: 0.8, S: 0.6, H: 0.2, C: 0.5}


def steady_beats(
    bpm: float, n_beats: int, *, start: float = 0.0, drift: float = 0.0
) -> NDArray[np.float64]:
    """Beat times; with drift, the tempo changes by that share from the first beat to the last."""
    rates = bpm * (1.0 + drift * np.linspace(0.0, 1.0, max(1, n_beats - 1)))
    return start + np.concatenate([[0.0], np.cumsum(60.0 / rates)])[:n_beats]


def played(
    pattern: tuple[int, Sequence[tuple[float, Instrument]]],
    beats: NDArray[np.float64],
    *,
    jitter_seconds: float = 0.0,
    crash_every_bars: int = 4,
    first_number: int = 1,
    seed: int = 0,
) -> list[Hit]:
    """The pattern over these beats; beats[0] has that number in the bar."""
    generator = np.random.default_rng(seed)
    per_bar, strokes = pattern
    positions: list[tuple[float, Instrument]] = []
    for bar in range(-1, len(beats) // per_bar + 1):
        offset = bar * per_bar - (first_number - 1)
        positions += [(offset + at, piece) for at, piece in strokes]
        if crash_every_bars and bar % crash_every_bars == 0:
            positions.append((offset, C))
    inside = [(p, piece) for p, piece in positions if 0 <= p <= len(beats) - 1]
    times = np.interp([p for p, _ in inside], np.arange(len(beats)), beats)
    times = np.maximum(0.0, times + jitter_seconds * generator.standard_normal(len(times)))
    accents = [0.9 if float(p).is_integer() else 0.6 for p, _ in inside]
    return sorted(
        Hit(float(time), piece, velocity=accent)
        for time, accent, (_, piece) in zip(times, accents, inside, strict=True)
    )


def sounding(hits: Sequence[Hit], seconds: float, *, seed: int = 0) -> Audio:
    """The hits as decaying bursts: a low tone for kicks, noise for the others."""
    generator = np.random.default_rng(seed)
    samples = 0.001 * generator.standard_normal(round(seconds * SAMPLE_RATE))
    for hit in hits:
        n = round(_SECONDS_OF_SOUND[hit.instrument] * SAMPLE_RATE)
        t = np.arange(n) / SAMPLE_RATE
        burst = np.sin(2 * np.pi * 70 * t) if hit.instrument is K else generator.standard_normal(n)
        start = round(hit.time * SAMPLE_RATE)
        room = samples[start : start + n]
        loud = _LOUDNESS[hit.instrument] * hit.velocity
        room += (loud * burst * np.exp(-t * 5.0 / t[-1]))[: room.size]
    peak = np.abs(samples).max()
    return Audio((0.8 * samples / peak).astype(np.float32)[np.newaxis], SAMPLE_RATE)


def silence(seconds: float) -> Audio:
    return Audio(np.zeros((1, round(seconds * SAMPLE_RATE)), np.float32), SAMPLE_RATE)
