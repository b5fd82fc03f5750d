"""What came back from other programs, as lines with bars."""

from __future__ import annotations

from lab.notation_study.reports.lines import Line
from lab.notation_study.round_trips.running import RoundTrips
from lab.notation_study.round_trips.seen import Feature

_MUST_AGREE = (Feature.PLACE, Feature.GHOST, Feature.ACCENT)


def round_trip_lines(trips: RoundTrips) -> list[Line]:
    """Programs that are not installed have lines without a value."""
    lines = []
    for importer in trips.importers:
        for feature in _MUST_AGREE:
            agreement = importer.features.get(feature)
            value = None
            if importer.unread:
                value = 0.0
            elif agreement is not None and agreement.expected + agreement.extra:
                value = agreement.right / (agreement.expected + agreement.extra)
            unread = f", {len(importer.unread)} not read" if importer.unread else ""
            lines.append(
                Line(
                    f"round trip, {importer.name}: {feature}",
                    value,
                    at_least=1.0,
                    note=f"{importer.version}, {importer.scores} scores{unread}",
                )
            )
    played = trips.lilypond
    lines.append(
        Line(
            "round trip, LilyPond's MIDI: notes",
            played.right / (played.notes + played.extra) if played.notes else None,
            at_least=1.0,
            note=f"{played.version}, {played.scores} scores",
        )
    )
    complaints = len(played.complaints) + played.heads_off
    lines.append(
        Line(
            "LilyPond's complaints",
            float(complaints) if played.version is not None else None,
            at_most=0,
            note=played.complaints[0][:60] if played.complaints else "",
        )
    )
    return lines
