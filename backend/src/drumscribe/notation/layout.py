"""How a score lies on paper: bars of rest gathered, and where systems end. For every writer."""

from __future__ import annotations

from dataclasses import dataclass

from drumscribe.domain.score import Measure, Score

_BARS_PER_SYSTEM = (4, 2)
_MAX_COLUMNS = 66  # strokes side by side that still read well on one A4 system


@dataclass(frozen=True, slots=True)
class Block:
    """Measures [first, first + count): one measure, or several bars of rest drawn as one."""

    first: int
    count: int
    starts_system: bool

    @property
    def is_multi_rest(self) -> bool:
        return self.count > 1


def lay_out(score: Score) -> list[Block]:
    """Blocks in order: four to a system, two or one where the bars are dense.

    A pickup stands on the first system beside its bars.
    """
    runs = _runs(score)
    blocks: list[Block] = []
    position = 0
    while position < len(runs):
        n = _n_on_system(score, runs[position:])
        for k, (first, count) in enumerate(runs[position : position + n]):
            blocks.append(Block(first, count, starts_system=k == 0 and position > 0))
        position += n
    return blocks


def _n_on_system(score: Score, runs: list[tuple[int, int]]) -> int:
    """How many of the coming blocks share a system. Three would tear phrases of four apart."""
    extra = 1 if score.measures[runs[0][0]].is_pickup else 0
    for n in _BARS_PER_SYSTEM:
        candidates = runs[: n + extra]
        if sum(_columns(score.measures[first]) for first, _ in candidates) <= _MAX_COLUMNS:
            return len(candidates)
    return 1 + extra


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
    )


def _columns(measure: Measure) -> int:
    """Positions at which something stands, in any voice, graces included."""
    positions = {event.onset for voice in measure.voices for event in voice.events}
    graces = sum(len(event.graces) for voice in measure.voices for event in voice.events)
    return len(positions) + graces
