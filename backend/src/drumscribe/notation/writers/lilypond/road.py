"""The road signs of a chart in LilyPond: slashes, bar lines, endings, segno, coda and jumps."""

from __future__ import annotations

from drumscribe.domain.form.road_signs import TWICE, RoadSigns
from drumscribe.domain.score import Measure, NoteValue
from drumscribe.notation.writers.lilypond.strings import escape
from drumscribe.notation.writers.lilypond.values import duration

SLASH = "slashbeat"  # a drum of our own on the middle line
_NONE = RoadSigns()


def has_slashes(measure: Measure) -> bool:
    """Whether a bar is drawn as slashes."""
    return measure.road is not None and measure.road.slashes is not None


def slashes_of(measure: Measure) -> str:
    """One slash per group of the bar, without stems."""
    notes = []
    for group in measure.groups:
        value = NoteValue.of_length(group)
        length = duration(value) if value else f"4*{group}"
        notes.append(f"\\once \\omit Stem \\once \\omit Flag <{SLASH}>{length}")
    return " ".join(notes)


def bar_line(before: Measure | None, here: Measure | None) -> str:
    """What stands on the bar line between two bars: repeats, endings, words of the bar before."""
    old = (before.road if before else None) or _NONE
    new = (here.road if here else None) or _NONE
    commands = []
    if old.ends_ending:
        commands.append("(volta #f)")
    if old.ends_repeat:
        commands.append("end-repeat")
    if new.begins_repeat:
        commands.append("start-repeat")
    if new.begins_ending:
        commands.append(f"(volta {escape(', '.join(f'{n}.' for n in new.ending))})")
    text = f"\\set Score.repeatCommands = #'({' '.join(commands)}) " if commands else ""
    words = [word for word in (_times(old), old.at_end) if word]
    if words:
        text += f"\\textEndMark \\markup \\bold \\small {escape(', '.join(words))} "
        if not commands and here is not None:
            text += '\\bar "||" '
    return text


def glyphs(measure: Measure) -> str:
    """Segno and coda, as markup."""
    road = measure.road or _NONE
    names = ["segno"] if road.has_segno else []
    names += ["coda"] if road.begins_coda else []
    return " ".join(f'\\musicglyph "scripts.{name}"' for name in names)


def _times(road: RoadSigns) -> str | None:
    return f"{road.ends_repeat}×" if road.ends_repeat > TWICE else None
