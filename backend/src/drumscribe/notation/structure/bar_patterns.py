"""What each bar plays, as numbers: how much two bars have in common, how loud they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Instrument
from drumscribe.domain.score import Measure, ScoreNote
from drumscribe.notation.structure.tuning import SECTIONS

# Kick and snare make the groove; hats and cymbals keep its time, many strokes of little weight.
_WEIGHTS = {
    Instrument.KICK: 1.0,
    Instrument.SNARE: 1.0,
    Instrument.HIHAT_CLOSED: 0.5,
    Instrument.HIHAT_OPEN: 0.5,
    Instrument.RIDE: 0.5,
    Instrument.CRASH: 0.5,
    Instrument.TOM_HIGH: 0.7,
    Instrument.TOM_MID: 0.7,
    Instrument.TOM_LOW: 0.7,
}

# The onset as numerator and denominator: hashing a Fraction takes a power modulo a prime.
_Feature = tuple[str, int, int, Instrument, str]


def notes_of(measure: Measure) -> Iterator[tuple[Fraction, ScoreNote]]:
    """(onset, note) of every head of full size."""
    for voice in measure.voices:
        for event in voice.events:
            for note in event.notes:
                yield event.onset, note


def bar_distances(measures: Sequence[Measure]) -> NDArray[np.float64]:
    """How different two bars are: (bars, bars), 0 the same, 1 nothing in common.

    One minus the weighted Dice coefficient of their strokes (Dice 1945). A crash on the first
    beat says that something begins, not what is played, and counts for nothing.
    """
    columns: dict[_Feature, int] = {}
    weights: list[float] = []
    rows: list[list[int]] = []
    for measure in measures:
        row = []
        for feature, weight in _features(measure):
            if feature not in columns:
                columns[feature] = len(columns)
                weights.append(weight)
            row.append(columns[feature])
        rows.append(row)
    table = np.zeros((len(measures), len(columns)))
    for index, row in enumerate(rows):
        table[index, row] = 1.0
    common = (table * np.array(weights)) @ table.T if columns else np.zeros((len(rows),) * 2)
    own = np.diagonal(common)
    total = own[:, None] + own[None, :]
    alike = np.divide(2.0 * common, total, out=np.ones_like(common), where=total > 0.0)
    return np.asarray(1.0 - alike)


def bar_loudness(measures: Sequence[Measure]) -> NDArray[np.float64]:
    """How much louder than usual each bar is: (bars,), velocity 0..1; NaN where nobody plays.

    Each stroke is compared with the usual one of its drum in this piece, so that a change from
    the hi-hat to the crash is no change of loudness. Ghost notes do not count.
    """
    by_drum: dict[Instrument, list[float]] = {}
    for measure in measures:
        for _, note in notes_of(measure):
            if not note.is_ghost:
                by_drum.setdefault(note.instrument, []).append(note.velocity)
    usual = {drum: float(np.median(velocities)) for drum, velocities in by_drum.items()}
    loudness = np.full(len(measures), np.nan)
    for index, measure in enumerate(measures):
        away = [n.velocity - usual[n.instrument] for _, n in notes_of(measure) if not n.is_ghost]
        if away:
            loudness[index] = float(np.mean(away))
    return loudness


def _features(measure: Measure) -> Iterator[tuple[_Feature, float]]:
    seen = set()
    metre = str(measure.metre)
    for onset, note in notes_of(measure):
        if note.instrument is Instrument.CRASH and onset == 0:
            continue
        kind = "ghost" if note.is_ghost else note.articulation or ""
        place = (onset.numerator, onset.denominator)
        feature = (metre, *place, note.instrument, str(kind))
        if feature not in seen:
            seen.add(feature)
            yield feature, SECTIONS.ghost_weight if note.is_ghost else _WEIGHTS[note.instrument]
