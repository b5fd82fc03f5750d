"""Metre, counted speed and bar line, told by the hits alone.

A pulse under the hits may be any level of the music. Every metre is tried at every simple ratio to
the pulse and from every place where its bar could begin; each such reading is scored by what a
listener goes by:

- strokes: how much better than chance the template of the metre foretells where kicks, snares,
  crashes, toms and timekeepers fall (mean log density, per group);
- repetition: how alike the music is one bar later, as it is and relative to other distances; in
  odd metres, how much more alike than after any smaller number of beats or half the bar, in 6/8
  than after thirds of the bar;
- halves: kick and snare in both halves of a bar of four beats ought to differ somewhere, those of
  two bars of two beats ought not;
- phrases: crashes that begin as many half-bars as bars speak for bars of half the length;
- opening: a kick or crash that opens the playing is probably beat 1;
- how usual the tempo, the metre and the kind of groove are.

The score is a weighted sum, in nats; training/metre_model.py fits the weights, so that the
exponentials of the scores, normalised, are the chances of the readings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.metre_templates import (
    BOSSA_NOVA,
    GROUP_NAMES,
    GROUPS,
    METRES,
    PARTS,
    SAMBA,
    Feel,
    Template,
    model_data,
    templates,
)
from drumscribe.beats.stroke_patterns import KICK_AND_SNARE, Strokes, likeness_at
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import Metre

# Beats of the pulse per beat of a reading.
_LEVELS = (1 / 4, 1 / 3, 3 / 8, 1 / 2, 2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 2.0, 8 / 3, 3.0, 4.0)
_STROKE_SPREAD_SECONDS = 0.015
_NARROWEST_PARTS = 0.7
# So much of every template is spread over the whole bar: strokes that no template knows.
_ANYWHERE = 0.08
_FEWEST_STROKES = 8.0
_OPENING_SECONDS = 0.035
# Usual beats per minute; octaves from there that are unusual, and that nobody counts.
_TEMPI = {Metre(6, 8): 72.0, Metre(12, 8): 72.0, Metre(7, 8): 240.0}
_USUAL_TEMPO = 112.0
# A samba is a bossa nova written in sixteenths: only their tempi tell which it is.
_LATIN_TEMPI = {BOSSA_NOVA: 132.0, SAMBA: 104.0}
# Dotted beats are counted at all tempi from slow ballads to fast African bells.
_COMPOUND_OCTAVES = 0.6
_UNUSUAL = 0.6
_UNHEARD_OF = 1.45
_TEMPO_TOLERANCE = 0.13  # of log2
_PHRASE_BEATS = 0.12
_KEPT_PER_TEMPLATE = 3
_SIX_EIGHT = Metre(6, 8)

FEATURES = (
    *GROUP_NAMES,
    "repeats",
    "repeats most",
    "odd",
    "thirds",
    "halves differ",
    "next bar differs",
    "half-bar phrases",
    "tempo",
    "slow",
    "fast",
    "half-time",
    "one drop",
    "latin",
    "swung",
    "opening drum",
    "opening",
    *(str(metre) for metre in METRES),
)

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to count the music.

    pulse_per_beat: beats of the pulse in one beat of the metre.
    bar_start: where a bar begins, in beats of the pulse from its first.
    score: nats; chance: of this very reading among all that were tried.
    """

    metre: Metre
    template: str
    pulse_per_beat: float
    bar_start: float
    beats_per_minute: float
    score: float
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """One template at one level, from every place of the bar.

    bar_starts: (places,), beats of the pulse; features: (places, len(FEATURES)).
    """

    template: Template
    pulse_per_beat: float
    beats_per_minute: float
    bar_starts: _Floats
    features: _Floats


def readings(
    hits: Sequence[Hit],
    pulse: _Floats,
    *,
    metres: Collection[Metre] = METRES,
    quarter_bpm: float | None = None,
) -> list[Reading]:
    """Ways to count the music, the best first; empty where nothing can be said.

    hits: in the order of time, at least one. pulse: seconds, at least two beats.
    metres: the ones to try. quarter_bpm: the tempo in quarter notes, if it is known.
    """
    weights = feature_weights()
    found = []
    for tried in candidates(hits, pulse, metres=metres, quarter_bpm=quarter_bpm):
        scores = tried.features @ weights
        for place in np.argsort(-scores)[:_KEPT_PER_TEMPLATE]:
            found.append((float(scores[place]), tried, float(tried.bar_starts[place])))
    if not found:
        return []
    found.sort(key=lambda each: -each[0])
    total = float(np.logaddexp.reduce([score for score, _, _ in found]))
    return [
        Reading(
            metre=tried.template.metre,
            template=tried.template.name,
            pulse_per_beat=tried.pulse_per_beat,
            bar_start=start,
            beats_per_minute=tried.beats_per_minute,
            score=score,
            chance=float(np.exp(score - total)),
        )
        for score, tried, start in found
    ]


def feature_weights() -> _Floats:
    """(len(FEATURES),), as training/metre_model.py fitted them."""
    weights: dict[str, float] = model_data()["weights"]  # type: ignore[assignment]
    return np.array([weights[name] for name in FEATURES], dtype=np.float64)


def candidates(
    hits: Sequence[Hit],
    pulse: _Floats,
    *,
    metres: Collection[Metre] = METRES,
    quarter_bpm: float | None = None,
) -> Iterator[Candidates]:
    """Everything that is tried, with its features; see readings."""
    if not hits or pulse.size < 2:
        return
    strokes = Strokes.along(hits, pulse)
    likeness = strokes.likeness()
    drums_likeness = strokes.likeness(KICK_AND_SNARE)
    usual_likeness = _usual_likeness(likeness, strokes.period)
    told = np.array([strokes.force[strokes.group == g].sum() for g in range(len(GROUPS))])
    n_told = np.array(
        [((strokes.group == g) & (strokes.force > 0)).sum() for g in range(len(GROUPS))]
    )
    trust = np.minimum(1.0, n_told / _FEWEST_STROKES)[:, None]
    for level in _LEVELS:
        beat_seconds = strokes.period * level
        rate = 60.0 / beat_seconds
        folds: dict[int, NDArray[np.complex128]] = {}
        for template in templates():
            metre = template.metre
            octaves = _octaves_from_usual(template, rate)
            if metre not in metres or not _tempo_fits(metre, rate, octaves, quarter_bpm):
                continue
            bar_parts = template.shares.shape[1]
            parts_per_beat = template.parts_per_beat
            if bar_parts not in folds:
                folds[bar_parts] = _folded(strokes, level / parts_per_beat, bar_parts, told)
            density = _log_density(template, beat_seconds / parts_per_beat)
            gains = np.fft.irfft(folds[bar_parts] * density, bar_parts, axis=1) * trust
            places = np.arange(bar_parts) / parts_per_beat * level
            features = np.zeros((bar_parts, len(FEATURES)))
            features[:, : len(GROUPS)] = gains.T
            rest = _repetition(template, level, likeness, usual_likeness)
            rest |= _halves(template, level, drums_likeness)
            rest |= _usualness(template, octaves)
            for name, value in rest.items():
                features[:, FEATURES.index(name)] = value
            features[:, FEATURES.index("half-bar phrases")] = _half_bar_phrases(
                strokes.phrases, template, level, places, likeness
            )
            bar = metre.beats_per_bar * level
            away = (strokes.opening - places) % bar
            opens = np.minimum(away, bar - away) * strokes.period < _OPENING_SECONDS
            features[:, FEATURES.index("opening")] = opens
            features[:, FEATURES.index("opening drum")] = opens & strokes.opens_with_drum
            yield Candidates(template, level, rate, places, features)


# --- what speaks for a reading --------------------------------------------------------------------


def _octaves_from_usual(template: Template, rate: float) -> float:
    metre = template.metre
    usual = _LATIN_TEMPI.get(template.name, _TEMPI.get(metre, _USUAL_TEMPO))
    octaves = float(np.log2(rate / usual))
    return octaves * _COMPOUND_OCTAVES if metre.is_compound else octaves


def _tempo_fits(metre: Metre, rate: float, octaves: float, quarter_bpm: float | None) -> bool:
    if quarter_bpm is None:
        return abs(octaves) <= _UNHEARD_OF
    return bool(abs(np.log2(rate * float(metre.beat_length) / quarter_bpm)) <= _TEMPO_TOLERANCE)


def _folded(
    strokes: Strokes, part_length: float, bar_parts: int, told: _Floats
) -> NDArray[np.complex128]:
    """The spectrum of where strokes fall in the bar: each group's shares sum to 1."""
    place = strokes.position / part_length
    whole = np.floor(place).astype(np.int64)
    share = place - whole
    folded = np.zeros((len(GROUPS), bar_parts))
    np.add.at(folded, (strokes.group, whole % bar_parts), strokes.force * (1.0 - share))
    np.add.at(folded, (strokes.group, (whole + 1) % bar_parts), strokes.force * share)
    folded /= np.maximum(told, 1e-9)[:, None]
    return np.fft.rfft(folded, axis=1)


def _log_density(template: Template, part_seconds: float) -> NDArray[np.complex128]:
    """The conjugate spectrum of the template's log density, blurred as drummers stray."""
    spread = max(_NARROWEST_PARTS, _STROKE_SPREAD_SECONDS / part_seconds)
    return _blurred(templates().index(template), round(6.0 * float(np.log(spread))))


@lru_cache(maxsize=2048)
def _blurred(index: int, log_spread: int) -> NDArray[np.complex128]:
    shares = templates()[index].shares
    n = shares.shape[1]
    spread = float(np.exp(log_spread / 6.0))
    parts = np.arange(n)
    kernel = np.exp(-0.5 * (np.minimum(parts, n - parts) / spread) ** 2)
    kernel /= kernel.sum()
    soft = np.fft.irfft(np.fft.rfft(shares, axis=1) * np.fft.rfft(kernel), n, axis=1)
    density = np.log((1.0 - _ANYWHERE) * np.maximum(soft, 0.0) + _ANYWHERE)
    return np.conj(np.fft.rfft(density, axis=1))


def _usual_likeness(likeness: _Floats, period: float) -> tuple[float, float]:
    """The median and the largest likeness at distances of 0.6 to 6 seconds."""
    distances = np.arange(likeness.size) * period / PARTS
    near = likeness[(distances >= 0.6) & (distances <= 6.0)]
    if near.size == 0:
        return 0.0, 0.0
    return float(np.median(near)), float(near.max())


def _repetition(
    template: Template, level: float, likeness: _Floats, usual: tuple[float, float]
) -> dict[str, float]:
    n_beats = template.metre.beats_per_bar
    by_bar = likeness_at(likeness, level * n_beats)
    if template.name == BOSSA_NOVA:
        # Its clave takes two bars to come round.
        by_bar = max(by_bar, likeness_at(likeness, 2 * level * n_beats))
    median, largest = usual
    odd = thirds = 0.0
    if n_beats in (3, 5, 7):
        # Half the bar as well: a bar of five that is twice the same is two bars of five.
        lags = (*range(1, n_beats), n_beats / 2)
        odd = by_bar - max(likeness_at(likeness, level * lag) for lag in lags)
    elif template.metre == _SIX_EIGHT:
        # Thirds of the bar, as for a waltz: else one of the same bars would gain for nothing.
        thirds = by_bar - max(likeness_at(likeness, level * lag) for lag in (2 / 3, 4 / 3))
    return {
        "repeats": by_bar,
        "repeats most": (by_bar - median) / (largest - median + 0.05),
        "odd": odd,
        "thirds": thirds,
    }


def _halves(template: Template, level: float, drums_likeness: _Floats) -> dict[str, float]:
    n_beats = template.metre.beats_per_bar
    by_bar = likeness_at(drums_likeness, level * n_beats)
    if n_beats == 4:
        return {"halves differ": by_bar - likeness_at(drums_likeness, level * 2)}
    if n_beats == 2:
        return {"next bar differs": likeness_at(drums_likeness, level * 4) - by_bar}
    return {}


def _half_bar_phrases(
    phrases: _Floats, template: Template, level: float, places: _Floats, likeness: _Floats
) -> _Floats | float:
    """How evenly lone crashes begin both halves of a bar of four that are alike, 0..0.5."""
    if template.metre.beats_per_bar != 4 or phrases.size < 2:
        return 0.0
    difference = likeness_at(likeness, 4.0 * level) - likeness_at(likeness, 2.0 * level)
    phase = (phrases[None, :] - places[:, None]) / level % 4.0
    on_one = (np.minimum(phase, 4.0 - phase) < _PHRASE_BEATS).sum(axis=1)
    on_three = (np.abs(phase - 2.0) < _PHRASE_BEATS).sum(axis=1)
    mixed = np.minimum(on_one, on_three) / np.maximum(2, on_one + on_three)
    return np.asarray(mixed * max(0.0, 1.0 - 4.0 * max(0.0, difference)))


def _usualness(template: Template, octaves: float) -> dict[str, float]:
    return {
        "tempo": -(octaves**2),
        "slow": -max(0.0, -octaves - _UNUSUAL),
        "fast": -max(0.0, octaves - _UNUSUAL),
        "half-time": float(template.kind == "half-time"),
        "one drop": float(template.kind == "one drop"),
        "latin": float(template.kind == "latin"),
        "swung": float(template.feel is Feel.SWUNG),
        str(template.metre): 1.0,
    }
