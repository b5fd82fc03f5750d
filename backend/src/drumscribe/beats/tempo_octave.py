"""Half, right or double speed, judged by what the drummer does with the snare.

Beat trackers find the pulse but not always the level that a drummer counts: fast music comes out
at half speed, with its backbeats between the beats, and slow music at double speed, with one
backbeat in a bar of four.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Articulation, Hit, Instrument

_FEWEST_BACKBEATS = 8
_SOFTEST_BACKBEAT = 0.35
_TOLERANCE_BEATS = 0.12
_MOST = 0.65
_HARDLY_ANY = 0.2
_SINGLE_BACKBEAT_SHARE = 0.8
_LARGEST_OFFBEAT_SHARE = 0.12


def counted_speed(
    hits: Sequence[Hit], beat_times: NDArray[np.float64], beat_numbers: NDArray[np.int64]
) -> float | None:
    """How fast a drummer would count, relative to these beats: 2, 1, 0.5, or None: cannot tell.

    2: the backbeats fall mostly half-way between the beats, or the other way round: snares on the
    beats and kicks between them. 0.5: only one of the four beats of a bar has the snare, and hardly
    anything is struck between the beats. 1: the backbeats are on every other beat. None: otherwise,
    in bars of other than four beats, and with fewer than eight strokes of the snare to judge by
    (ghost notes do not count).
    """
    if beat_times.size < 2 or not hits or beat_numbers.max() != 4:
        return None
    times = np.array([hit.time for hit in hits])
    position = np.interp(times, beat_times, np.arange(beat_times.size), left=np.nan, right=np.nan)
    inside = np.isfinite(position)
    halves = np.round(2.0 * position)
    placed = np.abs(2.0 * position - halves) <= 2.0 * _TOLERANCE_BEATS
    between = placed & (halves % 2 == 1)
    on_beat = placed & (halves % 2 == 0)
    snares = np.array([_is_backbeat(hit) for hit in hits]) & inside
    kicks = np.array([hit.instrument is Instrument.KICK for hit in hits]) & inside
    n_snares, n_kicks = int(snares.sum()), int(kicks.sum())
    if n_snares < _FEWEST_BACKBEATS:
        return None

    def split(struck: NDArray[np.bool_], here: NDArray[np.bool_], there: NDArray[np.bool_]) -> bool:
        n = max(1, int(struck.sum()))
        return bool(
            (struck & here).sum() >= _MOST * n and (struck & there).sum() <= _HARDLY_ANY * n
        )

    if split(snares, between, on_beat):
        return 2.0
    if n_kicks >= _FEWEST_BACKBEATS and split(kicks, between, on_beat):
        return 2.0 if split(snares, on_beat, between) else None
    per_number = np.bincount(
        beat_numbers[(halves[snares & on_beat] / 2.0).astype(np.int64)], minlength=5
    )
    is_single = per_number.max() >= _SINGLE_BACKBEAT_SHARE * n_snares
    offbeat_share = between.sum() / inside.sum()
    if is_single:
        return 0.5 if offbeat_share <= _LARGEST_OFFBEAT_SHARE else None
    on_even, on_odd = per_number[[2, 4]], per_number[[1, 3]]
    alternating = on_even if on_even.sum() >= on_odd.sum() else on_odd
    return 1.0 if alternating.sum() >= _MOST * n_snares else None


def _is_backbeat(hit: Hit) -> bool:
    return (
        hit.instrument is Instrument.SNARE
        and hit.velocity >= _SOFTEST_BACKBEAT
        and hit.articulation is not Articulation.GHOST
    )
