"""Bars of another length among the others: an inserted half bar, a section in three.

The beats stay; they are numbered anew by the most probable walk through bars. A beat at a place of
the usual bar is as good as it resembles what is usually played there; ending a bar early costs
much, so that only music that goes on displaced for several bars calls for it. In a section of
shorter bars each beat is compared with the one a shorter bar ago, against the one a usual bar ago.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.by_hits import Bars
from drumscribe.beats.hit_evidence import beat_patterns
from drumscribe.domain.drums import Hit

_FEWEST_BARS = 8
_RESEMBLANCE_NATS = 4.0
_FAMILIAR = 0.75
_EARLY_END_NATS = 14.0
_SECTION_NATS = 12.0
# Sections begin their bars with the kick or a crash, not with the snare.
_LEAD_NATS = 0.7
_KICK_ON, _SNARE_ON, _CRASH_ON = 0, 4, 8  # columns of beat_patterns: strokes on the beat itself
# Bars of a section, in beats, by the beats of the usual bar; two halves of a bar of four are no
# section of their own.
_SECTION_BARS: dict[int, tuple[int, ...]] = {4: (3,), 5: (3, 4)}

_Floats = NDArray[np.float64]


def with_changes(bars: Bars, hits: Sequence[Hit]) -> Bars:
    """The same beats, with bars of another length where the hits clearly have them.

    Only bars shorter than the usual one are looked for, and only in 4/4 and 5/4.
    """
    n_beats = bars.metre.beats_per_bar
    too_few = bars.beat_times.size < _FEWEST_BARS * n_beats
    is_counted_in_quarters = bars.metre.denominator == 4
    if n_beats not in _SECTION_BARS or not is_counted_in_quarters or too_few:
        return bars
    patterns = beat_patterns(hits, bars.beat_times)
    half = bars.beat_times.size // 2
    walks = []
    # What is usual may be learnt from all bars or, if a change displaces half of them, from the
    # bars of one half.
    for part in (slice(None), slice(0, half), slice(half, None)):
        usual = _usual(patterns[part], bars.beat_numbers[:-1][part], n_beats)
        _, numbers = _numbered(patterns, usual, bars.beat_numbers, n_beats)
        walks.append(
            _numbered(patterns, _usual(patterns, numbers[:-1], n_beats), bars.beat_numbers, n_beats)
        )
    _, best = max(walks, key=lambda walk: walk[0])
    return dataclasses.replace(bars, beat_numbers=best)


def _usual(patterns: _Floats, numbers: NDArray[np.int64], n_beats: int) -> _Floats:
    """(places, pattern): the mean of what is played at each place of the bar."""
    usual = np.zeros((n_beats, patterns.shape[1]))
    for place in range(n_beats):
        here = patterns[numbers == place + 1]
        if here.size:
            usual[place] = here.mean(axis=0)
    return usual


def _numbered(
    patterns: _Floats, usual: _Floats, numbers: NDArray[np.int64], n_beats: int
) -> tuple[float, NDArray[np.int64]]:
    """The score of the best walk and its beat numbers, one more than there are patterns."""
    resembles = _cosines(patterns, usual)
    # Beats that resemble nothing usual (a fill, another groove) have no say in where a bar is.
    say = np.clip((resembles.max(axis=1) - _FAMILIAR) / (1.0 - _FAMILIAR), 0.0, 1.0)
    relative = resembles - resembles.mean(axis=1, keepdims=True)
    emission = [_RESEMBLANCE_NATS * say[:, None] * relative]
    lead = _LEAD_NATS * (patterns[:, [_KICK_ON, _CRASH_ON]].sum(axis=1) - patterns[:, _SNARE_ON])
    lengths = [n_beats]
    for length in _SECTION_BARS[n_beats]:
        gain = _alike_after(patterns, length) - _alike_after(patterns, n_beats)
        of_section = np.repeat(_RESEMBLANCE_NATS * gain[:, None], length, axis=1)
        of_section[:, 0] += lead
        of_section[:, 1:] -= lead[:, None] / (length - 1)
        emission.append(of_section)
        lengths.append(length)
    score, walk = _best_walk(np.concatenate(emission, axis=1), lengths, int(numbers[0]) - 1)
    places = np.concatenate([np.arange(length) for length in lengths])
    ends = np.cumsum(lengths)
    last = int(walk[-1])
    length_of_last = lengths[int(np.searchsorted(ends, last, side="right"))]
    after = int(places[last] + 1) % length_of_last
    return score, np.append(places[walk], after).astype(np.int64) + 1


def _best_walk(
    emission: _Floats, lengths: Sequence[int], first: int
) -> tuple[float, NDArray[np.int64]]:
    """Its score, and the state per beat: places of the usual bar, then of each kind of section."""
    n, n_states = emission.shape
    ends = np.cumsum(lengths)
    starts = ends - np.array(lengths)
    cost = np.full((n_states, n_states), np.inf)
    for kind, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for state in range(start, end):
            is_last = state == end - 1
            if not is_last:
                cost[state, state + 1] = 0.0
            # From the end of a bar to the start of any other; early only out of a usual bar.
            if is_last or kind == 0:
                early = 0.0 if is_last else _EARLY_END_NATS
                for other, begin in enumerate(starts):
                    change = _SECTION_NATS if other != kind and other > 0 else 0.0
                    cost[state, begin] = min(cost[state, begin], early + change)
    score = emission[0].copy()
    score[np.arange(n_states) != first] -= _EARLY_END_NATS
    came_from = np.zeros((n, n_states), dtype=np.int64)
    for beat in range(1, n):
        reached = score[:, None] - cost
        came_from[beat] = reached.argmax(axis=0)
        score = reached.max(axis=0) + emission[beat]
    walk = np.zeros(n, dtype=np.int64)
    walk[-1] = int(score.argmax())
    for beat in range(n - 1, 0, -1):
        walk[beat - 1] = came_from[beat, walk[beat]]
    return float(score.max()), walk


def _cosines(patterns: _Floats, usual: _Floats) -> _Floats:
    """(beats, places): how alike each beat is to what is usual at each place, 0..1."""
    norms = np.linalg.norm(patterns, axis=1)[:, None] * np.linalg.norm(usual, axis=1)[None, :]
    products = patterns @ usual.T
    return np.asarray(np.divide(products, norms, out=np.zeros_like(products), where=norms > 0))


def _alike_after(patterns: _Floats, lag: int) -> _Floats:
    """How alike each beat is to the one `lag` before, or, at the start, after it."""
    norms = np.linalg.norm(patterns, axis=1)
    product = (patterns[lag:] * patterns[:-lag]).sum(axis=1)
    scale = norms[lag:] * norms[:-lag]
    alike = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)
    return np.concatenate([alike[:lag], alike])
