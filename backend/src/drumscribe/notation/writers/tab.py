"""Drum tablature: the page as plain text, one row per drum, one column per subdivision.

The symbols are those that drummers use on the web: x and o for strokes, capitals for accents, g
for ghosts, f for flams. A beat has four columns; a beat of triplets three; a beat that needs more
has more. The line of counts above says which. Letters below say which hand plays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.score import Event, Measure, Score, ScoreNote, VoiceRole
from drumscribe.notation.layout import lay_out
from drumscribe.notation.measures.sticking import letters_of, lines_of_letters
from drumscribe.notation.styles.drum_maps import Sound
from drumscribe.notation.tempo import tempo_unit
from drumscribe.notation.text import clean_text

# Columns of a terminal.
WIDTH: Final = 80
# As many as fit in sixteenths.
BARS_PER_LINE: Final = 4
# Columns of a bar's number.
NUMBER_WIDTH: Final = 4
_QUARTER = Fraction(1)
_ROW_LABELS = {
    "C": "Crash",
    "C2": "Crash 2",
    "Sp": "Splash",
    "Ch": "China",
    "Rd": "Ride",
    "HH": "Hi-hat",
    "T1": "High tom",
    "T2": "Mid tom",
    "FT": "Floor tom",
    "S": "Snare",
    "B": "Bass drum",
    "Hf": "Hi-hat with the foot",
}
_LABEL_WIDTH = max(map(len, _ROW_LABELS))


@dataclass(frozen=True, slots=True)
class _Stroke:
    """row: a key of the labels; symbol: of a plain stroke; meaning: None where it is obvious."""

    row: str
    symbol: str
    meaning: str | None = None


_I, _A = Instrument, Articulation
_STROKES = {
    Sound(_I.CRASH): _Stroke("C", "x"),
    Sound(_I.CRASH, _A.CHOKE): _Stroke("C", "#", "choked"),
    Sound(_I.CRASH, _A.CRASH_2): _Stroke("C2", "x"),
    Sound(_I.CRASH, _A.SPLASH): _Stroke("Sp", "x"),
    Sound(_I.CRASH, _A.CHINA): _Stroke("Ch", "x"),
    Sound(_I.RIDE): _Stroke("Rd", "x"),
    Sound(_I.RIDE, _A.RIDE_BELL): _Stroke("Rd", "b", "bell"),
    Sound(_I.HIHAT_CLOSED): _Stroke("HH", "x", "closed"),
    Sound(_I.HIHAT_OPEN): _Stroke("HH", "o", "open"),
    Sound(_I.HIHAT_OPEN, _A.HALF_OPEN): _Stroke("HH", "h", "half open"),
    Sound(_I.TOM_HIGH): _Stroke("T1", "o"),
    Sound(_I.TOM_MID): _Stroke("T2", "o"),
    Sound(_I.TOM_LOW): _Stroke("FT", "o"),
    Sound(_I.SNARE): _Stroke("S", "o"),
    Sound(_I.SNARE, _A.CROSS_STICK): _Stroke("S", "x", "cross-stick"),
    Sound(_I.SNARE, _A.RIMSHOT): _Stroke("S", "r", "rimshot"),
    Sound(_I.KICK): _Stroke("B", "o"),
    Sound(_I.HIHAT_CLOSED, _A.PEDAL): _Stroke("Hf", "x"),
    Sound(_I.HIHAT_OPEN, _A.SPLASH): _Stroke("Hf", "o", "splash"),
}
_SIGNS = {
    "X O": "accent",
    "g": "ghost note",
    "f": "flam",
    "d": "drag",
    "z": "roll",
}


def write_tab(score: Score) -> str:
    """The score as text, lines of at most 80 columns where bars are not wider than that.

    Every bar is written out; bars of rest are gathered. Swung eighths stand as straight ones, and
    the head says so.
    """
    lines = [*_head(score), *_legend(score), ""]
    line: list[int] = []
    for block in lay_out(score):
        measure = score.measures[block.first]
        if block.is_multi_rest or measure.is_empty:
            lines += _system(score, line)
            line = []
            lines += _rests(score, block.first, block.count)
            continue
        begins = bool(measure.rehearsal or measure.text) or measure.tempo_mark is not None
        changes = bool(line) and score.measures[line[-1]].metre != measure.metre
        if begins or changes or not _has_room(score, line, block.first):
            lines += _system(score, line)
            line = []
        line.append(block.first)
    lines += _system(score, line)
    return "\n".join(text.rstrip() for text in lines).rstrip() + "\n"


def _head(score: Score) -> list[str]:
    first = score.measures[0]
    lines = [text for text in (clean_text(score.title), clean_text(score.artist)) if text]
    source = clean_text(score.source)
    lines.append(f"Transcribed by DrumScribe{f' from {source}' if source else ''}")
    marks = [f"{first.metre}"]
    if first.tempo_mark is not None:
        marks.append(_tempo(first))
    if score.swing is not None:
        ratio = f"{score.swing.first}:{score.swing.second}"
        marks.append(f"swing: two eighths are played long and short ({ratio})")
    return [*lines, "", ", ".join(marks), ""]


def _tempo(measure: Measure) -> str:
    unit = tempo_unit(measure.metre)
    names = {Fraction(2): "half", Fraction(1): "quarter", Fraction(1, 2): "eighth"}
    name = "dotted " * unit.dots + names.get(unit.base, f"{unit.base} quarter")
    assert measure.tempo_mark is not None
    return f"{name} = {round(measure.tempo_mark / float(unit.length))}"


def _legend(score: Score) -> list[str]:
    """What the rows and symbols that occur mean."""
    events = [e for m in score.measures for v in m.voices for e in v.events]
    strokes = {_stroke(note) for event in events for note in event.notes}
    signs = {_sign(event, note) for event in events for note in event.notes}
    if any(note.is_accent for event in events for note in event.notes):
        signs.add("X O")
    lines = []
    for row, name in _ROW_LABELS.items():
        of_row = [s for s in _STROKES.values() if s.row == row and s in strokes]
        if of_row:
            said = ", ".join(f"{s.symbol} {s.meaning}" for s in of_row if s.meaning)
            lines.append(f"{row:<{_LABEL_WIDTH}} {name}{f': {said}' if said else ''}")
    meanings = [f"{sign} {meaning}" for sign, meaning in _SIGNS.items() if sign in signs]
    if meanings:
        lines.append(f"{'':<{_LABEL_WIDTH}} {', '.join(meanings)}")
    return lines


def _stroke(note: ScoreNote) -> _Stroke:
    special = Sound(note.instrument, note.articulation)
    return _STROKES.get(special) or _STROKES[Sound(note.instrument)]


def _sign(event: Event, note: ScoreNote) -> str | None:
    """What is written in the place of the plain symbol."""
    graces = [grace for grace in event.graces if grace.instrument is note.instrument]
    if graces:
        return "f" if len(graces) == 1 else "d"
    if note.articulation is Articulation.ROLL:
        return "z"
    return "g" if note.is_ghost else None


def _symbol(event: Event, note: ScoreNote) -> str:
    symbol = _sign(event, note) or _stroke(note).symbol
    return symbol.upper() if note.is_accent else symbol


def _has_room(score: Score, line: Sequence[int], index: int) -> bool:
    if not line:
        return True
    widths = [len(_columns(score.measures[k])) + 1 for k in (*line, index)]
    start = NUMBER_WIDTH + _LABEL_WIDTH + 1
    return len(widths) <= BARS_PER_LINE and start + sum(widths) <= WIDTH


def _rests(score: Score, first: int, count: int) -> list[str]:
    measure = score.measures[first]
    last = score.measures[first + count - 1]
    bars = f"bar {measure.number}" if count == 1 else f"bars {measure.number}-{last.number}"
    return [*_marks(score, first), f"{'':<{NUMBER_WIDTH}}({bars}: rest)", ""]


def _marks(score: Score, first: int) -> list[str]:
    """Section, tempo and metre where they begin; those of the first bar stand in the head."""
    measure = score.measures[first]
    marks = [f"[{measure.rehearsal}]"] if measure.rehearsal else []
    if first and measure.metre != score.measures[first - 1].metre:
        marks.append(str(measure.metre))
    if first and measure.tempo_mark is not None:
        marks.append(_tempo(measure))
    if measure.text:
        marks.append(measure.text)
    return [f"{'':<{NUMBER_WIDTH}}{' '.join(marks)}"] if marks else []


def _system(score: Score, line: Sequence[int]) -> list[str]:
    """One line of bars: counts, then the rows of the drums that play in it."""
    if not line:
        return []
    measures = [score.measures[k] for k in line]
    margin = " " * (NUMBER_WIDTH + _LABEL_WIDTH)
    counts = margin + "".join(f" {_counts(measure)}" for measure in measures)
    rows = [_rows(measure) for measure in measures]
    playing = [row for row in _ROW_LABELS if any(row in of_bar for of_bar in rows)]
    lines = [*_marks(score, line[0]), counts]
    for k, row in enumerate(playing):
        number = str(measures[0].number) if k == 0 else ""
        bars = "|".join(
            of_bar.get(row) or "-" * len(_columns(measure))
            for of_bar, measure in zip(rows, measures, strict=True)
        )
        lines.append(f"{number:<{NUMBER_WIDTH}}{row:<{_LABEL_WIDTH}}|{bars}|")
    for role, place in lines_of_letters(measures):
        letters = "".join(f" {_letters(measure, role, place)}" for measure in measures)
        lines.append(f"{margin}{letters}")
    return [*lines, ""]


def _letters(measure: Measure, role: VoiceRole, place: int) -> str:
    """One line of letters that say which hands of a voice play, under their columns."""
    columns = {position: k for k, position in enumerate(_columns(measure))}
    letters = [" "] * len(columns)
    for event in (e for voice in measure.voices if voice.role is role for e in voice.events):
        found = letters_of(event)
        if place < len(found):
            letters[columns[event.onset]] = found[place]
    return "".join(letters)


def _rows(measure: Measure) -> dict[str, str]:
    """What each row has in a bar; of two strokes in one place the louder one is written."""
    columns = {position: k for k, position in enumerate(_columns(measure))}
    rows: dict[str, list[str]] = {}
    loudest: dict[tuple[str, int], float] = {}
    for voice in measure.voices:
        for event in voice.events:
            for note in event.notes:
                row, column = _stroke(note).row, columns[event.onset]
                if note.velocity <= loudest.get((row, column), -1.0):
                    continue
                loudest[row, column] = note.velocity
                rows.setdefault(row, ["-"] * len(columns))[column] = _symbol(event, note)
    return {row: "".join(symbols) for row, symbols in rows.items()}


def _cells(measure: Measure) -> list[tuple[Fraction, int]]:
    """(start, columns) of every count of a bar: a quarter, or an eighth in eighth metres."""
    unit = _unit(measure)
    onsets = [e.onset for voice in measure.voices for e in voice.events if e.notes]
    usual = max(1, int(4 * unit))
    cells = []
    start = Fraction(0)
    while start < measure.length:
        inside = [(onset - start) / unit for onset in onsets if start <= onset < start + unit]
        fits = (
            n
            for n in (usual, 3, 2 * usual, 6, 12, 24, 48)
            if all((place * n).denominator == 1 for place in inside)
        )
        cells.append((start, next(fits)))
        start += unit
    return cells


def _unit(measure: Measure) -> Fraction:
    return min(_QUARTER, Fraction(4, measure.metre.denominator))


def _columns(measure: Measure) -> list[Fraction]:
    """The position of every column, in quarter notes from the start of the bar."""
    unit = _unit(measure)
    return [start + unit * k / n for start, n in _cells(measure) for k in range(n)]


def _counts(measure: Measure) -> str:
    """1e&a2e&a for sixteenths, 1ta for triplets; numbers and dots for anything finer."""
    unit = _unit(measure)
    before = int((measure.metre.bar_length - measure.length) / unit) if measure.is_pickup else 0
    texts = []
    for k, (_, n) in enumerate(_cells(measure), start=before + 1):
        spoken = {4: "e&a", 3: "ta", 2: "&"}.get(n, "")
        texts.append((str(k) + spoken[len(str(k)) - 1 :]).ljust(n, ".")[:n])
    return "".join(texts)
