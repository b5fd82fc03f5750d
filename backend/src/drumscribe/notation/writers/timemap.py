"""Where everything on the page lies in the recording: the clock by which a page is followed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.score import Measure, Score
from drumscribe.notation.chart import in_order
from drumscribe.notation.drawn_bars import bar_id, drawn_bars, note_id

TIME_MAP_VERSION = 1
# After the point: microseconds.
DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class TimedMeasure:
    """One bar. beats: seconds of its beats, the first is start_seconds.

    svg_id: the element that stands for the bar on the page; bars of rest that are gathered under
        one sign share one.
    """

    number: int
    start_seconds: float
    end_seconds: float
    beats: tuple[float, ...]
    time_signature: str
    svg_id: str


@dataclass(frozen=True, slots=True)
class TimedNote:
    """One head.

    id: of the element on the page; hit: id of the hit in the document.
    time_seconds: as it was played; page_seconds: where the beats put what is written.
    measure: number of its bar; position: quarter notes from the start of the bar, exactly.
    is_grace: a small note before the note that stands at `position`.
    """

    id: str
    hit: int
    time_seconds: float
    page_seconds: float
    measure: int
    position: str
    instrument: str
    is_grace: bool


@dataclass(frozen=True, slots=True)
class MergedHit:
    """A hit without a head of its own; id: of the note that stands for it too."""

    hit: int
    time_seconds: float
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMap:
    """notes: in the order of page_seconds; every hit is in notes or in merged."""

    schema_version: int = TIME_MAP_VERSION
    duration_seconds: float
    measures: tuple[TimedMeasure, ...]
    notes: tuple[TimedNote, ...]
    merged: tuple[MergedHit, ...]

    def to_json(self) -> bytes:
        """The map as a JSON document (UTF-8)."""
        return json.dumps(self, default=_fields_of, separators=(",", ":")).encode() + b"\n"


def _fields_of(entry: TimeMap | TimedMeasure | TimedNote | MergedHit) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__slots__}


def time_map(
    score: Score,
    hits: Sequence[Hit],
    grid: BeatGrid,
    *,
    duration_seconds: float,
    chart: Score | None = None,
) -> TimeMap:
    """The time map of a score that was quantised from these hits over this grid.

    duration_seconds: of the recording. Times are rounded to microseconds. chart: what is printed in
    the place of the full score: bars are then found where its signs lead.
    """
    svg_ids = _svg_ids(score) if chart is None else _svg_ids_on_chart(chart)
    by_id = {index if hit.id is None else hit.id: hit for index, hit in enumerate(hits)}
    notes: list[TimedNote] = []
    merged: list[MergedHit] = []
    for placement in score.placements:
        hit = by_id[placement.hit]
        if placement.merged_into is not None:
            stands_in = note_id(placement.merged_into)
            merged.append(MergedHit(placement.hit, _rounded(hit.time), stands_in))
            continue
        measure = score.measures[placement.measure]
        meant = hit.time - score.offset_seconds - placement.deviation_seconds
        notes.append(
            TimedNote(
                id=note_id(placement.hit),
                hit=placement.hit,
                time_seconds=_rounded(hit.time),
                page_seconds=_rounded(meant),
                measure=measure.number,
                position=str(placement.onset),
                instrument=hit.instrument.value,
                is_grace=placement.is_grace,
            )
        )
    return TimeMap(
        duration_seconds=_rounded(duration_seconds),
        measures=_timed_measures(score.measures, svg_ids, grid),
        notes=tuple(sorted(notes, key=lambda note: (note.page_seconds, note.hit))),
        merged=tuple(merged),
    )


def _svg_ids(score: Score) -> list[str]:
    return [bar_id(score.measures[index].number) for index in drawn_bars(score)]


def _svg_ids_on_chart(chart: Score) -> list[str]:
    drawn = _svg_ids(chart)
    return [drawn[at_hand] for at_hand, _ in in_order(chart)]


def _timed_measures(
    measures: Sequence[Measure], svg_ids: Sequence[str], grid: BeatGrid
) -> tuple[TimedMeasure, ...]:
    # Not by the metre of the page, which may count the same beats as dotted quarters.
    edges = np.array([[measure.start_seconds, measure.end_seconds] for measure in measures])
    beats = np.rint(grid.beat_position(edges)).astype(np.int64)
    begin = int(beats.min())
    times = grid.time_at(np.arange(begin, int(beats.max()), dtype=np.float64))

    def beats_of(measure: Measure, first: int, end: int) -> NDArray[np.float64]:
        said = grid.said_of_bar(first, end - first)
        if said is None or said != measure.metre:
            return times[first - begin : end - begin]
        # Two dotted quarters in 6/8, where the grid has three quarters.
        return grid.time_at(np.linspace(first, end, said.beats_per_bar, endpoint=False))

    return tuple(
        TimedMeasure(
            number=measure.number,
            start_seconds=_rounded(measure.start_seconds),
            end_seconds=_rounded(measure.end_seconds),
            beats=tuple(map(_rounded, beats_of(measure, first, end).tolist())),
            time_signature=str(measure.metre),
            svg_id=svg_id,
        )
        for measure, svg_id, (first, end) in zip(measures, svg_ids, beats.tolist(), strict=True)
    )


def _rounded(seconds: float) -> float:
    return round(seconds, DIGITS)
