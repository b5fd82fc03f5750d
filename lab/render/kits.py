"""Kits put together piece by piece, and single strokes on them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from lab.render import effects, toms
from lab.render.cache import SAMPLE_RATE, Cache
from lab.render.performances import CLASS_OF_PIECE
from lab.render.recipe import RELEASE, Recipe

Samples = NDArray[np.float32]

# What stands in where a kit lacks a piece.
_SUBSTITUTES = {
    "snare": ("snare_brush",), "snare_rimshot": ("snare", "snare_brush"),
    "hihat_pedal": ("hihat_closed",), "hihat_open": ("hihat_half",), "ride_bell": ("ride",),
    "china": ("crash",), "splash": ("crash",),
}  # fmt: skip
# Loudness of a piece's loudest stroke in the mix: mean and spread over kits, dB.
_BALANCE_DB = {
    "kick": (0, 3.5), "snare": (0, 3.5), "snare_rimshot": (1, 3), "hihat_closed": (-9, 4.5),
    "hihat_open": (-6, 4), "hihat_pedal": (-14, 4), "ride": (-9, 4.5), "ride_bell": (-7, 4),
    "crash": (-5, 5), "splash": (-6, 4), "china": (-4, 4), "tom_high": (-2, 3.5),
    "tom_mid": (-2, 3.5), "tom_low": (-2, 3.5), "sidestick": (-4, 4), "clap": (-4, 4),
    "cowbell": (-6, 4), "tambourine": (-8, 5), "shaker": (-14, 5),
}  # fmt: skip
_CYMBALS = ("crash", "china", "splash", "ride", "ride_bell")
_ACOUSTIC_SHARE = 0.82
_GENERAL_MIDI = "sf_gm"  # the family of the soundfonts' kits
_SNARES = ("snare", "snare_rimshot")
# Of the soft snares: those of orchestras, which are played without a kit around them.
_CONCERT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of an assembled kit: its recordings and how they are treated."""

    entries: list[dict[str, Any]]
    level_db: float
    pitch: float
    decay_seconds: float | None
    filter_taps: Samples | None
    label: str | None
    layer: Layer | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """Another kit's recordings of the same piece, sounding with it: together they are a new one."""

    entries: list[dict[str, Any]]
    below_db: float
    pitch: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """Samples of one stroke, the attack's place in them in seconds, gain and class."""

    samples: Samples
    onset_seconds: float
    gain: float
    label: str | None


def _group(name: str) -> str:
    return name[:3] if name.startswith(("tom", "hihat")) else name


class Kit:
    """A kit for some excerpts. Pieces are chosen when first played, strokes are cached."""

    def __init__(self, cache: Cache, rng: random.Random, recipe: Recipe = RELEASE) -> None:
        self._cache, self._rng, self._recipe = cache, rng, recipe
        self._base = self._kit_name()
        self._swap_share = recipe.kit_swap_share
        programmed = cache.families["acoustic"].get(_GENERAL_MIDI)
        share = recipe.general_midi_share
        if share and programmed and rng.random() < share:
            self._base, self._swap_share = rng.choice(programmed), 0.0
        self._soft_snare: str | None = None
        if recipe.soft_snare_share and rng.random() < recipe.soft_snare_share:
            self._soft_snare = self._a_soft_snare()
        self.is_concert = self._kind_of_soft_snare() == "concert"
        self._kit_of_group: dict[str, str] = {}
        self._drums: dict[str, list[dict[str, Any]]] = {}
        self._group_level: dict[str, float] = {}
        self._group_pitch: dict[str, float] = {}
        self._pieces: dict[str, Piece | None] = {}
        self._treated: dict[tuple[str, int], tuple[Samples, float, float]] = {}
        self.dynamics_db = rng.uniform(22, 37)
        # Sounds that nobody played: toms ringing along, snare wires buzzing, doubled kicks.
        self.tom_resonance_db = rng.uniform(-35, -18) if rng.random() < 0.4 else None
        self.wire_buzz_db = rng.uniform(-32, -14) if rng.random() < 0.4 else None
        self.kick_layer_db = rng.uniform(-14, -3) if rng.random() < 0.2 else None
        self.kick_layer_delay = rng.uniform(0, 0.006)
        self.resonating = tuple(rng.sample(("tom_low", "tom_mid", "tom_high"), 2))
        self.slow_attack_seconds = rng.uniform(0.01, 0.05)
        self.shaker_db = rng.gauss(-6, 5)

    def _kit_name(self, kind: str | None = None) -> str:
        families = self._cache.families
        kind = kind or ("acoustic" if self._rng.random() < _ACOUSTIC_SHARE else "electronic")
        group = families.get(kind) or families["acoustic"]
        names = list(group)
        # A family of many kits counts more, but not in proportion: they are alike.
        weights = [min(len(group[name]), 6) ** 0.7 for name in names]
        return self._rng.choice(group[self._rng.choices(names, weights)[0]])

    def _a_soft_snare(self) -> str | None:
        """A kit with an orchestra's snare or a brushed one; None where the cache has neither."""
        rng = self._rng
        concert = [
            name for names in self._cache.families.get("concert", {}).values() for name in names
        ]
        brushed = [name for name in self._cache.kits if "brush" in name]
        if concert and (not brushed or rng.random() < _CONCERT_SHARE):
            return rng.choice(concert)
        return rng.choice(brushed) if brushed else None

    def _kind_of_soft_snare(self) -> str | None:
        return self._cache.kits[self._soft_snare]["kind"] if self._soft_snare else None

    def _source(self, name: str) -> str:
        rng, group, swap = self._rng, _group(name), self._swap_share
        if self._soft_snare and self._is_soft(name):
            return self._soft_snare
        if self._soft_snare and self.is_concert and name == "crash":
            return rng.choice((self._soft_snare, self._base))
        if name == "snare" and rng.random() < 0.4 * swap and "snare_only" in self._cache.families:
            return self._kit_name("snare_only")
        if group in ("tom", "hih"):
            if group not in self._kit_of_group:
                keep = rng.random() < 1 - (swap * 5 / 6 if group == "tom" else swap)
                self._kit_of_group[group] = self._base if keep else self._kit_name()
            return self._kit_of_group[group]
        return self._kit_name() if rng.random() < swap else self._base

    def _find(self, name: str) -> tuple[str, list[dict[str, Any]]] | None:
        source = self._source(name)
        for _ in range(40):
            pieces = self._cache.kits[source]["pieces"]
            for candidate in (name, *_SUBSTITUTES.get(name, ())):
                if candidate in pieces:
                    return candidate, pieces[candidate]
            source = self._kit_name()
        return None

    def _find_tom(self, name: str) -> tuple[list[dict[str, Any]], float] | None:
        """Recordings of one drum, of the kit of all toms, and semitones to tune it up by."""
        source = self._source(name)
        for _ in range(40):
            present = toms.distinct(self._cache.kits[source]["pieces"])
            if present:
                self._kit_of_group["tom"] = source
                nearest, semitones = toms.stand_in(self._rng, name, present)
                if nearest not in self._drums:
                    self._drums[nearest] = toms.of_one_drum(self._rng, present[nearest])
                return self._drums[nearest], semitones
            source = self._kit_name()
        return None

    def _choose(self, name: str) -> Piece | None:
        rng, group = self._rng, _group(name)
        tuning = 0.0
        if group == "tom" and self._recipe.one_drum_per_tom:
            tom = self._find_tom(name)
            if tom is None:
                return None
            played, (entries, tuning) = name, tom
        else:
            found = self._find(name)
            if found is None:
                return None
            played, entries = found
        variation = self._recipe.kit_variation
        mean, spread = _BALANCE_DB.get(name, (-4, 4))
        spread = spread * variation
        if group in ("tom", "hih"):
            shared = self._group_level.setdefault(group, rng.gauss(0, 1))
            level = mean + spread * (0.85 * shared + 0.4 * rng.gauss(0, 1))
            semitones = self._group_pitch.setdefault(group, rng.gauss(0, 1.6)) + rng.gauss(0, 0.5)
        else:
            level = mean + rng.gauss(0, spread)
            sigma = 1.8 if name in _CYMBALS else 2.6 if name == "kick" else 2.0
            semitones = rng.gauss(0, sigma)
        semitones = semitones * variation + tuning
        decay = None
        if rng.random() < 0.3 * variation and name != "hihat_closed":
            is_drum = name in ("kick", "snare") or group == "tom"
            decay = rng.uniform(0.08, 0.5) if is_drum else rng.uniform(0.3, 1.5)
        taps = None
        if rng.random() < 0.6 * variation:
            curve = effects.eq_curve(rng, np.linspace(0, SAMPLE_RATE / 2, 65), 4.0)
            taps = effects.minimum_phase(curve, 96)
        label = CLASS_OF_PIECE.get(played) if name in CLASS_OF_PIECE else None
        return Piece(
            entries, level, 2 ** (semitones / 12), decay, taps, label, self._layer(name, group)
        )

    def _is_soft(self, name: str) -> bool:
        return self._soft_snare is not None and name in _SNARES

    def _layer(self, name: str, group: str) -> Layer | None:
        """A second recording for a share of all pieces; toms keep their one pitch."""
        rng, share = self._rng, self._recipe.layered_share
        # No number is drawn without a share: the sets of validation stay what they were.
        if not share or group == "tom" or rng.random() >= share or self._is_soft(name):
            return None
        other = self._cache.kits[self._kit_name()]["pieces"].get(name)
        if not other:
            return None
        return Layer(other, rng.uniform(2, 14), 2 ** (rng.gauss(0, 2) / 12))

    def _with_layer(
        self, samples: Samples, entry: dict[str, Any], pitch: float, layer: Layer
    ) -> Samples:
        """The stroke and its second recording, attack on attack."""
        middle = sum(entry["vel"]) / 2
        other = min(
            self._rng.sample(layer.entries, len(layer.entries)),
            key=lambda e: abs(sum(e["vel"]) / 2 - middle),
        )
        second = self._tuned(other, layer.pitch)
        own_db, other_db = (e["loud_db"] - e["gain_db"] for e in (entry, other))
        gain = np.float32(10 ** ((own_db - other_db - layer.below_db) / 20))
        shift = round((entry["onset_s"] / pitch - other["onset_s"] / layer.pitch) * SAMPLE_RATE)
        second = second[max(0, -shift) :]
        out = np.zeros(max(len(samples), max(0, shift) + len(second)), dtype=np.float32)
        out[: len(samples)] = samples
        out[max(0, shift) : max(0, shift) + len(second)] += gain * second
        return out

    def _tuned(self, entry: dict[str, Any], pitch: float) -> Samples:
        """A recording played `pitch` times as fast."""
        start, n = entry["at"]
        samples = np.asarray(self._cache.samples[start : start + n], np.float32) / np.float32(32768)
        if abs(pitch - 1) > 1e-3:
            at = np.arange(int(n / pitch)) * pitch
            return np.asarray(np.interp(at, np.arange(n), samples), np.float32)
        return samples

    def _treat(self, piece: Piece, entry: dict[str, Any]) -> tuple[Samples, float, float]:
        samples = self._tuned(entry, piece.pitch)
        if piece.layer:
            samples = self._with_layer(samples, entry, piece.pitch, piece.layer)
        if piece.decay_seconds:
            t = np.arange(len(samples)) / SAMPLE_RATE
            samples = samples * np.exp(-np.maximum(t - 0.03, 0) / piece.decay_seconds).astype("f4")
            samples = samples[: int((0.03 + 6 * piece.decay_seconds) * SAMPLE_RATE)]
        if piece.filter_taps is not None:
            before = effects.rms(samples[:4000])
            size = fft.next_fast_len(len(samples) + len(piece.filter_taps), real=True)
            spectrum = fft.rfft(samples, size) * fft.rfft(piece.filter_taps, size)
            samples = fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)
            samples *= min(3.0, before / effects.rms(samples[:4000]))
        own_loudness_db = entry["loud_db"] - entry["gain_db"]
        return samples, entry["onset_s"] / piece.pitch, own_loudness_db

    def stroke(self, name: str, velocity: float) -> Stroke | None:
        """One stroke on a piece at velocity 1..127; None if no kit has the piece."""
        if name not in self._pieces:
            self._pieces[name] = self._choose(name)
        piece = self._pieces[name]
        if piece is None:
            return None
        layer = min(127.0, max(1.0, velocity + self._rng.gauss(0, 5)))
        fitting = [e for e in piece.entries if e["vel"][0] <= layer <= e["vel"][1]]
        entry = self._rng.choice(fitting or piece.entries)
        key = (name, id(entry))
        if key not in self._treated:
            self._treated[key] = self._treat(piece, entry)
        samples, onset, own_loudness_db = self._treated[key]
        level_db = piece.level_db - own_loudness_db + self.dynamics_db * (velocity / 127 - 1) - 6
        return Stroke(samples, onset, 10 ** (level_db / 20), piece.label)

    def shaker(self, velocity: float) -> Stroke:
        """A shaker made of noise: no kit has one."""
        n = int(0.08 * SAMPLE_RATE)
        k = np.arange(n) / SAMPLE_RATE
        shape = np.minimum(1, k / 0.012) * np.exp(-k / 0.025)
        hiss = np.diff(effects.noise(self._rng, n + 1))
        gain = 10 ** ((self.shaker_db + (velocity / 127 - 1) * 12) / 20)
        return Stroke((shape * hiss * 0.08).astype(np.float32), 0.008, gain, None)
