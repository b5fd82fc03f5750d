"""What the study says: lines with their bars, and the tables behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from drumscribe.domain.rhythm import Metre
from lab.notation_study.composed.conditions import METRES
from lab.notation_study.composed.grooves import Feel
from lab.notation_study.groove_midi import GrooveResult
from lab.notation_study.reports.lines import Line
from lab.notation_study.reports.rows import (
    BeatRow,
    ByCondition,
    ReadingRow,
    SlotRow,
    beat_rows,
    known_page,
    mean,
    pooled,
    reading_rows,
    share,
    slot_rows,
    tracked_page,
)
from lab.notation_study.round_trips.lines import round_trip_lines
from lab.notation_study.round_trips.running import RoundTrips
from lab.notation_study.study import Page, PieceResult

_STRAIGHT_LINES = ("straight, 0 ms", "straight, 10 ms", "straight, 15 ms")
_DRIFT_LINE = "drift up to 6 %, 10 ms"
# A swing this slight is nobody's swing.
_EVEN = 1.05


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Everything that the study found."""

    lines: tuple[Line, ...]
    known: tuple[SlotRow, ...]
    tracked: tuple[SlotRow, ...]
    tracked_in_metre: tuple[SlotRow, ...]
    beats: tuple[BeatRow, ...]
    beats_in_metre: tuple[BeatRow, ...]
    readings: tuple[ReadingRow, ...]
    pieces: tuple[PieceResult, ...]
    groove: tuple[GrooveResult, ...]
    round_trips: RoundTrips | None = None

    @property
    def passes(self) -> bool:
        return all(line.passes is not False for line in self.lines)

    def to_dict(self) -> dict[str, Any]:
        """Everything, as JSON knows it."""
        document = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        document["lines"] = [{**_plain(line), "passes": line.passes} for line in self.lines]
        return document


def _plain(value: object) -> Any:
    """Data classes as objects, metres as they are written."""
    if isinstance(value, Metre):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def build_report(
    pieces: Sequence[PieceResult],
    groove: Sequence[GrooveResult],
    round_trips: RoundTrips | None = None,
) -> Report:
    """Pool the results of the study."""
    by_condition: dict[str, list[PieceResult]] = defaultdict(list)
    for piece in pieces:
        by_condition[piece.condition].append(piece)
    return Report(
        lines=(
            *_lines(pieces, by_condition),
            *_groove_lines(groove),
            *(round_trip_lines(round_trips) if round_trips else ()),
        ),
        known=slot_rows(by_condition, lambda piece: piece.known),
        tracked=slot_rows(by_condition, lambda piece: piece.tracked),
        tracked_in_metre=slot_rows(by_condition, lambda piece: piece.in_metre),
        beats=beat_rows(by_condition, in_metre=False),
        beats_in_metre=beat_rows(by_condition, in_metre=True),
        readings=reading_rows(by_condition),
        pieces=tuple(pieces),
        groove=tuple(groove),
        round_trips=round_trips,
    )


def _lines(pieces: Sequence[PieceResult], by_condition: ByCondition) -> list[Line]:
    lines: list[Line] = []
    for beats, page_of in (("true beats", known_page), ("beats found", tracked_page)):
        for condition, bar in (
            ("straight, 120 BPM, 15 ms", 0.97),
            ("shuffle, 120 BPM, 15 ms", 0.95),
            *((f"clean {metre}", 0.99) for metre in METRES),
        ):
            slots = pooled(by_condition[condition], page_of)
            lines.append(
                Line(
                    f"right slot and bar, {condition}, {beats}",
                    share(slots.in_time, slots.strokes),
                    at_least=bar,
                    note=f"as spelled {_percent(share(slots.aligned, slots.strokes))}, "
                    f"strict {_percent(share(slots.right, slots.strokes))}",
                )
            )
        straight = [piece for name in _STRAIGHT_LINES for piece in by_condition[name]]
        slots = pooled(straight, page_of)
        lines.append(
            Line(
                f"false triplets on straight music, {beats}",
                share(slots.false_triplets, slots.straight),
                at_most=0.01,
            )
        )
        even = [piece for piece in pieces if _is_straight(piece) and page_of(piece) is not None]
        lines.append(
            Line(
                f"straight pieces written as swung, {beats}",
                float(sum(_reads_as_swung(page_of(piece)) for piece in even)) if even else None,
                at_most=0,
                note=f"of {len(even)}",
            )
        )
    lines += _beat_lines(by_condition)
    for beats, page_of in (("true beats", known_page), ("beats found", tracked_page)):
        slots = pooled(pieces, page_of)
        lines.append(
            Line(
                f"hits accounted for, {beats}",
                share(slots.accounted, slots.hits),
                at_least=1.0,
                note=f"{slots.hits} hits",
            )
        )
    return lines


def _beat_lines(by_condition: ByCondition) -> list[Line]:
    lines = []
    clean: list[PieceResult] = []
    for metre in METRES:
        found = [piece for piece in by_condition[f"clean {metre}"] if piece.beats is not None]
        clean += found
        read_as: dict[str, int] = defaultdict(int)
        for piece in found:
            assert piece.beats is not None
            read_as[str(piece.beats.metre)] += 1
        lines.append(
            Line(
                f"metre right, clean {metre}",
                mean(piece.beats.metre_right for piece in found if piece.beats),
                at_least=0.95,
                note=", ".join(f"{name} {n}" for name, n in sorted(read_as.items())),
            )
        )
    pages = [piece.tracked for piece in clean if piece.tracked is not None]
    lines.append(
        Line(
            "metre spelled otherwise, clean, all metres",
            float(sum(page.spelled_otherwise for page in pages)) if pages else None,
            note=f"of {len(pages)}; same bars and beats, 12/8 for 4/4 or the other way round",
        )
    )
    lines.append(
        Line(
            "downbeat F, clean, all metres",
            mean(piece.beats.downbeat_f for piece in clean if piece.beats),
        )
    )
    lines.append(
        Line(
            "half or double tempo, clean, 60 to 200 BPM",
            float(sum(piece.beats.is_octave_error for piece in clean if piece.beats))
            if clean
            else None,
            at_most=0,
            note=f"of {len(clean)}",
        )
    )
    lines.append(
        Line(
            "other wrong pulse (3:2, 4:3 ...), clean, 60 to 200 BPM",
            float(
                sum(
                    piece.beats.is_wrong_pulse and not piece.beats.is_octave_error
                    for piece in clean
                    if piece.beats
                )
            )
            if clean
            else None,
            note=f"of {len(clean)}",
        )
    )
    drifting = [piece.beats for piece in by_condition[_DRIFT_LINE] if piece.beats]
    wrong = sum(judgement.is_wrong_pulse for judgement in drifting)
    lines.append(
        Line(
            "tempo error under drift up to 6 %",
            mean(j.tempo_error for j in drifting if not j.is_wrong_pulse),
            at_most=0.01,
            note=f"without {wrong} of {len(drifting)} in another pulse",
        )
    )
    return lines


def _groove_lines(groove: Sequence[GrooveResult]) -> list[Line]:
    usable = [result for result in groove if result.usable]
    if not groove:
        return []
    clear = sum(result.clear for result in usable)
    doubtful = sum(result.doubtful for result in usable)
    straight = [result for result in usable if not result.in_triplets]
    note = (
        f"{len(usable)} of {len(groove)} performances; {doubtful} of {clear + doubtful} strokes "
        "in doubt left out"
    )
    judged = [result.beats for result in groove]
    return [
        Line(
            "Groove MIDI: right slot and bar, true beats",
            share(sum(result.known_aligned for result in usable), clear),
            note=note,
        ),
        Line(
            "Groove MIDI: right slot and bar, beats found",
            share(sum(result.tracked_aligned for result in usable), clear),
        ),
        Line(
            "Groove MIDI: false triplets on straight playing, true beats",
            share(
                sum(result.known_triplets for result in straight),
                sum(result.clear for result in straight),
            ),
        ),
        Line("Groove MIDI: metre right", mean(beats.metre_right for beats in judged)),
        Line("Groove MIDI: downbeat F", mean(beats.downbeat_f for beats in judged)),
        Line(
            "Groove MIDI: half or double tempo",
            float(sum(beats.is_octave_error for beats in judged)),
            note=f"of {len(judged)}",
        ),
        Line(
            "Groove MIDI: 32nds per bar, true beats",
            share(
                sum(result.known_reading.thirty_seconds for result in groove),
                sum(result.known_reading.bars for result in groove),
            ),
        ),
    ]


def _is_straight(piece: PieceResult) -> bool:
    return piece.feel is Feel.STRAIGHT or (piece.feel is Feel.SWUNG and piece.swing <= _EVEN)


def _reads_as_swung(page: Page | None) -> bool:
    return page is not None and page.swung


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
