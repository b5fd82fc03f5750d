"""The rows behind the report: what each condition gave, pooled over its pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from lab.notation_study.judging.readability import SYSTEMS_PER_PAGE, Reading
from lab.notation_study.judging.slots import MarkCounts, SlotCounts
from lab.notation_study.study import Page, PieceResult

PageOf = Callable[[PieceResult], Page | None]
ByCondition = Mapping[str, Sequence[PieceResult]]
_WRONG_BEATS = 0.9  # beats with a smaller F-measure should have come with a warning


@dataclass(frozen=True, slots=True)
class SlotRow:
    """Shares of strokes for one condition and one source of beats; spelled_otherwise: pieces."""

    condition: str
    pieces: int
    strokes: int
    right: float
    aligned: float
    in_time: float
    in_beat: float
    spelled_otherwise: int
    false_triplets: float | None
    ornament_f: float | None
    ghost_f: float | None
    accent_f: float | None
    accounted: float


@dataclass(frozen=True, slots=True)
class BeatRow:
    """Beats found from hits alone, for one condition.

    tempo_error: mean over pieces whose pulse is right. octave_errors: pieces at half, double,
    a third or three times the speed; wrong_pulses: these and all other wrong pulses (3:2 ...).
    called_unreliable: share of pieces with the warning; of those that are wrong (beat F below
    0.9), and of those that are right.
    """

    condition: str
    pieces: int
    metre_right: float
    beat_f: float
    downbeat_f: float
    tempo_error: float | None
    octave_errors: int
    wrong_pulses: int
    unreliable_if_wrong: float | None
    unreliable_if_right: float | None


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """What stands on the pages of one condition, per note, bar or minute."""

    condition: str
    pages_of: str
    rests_per_note: float
    tuplets_per_bar: float
    thirty_seconds_per_bar: float
    pages_per_minute: float


def known_page(piece: PieceResult) -> Page | None:
    """The page over the true beats."""
    return piece.known


def tracked_page(piece: PieceResult) -> Page | None:
    """The page over beats found from the hits."""
    return piece.tracked


def pooled(pieces: Iterable[PieceResult], page_of: PageOf) -> SlotCounts:
    """The counts of all these pages together."""
    pages = [page for page in map(page_of, pieces) if page is not None]
    return SlotCounts(
        **{
            field.name: sum(getattr(page.slots, field.name) for page in pages)
            for field in fields(SlotCounts)
        }
    )


def slot_rows(by_condition: ByCondition, page_of: PageOf) -> tuple[SlotRow, ...]:
    """One row per condition that has such pages."""
    rows = []
    for condition, pieces in by_condition.items():
        pages = [page for page in map(page_of, pieces) if page is not None]
        slots = pooled(pieces, page_of)
        if not slots.strokes:
            continue
        marks = MarkCounts(
            **{
                field.name: sum(getattr(page.marks, field.name) for page in pages)
                for field in fields(MarkCounts)
            }
        )
        rows.append(
            SlotRow(
                condition=condition,
                pieces=len(pages),
                strokes=slots.strokes,
                right=slots.right / slots.strokes,
                aligned=slots.aligned / slots.strokes,
                in_time=slots.in_time / slots.strokes,
                in_beat=slots.in_beat / slots.strokes,
                spelled_otherwise=sum(page.spelled_otherwise for page in pages),
                false_triplets=share(slots.false_triplets, slots.straight),
                ornament_f=share(2 * slots.graces_right, slots.graces + slots.written_graces),
                ghost_f=share(2 * marks.ghosts_right, marks.ghosts_written + marks.ghosts_true),
                accent_f=share(2 * marks.accents_right, marks.accents_written + marks.accents_true),
                accounted=slots.accounted / slots.hits,
            )
        )
    return tuple(rows)


def beat_rows(by_condition: ByCondition, *, in_metre: bool) -> tuple[BeatRow, ...]:
    """One row per condition; in_metre: of the beats that were found with the metre given."""
    rows = []
    for condition, pieces in by_condition.items():
        judged = [
            beats
            for piece in pieces
            if (beats := piece.beats_in_metre if in_metre else piece.beats) is not None
        ]
        if not judged:
            continue
        wrong = [beats for beats in judged if beats.beat_f < _WRONG_BEATS]
        right = [beats for beats in judged if beats.beat_f >= _WRONG_BEATS]
        rows.append(
            BeatRow(
                condition=condition,
                pieces=len(judged),
                metre_right=float(np.mean([beats.metre_right for beats in judged])),
                beat_f=float(np.mean([beats.beat_f for beats in judged])),
                downbeat_f=float(np.mean([beats.downbeat_f for beats in judged])),
                tempo_error=mean(b.tempo_error for b in judged if not b.is_wrong_pulse),
                octave_errors=sum(beats.is_octave_error for beats in judged),
                wrong_pulses=sum(beats.is_wrong_pulse for beats in judged),
                unreliable_if_wrong=mean(not beats.reliable for beats in wrong),
                unreliable_if_right=mean(not beats.reliable for beats in right),
            )
        )
    return tuple(rows)


def reading_rows(by_condition: ByCondition) -> tuple[ReadingRow, ...]:
    """The score's own page, and the pages that were written, over the pieces that have both."""
    rows = []
    for condition, pieces in by_condition.items():
        whole = [piece for piece in pieces if piece.ideal is not None]
        if not whole:
            continue
        rows.append(_reading_row(condition, "score", [p.ideal for p in whole if p.ideal]))
        for name, page_of in (("true beats", known_page), ("beats found", tracked_page)):
            pages = [page.reading for page in map(page_of, whole) if page is not None]
            if pages:
                rows.append(_reading_row(condition, name, pages))
    return tuple(rows)


def _reading_row(condition: str, pages_of: str, readings: Sequence[Reading]) -> ReadingRow:
    def total(name: str) -> float:
        return float(sum(getattr(reading, name) for reading in readings))

    return ReadingRow(
        condition=condition,
        pages_of=pages_of,
        rests_per_note=total("rests") / total("notes"),
        tuplets_per_bar=total("tuplets") / total("bars"),
        thirty_seconds_per_bar=total("thirty_seconds") / total("bars"),
        pages_per_minute=total("systems") / SYSTEMS_PER_PAGE / total("minutes"),
    )


def share(part: float, whole: float) -> float | None:
    """part / whole; None of nothing."""
    return part / whole if whole else None


def mean(values: Iterable[float]) -> float | None:
    """The mean; None of nothing."""
    found = list(values)
    return float(np.mean(found)) if found else None
