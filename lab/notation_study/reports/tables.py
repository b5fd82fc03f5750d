"""The report as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from drumscribe.evaluation.text_tables import share, table, three
from lab.notation_study.judging.parts import PartJudgement, PartsRow
from lab.notation_study.reports.lines import Line
from lab.notation_study.reports.report import Report
from lab.notation_study.reports.rows import ReadingRow, SlotRow, known_page, tracked_page
from lab.notation_study.round_trips.running import RoundTrips
from lab.notation_study.round_trips.seen import Feature
from lab.notation_study.study import Page, PieceResult

# These lines are numbers of pieces, not shares.
_COUNTED = (
    "half",
    "other wrong",
    "straight pieces",
    "metre spelled otherwise",
    "Groove MIDI: half",
    "LilyPond's complaints",
)
_VERDICTS = {True: "pass", False: "FAIL", None: ""}


def as_text(report: Report) -> str:
    """Every table, as plain text."""
    parts = ["Measures and their bars", lines_table(report.lines)]
    for title, rows in (
        ("Strokes in the right place, true beats", report.known),
        ("Strokes in the right place, beats found from hits alone", report.tracked),
        ("Strokes in the right place, beats found, metre given", report.tracked_in_metre),
    ):
        if rows:
            parts += ["", title, _slots_table(rows)]
    for title, beat_rows in (
        ("Beats found from hits alone", report.beats),
        ("Beats found from hits alone, metre given", report.beats_in_metre),
    ):
        if beat_rows:
            head = ("condition", "pieces", "metre", "beat F", "downbeat F", "tempo error",
                    "half/double", "any wrong pulse", "warned: wrong", "warned: right")  # fmt: skip
            body = [
                (row.condition, str(row.pieces), share(row.metre_right), three(row.beat_f),
                 three(row.downbeat_f), share(row.tempo_error), str(row.octave_errors),
                 str(row.wrong_pulses),
                 share(row.unreliable_if_wrong), share(row.unreliable_if_right))
                for row in beat_rows
            ]  # fmt: skip
            parts += ["", title, table(head, body)]
    if report.readings:
        parts += ["", "Readability", _readings_table(report.readings)]
    if report.round_trips:
        parts += ["", "What other programs read of our pages", _imports_table(report.round_trips)]
    return "\n".join(parts) + "\n"


def _imports_table(trips: RoundTrips) -> str:
    """right of expected, and how many more were seen than there are."""
    importers = [importer for importer in trips.importers if importer.version is not None]
    head = ("", *(f"{importer.name} {importer.version}" for importer in importers))
    body = []
    for feature in Feature:
        cells = []
        for importer in importers:
            found = importer.features.get(feature)
            more = f" +{found.extra}" if found and found.extra else ""
            cells.append(f"{found.right} of {found.expected}{more}" if found else "-")
        body.append((str(feature), *cells))
    missing = [importer.name for importer in trips.importers if importer.version is None]
    rest = f"\nnot installed: {', '.join(missing)}" if missing else ""
    return table(head, body) + rest


def lines_table(lines: Sequence[Line]) -> str:
    """The measures that were taken, their bars, and whether they pass."""
    body = []
    for line in lines:
        if line.value is None:
            continue
        counts = line.measure.startswith(_COUNTED)
        plain = counts or " F" in line.measure or "per bar" in line.measure
        bar = ""
        if line.at_least is not None:
            bar = f">= {line.at_least:.0%}"
        elif line.at_most is not None:
            bar = f"{line.at_most:.0f}" if counts else f"<= {line.at_most:.0%}"
        value = f"{line.value:.2%}"
        if plain:
            value = f"{line.value:.0f}" if counts else f"{line.value:.3f}"
        body.append((line.measure, value, bar, _VERDICTS[line.passes], line.note))
    return table(("measure", "value", "bar", "", "note"), body)


def worst_pieces(pieces: Sequence[PieceResult], n: int) -> str:
    """The pieces with most strokes in a wrong place, per condition, to look at."""
    parts = []
    for title, page_of in (("true beats", known_page), ("beats found", tracked_page)):
        body = []
        for condition in dict.fromkeys(piece.condition for piece in pieces):
            ranked = sorted(
                (
                    (_aligned_share(page), piece)
                    for piece in pieces
                    if piece.condition == condition and (page := page_of(piece)) is not None
                ),
                key=lambda pair: (pair[0], pair[1].index),
            )
            body += [
                (condition, str(piece.index), piece.name, piece.metre, f"{piece.bpm:.0f}",
                 f"{piece.swing:.1f}", share(aligned), _beats_note(piece))
                for aligned, piece in ranked[:n]
                if aligned < 1.0
            ]  # fmt: skip
        head = ("condition", "index", "grooves", "metre", "bpm", "swing", "aligned", "note")
        if body:
            parts.append(f"Worst pieces, {title}\n{table(head, body)}\n")
    return "\n".join(parts)


def _aligned_share(page: Page) -> float:
    return page.slots.aligned / max(1, page.slots.strokes)


def _beats_note(piece: PieceResult) -> str:
    if piece.beats is None:
        return ""
    return f"found {piece.beats.metre}, tempo x{piece.beats.tempo_ratio:.2f}"


def parts_table(rows: Sequence[PartsRow]) -> str:
    """Parts that others wrote, by group."""
    head = ("parts", "n", "metre", "downbeat F", "slots", "right", "in first three",
            "warned: wrong", "wrong: warned")  # fmt: skip
    body = [
        (row.group, str(row.n), share(row.metre_right), three(row.downbeat_f),
         share(row.slots), share(row.right), share(row.right_in_first_three),
         share(row.warned_if_wrong), share(row.wrong_if_warned))
        for row in rows
    ]  # fmt: skip
    return table(head, body) + "\n"


def parts_dict(rows: Sequence[PartsRow], judged: Sequence[PartJudgement]) -> dict[str, Any]:
    """The same as JSON knows it, and every part."""
    return {
        "groups": [asdict(row) for row in rows],
        "parts": [
            {**asdict(each), "metre": str(each.metre), "found": str(each.found)} for each in judged
        ],
    }


def _slots_table(rows: Sequence[SlotRow]) -> str:
    head = ("condition", "pieces", "strokes", "strict", "aligned", "in time", "respelled",
            "in beat", "false triplets", "ornaments F", "ghosts F", "accents F")  # fmt: skip
    body = [
        (row.condition, str(row.pieces), str(row.strokes), share(row.right), share(row.aligned),
         share(row.in_time), str(row.spelled_otherwise),
         share(row.in_beat), share(row.false_triplets), share(row.ornament_f),
         share(row.ghost_f), share(row.accent_f))
        for row in rows
    ]  # fmt: skip
    return table(head, body)


def _readings_table(rows: Sequence[ReadingRow]) -> str:
    head = ("condition", "page of", "rests/note", "tuplets/bar", "32nds/bar", "pages/min")
    body = [
        (row.condition, row.pages_of, three(row.rests_per_note), three(row.tuplets_per_bar),
         three(row.thirty_seconds_per_bar), f"{row.pages_per_minute:.2f}")
        for row in rows
    ]  # fmt: skip
    return table(head, body)
