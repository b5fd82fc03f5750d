"""Write imports.md: what other programs read from our files, by letting them read.

    python -m lab.notation_study.reports.imports_page

Needs music21, Verovio, MuseScore and LilyPond; programs that are not installed are left out.
"""

from __future__ import annotations

from lab.notation_study.round_trips.running import RoundTrips, run_round_trips
from lab.notation_study.round_trips.seen import Agreement, Feature
from lab.places import REPOSITORY

TARGET = REPOSITORY / "docs" / "reference" / "imports.md"

_INTRODUCTION = """# What other programs import

<!-- Written by lab.notation_study.reports.imports_page; do not edit. -->

Our MusicXML, read by programs that we did not write: a sheet with every sign and every drum (the
second crash among them), and composed pieces in every metre, with swing and with triplets. What
each program made of it is compared with the score note by note. `python -m lab.notation_study
--check` does the same and fails on the first three lines. "yes": all there, in the right place, and
nothing more.

"""
_NOTES = {
    Feature.HEAD: "Verovio loses the slash of a rimshot; our SVG adds it",
    Feature.HALF_OPEN: "MusicXML has no sign of its own for it: a half-closed mute",
    Feature.CHOKE: "written as a damp sign (SMuFL pictDamp1)",
    Feature.SWING: "the word is there to read; the eighths are played straight on import",
    Feature.SIMILE: "only with `--similes always`; the notes stay in the file",
    Feature.UNDER_SIMILE: "Verovio drops the notes under the signs; our SVG writes every bar",
}


def imports_page(trips: RoundTrips) -> str:
    """The page for what came back."""
    importers = [importer for importer in trips.importers if importer.version is not None]
    names = " | ".join(f"{importer.name} {importer.version}" for importer in importers)
    rows = [f"| | {names} | |", f"|---|{'---|' * len(importers)}---|"]
    for feature in Feature:
        cells = " | ".join(_cell(importer.features.get(feature)) for importer in importers)
        rows.append(f"| {feature} | {cells} | {_NOTES.get(feature, '')} |")
    played = trips.lilypond
    lilypond = "\n"
    if played.version is not None:
        lilypond = (
            f"\n\n## LilyPond\n\nLilyPond {played.version} plays {played.right} of {played.notes} "
            f"notes of {played.scores} scores\nwhere they are written and {played.extra} others; "
            f"it warns {len(played.complaints)} times.\n"
        )
    return _INTRODUCTION + "\n".join(rows) + lilypond + _OTHERS


def _cell(found: Agreement | None) -> str:
    if found is None:
        return "not asked"
    if found.is_whole:
        return "yes"
    if not found.right:
        return "no"
    more = f", {found.extra} others" if found.extra else ""
    return f"{found.right} of {found.expected}{more}"


_OTHERS = """
## Good to know

- General MIDI gives the foot's splash of the hat no key: it shares 44 with the pedal. MuseScore
  keeps one line and head per key, so in a piece that has both the pedal gets the splash's head. It
  is the one sound that is not on the sheet.
- MuseScore 3 was measured. MuseScore 4, Dorico, Sibelius, Finale and Guitar Pro were not at hand.
- Guitar Pro users: `-f gp` is the better way in ([file formats](file-formats.md)).
"""

if __name__ == "__main__":
    TARGET.write_text(imports_page(run_round_trips(0)))
