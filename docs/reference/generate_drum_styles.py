"""Write drum-styles.md from the style tables.

python docs/reference/generate_drum_styles.py

A test fails when it is stale.
"""

from __future__ import annotations

from pathlib import Path

from drumscribe.notation.styles.drum_maps import Sound
from drumscribe.notation.styles.drum_styles import STYLES, DrumStyle

TARGET = Path(__file__).with_name("drum-styles.md")

_INTRODUCTION = """# Drum styles

<!-- Written by generate_drum_styles.py; do not edit. -->

Where each drum stands on the staff and with which head: `--style NAME` of `transcribe` and
`render`, `PageWishes(style=NAME)`, and the setting of a result in the service. Positions are
read as in treble clef: C5 is the third space. Every style is one table in
`notation/styles/drum_styles.py`.
"""


def drum_styles_page() -> str:
    """The page: what each style is, then one table over all."""
    styles = list(STYLES.values())
    parts = [_INTRODUCTION]
    parts += [f"- `{style.name}`: {style.title}. From: {style.source}." for style in styles]
    head = f"\n| | {' | '.join(f'`{style.name}`' for style in styles)} |\n|---|"
    rows = [
        f"| {styles[0].drawings[sound].name} | {' | '.join(_cell(s, sound) for s in styles)} |"
        for sound in styles[0].drawings
    ]
    return "\n".join([*parts, head + "---|" * len(styles), *rows, ""])


def _cell(style: DrumStyle, sound: Sound) -> str:
    drawing = style.drawings[sound]
    mark = f", mark: {drawing.mark}" if drawing.mark else ""
    return f"{drawing.position} {drawing.head}{mark}"


if __name__ == "__main__":
    TARGET.write_text(drum_styles_page())
