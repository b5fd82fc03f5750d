"""Hits laid along a pulse: where each one falls, and how alike the music is to itself later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.metre_templates import CRASH, GROUPS, KICK
from drumscribe.domain.drums import Articulation, Hit, Instrument

_GROUP_OF = {member: g for g, members in enumerate(GROUPS) for member in members}
_SOFTEST_BACKBEAT = 0.35
_TOGETHER_SECONDS = 0.04
# How exactly strokes have to meet to count as a repetition.
_LIKENESS_SECONDS = 0.014
_LAGS_PER_BEAT = 48
ALL_DRUMS = np.array([1.0, 1.0, 0.5, 0.4, 0.5])
KICK_AND_SNARE = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
# Crashes closer together than this keep time; they mark no phrase.
_PHRASE_SECONDS = 1.3

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """Hits along a pulse.

    position: (hits,), beats of the pulse; group: index into GROUPS; force: how much each tells,
        0 for ghost notes. period: seconds of one beat of the pulse (median).
    opening: where the first stroke or strokes lie; opens_with_drum: a kick or crash is among them.
    phrases: positions of crashes that stand alone.
    """

    position: _Floats
    group: NDArray[np.int64]
    force: _Floats
    period: float
    opening: float
    opens_with_drum: bool
    phrases: _Floats

    @classmethod
    def along(cls, hits: Sequence[Hit], pulse: _Floats) -> Self:
        """hits: in the order of time; pulse: seconds, at least two beats, strictly increasing."""
        times = np.array([hit.time for hit in hits])
        group = np.array([_GROUP_OF[hit.instrument] for hit in hits], dtype=np.int64)
        force = np.array([_force(hit) for hit in hits])
        position = positions(times, pulse)
        opening = times <= times[0] + _TOGETHER_SECONDS
        crashes = (group == CRASH) & (force > 0)
        alone = np.diff(times[crashes], prepend=-np.inf) > _PHRASE_SECONDS
        return cls(
            position=position,
            group=group,
            force=force,
            period=float(np.median(np.diff(pulse))),
            opening=float(position[opening].mean()),
            opens_with_drum=bool(np.isin(group[opening], (KICK, CRASH)).any()),
            phrases=position[crashes][alone],
        )

    def likeness(self, weights: _Floats = ALL_DRUMS) -> _Floats:
        """How alike the music is to itself, 0..1, for lags of 0, 1/48, 2/48 ... beats.

        weights: how much each group counts.
        """
        from scipy.fft import irfft, next_fast_len, rfft

        first = float(self.position.min())
        place = (self.position - first) * _LAGS_PER_BEAT
        n = int(np.ceil(place.max())) + 2
        struck = np.zeros((len(GROUPS), n))
        whole = np.floor(place).astype(np.int64)
        part = place - whole
        np.add.at(struck, (self.group, whole), self.force * (1.0 - part))
        np.add.at(struck, (self.group, whole + 1), self.force * part)
        width = max(0.8, _LIKENESS_SECONDS / self.period * _LAGS_PER_BEAT)
        reach = int(4 * width) + 1
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
        soft = np.stack(
            [np.convolve(row, kernel, mode="same")[:n] for row in np.minimum(struck, 1.2)]
        )
        soft *= weights[:, None]
        size = next_fast_len(2 * n, real=True)
        together = irfft((np.abs(rfft(soft, size, axis=1)) ** 2).sum(axis=0), size)[:n]
        power = np.cumsum((soft**2).sum(axis=0))
        lags = np.arange(n)
        early = power[n - 1 - lags]
        late = power[-1] - np.concatenate([[0.0], power[:-1]])
        return np.asarray(together / np.sqrt(np.maximum(early * late, 1e-9)))


def likeness_at(likeness: _Floats, lag_beats: float) -> float:
    """Of Strokes.likeness, at a lag in beats of the pulse; 0 beyond what was played."""
    lag = round(lag_beats * _LAGS_PER_BEAT)
    return float(likeness[lag]) if lag < likeness.size else 0.0


def positions(times: _Floats, pulse: _Floats) -> _Floats:
    """Seconds -> beats of the pulse; beyond its ends the tempo there goes on."""
    inside = np.interp(times, pulse, np.arange(pulse.size))
    before = (times - pulse[0]) / (pulse[1] - pulse[0])
    after = pulse.size - 1 + (times - pulse[-1]) / (pulse[-1] - pulse[-2])
    return np.where(times < pulse[0], before, np.where(times > pulse[-1], after, inside))


def times_at(places: _Floats, pulse: _Floats) -> _Floats:
    """Beats of the pulse -> seconds; the inverse of positions."""
    last = pulse.size - 1
    inside = np.interp(places, np.arange(pulse.size), pulse)
    before = pulse[0] + places * (pulse[1] - pulse[0])
    after = pulse[-1] + (places - last) * (pulse[-1] - pulse[-2])
    return np.where(places < 0, before, np.where(places > last, after, inside))


def _force(hit: Hit) -> float:
    is_ghost = hit.articulation is Articulation.GHOST or (
        hit.instrument is Instrument.SNARE and hit.velocity < _SOFTEST_BACKBEAT
    )
    return 0.0 if is_ghost else hit.confidence * (0.3 + 0.7 * hit.velocity)
