"""Names that a user gives to sections in the place of their letters."""

from __future__ import annotations

from dataclasses import replace

from drumscribe.domain.form.section_names import SECTION_LABEL, parse_section_names
from drumscribe.domain.score import Score


def name_sections(score: Score, names: str | None) -> Score:
    """The score with named sections.

    names: such as "A=Verse, B=Chorus, B3=Last chorus". A letter's name holds for its returns too,
    which keep their number: A2 becomes Verse 2. Letters that the piece does not have say nothing.
    Raises InvalidOption for what is no list of names.
    """
    wanted = parse_section_names(names or "")
    if not wanted:
        return score
    return replace(
        score,
        measures=tuple(
            measure
            if measure.rehearsal is None
            else replace(measure, rehearsal=_name_of(measure.rehearsal, wanted))
            for measure in score.measures
        ),
    )


def _name_of(label: str, wanted: dict[str, str]) -> str:
    if label in wanted:
        return wanted[label]
    found = SECTION_LABEL.match(label)
    if found is None or found[1] not in wanted:
        return label
    return f"{wanted[found[1]]} {found[2]}" if found[2] else wanted[found[1]]
