"""The study itself: every condition, many pieces, with the true beats and with beats found."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from drumscribe.beats import track_beats
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.score import Score
from drumscribe.domain.wishes import BeatWishes
from drumscribe.notation.quantize import quantize
from drumscribe.pipeline.context import LocalContext
from lab.notation_study.composed.conditions import Condition
from lab.notation_study.composed.grooves import Feel
from lab.notation_study.composed.performing import Performance, perform, perform_exactly
from lab.notation_study.composed.pieces import Piece, PieceWish, compose
from lab.notation_study.judging.beats import BeatJudgement, judge_beats
from lab.notation_study.judging.readability import Reading, read
from lab.notation_study.judging.slots import (
    MarkCounts,
    SlotCounts,
    judge_marks,
    judge_slots,
    reads_as_swung,
    spells_otherwise,
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page judged: written over the true beats, or over beats found from the hits.

    spelled_otherwise: the metre is not the true one but has the same bars and beats.
    """

    slots: SlotCounts
    marks: MarkCounts
    reading: Reading
    swung: bool
    spelled_otherwise: bool = False


@dataclass(frozen=True, slots=True)
class PieceResult:
    """One piece under one condition.

    known: with the true beats; tracked: with beats found from the hits alone, metre and all;
    in_metre: the same where the user says the metre. beats, beats_in_metre: how those compare.
    ideal: the page of the score that it was played from; None where the writer did not reproduce
    even that.
    """

    condition: str
    index: int
    name: str
    metre: str
    feel: Feel
    bpm: float
    swing: float
    known: Page | None = None
    tracked: Page | None = None
    beats: BeatJudgement | None = None
    in_metre: Page | None = None
    beats_in_metre: BeatJudgement | None = None
    ideal: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one process is asked to do."""

    condition: Condition
    index: int
    seed: int
    known: bool = True
    tracked: bool = True


def run_study(tasks: Sequence[Task], *, jobs: int) -> Iterator[PieceResult]:
    """Judge every task, in order, in this process or in several."""
    if jobs <= 1:
        yield from map(judge_piece, tasks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(judge_piece, tasks, chunksize=2)


def piece_of(task: Task) -> tuple[Piece, Performance]:
    """The piece of a task and how it was played: the same for the same seed, everywhere."""
    condition = task.condition
    name = zlib.crc32(condition.name.encode())
    rng = np.random.default_rng([task.seed, name, task.index])
    wish: PieceWish = condition.wish
    if condition.metres:
        wish = replace(wish, metre=condition.metres[task.index % len(condition.metres)])
    piece = compose(wish, rng)
    return piece, perform(piece, condition.playing, rng)


def judge_piece(task: Task) -> PieceResult:
    """Compose, play, write, compare."""
    piece, performance = piece_of(task)
    result = PieceResult(
        condition=task.condition.name,
        index=task.index,
        name=piece.name,
        metre=str(piece.metre),
        feel=piece.feel,
        bpm=piece.bpm,
        swing=performance.swing,
        ideal=_ideal(piece),
    )
    if task.known:
        score = quantize(performance.hits, performance.grid)
        result = replace(result, known=_judged(piece, performance, score))
    if task.tracked:
        tracked, beats = _over_beats_found(piece, performance, BeatWishes())
        in_metre, beats_in_metre = _over_beats_found(
            piece, performance, BeatWishes(metre=piece.metre)
        )
        result = replace(
            result, tracked=tracked, beats=beats, in_metre=in_metre, beats_in_metre=beats_in_metre
        )
    return result


def _over_beats_found(
    piece: Piece, performance: Performance, options: BeatWishes
) -> tuple[Page, BeatJudgement]:
    hits = performance.hits
    grid = beats_from_hits(hits, options)
    judgement = judge_beats(
        performance.grid,
        grid,
        also_right=piece.other_metres,
        first=hits[0].time,
        last=hits[-1].time,
    )
    return _judged(piece, performance, quantize(hits, grid)), judgement


def beats_from_hits(hits: Sequence[Hit], options: BeatWishes) -> BeatGrid:
    """The beats that are found without sound and without networks."""
    with LocalContext() as context:
        return track_beats(None, None, hits, networks=None, options=options, context=context)


def _judged(piece: Piece, performance: Performance, score: Score) -> Page:
    return Page(
        slots=judge_slots(piece, performance, score),
        marks=judge_marks(performance, score),
        reading=read(score),
        swung=reads_as_swung(piece, performance, score),
        spelled_otherwise=spells_otherwise(piece.metre, score),
    )


def _ideal(piece: Piece) -> Reading | None:
    """The page of the score itself; None where the writer does not reproduce it note for note."""
    performance = perform_exactly(piece)
    score = quantize(performance.hits, performance.grid)
    slots = judge_slots(piece, performance, score)
    return read(score) if slots.right == slots.strokes else None
