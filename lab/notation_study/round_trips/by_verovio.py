"""What Verovio reads from our MusicXML, by the MEI that it makes of it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree as ET

from drumscribe.errors import EngravingFailed
from lab.notation_study.round_trips.seen import Feature, Seen, SeenNote

NAME = "Verovio"
_MEI = "{http://www.music-encoding.org/ns/mei}"
_STEPS = "CDEFGAB"
_HEADS = {
    "x": "x",
    "diamond": "diamond",
    "U+E0B3": "circle-x",
    "slash": "slash",
    "quarter": "normal",
}
_ARTICULATIONS = {"acc": Feature.ACCENT, "open": Feature.OPEN, "stop": Feature.CLOSING}
_GLYPHS = {"brassMuteHalfClosed": Feature.HALF_OPEN, "pictDamp1": Feature.CHOKE}
_WHOLE = Fraction(4)


def version() -> str | None:
    """None where it is not installed."""
    if importlib.util.find_spec("verovio") is None:
        return None
    import verovio

    return str(verovio.toolkit().getVersion()).split("-")[0]


def read(document: bytes) -> Seen:
    """The page as Verovio has it. Raises EngravingFailed where it cannot be loaded."""
    import verovio

    toolkit = verovio.toolkit()
    toolkit.setOptions({"breaks": "none"})
    if not toolkit.loadData(document.decode()):
        raise EngravingFailed("Verovio cannot read this MusicXML.")
    root = ET.fromstring(toolkit.getMEI({"scoreBased": True}))
    notes: list[SeenNote] = []
    marks: set[tuple[int, Fraction, Feature]] = set()
    bar = 0
    for measure in root.iter(f"{_MEI}measure"):
        for layer in measure.iter(f"{_MEI}layer"):
            walk = _Layer(bar)
            walk.into(layer, Fraction(1))
            notes += walk.notes
            marks |= walk.marks
        bar += _bars_in(measure)
    return Seen(tuple(notes), frozenset(marks), _counts(root))


def _bars_in(measure: ET.Element) -> int:
    """One, or as many as the rest lasts that is drawn over several bars."""
    gathered = measure.find(f".//{_MEI}multiRest")
    return 1 if gathered is None else int(gathered.get("num", "1"))


class _Layer:
    """Walks through one voice of one bar."""

    def __init__(self, bar: int) -> None:
        self._bar = bar
        self._now = Fraction(0)
        self._graces = 0
        self.notes: list[SeenNote] = []
        self.marks: set[tuple[int, Fraction, Feature]] = set()

    def into(self, parent: ET.Element, ratio: Fraction, *, rolled: bool = False) -> None:
        for element in parent:
            tag = element.tag.removeprefix(_MEI)
            if tag == "tuplet":
                num, base = int(element.get("num", "1")), int(element.get("numbase", "1"))
                self.into(element, ratio * Fraction(base, num), rolled=rolled)
            elif tag in ("beam", "graceGrp", "bTrem"):
                self.into(element, ratio, rolled=rolled or tag == "bTrem")
            elif tag in ("note", "chord"):
                self._stroke(element, ratio, rolled=rolled)
            elif tag in ("rest", "space"):
                self._now += _length(element, ratio)

    def _stroke(self, element: ET.Element, ratio: Fraction, *, rolled: bool) -> None:
        is_chord = element.tag == f"{_MEI}chord"
        heads = list(element.iter(f"{_MEI}note")) if is_chord else [element]
        if element.get("grace") or any(head.get("grace") for head in heads):
            self._graces += 1
            return
        if self._graces:
            self._mark(Feature.FLAM if self._graces == 1 else Feature.DRAG)
            self._graces = 0
        if rolled or "slash" in element.get("stem.mod", ""):
            self._mark(Feature.ROLL)
        for feature in _said(element):
            self._mark(feature)
        for head in heads:
            self.notes.append(
                SeenNote(
                    self._bar,
                    self._now,
                    _position(head),
                    _head(head),
                    head.get("head.mod") == "paren",
                    int(head.get("pnum", "0")),
                )
            )
        self._now += _length(element, ratio)

    def _mark(self, feature: Feature) -> None:
        self.marks.add((self._bar, self._now, feature))


def _said(element: ET.Element) -> Iterator[Feature]:
    for carrier in element.iter():
        for name in carrier.get("artic", "").split():
            if name in _ARTICULATIONS:
                yield _ARTICULATIONS[name]
        if (glyph := carrier.get("glyph.name", "")) in _GLYPHS:
            yield _GLYPHS[glyph]


def _length(element: ET.Element, ratio: Fraction) -> Fraction:
    base = _WHOLE / int(element.get("dur", "4"))
    dots = int(element.get("dots", "0"))
    return base * (2 - Fraction(1, 2**dots)) * ratio


def _head(note: ET.Element) -> str:
    if note.get("head.mod") == "slash":
        return "slashed"
    shape = note.get("head.shape", "quarter")
    return _HEADS.get(shape, shape)


def _position(note: ET.Element) -> str:
    """Lines and spaces are counted from the lowest line, E4 in treble clef."""
    step = int(note.get("loc", "0")) + 4 * len(_STEPS) + _STEPS.index("E")
    return f"{_STEPS[step % len(_STEPS)]}{step // len(_STEPS)}"


def _counts(root: ET.Element) -> dict[Feature, int]:
    def count(tag: str) -> int:
        return len(list(root.iter(f"{_MEI}{tag}")))

    measures = list(root.iter(f"{_MEI}measure"))
    metres = [e for e in root.iter() if e.get("meter.count") or e.tag == f"{_MEI}meterSig"]
    title = root.find(f".//{_MEI}titleStmt/{_MEI}title")
    return {
        Feature.TUPLET: count("tuplet"),
        Feature.METRE: len(metres),
        Feature.PICKUP: int(bool(measures) and measures[0].get("metcon") == "false"),
        Feature.TEMPO: count("tempo"),
        Feature.SWING: 0,  # the word is kept as text of the tempo mark, nothing swings
        Feature.SECTION: count("reh"),
        Feature.DYNAMICS: count("dynam"),
        Feature.HAIRPIN: count("hairpin"),
        Feature.SIMILE: count("mRpt") + count("mRpt2") + count("multiRpt"),
        Feature.TITLE: int(title is not None and bool("".join(title.itertext()).strip())),
    }
