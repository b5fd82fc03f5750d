"""A kit of clicks and a band that hums: material that needs no files."""

from __future__ import annotations

import numpy as np

from lab.render.cache import SAMPLE_RATE, Backing, Cache, Performance
from lab.render.performances import CLASS_OF_PIECE, Event

SAMPLE_SECONDS = 0.2


def click_cache() -> Cache:
    """One kit: every piece is a decaying burst of noise, its attack 2 ms after the start."""
    n, onset = int(SAMPLE_SECONDS * SAMPLE_RATE), 0.002
    t = np.arange(n) / SAMPLE_RATE
    burst = np.random.default_rng(0).standard_normal(n) * np.exp(-t / 0.02) * (t >= onset)
    entry = {"at": [0, n], "vel": [1, 127], "onset_s": onset, "loud_db": -12.0, "gain_db": 0.0}
    pieces = {p: [{**entry, "src": f"{p}.wav", "file": f"{p}.wav"}] for p in CLASS_OF_PIECE}
    kits = {"clicks": {"pieces": pieces, "kind": "acoustic", "family": "clicks"}}
    events = tuple(
        Event(i * 0.25, ("kick", "hihat_closed", "snare", "hihat_open")[i % 4], 90.0)
        for i in range(80)
    )
    part = Performance("p", "played", 120.0, events, np.array([e.time for e in events]))
    hum = (3000 * np.sin(2 * np.pi * 220 * np.arange(30 * SAMPLE_RATE) / SAMPLE_RATE)).astype("i2")
    backing = Backing("midi", "p", 0, len(hum))
    return Cache(
        samples=(burst * 8000).astype(np.int16), backing_samples=hum, kits=kits,
        families={"acoustic": {"clicks": ["clicks"]}},
        performances={"played": [part], "programmed": [part]},
        weights={"played": np.array([20.0]), "programmed": np.array([20.0])},
        backings=[backing], layers=[], in_time={"p": [backing]},
        rooms=[np.array([1.0, 0.5], np.float32)], small_rooms=[0],
    )  # fmt: skip
