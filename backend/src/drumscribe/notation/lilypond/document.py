"""LilyPond source: \\drummode with our own complete drum table, so that nothing falls on a default.

User text enters only as an escaped string. The layout counts the heads that it draws and says so
on standard error (HEADS_REPORT), so that whoever runs LilyPond can tell a full page from an empty
staff.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from fractions import Fraction

from drumscribe.domain.drums import Articulation
from drumscribe.domain.score import (
    Beam,
    Event,
    Measure,
    NoteValue,
    Score,
    ScoreNote,
    TupletEdge,
    VoiceRole,
)
from drumscribe.notation.drum_maps import GENERAL_MIDI, DrumMap, Sound
from drumscribe.notation.drum_styles import DrumStyle, Head, Mark, find_style
from drumscribe.notation.layout import Block, lay_out
from drumscribe.notation.sounds import sounds_of
from drumscribe.notation.tempo import tempo_unit
from drumscribe.notation.text import clean_text

HEADS_REPORT = "drumscribe-heads="

_HEADS = {
    Head.NORMAL: "()",
    Head.X: "cross",
    Head.CIRCLE_X: "xcircle",
    Head.DIAMOND: "diamond",
    Head.SLASHED: "()",
}
_DIRECTIONS = {VoiceRole.HANDS: "^", VoiceRole.FEET: "_"}
_VOICES = {VoiceRole.HANDS: "\\voiceOne", VoiceRole.FEET: "\\voiceTwo"}
_ALONE = {
    VoiceRole.HANDS: "\\oneVoice \\stemUp \\tupletUp",
    VoiceRole.FEET: "\\oneVoice \\stemDown \\tupletDown",
}
_PITCHES = ("c", "cis", "d", "dis", "e", "f", "fis", "g", "gis", "a", "ais", "b")

_SWING = (
    '\\markup \\line { "Swing" \\smaller \\concat { \\rhythm { 8[ 8] } " = " '
    "\\rhythm { \\tuplet 3/2 { 4 8 } } } } "
)
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
    paper: str = "a4",
    midi: bool = False,
    drum_map: DrumMap = GENERAL_MIDI,
) -> str:
    """The score as LilyPond source (2.24 or newer).

    paper: a4 or letter. midi: let LilyPond write its own MIDI file beside the page.
    """
    table = find_style(style)
    sounds = sounds_of(score, table)
    music = _Music(score, table)
    parts = [
        '\\version "2.24.0"\n',
        _drum_definitions(sounds, table, drum_map),
        _SLASHED_HEAD if any(table.drawings[s].head is Head.SLASHED for s in sounds) else "",
        _header(score),
        _paper(paper),
        *(f"{role.value} = \\drummode {{\n{music.voice(role)}}}\n" for role in score.roles),
        _drum_key(sounds, table),
        _score_block(score.roles, midi=midi),
    ]
    return "\n".join(part for part in parts if part)


def head_count(score: Score) -> int:
    """How many heads LilyPond must draw: every note and grace note."""
    return sum(
        len(event.notes) + len(event.graces)
        for measure in score.measures
        for voice in measure.voices
        for event in voice.events
    )


def escape(text: str | None) -> str:
    """Any text as a LilyPond string, quotes included: nothing in it can end the string."""
    cleaned = clean_text(text) or ""
    return '"' + cleaned.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _drum_definitions(sounds: Sequence[Sound], style: DrumStyle, drum_map: DrumMap) -> str:
    lines: list[str] = []
    rows: list[str] = []
    for sound in sounds:
        drawing = style.drawings[sound]
        name = drawing.lilypond
        key = drum_map.key_of(sound.instrument, sound.articulation)
        lines.append(f"drumPitchNames.{name} = #'{name}")
        lines.append(f"midiDrumPitches.{name} = {_pitch(key)}")
        rows.append(f"    ({name} {_HEADS[drawing.head]} #f {drawing.staff_position})")
    table = "#(define drum-table '(\n" + "\n".join(rows) + "))\n"
    return "\n".join(lines) + "\n" + table


def _pitch(key: int) -> str:
    octave = key // 12 - 4  # c is MIDI key 48
    return _PITCHES[key % 12] + ("'" * octave if octave > 0 else "," * -octave)


def _header(score: Score) -> str:
    title, artist = clean_text(score.title), clean_text(score.artist)
    fields = [f"  title = {_wrapped(title, 'center-column', 45)}"] if title else []
    fields += [f"  composer = {_wrapped(artist, 'right-column', 70)}"] if artist else []
    made = "Transcribed by DrumScribe"
    source = clean_text(score.source)
    fields.append(f"  tagline = {escape(f'{made} from {source}' if source else made)}")
    return "\\header {\n" + "\n".join(fields) + "\n}\n"


def _wrapped(text: str, column: str, width: int) -> str:
    """Text in as many lines as it needs; LilyPond would let one long line run off the page."""
    lines = textwrap.wrap(text, width)
    if len(lines) == 1:
        return escape(text)
    return f"\\markup \\{column} {{ {' '.join(escape(line) for line in lines)} }}"


def _paper(paper: str) -> str:
    if paper not in {"a4", "letter"}:
        raise ValueError(f"paper must be a4 or letter, got {paper!r}")
    return (
        "#(set-global-staff-size 18)\n"
        "\\paper {\n"
        f'  #(set-paper-size "{paper}")\n'
        "  indent = 0\n  ragged-last = ##t\n  ragged-last-bottom = ##t\n"
        "  top-margin = 12\\mm\n  bottom-margin = 12\\mm\n"
        "  left-margin = 15\\mm\n  right-margin = 15\\mm\n"
        "  system-system-spacing.basic-distance = #14\n"
        "  system-system-spacing.padding = #2\n"
        "  print-first-page-number = ##f\n"
        "}\n"
    )


def _score_block(roles: Sequence[VoiceRole], *, midi: bool) -> str:
    alone = len(roles) == 1
    voices = "\n".join(
        f'    \\new DrumVoice = "{role.value}" '
        f"{{ {(_ALONE if alone else _VOICES)[role]} \\{role.value} }}"
        for role in roles
    )
    return (
        "\\score {\n"
        "  \\new DrumStaff \\with {\n"
        "    drumStyleTable = #(alist->hash-table drum-table)\n"
        "    drumPitchTable = #(alist->hash-table midiDrumPitches)\n"
        "    \\override Beam.damping = #+inf.0\n"
        "  } <<\n"
        f"{voices}\n"
        "  >>\n"
        "  \\layout {\n"
        + _HEAD_COUNTER % HEADS_REPORT
        + "  }\n"
        + ("  \\midi { }\n" if midi else "")
        + "}\n"
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
        label = f"_\\markup \\teeny {escape(drawing.name)}"
        notes.append(f"    <{slashed}{drawing.lilypond}>4{mark}{label}")
    music = "\n".join(notes)
    return (
        "\\score {\n"
        "  \\new DrumStaff \\with {\n"
        "    drumStyleTable = #(alist->hash-table drum-table)\n"
        "    \\magnifyStaff #5/7\n"
        "    \\remove Time_signature_engraver\n"
        "    \\remove Bar_engraver\n"
        "    \\override Stem.transparent = ##t\n"
        "    \\override TextScript.outside-staff-priority = ##f\n"
        "    \\override TextScript.Y-offset = #-5.2\n"
        "    \\override TextScript.self-alignment-X = #CENTER\n"
        "    \\override TextScript.parent-alignment-X = #CENTER\n"
        "  } \\drummode {\n"
        "    \\cadenzaOn \\stemUp \\textLengthOn\n"
        f"{music}\n"
        "  }\n"
        "  \\layout { ragged-right = ##t }\n"
        "}\n"
    )


class _Music:
    """The music of one voice after the other, as \\drummode text."""

    def __init__(self, score: Score, style: DrumStyle) -> None:
        self._score = score
        self._style = style
        self._blocks = lay_out(score)

    def voice(self, role: VoiceRole) -> str:
        leads = role is self._score.roles[0]
        lines = ["  \\autoBeamOff"]
        if leads:
            lines.append("  \\numericTimeSignature \\set Score.skipBars = ##t \\autoLineBreaksOff")
        for index, block in enumerate(self._blocks):
            measure = self._score.measures[block.first]
            commands = self._commands(block, index) if leads else ""
            body = self._block(block, role)
            number = f"% {measure.number}"
            lines.append(f"  {commands}{self._grace_padding(measure, role)}{body} | {number}")
        if leads:
            lines.append('  \\bar "|."')
        return "\n".join(lines) + "\n"

    def _commands(self, block: Block, index: int) -> str:
        """Breaks, metres, tempi: said in one voice only."""
        measure = self._score.measures[block.first]
        before = self._score.measures[block.first - 1] if block.first else None
        commands = "\\break " if block.starts_system and index else ""
        if before is None or before.metre != measure.metre:
            commands += f"\\time {measure.metre} "
        if measure.is_pickup:
            commands += f"\\partial 4*{measure.length} "
        if measure.tempo_mark is not None:
            unit = tempo_unit(measure.metre)
            beats = round(measure.tempo_mark / float(unit.length))
            words = _SWING if before is None and self._score.swing else ""
            commands += f"\\tempo {words}{_duration(unit)} = {beats} "
        return commands

    def _block(self, block: Block, role: VoiceRole) -> str:
        measure = self._score.measures[block.first]
        length = f"1*{measure.length / 4}"
        voice = next((v for v in measure.voices if v.role is role), None)
        if voice is None:
            return f"s{length}*{block.count}"
        if measure.is_empty:
            back = _VOICES[role] if len(self._score.roles) > 1 else _ALONE[role]
            return f"\\oneVoice R{length}*{block.count} {back}"
        words: list[str] = []
        for event in voice.events:
            if event.tuplet is not None and event.tuplet_edge is TupletEdge.START:
                words.append(f"\\tuplet {event.tuplet.actual}/{event.tuplet.normal} {{")
            words.append(self._event(event, role, length))
            if event.tuplet_edge is TupletEdge.STOP:
                words.append("}")
        return " ".join(words)

    def _grace_padding(self, measure: Measure, role: VoiceRole) -> str:
        """Silence as long as the graces with which another voice begins the bar.

        Without it LilyPond sets bar line and metre between the graces and their note.
        """
        graces = {voice.role: len(voice.events[0].graces) for voice in measure.voices}
        if graces.get(role):
            return ""
        longest = max(graces.values(), default=0)
        return f"\\grace {{ {_grace_skip(longest)} }} " if longest else ""

    def _event(self, event: Event, role: VoiceRole, measure_length: str) -> str:
        if event.is_rest:
            return f"R{measure_length}" if event.value is None else f"r{_duration(event.value)}"
        assert event.value is not None
        heads = " ".join(self._head(note) for note in event.notes)
        text = f"{self._graces(event.graces)}<{heads}>{_duration(event.value)}"
        if any(note.articulation is Articulation.ROLL for note in event.notes):
            text += f":{2 ** (5 + max(0, event.value.beam_count - 1))}"
        if event.beams:
            text += {Beam.BEGIN: "[", Beam.END: "]"}.get(event.beams[0], "")
        return text + self._marks(event.notes, role)

    def _marks(self, notes: Sequence[ScoreNote], role: VoiceRole) -> str:
        marks: list[str] = []
        for note in notes:
            mark = self._style.drawing_of(note).mark
            if mark is Mark.OPEN:
                marks.append("^\\open")
            elif mark is Mark.HALF_OPEN:
                marks.append("^\\halfopen")
            elif note.is_closing or mark is Mark.CLOSED:
                marks.append("^\\stopped")
            if note.articulation is Articulation.CHOKE:
                marks.append("^\\markup \\teeny \\italic choke")
        if any(note.is_accent for note in notes):
            marks.append(f"{_DIRECTIONS[role]}>")
        return "".join(marks)

    def _graces(self, graces: Sequence[ScoreNote]) -> str:
        if not graces:
            return ""
        if len(graces) == 1:
            return f"\\slashedGrace {{ <{self._head(graces[0])}>8 }} "
        notes = [f"<{self._head(note)}>16" for note in graces]
        return f"\\grace {{ {notes[0]}[ {' '.join(notes[1:])}] }} "

    def _head(self, note: ScoreNote) -> str:
        drawing = self._style.drawing_of(note)
        slashed = "\\tweak stencil #slashed-head " if drawing.head is Head.SLASHED else ""
        ghost = "\\parenthesize " if note.is_ghost else ""
        return f"{ghost}{slashed}{drawing.lilypond}"


def _grace_skip(n: int) -> str:
    return "s8" if n == 1 else " ".join(["s16"] * n)


def _duration(value: NoteValue) -> str:
    if value.base > 4:
        return "\\breve" + "." * value.dots
    return str(Fraction(4) / value.base) + "." * value.dots
