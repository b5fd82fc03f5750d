"""How a score lies on paper: bars of rest gathered, and where systems end. For every writer.

The line breaks of a piece are the cheapest ones, as in the paragraphs of Knuth and Plass (1981):
each line costs something, and more where its bars are squeezed or drawn out, where it tears a
phrase of four or begins in the middle of nothing that a reader knows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from drumscribe.domain.score import Measure, Score
from drumscribe.domain.wishes import DrumKey, PaperSize, StaffSize
from drumscribe.notation.bar_widths import Width, bar_width
from drumscribe.notation.tuning import LINES

_SHORT_BAR = Fraction(2)  # up to a half note: eight to a line


@dataclass(frozen=True, slots=True)
class Paper:
    """What a line holds.

    width: in staff spaces, clef included.
    max_bars: bars that make a good line; twice as many where bars are as short as a half note.
    is_strict: every line that has room for them holds max_bars, whatever phrases and sections say.
    """

    width: float
    max_bars: int
    is_strict: bool = False


# 180 mm with a staff of 19 points.
A4 = Paper(107.0, 4)
NARROW = Paper(50.0, 2)  # a phone, held upright

MILLIMETRES_PER_POINT: Final = 25.4 / 72.27
MARGIN_MILLIMETRES: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """How a score is to be printed; as it reads best where nothing is said.

    bars_a_line: fewer stand on a line that has no room for them.
    """

    paper: PaperSize = PaperSize.A4
    staff_size: StaffSize = StaffSize.NORMAL
    bars_a_line: int | None = None
    drum_key: DrumKey = DrumKey.SHOWN

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height of the paper."""
        return {PaperSize.A4: (210.0, 297.0), PaperSize.LETTER: (215.9, 279.4)}[self.paper]

    @property
    def staff_points(self) -> int:
        """Height of a staff, in printer's points (72.27 to the inch)."""
        return {StaffSize.SMALL: 16, StaffSize.NORMAL: 19, StaffSize.LARGE: 23}[self.staff_size]

    @property
    def lines(self) -> Paper:
        """What its lines hold."""
        line = self.millimetres[0] - 2 * MARGIN_MILLIMETRES
        space = self.staff_points * MILLIMETRES_PER_POINT / 4
        usual = self.paper is PaperSize.A4 and self.staff_size is StaffSize.NORMAL
        width = A4.width if usual else line / space
        return Paper(width, self.bars_a_line or A4.max_bars, self.bars_a_line is not None)


@dataclass(frozen=True, slots=True)
class Block:
    """Measures [first, first + count): one measure, or several bars of rest drawn as one."""

    first: int
    count: int
    starts_system: bool

    @property
    def is_multi_rest(self) -> bool:
        return self.count > 1


def lay_out(score: Score, paper: Paper = A4) -> list[Block]:
    """Blocks in order: as many to a system as read well, phrases of four bars whole.

    Systems begin where sections begin, but for sections too short for a line of their own. A
    pickup and the bars of rest before the drums enter stand beside the bars that they lead into.
    """
    runs = rest_runs(score)
    starts = set(_Lines(score, runs, paper).starts())
    return [
        Block(first, count, starts_system=k in starts and k > 0)
        for k, (first, count) in enumerate(runs)
    ]


def last_line_is_full(score: Score, paper: Paper = A4) -> bool:
    """Whether the last line holds enough to be drawn as wide as the others: two thirds of it."""
    blocks = lay_out(score, paper)
    begin = max((k for k, block in enumerate(blocks) if block.starts_system), default=0)
    easy = sum(bar_width(score.measures[block.first]).easy for block in blocks[begin:])
    return easy >= (paper.width - LINES.clef) * LINES.full_line_share


class _Lines:
    """The choice of lines over the blocks of a score."""

    def __init__(self, score: Score, runs: list[tuple[int, int]], paper: Paper) -> None:
        self._measures = [score.measures[first] for first, _ in runs]
        self._counts = [count for _, count in runs]
        self._paper = paper
        self._widths = [self._width(k) for k in range(len(runs))]
        self._phrase = self._phrases()

    def starts(self) -> list[int]:
        """The first block of each line."""
        n = len(self._measures)
        total = [0.0] + [math.inf] * n
        back = [0] * (n + 1)
        for end in range(1, n + 1):
            for begin in range(end - 1, -1, -1):
                cost = self._cost(begin, end)
                if math.isinf(cost) and begin < end - 1:
                    break
                # The last of several that cost the same would begin lines early.
                if total[begin] + cost < total[end] - 1e-9:
                    total[end], back[end] = total[begin] + cost, begin
        found: list[int] = []
        end = n
        while end:
            end = back[end]
            found.insert(0, end)
        return found

    def _width(self, k: int) -> Width:
        width = bar_width(self._measures[k])
        changes = k == 0 or self._measures[k - 1].metre != self._measures[k].metre
        room = LINES.metre if changes else 0.0
        return Width(width.tight + room, width.easy + room)

    def _phrases(self) -> list[int]:
        """Per block: bars of its phrase that stand before it."""
        phrases: list[int] = []
        bars = 0
        for k, measure in enumerate(self._measures):
            if measure.rehearsal is not None or self._breaks_phrase(k):
                bars = 0
            phrases.append(bars % len(LINES.torn))
            slashes = measure.road.slashes if measure.road else None
            n_bars = slashes.n_bars if slashes else 1
            bars += 0 if measure.is_pickup or self._counts[k] > 1 else n_bars
        return phrases

    def _breaks_phrase(self, k: int) -> bool:
        """Rests end, the metre changes or a tempo begins: a phrase begins anew."""
        if k == 0:
            return True
        before, here = self._measures[k - 1], self._measures[k]
        return (
            before.is_pickup
            or self._counts[k - 1] > 1
            or before.is_empty != here.is_empty
            or before.metre != here.metre
            or here.tempo_mark is not None
        )

    def _cost(self, begin: int, end: int) -> float:
        """What the line of blocks [begin, end) costs, its end included; inf where none can be."""
        tight = sum(width.tight for width in self._widths[begin:end])
        room = self._paper.width - LINES.clef
        if tight > room and end > begin + 1:
            return math.inf
        cost = LINES.line + self._fit(begin, end, room) + self._crowding(begin, end)
        first = self._measures[begin]
        if first.simile is not None:
            if first.simile.index > 0:
                return 1e6
            if any(measure.simile is None for measure in self._measures[begin:end]):
                cost += LINES.sign_begins
        inside = range(begin + 1, end)
        cost += LINES.letter_inside * sum(
            self._measures[k].rehearsal is not None and not self._leads_in(begin, k) for k in inside
        )
        return cost + self._tear(end)

    def _fit(self, begin: int, end: int, room: float) -> float:
        easy = sum(width.easy for width in self._widths[begin:end])
        if easy > room:
            return LINES.squeezed_by_a_quarter * ((easy / room - 1.0) / 0.25) ** 2
        if end == len(self._measures) or easy == 0.0:
            return 0.0
        return min(LINES.drawn_out_by_half * ((room / easy - 1.0) / 0.5) ** 2, 2.0)

    def _crowding(self, begin: int, end: int) -> float:
        bars = [
            k
            for k in range(begin, end)
            if not self._measures[k].is_pickup and not self._leads_in(0, k + 1)
        ]
        if self._paper.is_strict:
            if len(bars) > self._paper.max_bars:
                return math.inf
            is_last = end == len(self._measures)
            return 0.0 if is_last else LINES.missing_bar * (self._paper.max_bars - len(bars))
        short = all(self._measures[k].metre.bar_length <= _SHORT_BAR for k in bars)
        most = self._paper.max_bars * (2 if short else 1)
        if len(bars) > most + max(1, self._paper.max_bars // 2):
            return math.inf
        lonely = len(bars) == 1 and self._counts[bars[0]] == 1 and self._paper.max_bars > 1
        is_section = lonely and self._phrase[begin] == 0 and self._begins(end)
        lone = (
            LINES.lone_bar / (2 if is_section else 1) if lonely and len(self._measures) > 1 else 0.0
        )
        return lone + LINES.crowded_bar * max(0, len(bars) - most)

    def _begins(self, k: int) -> bool:
        return k == len(self._measures) or self._measures[k].rehearsal is not None

    def _leads_in(self, begin: int, k: int) -> bool:
        """True if all that stands before block k is a pickup or rests before the drums enter."""
        return (
            begin == 0
            and k == 1
            and (self._measures[0].is_pickup or self._measures[0].is_empty)
            and len(self._measures) > 1
        )

    def _tear(self, end: int) -> float:
        if end == len(self._measures) or self._begins(end):
            return 0.0
        return LINES.torn[self._phrase[end]]


def rest_runs(score: Score) -> list[tuple[int, int]]:
    """(first, count): runs of empty measures of one metre and tempo; every other measure alone."""
    runs: list[tuple[int, int]] = []
    for index, measure in enumerate(score.measures):
        if runs and index and _continues_rest(score.measures[runs[-1][0]], measure):
            first, count = runs[-1]
            runs[-1] = (first, count + 1)
        else:
            runs.append((index, 1))
    return runs


def _continues_rest(first: Measure, measure: Measure) -> bool:
    return (
        first.is_empty
        and measure.is_empty
        and not first.is_pickup
        and first.metre == measure.metre
        and measure.tempo_mark is None
        and measure.rehearsal is None
        and measure.text is None
        and measure.dynamic is None
        and first.road is None
        and measure.road is None
    )
