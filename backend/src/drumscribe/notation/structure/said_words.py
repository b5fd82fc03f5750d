"""Names that a user gives to sections in the place of their letters, and words over bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from drumscribe.domain.form.bar_texts import parse_bar_texts
from drumscribe.domain.form.section_names import SECTION_LABEL, parse_section_names
from drumscribe.domain.score import Measure, Score


def name_sections(score: Score, names: str | None) -> Score:
    """The score with named sections.

    names: such as "A=Verse, B=Chorus, B3=Last chorus, 42.5=Bridge". A letter's name holds for its
    returns too, which keep their number: A2 becomes Verse 2. Letters that the piece does not have
    say nothing. At a second, the bar that begins nearest to it begins a section of that name; the
    second counts as those of the hits do.
    Raises InvalidOption for what is no list of names.
    """
    wanted = parse_section_names(names or "")
    labels = wanted.by_label
    named = tuple(
        measure
        if measure.rehearsal is None
        else replace(measure, rehearsal=_name_of(measure.rehearsal, labels))
        for measure in score.measures
    )
    begins = _bars_at(named, wanted.by_second)
    return replace(
        score,
        measures=tuple(
            replace(measure, rehearsal=begins[k][-1]) if k in begins else measure
            for k, measure in enumerate(named)
        ),
    )


def write_over_bars(score: Score, texts: str | None) -> Score:
    """The score with a user's words over its bars.

    texts: such as "12.5=Watch the stop; 47=Half time"; each stands over the bar that begins nearest
    to its second, which counts as those of the hits do.
    Raises InvalidOption for what is no list of texts.
    """
    over = _bars_at(score.measures, parse_bar_texts(texts or ""))
    return replace(
        score,
        measures=tuple(
            replace(measure, text=", ".join(over[k])) if k in over else measure
            for k, measure in enumerate(score.measures)
        ),
    )


def _bars_at(measures: tuple[Measure, ...], said: Mapping[float, str]) -> dict[int, list[str]]:
    """Index of the bar that begins nearest to a moment -> what was said of it, in order."""
    found: dict[int, list[str]] = {}
    for second in sorted(said):
        away = [abs(measure.start_seconds - second) for measure in measures]
        found.setdefault(away.index(min(away)), []).append(said[second])
    return found


def _name_of(label: str, wanted: dict[str, str]) -> str:
    if label in wanted:
        return wanted[label]
    found = SECTION_LABEL.match(label)
    if found is None or found[1] not in wanted:
        return label
    return f"{wanted[found[1]]} {found[2]}" if found[2] else wanted[found[1]]
