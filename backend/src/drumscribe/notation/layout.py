"""How a score lies on paper: bars of rest gathered, and where systems end. For every writer."""

from __future__ import annotations

from dataclasses import dataclass

from drumscribe.domain.score import Measure, Score

_PHRASE_BARS = 4
_SIMILE_COLUMNS = 4
_FULL_LINE_SHARE = 2 / 3
_LONE_LINE_SHARE = 3 / 4  # of what a line holds; the share above of that is half


@dataclass(frozen=True, slots=True)
class Paper:
    """What a line holds.

    bars_per_system: bars that make a good line, the most first; one where none of them fits.
    max_columns: strokes side by side that still read well.
    """

    bars_per_system: tuple[int, ...]
    max_columns: int


A4 = Paper((4, 2), 58)
NARROW = Paper((2,), 24)  # a phone, held upright


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
    """Blocks in order: as many to a system as the paper likes, fewer where the bars are dense.

    Systems begin where sections begin, so that phrases of four bars fill a line each. A pickup
    and the bars of rest before the drums enter stand on the first system beside its bars.
    """
    runs = _runs(score)
    blocks: list[Block] = []
    position = phrase = 0
    while position < len(runs):
        n = _n_on_system(score, runs[position:], phrase % _PHRASE_BARS, paper)
        phrase = _phrase_after(score, runs, position, n, phrase)
        for k, (first, count) in enumerate(runs[position : position + n]):
            blocks.append(Block(first, count, starts_system=k == 0 and position > 0))
        position += n
    return blocks


def last_line_is_full(score: Score, paper: Paper = A4) -> bool:
    """Whether the last line holds enough to be drawn as wide as the others.

    It does with two thirds of the strokes of the line before; a lone line with half of what a
    line holds.
    """
    lines: list[int] = []
    for block in lay_out(score, paper):
        if block.starts_system or not lines:
            lines.append(0)
        lines[-1] += _columns(score.measures[block.first])
    before = lines[-2] if len(lines) > 1 else paper.max_columns * _LONE_LINE_SHARE
    return lines[-1] >= before * _FULL_LINE_SHARE


def _phrase_after(
    score: Score, runs: list[tuple[int, int]], position: int, n: int, phrase: int
) -> int:
    """Bars since the section or the music began, after the system of n blocks from position."""
    for k, (first, count) in enumerate(runs[position : position + n]):
        if score.measures[first].rehearsal is not None or count > 1:
            phrase = 0
        if count == 1 and not (k == 0 and _leads_in(score, runs[position:])):
            phrase += 1
    return phrase


def _n_on_system(score: Score, runs: list[tuple[int, int]], phrase: int, paper: Paper) -> int:
    """How many of the coming blocks share a system. Three would tear phrases of four apart.

    phrase: bars of a phrase of four that stand before. A bar that would stand alone on the last
    line of its section joins the line before.
    """
    extra = 1 if _leads_in(score, runs) else 0
    left = _n_to_section_end(score, runs)
    for n in paper.bars_per_system:
        if phrase + n > _PHRASE_BARS:
            continue
        longest = n + 1 if left == n + extra + 1 else n
        for size in range(min(longest + extra, left), min(n + extra, left) - 1, -1):
            candidates = runs[:size]
            fits = (
                sum(_columns(score.measures[first]) for first, _ in candidates) <= paper.max_columns
            )
            if fits and not _tears_simile(score, runs, size):
                return size
    return 1 + extra


def _n_to_section_end(score: Score, runs: list[tuple[int, int]]) -> int:
    """Blocks up to the next one that begins a section, what leads into the first one included."""
    for k, (first, _) in enumerate(runs[1:], start=1):
        if score.measures[first].rehearsal is not None and not (k == 1 and _leads_in(score, runs)):
            return k
    return len(runs)


def _leads_in(score: Score, runs: list[tuple[int, int]]) -> bool:
    """True if the first block is a pickup, or bars of rest before the drums enter."""
    first = score.measures[runs[0][0]]
    return runs[0][0] == 0 and (first.is_pickup or (first.is_empty and len(runs) > 1))


def _tears_simile(score: Score, runs: list[tuple[int, int]], size: int) -> bool:
    """True if a line break after `size` blocks would cut a repeat sign of several bars."""
    if size >= len(runs):
        return False
    simile = score.measures[runs[size][0]].simile
    return simile is not None and simile.index > 0


def _runs(score: Score) -> list[tuple[int, int]]:
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
        and measure.dynamic is None
    )


def _columns(measure: Measure) -> int:
    """Positions at which something stands, in any voice, graces included."""
    if measure.simile is not None:
        return _SIMILE_COLUMNS
    positions = {event.onset for voice in measure.voices for event in voice.events}
    graces = sum(len(event.graces) for voice in measure.voices for event in voice.events)
    return len(positions) + graces
