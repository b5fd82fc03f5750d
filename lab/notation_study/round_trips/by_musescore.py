"""What MuseScore reads from our MusicXML, by the file of its own that it makes of it."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree as ET

from drumscribe.errors import EngravingFailed
from drumscribe.notation.engravers.musescore import find_musescore, run_musescore
from lab.notation_study.round_trips.seen import Feature, Seen, SeenNote

NAME = "MuseScore"
_STEPS = "CDEFGAB"
_TOP_LINE = 5 * len(_STEPS) + _STEPS.index("F")  # F5, line 0
_SECONDS = 120.0
_BASES = {"whole": 4, "half": 2, "quarter": 1, "breve": 8, "long": 16}
_HEADS = {"cross": "x", "xcircle": "circle-x", "slashed1": "slashed"}
_ARTICULATIONS = {
    "articAccent": Feature.ACCENT,
    "brassMuteOpen": Feature.OPEN,
    "brassMuteClosed": Feature.CLOSING,
    "brassMuteHalfClosed": Feature.HALF_OPEN,
}


def version() -> str | None:
    """None where it is not installed."""
    program = find_musescore()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="drumscribe-") as folder:
        try:
            done = subprocess.run(
                [program, "--version"],
                env={"QT_QPA_PLATFORM": "offscreen", "HOME": folder, "XDG_RUNTIME_DIR": folder},
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    found = re.search(r"\d+\.\d+(?:\.\d+)?", done.stdout + done.stderr)
    return found[0] if found else None


def read(document: bytes) -> Seen:
    """The page as MuseScore has it. Raises EngravingFailed where it cannot be converted."""
    program = find_musescore()
    if program is None:
        raise EngravingFailed("MuseScore is not installed.")
    made, finished = run_musescore(program, document, ".mscx", timeout_seconds=_SECONDS)
    if finished.exit_code != 0 or made is None:
        raise EngravingFailed(f"MuseScore ended with code {finished.exit_code}.")
    return seen_in(made)


def seen_in(mscx: bytes) -> Seen:
    """The page that a file of MuseScore 3 (uncompressed) holds."""
    root = ET.fromstring(mscx)
    lines = {
        int(drum.get("pitch", "0")): int(drum.findtext("line", "0")) for drum in root.iter("Drum")
    }
    notes: list[SeenNote] = []
    marks: set[tuple[int, Fraction, Feature]] = set()
    for bar, measure in enumerate(_measures(root)):
        for voice in measure.iterfind("voice"):
            walk = _Voice(bar, lines)
            walk.through(voice)
            notes += walk.notes
            marks |= walk.marks
    return Seen(tuple(notes), frozenset(marks), _counts(root))


def _measures(root: ET.Element) -> Iterator[ET.Element]:
    staff = root.find("./Score/Staff")
    return iter(()) if staff is None else staff.iterfind("Measure")


class _Voice:
    """Walks through one voice of one bar."""

    def __init__(self, bar: int, lines: dict[int, int]) -> None:
        self._bar = bar
        self._lines = lines
        self._now = Fraction(0)
        self._graces = 0
        self._ratio = Fraction(1)
        self.notes: list[SeenNote] = []
        self.marks: set[tuple[int, Fraction, Feature]] = set()

    def through(self, voice: ET.Element) -> None:
        for element in voice:
            if element.tag == "Tuplet":
                normal = int(element.findtext("normalNotes", "1"))
                self._ratio = Fraction(normal, int(element.findtext("actualNotes", "1")))
            elif element.tag == "endTuplet":
                self._ratio = Fraction(1)
            elif element.tag == "Rest":
                self._now += _length(element, self._ratio)
            elif element.tag == "location":
                self._now += 4 * Fraction(element.findtext("fractions", "0"))
            elif element.tag == "Chord":
                self._chord(element)

    def _chord(self, chord: ET.Element) -> None:
        if any(child.tag.startswith(("acciaccatura", "appoggiatura", "grace")) for child in chord):
            self._graces += 1
            return
        if self._graces:
            self._mark(Feature.FLAM if self._graces == 1 else Feature.DRAG)
            self._graces = 0
        for articulation in chord.iterfind("Articulation/subtype"):
            name = re.sub("(Above|Below)$", "", articulation.text or "")
            if name in _ARTICULATIONS:
                self._mark(_ARTICULATIONS[name])
        if chord.find("Tremolo") is not None:
            self._mark(Feature.ROLL)
        for note in chord.iterfind("Note"):
            pitch = int(note.findtext("pitch", "0"))
            head = note.findtext("head", "normal")
            symbols = {symbol.text for symbol in note.iterfind("Symbol/name")}
            self.notes.append(
                SeenNote(
                    self._bar,
                    self._now,
                    _position(self._lines.get(pitch, 0)),
                    _HEADS.get(head, head),
                    "noteheadParenthesisLeft" in symbols,
                    pitch,
                )
            )
        self._now += _length(chord, self._ratio)

    def _mark(self, feature: Feature) -> None:
        self.marks.add((self._bar, self._now, feature))


def _length(element: ET.Element, ratio: Fraction) -> Fraction:
    name = element.findtext("durationType", "quarter")
    if name == "measure":
        return 4 * Fraction(element.findtext("duration", "1/1"))
    fraction = {"eighth": 8}.get(name) or re.sub(r"\D", "", name)
    base = Fraction(_BASES[name]) if name in _BASES else Fraction(4, int(fraction))
    return base * (2 - Fraction(1, 2 ** int(element.findtext("dots", "0")))) * ratio


def _position(line: int) -> str:
    octave, step = divmod(_TOP_LINE - line, len(_STEPS))
    return f"{_STEPS[step]}{octave}"


def _counts(root: ET.Element) -> dict[Feature, int]:
    staff = root.find("./Score/Staff")
    assert staff is not None

    def count(path: str) -> int:
        return len(staff.findall(f".//{path}"))

    styles = [text.findtext("style") for text in staff.iter("Text")]
    return {
        Feature.TUPLET: count("Tuplet"),
        Feature.METRE: count("TimeSig"),
        Feature.PICKUP: sum(m.find("irregular") is not None for m in staff.iterfind("Measure")),
        Feature.TEMPO: count("Tempo"),
        Feature.SWING: int(root.find(".//swing") is not None),
        Feature.SECTION: count("RehearsalMark"),
        Feature.DYNAMICS: count("Dynamic"),
        Feature.HAIRPIN: count("HairPin"),
        Feature.SIMILE: count("RepeatMeasure"),
        Feature.TITLE: int("Title" in styles),
    }
