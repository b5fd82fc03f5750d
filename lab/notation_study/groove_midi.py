"""Groove MIDI performances: real drummers over a known metronome, as hits with true places.

The dataset (Gillick et al., "Learning to Groove with Inverse Sequence Transformations", ICML 2019)
was played to a click; the files' ticks count from it, so beats and bars are known exactly. What is
not known is the slot that the drummer meant. A stroke has a true place only where that is beyond
doubt: see `judge_groove`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score import Score
from drumscribe.domain.wishes import BeatWishes
from drumscribe.errors import InvalidHits, SourceNotFound
from drumscribe.evaluation.notation.positions import position_of
from drumscribe.notation.quantize import quantize
from lab.notation_study.judging.beats import BeatJudgement, judge_beats
from lab.notation_study.judging.readability import Reading, read
from lab.notation_study.judging.slots import (
    n_aligned,
    n_right,
    position_in_bar,
)
from lab.notation_study.study import beats_from_hits

VALIDATION_DRUMMERS = ("drummer5", "drummer6", "drummer9")
LONGEST_SECONDS = 60.0
FEWEST_HITS = 24
# How far from a slot a stroke may lie, as a share of the distance between slots, to belong to it
# beyond doubt; and how many strokes of a performance may be in doubt.
CLEAR_SHARE = 0.25
_LARGEST_DOUBTFUL_SHARE = 0.35

_LAST_THIRD = Fraction(2, 3)
# Thirds are the slots of a performance if they leave so much of its strokes less in doubt.
_CLEARLY_FEWER = 0.1

# Keys of the Roland TD-11 that recorded the set.
_DRUMS: dict[int, tuple[Instrument, Articulation | None]] = {
    36: (Instrument.KICK, None),
    37: (Instrument.SNARE, Articulation.CROSS_STICK),
    38: (Instrument.SNARE, None),
    40: (Instrument.SNARE, None),
    42: (Instrument.HIHAT_CLOSED, None),
    22: (Instrument.HIHAT_CLOSED, None),
    44: (Instrument.HIHAT_CLOSED, Articulation.PEDAL),
    46: (Instrument.HIHAT_OPEN, None),
    26: (Instrument.HIHAT_OPEN, None),
    48: (Instrument.TOM_HIGH, None),
    50: (Instrument.TOM_HIGH, None),
    45: (Instrument.TOM_MID, None),
    47: (Instrument.TOM_MID, None),
    43: (Instrument.TOM_LOW, None),
    58: (Instrument.TOM_LOW, None),
    49: (Instrument.CRASH, None),
    57: (Instrument.CRASH, None),
    55: (Instrument.CRASH, Articulation.SPLASH),
    52: (Instrument.CRASH, Articulation.CHINA),
    51: (Instrument.RIDE, None),
    59: (Instrument.RIDE, None),
    53: (Instrument.RIDE, Articulation.RIDE_BELL),
}


@dataclass(frozen=True, slots=True, eq=False)
class GroovePerformance:
    """One file.

    hits: sorted by time, the first minute. beats: position of each in beats of the metre from
    the start of bar 1. grid: the metronome.
    """

    name: str
    style: str
    metre: Metre
    hits: tuple[Hit, ...]
    beats: NDArray[np.float64]
    grid: BeatGrid


@dataclass(frozen=True, slots=True)
class GrooveResult:
    """Counts over one performance.

    hits: all; doubtful: those without a true place (see judge_groove).
    known_*: over the true beats; tracked_*: over beats found from the hits alone. right: in their
    bar and slot, aligned: after the best shift by whole bars.
    """

    name: str
    style: str
    metre: str
    hits: int
    doubtful: int
    clear: int
    known_right: int
    known_aligned: int
    known_triplets: int
    tracked_right: int
    tracked_aligned: int
    in_triplets: bool
    usable: bool
    known_reading: Reading
    tracked_reading: Reading
    beats: BeatJudgement


def validation_files(folder: Path, *, limit: int, seed: int) -> list[dict[str, str]]:
    """Rows of info.csv: whole beats (no lone fills) of drummers 5, 6, 9 and evaluation sessions.

    At most `limit`, chosen by `seed`, in the order of their names. Raises SourceNotFound.
    """
    try:
        with (folder / "info.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise SourceNotFound(f"{folder}: no info.csv of Groove MIDI ({error.strerror}).") from error
    chosen = sorted(
        (
            row
            for row in rows
            if row["beat_type"] == "beat"
            and (row["drummer"] in VALIDATION_DRUMMERS or "eval_session" in row["id"])
            and (folder / row["midi_filename"]).exists()
        ),
        key=lambda row: row["midi_filename"],
    )
    if len(chosen) > limit:
        kept = np.random.default_rng(seed).choice(len(chosen), limit, replace=False)
        chosen = [chosen[k] for k in sorted(kept.tolist())]
    return chosen


def read_performance(folder: Path, row: dict[str, str]) -> GroovePerformance | None:
    """A file of the set; None where it has too few strokes. Raises InvalidHits."""
    import mido

    path = folder / row["midi_filename"]
    try:
        midi = mido.MidiFile(path)
    except (OSError, ValueError, EOFError) as error:
        raise InvalidHits(f"{path} is no MIDI file: {error}.") from error
    metre = Metre.parse(row["time_signature"].replace("-", "/"))
    quarter_seconds = 60.0 / float(row["bpm"])
    found: list[tuple[float, Hit]] = []
    for track in midi.tracks:
        ticks = 0
        for message in track:
            ticks += message.time
            if message.type != "note_on" or message.velocity == 0 or message.note not in _DRUMS:
                continue
            quarters = ticks / midi.ticks_per_beat
            time = quarters * quarter_seconds
            instrument, articulation = _DRUMS[message.note]
            if time <= LONGEST_SECONDS:
                hit = Hit(time, instrument, message.velocity / 127.0, 1.0, articulation)
                found.append((quarters / float(metre.beat_length), hit))
    found.sort(key=lambda pair: (pair[0], pair[1].instrument.value))
    if len(found) < FEWEST_HITS:
        return None
    beats = np.array([beat for beat, _ in found])
    per_bar = metre.beats_per_bar
    n_beats = (int(beats[-1]) // per_bar + 1) * per_bar + 1
    beat_seconds = quarter_seconds * float(metre.beat_length)
    grid = BeatGrid(
        beat_seconds * np.arange(n_beats, dtype=np.float64), np.arange(n_beats) % per_bar + 1, metre
    )
    return GroovePerformance(
        row["id"], row["style"], metre, tuple(hit for _, hit in found), beats, grid
    )


def true_slots(performance: GroovePerformance) -> list[Fraction | None]:
    """The slot of each stroke, in beats from the start of bar 1; None where it is in doubt.

    Slots are sixteenths, or thirds of the beat if that leaves clearly fewer strokes in doubt, in
    compound metres sixths of the beat. The player's constant offset (the median distance to the
    slots) is taken off. A stroke is in doubt if it lies more than a quarter of the distance
    between slots beside its slot; with sixteenths also if a slot of a triplet is nearer.
    """
    metre = performance.metre
    if metre.is_compound:
        return _clear_slots(performance.beats, 6)
    straight = _clear_slots(performance.beats, max(1, int(4 * metre.beat_length)))
    if metre.denominator != 4:
        return straight
    thirds = _clear_slots(performance.beats, 3)
    saved = straight.count(None) - thirds.count(None)
    return thirds if saved > _CLEARLY_FEWER * len(straight) else straight


def _clear_slots(beats: NDArray[np.float64], parts: int) -> list[Fraction | None]:
    away = beats * parts - np.round(beats * parts)
    shifted = beats - float(np.median(away)) / parts
    slots = np.round(shifted * parts)
    distance = np.abs(shifted * parts - slots)
    clear = distance <= CLEAR_SHARE
    if parts % 3:
        to_triplet = np.abs(shifted * 3 - np.round(shifted * 3)) / 3
        # On the beat both have a slot, and rounding must not decide.
        clear &= distance / parts <= to_triplet + 1e-9
    return [
        Fraction(int(slot), parts) if is_clear else None
        for slot, is_clear in zip(slots, clear, strict=True)
    ]


def is_in_triplets(metre: Metre, slots: Sequence[Fraction | None]) -> bool:
    """Whether true slots divide a simple beat in three."""
    return not metre.is_compound and any(
        slot is not None and slot.denominator % 3 == 0 for slot in slots
    )


def judge_groove(performance: GroovePerformance) -> GrooveResult:
    """Write the page over the metronome's beats and over beats found, compare clear strokes.

    In music in triplets a stroke on the last third may as well be written as a swung eighth.
    """
    truth = true_slots(performance)
    known = quantize(performance.hits, performance.grid)
    grid = beats_from_hits(performance.hits, BeatWishes())
    tracked = quantize(performance.hits, grid)
    swings = is_in_triplets(performance.metre, truth)
    known_right, known_aligned = _agreeing(performance.metre, truth, known, swings=swings)
    tracked_right, tracked_aligned = _agreeing(performance.metre, truth, tracked, swings=swings)
    clear = [k for k, slot in enumerate(truth) if slot is not None]
    return GrooveResult(
        name=performance.name,
        style=performance.style,
        metre=str(performance.metre),
        hits=len(truth),
        doubtful=len(truth) - len(clear),
        clear=len(clear),
        known_right=known_right,
        known_aligned=known_aligned,
        known_triplets=sum(known.placements[k].onset.denominator % 3 == 0 for k in clear),
        tracked_right=tracked_right,
        tracked_aligned=tracked_aligned,
        in_triplets=swings or performance.metre.is_compound,
        usable=len(truth) - len(clear) <= _LARGEST_DOUBTFUL_SHARE * len(truth),
        known_reading=read(known),
        tracked_reading=read(tracked),
        beats=judge_beats(
            performance.grid,
            grid,
            also_right=(Metre(12, 8),) if swings and performance.metre == Metre(4, 4) else (),
            first=performance.hits[0].time,
            last=performance.hits[-1].time,
        ),
    )


def _agreeing(
    metre: Metre, truth: Sequence[Fraction | None], score: Score, *, swings: bool
) -> tuple[int, int]:
    """(right, aligned) over the strokes that are beyond doubt, in the better of two spellings."""
    written = [
        position_of(placement, score)
        for placement, slot in zip(score.placements, truth, strict=True)
        if slot is not None
    ]
    best = (0, 0)
    for late in (_LAST_THIRD, Fraction(1, 2)) if swings else (_LAST_THIRD,):
        true = [
            position_in_bar(slot - _LAST_THIRD + late if slot % 1 == _LAST_THIRD else slot, metre)
            for slot in truth
            if slot is not None
        ]
        right = n_right(true, written)
        best = max(best, (right, n_aligned(true, written)), key=lambda pair: pair[1])
    return best


def run_performances(
    folder: Path, rows: Sequence[dict[str, str]], *, jobs: int
) -> list[GrooveResult]:
    """Judge the files of these rows of info.csv, in order, in this process or in several."""
    judge = partial(_judge_row, folder)
    if jobs <= 1:
        results = list(map(judge, rows))
    else:
        with ProcessPoolExecutor(jobs) as pool:
            results = list(pool.map(judge, rows))
    return [result for result in results if result is not None]


def _judge_row(folder: Path, row: dict[str, str]) -> GrooveResult | None:
    performance = read_performance(folder, row)
    return None if performance is None else judge_groove(performance)
