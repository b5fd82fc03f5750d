"""What a reader should look at: strokes that may be wrong, and strokes that may be missing.

Both are judged by their confidence and by their surroundings: what a drum does at the same place of
the bars around is likelier than what it does once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.transcription import Transcript
from drumscribe.pipeline.tuning import REVIEW


class ReviewKind(StrEnum):
    """What is to be decided of a group of strokes; the values are part of the contract."""

    DOUBTFUL = "doubtful"  # on the page, perhaps wrongly
    OFFERED = "offered"  # not on the page, perhaps missing


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """Strokes of one drum about which one decision may do.

    beat: place in the bar, counted in beats from 1; None: the drum's other places together.
    ids: of hits (doubtful) or candidates (offered), in the order of time.
    chance: the mean chance that they are real.
    """

    kind: ReviewKind
    instrument: Instrument
    beat: Fraction | None
    ids: tuple[int, ...]
    chance: float


def support(strokes: Sequence[Hit], hits: Sequence[Hit], grid: BeatGrid) -> NDArray[np.float64]:
    """Per stroke the share of the bars around that have the same drum at the same place, 0..1."""
    starts = grid.downbeat_times
    shares = np.zeros(len(strokes))
    if starts.size < 2:
        return shares
    lengths = np.diff(starts)
    edges = np.concatenate([[starts[0] - lengths[0]], starts, [starts[-1] + lengths[-1]]])
    numbers = np.arange(-1, starts.size + 1, dtype=np.float64)
    for instrument in {stroke.instrument for stroke in strokes}:
        own = [i for i, stroke in enumerate(strokes) if stroke.instrument is instrument]
        struck = np.array(sorted(hit.time for hit in hits if hit.instrument is instrument))
        if not struck.size:
            continue
        places = np.interp([strokes[i].time for i in own], edges, numbers)
        found, asked = np.zeros(len(own)), np.zeros(len(own))
        for bars in REVIEW.bars_around:
            there = places + bars
            exists = (there >= 0) & (there < starts.size)
            times = np.interp(there, numbers, edges)
            right = np.clip(np.searchsorted(struck, times), 0, struck.size - 1)
            left = np.maximum(right - 1, 0)
            nearest = np.minimum(np.abs(struck[right] - times), np.abs(struck[left] - times))
            asked += exists
            found += exists & (nearest < REVIEW.same_place_seconds)
        shares[own] = found / np.maximum(asked, 1)
    return shares


def _logits(strokes: Sequence[Hit]) -> NDArray[np.float64]:
    confidences = np.array([stroke.confidence for stroke in strokes], dtype=np.float64)
    sure = np.clip(confidences, 1 - REVIEW.surest, REVIEW.surest)
    return np.asarray(np.log(sure / (1 - sure)))


def chances_of_hits(hits: Sequence[Hit], grid: BeatGrid) -> NDArray[np.float64]:
    """How likely it is that each hit was played, by its confidence and the bars around, 0..1."""
    z = REVIEW.hit_slope * _logits(hits) + REVIEW.hit_support_weight * support(hits, hits, grid)
    real = 1 / (1 + np.exp(-(z + REVIEW.hit_intercept)))
    # Said by hand: nobody has to check it.
    return np.where([hit.confidence == 1.0 for hit in hits], 1.0, real)


def chances_of_offers(
    nearly: Sequence[Hit], hits: Sequence[Hit], grid: BeatGrid
) -> NDArray[np.float64]:
    """How likely it is that what was nearly heard was played, 0..1."""
    z = REVIEW.offer_slope * _logits(nearly)
    z = z + REVIEW.offer_support_weight * support(nearly, hits, grid)
    return np.asarray(1 / (1 + np.exp(-(z + REVIEW.offer_intercept))))


def offered(nearly: Sequence[Hit], hits: Sequence[Hit], grid: BeatGrid) -> tuple[Hit, ...]:
    """Those of the nearly heard strokes that are worth a look, with ids apart from the hits'.

    Their confidence is the chance that they are real.
    """
    worthy = [
        replace(stroke, confidence=float(chance), id=None)
        for stroke, chance in zip(nearly, chances_of_offers(nearly, hits, grid), strict=True)
        if chance >= REVIEW.offered_from
    ]
    return apart(worthy, hits)


def apart(candidates: Sequence[Hit], hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The candidates that are not among the hits, none with an id that a hit has."""
    struck: dict[Instrument, list[float]] = defaultdict(list)
    for hit in hits:
        struck[hit.instrument].append(hit.time)
    times = {instrument: np.array(sorted(of)) for instrument, of in struck.items()}

    def is_there(stroke: Hit) -> bool:
        own = times.get(stroke.instrument)
        near = REVIEW.same_place_seconds
        return own is not None and bool((np.abs(own - stroke.time) < near).any())

    return numbered([one for one in candidates if not is_there(one)], beside=hits)


def review(transcript: Transcript) -> tuple[ReviewGroup, ...]:
    """What to look at in a transcript, the largest groups first, doubtful before offered ones."""
    chances = chances_of_hits(transcript.hits, transcript.grid)
    doubtful = [
        (hit, float(chance))
        for hit, chance in zip(transcript.hits, chances, strict=True)
        if chance < REVIEW.doubtful_below
    ]
    nearly = [(stroke, stroke.confidence) for stroke in transcript.candidates]
    return (
        *_groups(ReviewKind.DOUBTFUL, doubtful, transcript.grid),
        *_groups(ReviewKind.OFFERED, nearly, transcript.grid),
    )


def _groups(
    kind: ReviewKind, judged: Sequence[tuple[Hit, float]], grid: BeatGrid
) -> list[ReviewGroup]:
    by_place: dict[tuple[Instrument, Fraction | None], list[tuple[Hit, float]]] = defaultdict(list)
    for stroke, chance in judged:
        by_place[stroke.instrument, beat_of(stroke.time, grid)].append((stroke, chance))
    together: dict[tuple[Instrument, Fraction | None], list[tuple[Hit, float]]] = defaultdict(list)
    for (instrument, beat), strokes in by_place.items():
        place = beat if len(strokes) >= REVIEW.fewest_together else None
        together[instrument, place].extend(strokes)
    groups = [
        ReviewGroup(
            kind,
            instrument,
            beat,
            tuple(hit.id for hit, _ in sorted(strokes) if hit.id is not None),
            float(np.mean([chance for _, chance in strokes])),
        )
        for (instrument, beat), strokes in together.items()
    ]
    return sorted(groups, key=lambda group: (-len(group.ids), group.instrument, group.beat or 0))


def beat_of(time: float, grid: BeatGrid) -> Fraction:
    """The place in its bar, in beats from 1, to the nearest quarter or third of a beat."""
    position = float(grid.beat_position(time))
    # So that a stroke that is a little early belongs to the beat it was meant for.
    beat = int(np.floor(position + 1 / 24))
    part = min(REVIEW.parts_of_beat, key=lambda one: abs(float(one) - (position - beat)))
    if part == 1:
        beat, part = beat + 1, Fraction(0)
    inside = min(max(beat, 0), grid.beat_numbers.size - 1)
    return int(grid.beat_numbers[inside]) + part
