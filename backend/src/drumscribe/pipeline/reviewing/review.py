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

from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.transcription import Transcript
from drumscribe.pipeline.reviewing.chances import chances_of_hits, chances_of_offers
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


def offered(nearly: Sequence[Hit], hits: Sequence[Hit], grid: BeatGrid) -> tuple[Hit, ...]:
    """Those of the nearly heard strokes that are worth a look, with ids apart from the hits'.

    The likeliest ones, until a false one is expected in every bar. Their confidence is the chance
    that they are real.
    """
    chances = chances_of_offers(nearly, hits, grid)
    order = np.argsort(-chances, kind="stable")
    false = np.cumsum(1 - chances[order])
    within = false <= REVIEW.false_a_bar * max(1, grid.downbeat_times.size)
    worthy = [
        replace(nearly[i], confidence=float(chances[i]), id=None)
        for i in order[within]
        if chances[i] >= REVIEW.offered_from
    ]
    return apart(sorted(worthy), hits)


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
