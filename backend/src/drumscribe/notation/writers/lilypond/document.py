"""LilyPond source: \\drummode with our own complete drum table, so that nothing falls on a default.

User text enters only as an escaped string. The layout counts the heads that it draws and says so
on standard error (HEADS_REPORT), so that whoever runs LilyPond can tell a full page from an empty
staff.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from drumscribe.domain.score import Score, VoiceRole
from drumscribe.domain.wishes import DrumKey
from drumscribe.notation.layout import Print, last_line_is_full
from drumscribe.notation.measures.one_voice import in_style
from drumscribe.notation.measures.sticking import lines_of_letters
from drumscribe.notation.styles.drum_maps import GENERAL_MIDI, DrumMap, Sound
from drumscribe.notation.styles.drum_styles import DrumStyle, Head, Mark, find_style
from drumscribe.notation.styles.sounds import sounds_of
from drumscribe.notation.text import clean_text
from drumscribe.notation.writers.lilypond.music import ALONE, VOICES, Music
from drumscribe.notation.writers.lilypond.road import SLASH, has_slashes
from drumscribe.notation.writers.lilypond.strings import escape

# Loose sheets on a stand say whose they are.
_RUNNING_HEAD = (
    "\\markup \\fill-line { \\null "
    "\\unless \\on-first-page \\fromproperty #'header:title "
    "\\unless \\on-first-page \\fromproperty #'page:page-number-string }"
)

# Letters that say which hand plays.
_LETTERS = "\\override LyricText.font-size = #-1 \\override LyricSpace.minimum-distance = #0.5"

HEADS_REPORT = "drumscribe-heads="
# What LilyPond says where it has put more lines on a page than fit, and lets them overlap.
OVERFULL = "compressing over-full page"

_HEADS = {
    Head.NORMAL: "()",
    Head.X: "cross",
    Head.CIRCLE_X: "xcircle",
    Head.DIAMOND: "harmonic-black",
    Head.SLASHED: "()",
    Head.SLASH: "slash",
}
_PITCHES = ("c", "cis", "d", "dis", "e", "f", "fis", "g", "gis", "a", "ais", "b")

_SLASHED_HEAD = """\
#(define (slashed-head grob)
   (let* ((head (ly:note-head::print grob))
          (x (ly:stencil-extent head X))
          (y (ly:stencil-extent head Y)))
     (ly:stencil-add head
       (make-line-stencil 0.16 (- (car x) 0.35) (- (car y) 0.25)
                               (+ (cdr x) 0.35) (+ (cdr y) 0.25)))))
"""
_HEAD_COUNTER = """\
    \\context {
      \\Score
      \\consists #(lambda (context)
        (let ((heads 0))
          (make-engraver
            (acknowledgers
              ((note-head-interface engraver grob source) (set! heads (1+ heads))))
            ((finalize engraver)
              (format (current-error-port) "%s~a~%%" heads)))))
    }
"""


def write_lilypond(
    score: Score,
    *,
    style: str | DrumStyle = "weinberg",
    page: Print | None = None,
    is_roomy: bool = False,
    midi: bool = False,
    drum_map: DrumMap = GENERAL_MIDI,
) -> str:
    """The score as LilyPond source (2.24 or newer).

    page: paper, size of the staves, bars a line, drum key.
    is_roomy: fewer lines on a page, for music whose marks need more height than LilyPond expects
        while it breaks pages (see OVERFULL).
    midi: let LilyPond write its own MIDI file beside the page.
    """
    table = find_style(style)
    score = in_style(score, table)
    sounds = sounds_of(score, table)
    page = page or Print()
    music = Music(score, table, page.lines)
    plays_more = midi and any(measure.simile for measure in score.measures)
    letters = [music.letters(role, line) for role, line in lines_of_letters(score.measures)]
    parts = [
        '\\version "2.24.0"\n',
        _drum_definitions(
            sounds, table, drum_map, with_slashes=any(map(has_slashes, score.measures))
        ),
        _SLASHED_HEAD if any(table.drawings[s].head is Head.SLASHED for s in sounds) else "",
        _header(score),
        _paper(page, fills_last_line=last_line_is_full(score, page.lines), is_roomy=is_roomy),
        f"form = \\drummode {{\n{music.form()}}}\n",
        *(f"{role.value} = \\drummode {{\n{music.voice(role)}}}\n" for role in score.roles),
        _drum_key(sounds, table) if page.drum_key is DrumKey.SHOWN else "",
        _score_block(score.roles, letters, midi=midi and not plays_more),
        _midi_block(score, music) if plays_more else "",
    ]
    return "\n".join(part for part in parts if part)


def head_count(score: Score) -> int:
    """How many heads LilyPond must draw: slashes, notes and grace notes that no sign stands for."""
    slashed = sum(len(measure.groups) for measure in score.measures if has_slashes(measure))
    return slashed + sum(
        len(event.notes) + len(event.graces)
        for measure in score.measures
        if measure.simile is None and not has_slashes(measure)
        for voice in measure.voices
        for event in voice.events
    )


def _drum_definitions(
    sounds: Sequence[Sound], style: DrumStyle, drum_map: DrumMap, *, with_slashes: bool
) -> str:
    lines: list[str] = []
    rows: list[str] = []
    for sound in sounds:
        drawing = style.drawings[sound]
        name = drawing.lilypond
        key = drum_map.key_of(sound.instrument, sound.articulation)
        lines.append(f"drumPitchNames.{name} = #'{name}")
        lines.append(f"midiDrumPitches.{name} = {_pitch(key)}")
        rows.append(f"    ({name} {_HEADS[drawing.head]} #f {drawing.staff_position})")
    if with_slashes:
        lines.append(f"drumPitchNames.{SLASH} = #'{SLASH}")
        rows.append(f"    ({SLASH} slash #f 0)")
    table = "#(define drum-table '(\n" + "\n".join(rows) + "))\n"
    return "\n".join(lines) + "\n" + table


def _pitch(key: int) -> str:
    octave = key // 12 - 4  # c is MIDI key 48
    return _PITCHES[key % 12] + ("'" * octave if octave > 0 else "," * -octave)


def _header(score: Score) -> str:
    title, artist = clean_text(score.title), clean_text(score.artist)
    fields = [f"  title = {_wrapped(title, 'center-column', 45)}"] if title else []
    fields += [f"  composer = {_wrapped(artist, 'right-column', 70)}"] if artist else []
    source = clean_text(score.source)
    if source:
        words = f"Drums, transcribed from {source}"
        fields.append(f"  poet = {_wrapped(words, 'left-column', 70)}")
    fields.append(f"  tagline = {escape('Transcribed by DrumScribe')}")
    return "\\header {\n" + "\n".join(fields) + "\n}\n"


def _wrapped(text: str, column: str, width: int) -> str:
    """Text in as many lines as it needs; LilyPond would let one long line run off the page."""
    lines = textwrap.wrap(text, width)
    if len(lines) == 1:
        return escape(text)
    return f"\\markup \\{column} {{ {' '.join(escape(line) for line in lines)} }}"


def _paper(page: Print, *, fills_last_line: bool, is_roomy: bool) -> str:
    expected = "  page-breaking-system-system-spacing"
    room = f"{expected}.basic-distance = #15\n{expected}.padding = #5\n" if is_roomy else ""
    return (
        f"#(set-global-staff-size {page.staff_points})\n"
        "\\paper {\n"
        f'  #(set-paper-size "{page.paper.value}")\n'
        "  indent = 0\n  ragged-last-bottom = ##t\n"
        f"  ragged-last = {'##f' if fills_last_line else '##t'}\n"
        "  top-margin = 12\\mm\n  bottom-margin = 12\\mm\n"
        "  left-margin = 15\\mm\n  right-margin = 15\\mm\n"
        "  system-system-spacing.basic-distance = #15\n"
        "  system-system-spacing.padding = #2.0\n"
        f"{room}"
        "  last-bottom-spacing.padding = #3\n"
        "  score-system-spacing.basic-distance = #17\n"
        "  score-system-spacing.padding = #4\n"
        "  top-system-spacing.basic-distance = #10\n"
        "  markup-system-spacing.basic-distance = #8\n"
        f"  oddHeaderMarkup = {_RUNNING_HEAD}\n"
        "  evenHeaderMarkup = \\oddHeaderMarkup\n"
        "}\n"
    )


def _score_block(roles: Sequence[VoiceRole], letters: Sequence[str], *, midi: bool) -> str:
    """letters: lines of them below the staff."""
    alone = len(roles) == 1
    voices = "\n".join(
        f'    \\new DrumVoice = "{role.value}" '
        f"{{ {(ALONE if alone else VOICES)[role]} \\{role.value} }}"
        for role in roles
    )
    below = "".join(
        f"  \\new Lyrics \\with {{ {_LETTERS} }} \\lyricmode {{\n{line}  }}\n" for line in letters
    )
    return (
        "\\score {\n" + ("  <<\n" if letters else "") + "  \\new DrumStaff \\with {\n"
        "    drumStyleTable = #(alist->hash-table drum-table)\n"
        "    drumPitchTable = #(alist->hash-table midiDrumPitches)\n"
        # Hands and feet that rest together share one rest in the middle of the staff.
        "    \\consists Merge_rests_engraver\n"
        "    \\override Beam.damping = #+inf.0\n"
        # So that rests under the snare stand as high as rests beside it.
        "    \\override RestCollision.minimum-distance = #0\n"
        "  } <<\n"
        "    \\new DrumVoice { \\form }\n"
        f"{voices}\n"
        "  >>\n" + below + ("  >>\n" if letters else "") + "  \\layout {\n"
        "    \\context { \\Score \\override MetronomeMark.outside-staff-padding = #1.4 }\n"
        + _HEAD_COUNTER % HEADS_REPORT
        + "  }\n"
        + ("  \\midi { }\n" if midi else "")
        + "}\n"
    )


def _midi_block(score: Score, music: Music) -> str:
    """What is played where the page has repeat signs: every bar, its tempi too."""
    voices = "\n".join(
        f"    \\new DrumVoice \\drummode {{\n{music.voice(role, unfolded=True)}}}"
        for role in score.roles
    )
    return (
        "\\score {\n"
        "  \\new DrumStaff \\with { drumPitchTable = #(alist->hash-table midiDrumPitches) } <<\n"
        f"    \\new DrumVoice {{ \\form }}\n{voices}\n"
        "  >>\n"
        "  \\midi { }\n"
        "}\n"
    )


def _drum_key(sounds: Sequence[Sound], style: DrumStyle) -> str:
    """What each head means, on one small staff above the music."""
    if not sounds:
        return ""
    notes = []
    for sound in sounds:
        drawing = style.drawings[sound]
        mark = {None: "", Mark.OPEN: "^\\open", Mark.HALF_OPEN: "^\\halfopen"}.get(drawing.mark, "")
        slashed = "\\tweak stencil #slashed-head " if drawing.head is Head.SLASHED else ""
        lines = " ".join(
            escape(line)
            for line in textwrap.wrap(
                drawing.name, 9, break_on_hyphens=False, break_long_words=False
            )
        )
        label = f"_\\markup \\pad-x #1 \\fontsize #-1.5 \\center-column {{ {lines} }}"
        notes.append(f"    <{slashed}{drawing.lilypond}>4{mark}{label}")
    music = "\n".join(notes)
    # In staff spaces from the middle line: clear of the staff and of what hangs below it.
    lowest = min(style.drawings[sound].staff_position for sound in sounds)
    below = min(lowest / 2, -2) - 1.9
    return (
        "\\score {\n"
        "  \\new DrumStaff \\with {\n"
        "    drumStyleTable = #(alist->hash-table drum-table)\n"
        "    \\magnifyStaff #4/5\n"
        "    \\remove Time_signature_engraver\n"
        "    \\remove Bar_engraver\n"
        "    \\override Stem.transparent = ##t\n"
        "    \\override TextScript.outside-staff-priority = ##f\n"
        f"    \\override TextScript.Y-offset = #{below:.1f}\n"
        "    \\override TextScript.baseline-skip = #2\n"
        "    \\override TextScript.self-alignment-X = #CENTER\n"
        "    \\override TextScript.parent-alignment-X = #CENTER\n"
        "  } \\drummode {\n"
        "    \\cadenzaOn \\stemUp \\textLengthOn\n"
        f"{music}\n"
        "  }\n"
        "  \\layout { ragged-right = ##t }\n"
        "}\n"
    )
