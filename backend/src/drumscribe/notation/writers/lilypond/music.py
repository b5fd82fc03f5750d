"""The music itself as LilyPond's \\drummode: one text per voice, one for what stands over all."""

from __future__ import annotations

from collections.abc import Sequence

from drumscribe.domain.drums import Articulation
from drumscribe.domain.score import (
    Beam,
    Event,
    HairpinKind,
    Measure,
    Score,
    ScoreNote,
    Simile,
    TupletEdge,
    VoiceRole,
)
from drumscribe.notation.bar_widths import SIMILE_COLUMN
from drumscribe.notation.hidden_rests import silent_rests
from drumscribe.notation.layout import A4, Block, Paper, lay_out
from drumscribe.notation.measures.sticking import grace_letter, letters_of
from drumscribe.notation.styles.drum_styles import DrumStyle, Head, Mark
from drumscribe.notation.tempo import tempo_unit
from drumscribe.notation.tuplet_marks import tuplet_marks
from drumscribe.notation.writers.lilypond.road import bar_line, glyphs, has_slashes, slashes_of
from drumscribe.notation.writers.lilypond.strings import escape
from drumscribe.notation.writers.lilypond.values import duration, moment

VOICES = {VoiceRole.HANDS: "\\voiceOne", VoiceRole.FEET: "\\voiceTwo"}
ALONE = {
    VoiceRole.HANDS: "\\oneVoice \\stemUp \\tupletUp",
    VoiceRole.FEET: "\\oneVoice \\stemDown \\tupletDown",
}
_DIRECTIONS = {VoiceRole.HANDS: "^", VoiceRole.FEET: "_"}
_SWING_WORD = '"Swing"'
_SWING = (
    '\\normal-text \\smaller \\concat { \\rhythm { 8[ 8] } " = " '
    "\\rhythm { \\tuplet 3/2 { 4 8 } } }"
)
_HAIRPINS = {HairpinKind.CRESCENDO: "\\<", HairpinKind.DIMINUENDO: "\\>"}


class Music:
    """The music of one voice after the other, as \\drummode text."""

    def __init__(self, score: Score, style: DrumStyle, paper: Paper = A4) -> None:
        self._score = score
        self._style = style
        self._blocks = lay_out(score, paper)
        self._tuplet_marks = tuplet_marks(score)

    def voice(self, role: VoiceRole, *, unfolded: bool = False) -> str:
        """What one voice plays. unfolded: bars under repeat signs are written out, for MIDI."""
        lines = ["  \\autoBeamOff"]
        for block in self._blocks:
            measure = self._score.measures[block.first]
            body = self._block(block, role, unfolded=unfolded)
            padding = self._grace_padding(measure, role, unfolded=unfolded)
            lines.append(f"  {padding}{body} | % {measure.number}")
        return "\n".join(lines) + "\n"

    def letters(self, role: VoiceRole, line: int) -> str:
        """One line of letters below the staff: which hands of a voice play, as \\lyricmode text."""
        lines = []
        for block in self._blocks:
            measure = self._score.measures[block.first]
            voice = next((v for v in measure.voices if v.role is role), None)
            is_sign = measure.simile is not None or has_slashes(measure)
            if voice is None or is_sign or measure.is_empty:
                body = f"\\skip 1*{measure.length / 4}*{block.count}"
                padding = self._grace_padding(measure, None, skip="\\skip ")
            else:
                events = voice.events
                body = " ".join(_letter(event, line) for event in events)
                padding = self._grace_padding(measure, role, skip="\\skip ")
            lines.append(f"  {padding}{body} | % {measure.number}")
        return "\n".join(lines) + "\n"

    def form(self) -> str:
        """What stands over all voices: line breaks, metres, tempi, sections, dynamics."""
        lines = [
            "  \\numericTimeSignature \\set Score.skipBars = ##t \\autoLineBreaksOff",
            "  \\set Score.countPercentRepeats = ##t \\omit Rest",
        ]
        for index, block in enumerate(self._blocks):
            measure = self._score.measures[block.first]
            padding = self._grace_padding(measure, None)
            lines.append(f"  {self._commands(block, index)}{padding}{_space(measure, block.count)}")
        last = self._score.measures[-1]
        lines.append(f"  {bar_line(last, None)}")
        if last.road is None or not last.road.ends_repeat:
            lines.append('  \\bar "|."')
        return "\n".join(lines) + "\n"

    def _commands(self, block: Block, index: int) -> str:
        measure = self._score.measures[block.first]
        before = self._score.measures[block.first - 1] if block.first else None
        commands = bar_line(before, measure)
        commands += "\\break " if block.starts_system and index else ""
        if before is not None and measure.number != before.number + 1:
            # A bar of slashes stands for several.
            commands += f"\\set Score.currentBarNumber = #{measure.number} "
        if before is None or before.metre != measure.metre:
            commands += f"\\time {measure.metre} "
        if measure.is_pickup:
            commands += f"\\partial 4*{measure.length} "
        commands += self._above(before, measure)
        if self._tuplet_marks[block.first].says_simile:
            commands += '<>^\\markup \\italic "sim." '
        if measure.text is not None:
            commands += f"<>^\\markup {escape(measure.text)} "
        if measure.road is not None and measure.road.slashes and measure.road.slashes.words:
            commands += f"<>^\\markup \\bold {escape(measure.road.slashes.words)} "
        # A hairpin ends at the next dynamics mark by itself.
        if measure.dynamic is not None:
            commands += f"<>\\{measure.dynamic.value} "
        if measure.hairpin is not None:
            commands += f"<>{_HAIRPINS[measure.hairpin.kind]} "
        return commands

    def _above(self, before: Measure | None, measure: Measure) -> str:
        """Letter, feel and tempo; side by side, since one above the other they cost a line."""
        feel = self._feel(before, measure)
        letter = ""
        if measure.rehearsal is not None:
            letter = f"\\override #'(box-padding . 0.4) \\box \\bold {escape(measure.rehearsal)}"
        letter = " ".join(filter(None, (letter, glyphs(measure))))
        if measure.tempo_mark is None and not feel:
            return f"\\mark \\markup \\line {{ {letter} }} " if letter else ""
        if measure.tempo_mark is not None and not feel and not letter:
            unit = tempo_unit(measure.metre)
            return f"\\tempo {duration(unit)} = {round(measure.tempo_mark / float(unit.length))} "
        words = [word for word in (letter and f"{letter} \\hspace #0.6", feel) if word]
        commands = ""
        if measure.tempo_mark is not None:
            unit = tempo_unit(measure.metre)
            beats = round(measure.tempo_mark / float(unit.length))
            note = f"\\smaller \\general-align #Y #DOWN \\note {{{duration(unit)}}} #1"
            words.append(f'\\normal-text \\concat {{ {note} " = {beats}" }}')
            commands = f"\\set Score.tempoWholesPerMinute = #{moment(beats * unit.length / 4)} "
        return f"{commands}\\tempo \\markup \\line {{ {' '.join(words)} }} "

    def _feel(self, before: Measure | None, measure: Measure) -> str:
        """The feel in words, and where swing or straight eighths begin."""
        words = escape(measure.words) if measure.words else ""
        if self._score.swing is None:
            return words
        if before is None:
            return words if measure.is_straight else f"{words or _SWING_WORD} {_SWING}"
        if before.is_straight == measure.is_straight:
            return words
        return words or '"Straight"' if measure.is_straight else f"{words or _SWING_WORD} {_SWING}"

    def _block(self, block: Block, role: VoiceRole, *, unfolded: bool) -> str:
        measure = self._score.measures[block.first]
        length = f"1*{measure.length / 4}"
        if measure.simile is not None and not unfolded:
            leads = role is self._score.roles[0]
            return _simile_sign(measure, measure.simile) if leads else f"s{length}"
        if has_slashes(measure):
            leads = role is self._score.roles[0]
            return slashes_of(measure) if leads else f"s{length}"
        voice = next((v for v in measure.voices if v.role is role), None)
        if voice is None:
            return f"s{length}*{block.count}"
        if measure.is_empty:
            back = VOICES[role] if len(self._score.roles) > 1 else ALONE[role]
            return f"\\oneVoice R{length}*{block.count} {back}"
        silent = silent_rests(measure)
        words: list[str] = []
        for event in voice.events:
            if event.tuplet is not None and event.tuplet_edge is TupletEdge.START:
                if (role, event.onset) in self._tuplet_marks[block.first].unmarked:
                    words.append("\\once \\omit TupletNumber \\once \\omit TupletBracket")
                words.append(f"\\tuplet {event.tuplet.actual}/{event.tuplet.normal} {{")
            if (role, event.onset) in silent:
                words.append(f"s1*{event.duration / 4}")
            else:
                words.append(self._event(event, role, length))
            if event.tuplet_edge is TupletEdge.STOP:
                words.append("}")
        if len(measure.voices) < len(self._score.roles):
            words = [ALONE[role], *words, VOICES[role]]
        return " ".join(words)

    def _grace_padding(
        self,
        measure: Measure,
        role: VoiceRole | None,
        *,
        unfolded: bool = False,
        skip: str = "s",
    ) -> str:
        """Silence as long as the graces with which another voice begins the bar.

        Without it LilyPond sets bar line and metre between the graces and their note.
        """
        if (measure.simile is not None and not unfolded) or has_slashes(measure):
            return ""
        graces = {voice.role: len(voice.events[0].graces) for voice in measure.voices}
        if role is not None and graces.get(role):
            return ""
        longest = max(graces.values(), default=0)
        return f"\\grace {{ {_grace_skip(longest, skip)} }} " if longest else ""

    def _event(self, event: Event, role: VoiceRole, measure_length: str) -> str:
        if event.is_rest:
            return f"R{measure_length}" if event.value is None else f"r{duration(event.value)}"
        assert event.value is not None
        heads = " ".join(self._head(note) for note in event.notes)
        text = f"{self._graces(event.graces)}<{heads}>{duration(event.value)}"
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
        if any(note.articulation is Articulation.CHOKE for note in notes):
            marks.append('^\\markup \\teeny \\italic "choke"')
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


def _grace_skip(n: int, skip: str = "s") -> str:
    return f"{skip}8" if n == 1 else " ".join([f"{skip}16"] * n)


def _letter(event: Event, line: int) -> str:
    """What one line of letters has at an event: its letter, or nothing for as long."""
    letters = letters_of(event)
    length = f"1*{event.duration / 4}"
    graces = ""
    if event.graces:
        value = "8" if len(event.graces) == 1 else "16"
        small = [grace_letter(grace) if line == 0 else None for grace in event.graces]
        words = " ".join(f"{letter}{value}" if letter else f"\\skip {value}" for letter in small)
        graces = f"\\grace {{ {words} }} "
    return graces + (f"{letters[line]}{length}" if line < len(letters) else f"\\skip {length}")


def _simile_sign(measure: Measure, simile: Simile) -> str:
    """What the leading voice has in a bar under a repeat sign.

    LilyPond draws signs for one and for two bars. The latter also stands on the middle bar line
    of a sign for four bars; the number above says how many bars are meant.
    """
    bar = measure.length / 4
    if simile.span == 1:
        number = "" if simile.count is None else f" 'repeat-count {simile.count}"
        return f"#(make-music 'PercentEvent 'length {moment(bar)}{number})"
    # The event lasts two bars, around the bar line in the middle.
    first = simile.span // 2 - 1
    if simile.index == first:
        event = f"#(make-music 'DoublePercentEvent 'length {moment(2 * bar)}"
        return f"{event} 'repeat-count {simile.span})"
    return "" if simile.index == first + 1 else f"s1*{bar}"


def _space(measure: Measure, count: int) -> str:
    """What the voice without notes has in a block: silence.

    Rests that are not drawn make bars under repeat signs as wide as those that they stand for.
    """
    if measure.simile is None:
        return f"s1*{measure.length / 4}" + (f"*{count}" if count > 1 else "")
    n = max(1, int(measure.length / SIMILE_COLUMN))
    return " ".join([f"r8*{measure.length / n / SIMILE_COLUMN}"] * n)
