"""Pieces of our own whose bars are known, and medleys of them, in which the metre changes.

Charts of songs are mostly in 4/4, and whoever learns bars from them alone mishears fives and
threes. So pieces as the study composes them (other seeds than it measures) are learnt from as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import Metre
from lab.notation_study.composed.conditions import conditions
from lab.notation_study.known_parts import LEAD_IN_SECONDS, KnownPart
from lab.notation_study.study import Task, piece_of

# Not the seed that the study measures, nor those of the tests.
FOR_WEIGHTS, FOR_NETWORK = 4711, 4712
COMPOSED = "composed"  # their group
# Of the study's conditions, those that differ in what is played and not in how badly.
PLAYED_WELL = (
    *(f"clean {metre}" for metre in ("2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "12/8")),
    "50 to 70 BPM, 15 ms",
    "180 to 220 BPM, 15 ms",
    "straight, 120 BPM, 15 ms",
)
_FEWEST_BARS, _MOST_BARS = 4, 16
_SINGLE_BAR = 0.25  # of the parts between two longer ones
_EARLY_SECONDS = 0.02  # a stroke so shortly before a bar line is meant to be on it
_SAME_BEAT = 0.85  # of the joints: the next part counts the same note value as the first


def composed(
    each: int, *, names: Sequence[str] | None = PLAYED_WELL, seed: int = FOR_WEIGHTS
) -> list[KnownPart]:
    """So many pieces under each of some conditions; names: None for all of them."""
    pieces = []
    for condition in conditions():
        wanted = names is None or condition.name in names
        for index in range(each if wanted else 0):
            known, played = piece_of(Task(condition=condition, index=index, seed=seed))
            lines = played.grid.downbeat_times
            bars = np.append(lines, 2.0 * lines[-1] - lines[-2])
            hits = tuple(sorted(played.hits, key=lambda hit: hit.time))
            name = f"{condition.name} {index}"
            metres = (known.metre,) * lines.size
            pieces.append(KnownPart(name, bars, metres, hits, COMPOSED))
    return pieces


def medley(pieces: Sequence[KnownPart], seconds: float, rng: np.random.Generator) -> KnownPart:
    """Stretches of some pieces one after another at one tempo, at least so many seconds.

    The music returns to the first piece after every other one; some of those last a single bar.
    """
    home = pieces[int(rng.integers(len(pieces)))]
    quarter = _quarter_seconds(home)
    alike = [piece for piece in pieces if piece.metre.beat_length == home.metre.beat_length]
    bars: list[float] = [LEAD_IN_SECONDS]
    metres: list[Metre] = []
    hits: list[Hit] = []
    is_away = False
    while bars[-1] < LEAD_IN_SECONDS + seconds:
        choice = alike if rng.random() < _SAME_BEAT else pieces
        piece = choice[int(rng.integers(len(choice)))] if is_away else home
        is_single = is_away and rng.random() < _SINGLE_BAR
        wanted = 1 if is_single else int(rng.integers(_FEWEST_BARS, _MOST_BARS + 1))
        n = min(wanted, len(piece.metres))
        first = int(rng.integers(0, len(piece.metres) - n + 1))
        stretch = quarter / _quarter_seconds(piece)
        begin, end = float(piece.bars[first]), float(piece.bars[first + n])
        now = bars[-1]
        hits += [
            replace(hit, time=max(0.0, now + (hit.time - begin) * stretch))
            for hit in piece.hits
            if begin - _EARLY_SECONDS <= hit.time < end - _EARLY_SECONDS
        ]
        bars += (now + (piece.bars[first + 1 : first + n + 1] - begin) * stretch).tolist()
        metres += piece.metres[first : first + n]
        is_away = not is_away
    hits.sort(key=lambda hit: hit.time)
    return KnownPart("medley", np.array(bars), tuple(metres), tuple(hits), "medley")


def _quarter_seconds(piece: KnownPart) -> float:
    return float(np.median(np.diff(piece.bars))) / float(piece.metre.bar_length)
