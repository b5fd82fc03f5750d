"""A drum part out of a MusicXML document, ours or another program's."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final
from xml.etree import ElementTree as ET

from drumscribe.domain.drums import Articulation, Instrument, Sticking
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import VoiceRole
from drumscribe.errors import NoDrumPart, ScoreFileTooLarge, ScoreFileUnreadable
from drumscribe.notation.bringing.musicxml.hands import (
    hand_for_each,
    hand_of,
    hands_at,
    hands_below,
    share_hands,
)
from drumscribe.notation.bringing.musicxml.instruments import Instruments
from drumscribe.notation.bringing.musicxml.road import road_signs, similes
from drumscribe.notation.bringing.musicxml.safe_xml import read_score
from drumscribe.notation.bringing.musicxml.signs import (
    has_sign,
    is_damped,
    is_rolled,
    is_slash,
    is_stroke,
    velocity_of,
)
from drumscribe.notation.bringing.part import BroughtBar, BroughtNote, BroughtPart
from drumscribe.notation.chart.expanding import playing_order
from drumscribe.notation.measures.assemble import HEIGHTS
from drumscribe.notation.measures.voices import role_of
from drumscribe.notation.quantize.collisions import drum_struck

# Two hours of 2/4 at the fastest tempo; a repeat sign costs nothing to write.
MOST_BARS: Final = 20_000
_COMMON: Final = Metre(4, 4)
_CYMBALS: Final = (Instrument.CRASH, Instrument.RIDE)
_SLASHES: Final = re.compile(r"play (\d{1,4})")


def read_musicxml(content: bytes) -> BroughtPart:
    """The drum part of a document, compressed or not, in the order in which it is played.

    Of several parts the one with most notes on a drum staff. A drum is known by the name that our
    own files give it, by its MIDI key, by its name in other words, and last by its place on the
    staff; heads and the signs above say more exactly how it is struck.
    Raises ScoreFileUnreadable, ScoreFileTooLarge or NoDrumPart.
    """
    root = read_score(content)
    if root.tag != "score-partwise":
        raise ScoreFileUnreadable(
            "Expected a MusicXML score by parts (score-partwise), got "
            f"{root.tag.rpartition('}')[2][:40]!r}."
        )
    parts = [part for part in root.iterfind("part") if _count(part)]
    if not parts:
        raise NoDrumPart("The score has no drum part: no note stands on a drum staff.")
    part = max(parts, key=_count)
    try:
        return _Reader(Instruments(root, part.get("id", ""))).read(list(part.iterfind("measure")))
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise ScoreFileUnreadable(f"The score cannot be read: {error}.") from None


def _count(part: ET.Element) -> int:
    return len(part.findall("measure/note/unpitched"))


@dataclass(slots=True)
class _Bar:
    """One written bar. chords: heads that stand together, with the small notes before them."""

    metre: Metre
    reached: Fraction = Fraction(0)
    is_implicit: bool = False
    slashes: int = 0  # bars that its slashes stand for
    notes: list[BroughtNote] = field(default_factory=list)


class _Reader:
    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments
        self._divisions = Fraction(1)
        self._metre = _COMMON
        self._has_slashes = False
        self._tempo: float | None = None
        self._unknown: Counter[str] = Counter()
        self._stray_graces = 0

    def read(self, measures: Sequence[ET.Element]) -> BroughtPart:
        written = [self._bar(measure) for measure in measures]
        for index, span in enumerate(similes(measures)):
            if span and index >= span and not written[index].notes:
                written[index].notes = list(written[index - span].notes)
        order = playing_order(road_signs(measures), at_most=MOST_BARS)
        if order is None:
            raise ScoreFileTooLarge(
                f"With its repeats the score has more than {MOST_BARS} bars; no song has."
            )
        bars: list[BroughtBar] = []
        notes: list[BroughtNote] = []
        for index in order:
            bar = written[index]
            is_pickup = not bars and _is_pickup(bar, measures[index])
            length = bar.reached if is_pickup else _length(bar)
            here = BroughtBar(
                length=length,
                metre=bar.metre,
                is_pickup=is_pickup,
                is_as_before=bar.slashes > 0,
            )
            notes += [replace(note, bar=len(bars)) for note in bar.notes]
            bars += [here] * max(1, bar.slashes)
            if len(bars) > MOST_BARS:
                raise ScoreFileTooLarge(f"The score has more than {MOST_BARS} bars; no song has.")
        if not any(note.hands for note in notes):
            notes = [replace(note, hands=None) for note in notes]
        return BroughtPart(
            tuple(bars), tuple(notes), self._unknown, self._stray_graces, self._tempo
        )

    def _bar(self, measure: ET.Element) -> _Bar:
        for attributes in measure.iterfind("attributes"):
            self._attributes(attributes)
        bar = _Bar(self._metre, is_implicit=measure.get("implicit") == "yes")
        now = previous = Fraction(0)
        graces: list[ET.Element] = []
        chords: list[tuple[Fraction, list[ET.Element], list[ET.Element]]] = []
        chokes: set[Fraction] = set()
        over: dict[Fraction, list[Sticking]] = defaultdict(list)
        slashed = 0
        for element in measure:
            if element.tag == "attributes":
                # A bar may count in other divisions from its middle on.
                self._attributes(element)
                continue
            duration = self._duration(element)
            if element.tag == "backup":
                now = max(Fraction(0), now - duration)
            elif element.tag == "forward":
                now += duration
            elif element.tag == "direction":
                self._direction(element, now, bar, chokes, over[now])
            elif element.tag == "sound":
                self._sound(element)
            elif element.tag == "note":
                is_chord = element.find("chord") is not None
                if element.find("grace") is not None:
                    graces.append(element)
                    continue
                onset = previous if is_chord else now
                if not is_chord:
                    previous, now = now, now + duration
                if is_stroke(element):
                    if is_slash(element):
                        slashed += 1
                    elif is_chord and chords and chords[-1][0] == onset:
                        chords[-1][1].append(element)
                    else:
                        chords.append((onset, [element], graces))
                        graces = []
            bar.reached = max(bar.reached, now)
        self._stray_graces += len(graces)
        if (slashed or self._has_slashes) and not chords:
            bar.slashes = max(1, bar.slashes)
        else:
            bar.slashes = 0
            # Where a head bears the sign itself, the word above does not mean the others.
            chokes -= {onset for onset, heads, _ in chords if any(map(is_damped, heads))}
            own = [(onset, hands_below(heads)) for onset, heads, _ in chords]
            shared = share_hands(own, over)
            there = hands_at(
                [(onset, hands) for (onset, _), hands in zip(own, shared, strict=True)]
            )
            for (onset, heads, before), hands in zip(chords, shared, strict=True):
                found = list(self._notes(onset, heads, before, is_choked=onset in chokes))
                bar.notes += _with_hands(found, hands, there[onset])
        return bar

    def _attributes(self, attributes: ET.Element) -> None:
        divisions = attributes.findtext("divisions")
        if divisions is not None:
            self._divisions = Fraction(divisions.strip())
            if self._divisions <= 0:
                raise ValueError(f"a quarter has {divisions} divisions")
        beats = attributes.findtext("time/beats")
        if beats is not None:
            # "3+2" over 8 is five eighths.
            upper = sum(int(number) for number in beats.split("+"))
            lower = attributes.findtext("time/beat-type", "4")
            self._metre = Metre.parse(f"{upper}/{lower.strip()}")
        for slash in attributes.iterfind("measure-style/slash"):
            self._has_slashes = slash.get("type") == "start"

    def _duration(self, element: ET.Element) -> Fraction:
        said = element.findtext("duration")
        return Fraction(0) if said is None else Fraction(said.strip()) / self._divisions

    def _direction(
        self,
        direction: ET.Element,
        now: Fraction,
        bar: _Bar,
        chokes: set[Fraction],
        hands: list[Sticking],
    ) -> None:
        for words in direction.iterfind("direction-type/words"):
            text = (words.text or "").strip().lower()
            if text == "choke":
                chokes.add(now)
            if hand := hand_of(text):
                hands.append(hand)
            if found := _SLASHES.search(text):
                bar.slashes = min(MOST_BARS, int(found[1]))
        for sound in direction.iterfind("sound"):
            self._sound(sound)

    def _sound(self, sound: ET.Element) -> None:
        if self._tempo is None and (said := sound.get("tempo")):
            tempo = float(said)
            self._tempo = tempo if 1.0 <= tempo <= 1000.0 else None

    def _notes(
        self, onset: Fraction, heads: list[ET.Element], before: list[ET.Element], *, is_choked: bool
    ) -> Iterator[BroughtNote]:
        drums = [self._instruments.sound_of(head) for head in heads]
        graces = Counter(
            drum_struck(sound.instrument, sound.articulation)
            for sound in map(self._instruments.sound_of, before)
            if sound is not None
        )
        for head, sound in zip(heads, drums, strict=True):
            if sound is None:
                self._unknown[self._instruments.name_of(head)] += 1
                continue
            articulation = sound.articulation
            if is_rolled(head):
                articulation = articulation or Articulation.ROLL
            elif is_damped(head) or (is_choked and sound.instrument in _CYMBALS):
                articulation = articulation or Articulation.CHOKE
            notehead = head.find("notehead")
            yield BroughtNote(
                bar=0,
                onset=onset,
                instrument=sound.instrument,
                articulation=articulation,
                is_ghost=notehead is not None and notehead.get("parentheses") == "yes",
                is_accent=has_sign(head, "articulations", {"accent", "strong-accent"}),
                n_graces=graces.pop(drum_struck(sound.instrument, sound.articulation), 0),
                velocity=velocity_of(head),
                is_any_of_its_key=self._instruments.is_any_of_its_key(head, sound),
            )
        self._stray_graces += sum(graces.values())


def _with_hands(
    notes: Sequence[BroughtNote], hands: Sequence[Sticking], there: tuple[Sticking, ...]
) -> list[BroughtNote]:
    """The notes of a chord with the hands that play it; there: all that are named at its place."""
    # From the highest head down, as hands are written.
    down = sorted(range(len(notes)), key=lambda k: -HEIGHTS[notes[k].instrument])
    feet = [role_of(notes[k].instrument, notes[k].articulation) is VoiceRole.FEET for k in down]
    given = dict(zip(down, hand_for_each(feet, hands), strict=True))
    return [replace(note, sticking=given[k], hands=there) for k, note in enumerate(notes)]


def _length(bar: _Bar) -> Fraction:
    """A bar is as long as its metre; only where it is said to be irregular, as long as it is."""
    usual = bar.metre.bar_length
    return bar.reached if bar.reached and (bar.is_implicit or bar.reached > usual) else usual


def _is_pickup(bar: _Bar, measure: ET.Element) -> bool:
    is_short = 0 < bar.reached < bar.metre.bar_length
    return is_short or (bar.is_implicit and bar.reached > 0 and measure.get("number") == "0")
