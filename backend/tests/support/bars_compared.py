"""What stands in the bars of a page, and which bars an edit is in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from drumscribe.domain.score import Event, Score

# So near a bar line a stroke may be written on either side of it.
_NEAR_A_BAR_LINE_SECONDS = 0.12


def bars_of(score: Score) -> dict[float, tuple[Any, ...]]:
    """Per bar that has notes, by the second it begins at: its voices, heads and marks.

    All but the "+" of a hat that closes: it answers to the stroke before, in whatever bar that is.
    """
    return {
        measure.start_seconds: (
            measure.metre,
            measure.groups,
            [(voice.role, [_event(event) for event in voice.events]) for voice in measure.voices],
        )
        for measure in score.measures
        if not measure.is_empty
    }


def _event(event: Event) -> Event:
    return replace(event, notes=tuple(replace(note, is_closing=False) for note in event.notes))


def changed_elsewhere(before: Score, after: Score, times: Sequence[float]) -> list[float]:
    """The bars that were rewritten, by their starts, though nothing was struck there anew.

    times: where strokes were put in or taken out, in seconds.
    """
    old, new = bars_of(before), bars_of(after)
    starts = sorted({measure.start_seconds for measure in (*before.measures, *after.measures)})
    touched = {
        starts[max(bisect_right(starts, time + away) - 1, 0)]
        for time in times
        for away in (-_NEAR_A_BAR_LINE_SECONDS, _NEAR_A_BAR_LINE_SECONDS)
    }
    return [start for start in starts if start not in touched and old.get(start) != new.get(start)]
