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

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import TOMS, Activations, Hit
from drumscribe.hearing.toms.pitch import NOT_HEARD, pitch_near, tom_columns
from drumscribe.hearing.tuning import STROKES, TOM

Values = NDArray[np.float64]


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
    if np.count_nonzero(heard != NOT_HEARD) < TOM.fewest_strokes:
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
    shares = activations + TOM.least_activation
    log_shares = np.log(shares / shares.sum(axis=1, keepdims=True))
    best = max(
        (
            _explained(pitches, log_shares, drums, start, prior)
            for drums, prior in TOM.kits
            for start in _starts(pitches, log_shares, drums)
        ),
        key=lambda explanation: explanation.evidence,
    )
    drums = list(best.drums)
    chosen = (best.of_stroke + log_shares[:, drums]).argmax(axis=1)
    return [drums[i] for i in chosen]


def _around(toms: NDArray[np.float32], frame: int) -> NDArray[np.float32]:
    part = toms[max(0, frame - STROKES.peak_radius_frames) : frame + STROKES.peak_radius_frames + 1]
    return np.asarray(part.max(axis=0))


def _each_once(toms: list[Hit]) -> list[Hit]:
    """The surer one of strokes on the same tom at the same time."""
    kept: list[Hit] = []
    for hit in sorted(toms, key=lambda hit: (hit.instrument.value, hit.time)):
        last = kept[-1] if kept else None
        if (
            last is not None
            and last.instrument is hit.instrument
            and hit.time - last.time < STROKES.same_stroke_seconds
        ):
            if hit.confidence > last.confidence:
                kept[-1] = hit
            continue
        kept.append(hit)
    return kept


def _starts(pitches: Values, log_shares: Values, drums: tuple[int, ...]) -> list[Values]:
    """Pitches of the drums from which to begin: EM finds the next best solution only."""
    usual = np.log2(TOM.usual_hz)[list(drums)]
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
    weight = 1.0 / (1.0 + TOM.error_correlation * max(0.0, n_strokes / n_drums - 1.0))
    said = weight * log_shares[:, chosen]
    known = ~np.isnan(pitches)
    at = np.where(known, pitches, 0.0)[:, None]
    usual = np.log2(TOM.usual_hz)[chosen]
    covariance = np.full((n_drums, n_drums), TOM.kit_spread_octaves**2)
    covariance += TOM.drum_spread_octaves**2 * np.eye(n_drums)
    precision = np.linalg.inv(covariance)
    means, shares = np.array(start, dtype=np.float64), np.full(n_drums, 1.0 / n_drums)
    stray = TOM.misheard_share / TOM.range_octaves
    height = (1.0 - TOM.misheard_share) / (TOM.stroke_spread_octaves * np.sqrt(2.0 * np.pi))
    log_likelihood, posterior = 0.0, precision
    of_stroke = np.zeros((n_strokes, n_drums))
    for _ in range(TOM.rounds):
        close = height * np.exp(-0.5 * ((at - means) / TOM.stroke_spread_octaves) ** 2)
        of_stroke = np.where(known[:, None], np.log(close + stray), 0.0) + np.log(shares)
        joint = of_stroke + said
        total = np.logaddexp.reduce(joint, axis=1, keepdims=True)
        log_likelihood = float(total.sum())
        belongs = np.exp(joint - total)
        in_tune = np.where(known[:, None], belongs * close / (close + stray), 0.0)
        shares = (belongs.sum(axis=0) + 1.0) / (n_strokes + n_drums)
        gain = in_tune / TOM.stroke_spread_octaves**2
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
