"""Which tom it was: high, mid or low, judged by pitch over the whole recording.

A tom is high or low in comparison with the other toms of its kit. The network hears a stroke and
its surroundings and guesses; here all tom strokes of a recording are explained together. Each of
the seven sets of toms that a kit may have (only a low one, high and low, ...) is a hypothesis: a
mixture with one pitch per drum. Its parameters are fitted by expectation-maximisation with a prior
on the pitches (Dempster, Laird and Rubin 1977), hypotheses are compared by Laplace's approximation
of their evidence (MacKay 2003, chapter 27).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import TOMS, Activations, Hit
from drumscribe.hearing.toms.pitch import NOT_HEARD, pitch_near, tom_columns

Values = NDArray[np.float64]

# What toms are played in a recording, by their places in TOMS, and how likely that is beforehand.
_KITS: Final[dict[tuple[int, ...], float]] = {
    (0, 1, 2): 0.30,
    (0, 2): 0.25,
    (2,): 0.12,
    (0,): 0.10,
    (0, 1): 0.10,
    (1, 2): 0.10,
    (1,): 0.03,
}
# Octaves over 1 Hz: what the toms of the training kits sound like; a kit as a whole is tuned
# higher or lower by the first spread, each drum by the second.
_USUAL_PITCHES: Final = np.log2([150.0, 118.0, 85.0])
_KIT_SPREAD_OCTAVES = 0.3
_DRUM_SPREAD_OCTAVES = 0.2
# A drum's strokes scatter by less than a semitone; some are misheard and may lie anywhere.
_STROKE_SPREAD_OCTAVES = 0.07
_MISHEARD_SHARE = 0.15
_RANGE_OCTAVES = 2.6
# The network errs alike on strokes alike: the correlation of its errors within one drum.
_ERROR_CORRELATION = 0.1
_LEAST_ACTIVATION = 0.03
_FEWEST_STROKES = 5
_ROUNDS = 15
_SAME_STROKE_SECONDS = 0.03
_PEAK_RADIUS_FRAMES = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Explanation:
    """A fitted hypothesis: its log evidence, and log P(drum, pitch) per stroke (strokes, drums)."""

    evidence: float
    drums: tuple[int, ...]
    of_stroke: Values


def named_toms(hits: Sequence[Hit], activations: Activations) -> list[Hit]:
    """Hits with the toms named high, mid or low by their pitch; other hits stay as they are.

    Where two names of one stroke become one, the surer hit stays. The network's names stay where
    the activations come without pitches or where fewer than five tom strokes have one: a pitch
    alone says little.
    """
    struck = [hit for hit in hits if hit.instrument in TOMS]
    pitches, columns = activations.tom_pitches, tom_columns(activations.classes)
    if pitches is None or not columns:
        return list(hits)
    frames = [round(hit.time * activations.fps) for hit in struck]
    heard = np.array([pitch_near(pitches, frame) for frame in frames], dtype=np.float64)
    if np.count_nonzero(heard != NOT_HEARD) < _FEWEST_STROKES:
        return list(hits)
    said = np.array([_around(activations.onsets[:, columns], frame) for frame in frames])
    names = name_strokes(np.where(heard == NOT_HEARD, np.nan, heard), said)
    renamed = [replace(hit, instrument=TOMS[name]) for hit, name in zip(struck, names, strict=True)]
    others = [hit for hit in hits if hit.instrument not in TOMS]
    return sorted([*others, *_each_once(renamed)], key=lambda hit: (hit.time, hit.instrument.value))


def name_strokes(pitches_hz: Values, activations: Values) -> list[int]:
    """The likeliest tom of each stroke, as its place in TOMS.

    pitches_hz: (strokes,), at least one stroke, NaN where unknown. activations: (strokes, 3), what
    the network says of high, mid and low.
    """
    pitches = np.log2(pitches_hz)
    shares = activations + _LEAST_ACTIVATION
    log_shares = np.log(shares / shares.sum(axis=1, keepdims=True))
    best = max(
        (
            _explained(pitches, log_shares, drums, start, prior)
            for drums, prior in _KITS.items()
            for start in _starts(pitches, log_shares, drums)
        ),
        key=lambda explanation: explanation.evidence,
    )
    drums = list(best.drums)
    chosen = (best.of_stroke + log_shares[:, drums]).argmax(axis=1)
    return [drums[i] for i in chosen]


def _around(toms: NDArray[np.float32], frame: int) -> NDArray[np.float32]:
    part = toms[max(0, frame - _PEAK_RADIUS_FRAMES) : frame + _PEAK_RADIUS_FRAMES + 1]
    return np.asarray(part.max(axis=0))


def _each_once(toms: list[Hit]) -> list[Hit]:
    """Of strokes on the same tom at the same time the surer one."""
    kept: list[Hit] = []
    for hit in sorted(toms, key=lambda hit: (hit.instrument.value, hit.time)):
        last = kept[-1] if kept else None
        if (
            last is not None
            and last.instrument is hit.instrument
            and hit.time - last.time < _SAME_STROKE_SECONDS
        ):
            if hit.confidence > last.confidence:
                kept[-1] = hit
            continue
        kept.append(hit)
    return kept


def _starts(pitches: Values, log_shares: Values, drums: tuple[int, ...]) -> list[Values]:
    """Pitches of the drums from which to begin: EM finds the next best solution only."""
    usual = _USUAL_PITCHES[list(drums)]
    known = ~np.isnan(pitches)
    if not known.any():
        return [usual]
    heard = pitches[known]
    starts = [usual - usual.mean() + np.median(heard)]
    if len(drums) > 1:
        shares = np.exp(log_shares[known][:, list(drums)])
        starts.append(np.quantile(heard, 1 - (np.arange(len(drums)) + 0.5) / len(drums)))
        starts.append((shares * heard[:, None]).sum(axis=0) / shares.sum(axis=0))
        starts.append(np.quantile(heard, np.linspace(0.95, 0.05, len(drums))))
    return starts


def _explained(
    pitches: Values, log_shares: Values, drums: tuple[int, ...], start: Values, prior: float
) -> _Explanation:
    n_strokes, n_drums = len(pitches), len(drums)
    chosen = list(drums)
    # The more strokes a drum has, the less each says anew about which drum it is.
    weight = 1.0 / (1.0 + _ERROR_CORRELATION * max(0.0, n_strokes / n_drums - 1.0))
    said = weight * log_shares[:, chosen]
    known = ~np.isnan(pitches)
    at = np.where(known, pitches, 0.0)[:, None]
    usual = _USUAL_PITCHES[chosen]
    covariance = np.full((n_drums, n_drums), _KIT_SPREAD_OCTAVES**2)
    covariance += _DRUM_SPREAD_OCTAVES**2 * np.eye(n_drums)
    precision = np.linalg.inv(covariance)
    means, shares = np.array(start, dtype=np.float64), np.full(n_drums, 1.0 / n_drums)
    stray = _MISHEARD_SHARE / _RANGE_OCTAVES
    height = (1.0 - _MISHEARD_SHARE) / (_STROKE_SPREAD_OCTAVES * np.sqrt(2.0 * np.pi))
    log_likelihood, posterior = 0.0, precision
    of_stroke = np.zeros((n_strokes, n_drums))
    for _ in range(_ROUNDS):
        close = height * np.exp(-0.5 * ((at - means) / _STROKE_SPREAD_OCTAVES) ** 2)
        of_stroke = np.where(known[:, None], np.log(close + stray), 0.0) + np.log(shares)
        joint = of_stroke + said
        total = np.logaddexp.reduce(joint, axis=1, keepdims=True)
        log_likelihood = float(total.sum())
        belongs = np.exp(joint - total)
        in_tune = np.where(known[:, None], belongs * close / (close + stray), 0.0)
        shares = (belongs.sum(axis=0) + 1.0) / (n_strokes + n_drums)
        gain = in_tune / _STROKE_SPREAD_OCTAVES**2
        posterior = precision + np.diag(gain.sum(axis=0))
        means = np.linalg.solve(posterior, precision @ usual + (gain * at).sum(axis=0))
    off = means - usual
    evidence = (
        log_likelihood
        - 0.5 * float(off @ precision @ off)
        + 0.5 * float(np.linalg.slogdet(precision)[1] - np.linalg.slogdet(posterior)[1])
        - 0.5 * (n_drums - 1) * float(np.log(n_strokes))
        + float(np.log(prior))
    )
    if np.any(np.diff(means) >= 0.0):
        evidence = -np.inf
    return _Explanation(evidence, drums, of_stroke)
