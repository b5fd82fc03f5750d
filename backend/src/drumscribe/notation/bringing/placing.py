"""Which bar of a file is which bar of the page: three ways to tell, the best of which is taken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.notation.bringing.page import Drum, Page, PageNote, sound_of_note
from drumscribe.notation.bringing.part import BroughtNote, BroughtPart
from drumscribe.notation.quantize.collisions import drum_struck
from drumscribe.notation.styles.drum_maps import Sound
from drumscribe.notation.tuning import BRINGING

# Programs round positions to whole divisions. No two written places are nearer than twice this.
_SAME_PLACE: Final = Fraction(1, 112)


class AlignedBy(StrEnum):
    """How places of a file were found in the recording."""

    BARS = "bars"  # bar n of the file is bar n of the page
    POSITIONS = "positions"  # both are counted through in quarter notes
    LIKENESS = "likeness"  # bars were put in or taken out; the others are known by their notes
    TIME = "time"  # seconds from the start
    DOCUMENT = "document"  # hits and beats of a document of our own


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bar of the file begins on the page, and how much longer it is there."""

    start: Fraction
    stretch: Fraction = Fraction(1)

    def at(self, onset: Fraction) -> Fraction:
        """A place of the bar as a place of the page, in quarter notes."""
        return self.start + onset * self.stretch


@dataclass(frozen=True, slots=True, eq=False)
class Placing:
    """places: one per bar of the file; None for a bar that the recording has not."""

    by: AlignedBy
    places: tuple[Place | None, ...]
    found: dict[int, PageNote]
    """Index of a note of the file -> the head of the page that it is."""


def place_bars(part: BroughtPart, page: Page) -> Placing:
    """The way to lay the bars of a file over the page that finds most of its notes again."""
    placings = [_matched(AlignedBy.BARS, _by_number(part, page), part, page)]
    fit = _bars_fit(part, page)
    if not fit or len(placings[0].found) < len(page.notes):
        if not fit:
            by_position = _by_position(part, page)
            placings.append(_matched(AlignedBy.POSITIONS, by_position, part, page))
        if len(_full_bars(part)) != len(page.score.measures) - page.first_full:
            placings.append(_matched(AlignedBy.LIKENESS, _by_likeness(part, page), part, page))
    return max(placings, key=lambda placing: len(placing.found))


def _full_bars(part: BroughtPart) -> range:
    return range(int(part.bars[0].is_pickup), len(part.bars))


def _bars_fit(part: BroughtPart, page: Page) -> bool:
    """Whether the bars that both have are equally long."""
    measures = page.score.measures[page.first_full :]
    bars = (part.bars[index] for index in _full_bars(part))
    return all(bar.length == measure.length for bar, measure in zip(bars, measures, strict=False))


def _with_pickup(part: BroughtPart, places: list[Place | None], page: Page) -> list[Place | None]:
    """A pickup ends where the first full bar of the page begins."""
    if not part.bars[0].is_pickup:
        return places
    return [Place(page.starts[page.first_full] - part.bars[0].length), *places]


def _by_number(part: BroughtPart, page: Page) -> list[Place | None]:
    places: list[Place | None] = []
    beyond = page.end
    for k, index in enumerate(_full_bars(part), start=page.first_full):
        length = part.bars[index].length
        if k < len(page.score.measures):
            places.append(Place(page.starts[k], page.score.measures[k].length / length))
        else:
            places.append(Place(beyond))
            beyond += length
    return _with_pickup(part, places, page)


def _by_position(part: BroughtPart, page: Page) -> list[Place | None]:
    places: list[Place | None] = []
    at = page.starts[page.first_full]
    for index in _full_bars(part):
        places.append(Place(at))
        at += part.bars[index].length
    return _with_pickup(part, places, page)


def _by_likeness(part: BroughtPart, page: Page) -> list[Place | None]:
    """An alignment of bars of one length by their strokes: longest common subsequence, weighted."""
    of_file: dict[int, Counter[tuple[Fraction, Drum]]] = defaultdict(Counter)
    for note in part.notes:
        of_file[note.bar][note.onset, _drum(note)] += 1
    of_page: dict[int, Counter[tuple[Fraction, Drum]]] = defaultdict(Counter)
    for head in page.notes:
        of_page[head.measure][head.onset, head.drum] += 1
    rows, first = list(_full_bars(part)), page.first_full
    columns = list(range(first, len(page.score.measures)))
    band = abs(len(rows) - len(columns)) + BRINGING.band

    def likeness(row: int, column: int) -> float:
        bar, measure = part.bars[rows[row]], page.score.measures[columns[column]]
        if bar.length != measure.length:
            return 0.0
        ours, theirs = of_page[columns[column]], of_file[rows[row]]
        n = ours.total() + theirs.total()
        like = 1.0 if n == 0 else 2 * (ours & theirs).total() / n
        # Bars of rest are all alike: they alone tell nothing.
        return (like if n else BRINGING.like_enough) if like >= BRINGING.like_enough else 0.0

    best: dict[tuple[int, int], float] = defaultdict(float)
    step: dict[tuple[int, int], bool] = {}
    for i in range(len(rows)):
        for j in range(max(0, i - band), min(len(columns), i + band + 1)):
            together = likeness(i, j)
            best[i + 1, j + 1] = max(best[i, j + 1], best[i + 1, j])
            if together and best[i, j] + together > best[i + 1, j + 1]:
                best[i + 1, j + 1] = best[i, j] + together
                step[i + 1, j + 1] = True
    places: list[Place | None] = [None] * len(rows)
    i, j = len(rows), len(columns)
    while i and j:
        if step.get((i, j)):
            places[i - 1] = Place(page.starts[columns[j - 1]])
            i, j = i - 1, j - 1
        elif best[i - 1, j] >= best[i, j - 1]:
            i -= 1
        else:
            j -= 1
    return _with_pickup(part, places, page)


def _matched(
    by: AlignedBy, places: Sequence[Place | None], part: BroughtPart, page: Page
) -> Placing:
    heads: dict[tuple[int, Drum], list[PageNote]] = defaultdict(list)
    for head in page.notes:
        heads[int(head.at), head.drum].append(head)
    found: dict[int, PageNote] = {}
    taken: set[int] = set()
    # Of two strokes that are one drum, each finds the one that is struck in its way first.
    for is_exact in (True, False):
        for index, note in enumerate(part.notes):
            place = places[note.bar]
            if place is None or index in found:
                continue
            at = place.at(note.onset)
            sound = Sound(note.instrument, note.articulation)
            near = [
                head
                for quarter in {int(at - _SAME_PLACE), int(at + _SAME_PLACE)}
                for drum in _drums(note)
                for head in heads[quarter, drum]
                if abs(head.at - at) <= _SAME_PLACE
                and id(head) not in taken
                and (not is_exact or sound_of_note(head.note) == sound)
            ]
            if near:
                head = min(near, key=lambda head: abs(head.at - at))
                taken.add(id(head))
                found[index] = head
    return Placing(by, tuple(places), found)


def _drum(note: BroughtNote) -> Drum:
    return drum_struck(note.instrument, note.articulation)


def _drums(note: BroughtNote) -> set[Drum]:
    """The drums that a note may stand for."""
    drums = {_drum(note)}
    if note.is_any_of_its_key and note.articulation is Articulation.SPLASH:
        drums.add(drum_struck(Instrument.HIHAT_CLOSED, Articulation.PEDAL))
    return drums
