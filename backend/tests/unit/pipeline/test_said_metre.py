"""A metre that a user says of a page: the page that has it comes back as it was."""

from __future__ import annotations

import numpy as np

from drumscribe.domain.drums import Hit, Instrument, numbered
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Wishes
from drumscribe.notation.quantize import quantize
from drumscribe.pipeline.hear import Heard
from drumscribe.pipeline.revise import Current, revise

KICK, SNARE, HAT = Instrument.KICK, Instrument.SNARE, Instrument.HIHAT_CLOSED
BARS, BEAT_SECONDS = 12, 0.8


def heard(parts: int) -> Heard:
    """Beats found in 4/4 at 75, each divided by so many even strokes of the hat."""
    n_beats = 4 * BARS
    hits = []
    for k in range(n_beats * parts):
        time = 0.5 + k * BEAT_SECONDS / parts
        hits.append(Hit(time, HAT, velocity=0.6))
        if k % (2 * parts) == 0:
            hits.append(Hit(time, KICK, velocity=0.9))
        elif k % parts == 0:
            hits.append(Hit(time, SNARE, velocity=0.9))
    beats = np.arange(n_beats + 1)
    # A drummer sways, and whoever searches anew would not find quite these beats.
    times = 0.5 + BEAT_SECONDS * beats + 0.012 * np.sin(beats)
    grid = BeatGrid(times, beats % 4 + 1, Metre(4, 4), bar_confidences=(0.9,) * (BARS + 1))
    return Heard(hits=numbered(tuple(sorted(hits))), grid=grid, duration_seconds=float(times[-1]))


def said(machine: Heard, metre: str | None, page: Transcript | None = None) -> Transcript:
    """The page after somebody has said a metre of it, on top of what was said before."""
    wishes = Wishes.of({} if metre is None else {"time_signature": metre})
    if page is None:
        return revise(machine, wishes)
    before = Wishes.of({"time_signature": str(page.grid.metre)}).beats
    return revise(machine, wishes, current=Current(page.hits, page.grid, before))


def test_metre_of_the_first_page_said_again_gives_the_first_page_back() -> None:
    machine = heard(parts=3)
    first = said(machine, None)
    written = quantize(first.hits, first.grid)
    assert (first.grid.metre, written.metre) == (Metre(4, 4), Metre(12, 8))
    plain = said(machine, "4/4", first)
    assert quantize(plain.hits, plain.grid).metre == Metre(4, 4)
    again = said(machine, "12/8", plain)
    np.testing.assert_array_equal(again.grid.beat_times, first.grid.beat_times)
    np.testing.assert_array_equal(again.grid.beat_numbers, first.grid.beat_numbers)
    assert again.grid.bar_confidences == first.grid.bar_confidences
    assert quantize(again.hits, again.grid).measures == written.measures
    assert quantize(again.hits, again.grid).metre == Metre(12, 8)


def test_metre_that_no_page_had_is_looked_for_anew() -> None:
    machine = heard(parts=4)
    assert machine.grid is not None
    page = said(machine, "12/8", said(machine, None))
    assert page.grid.metre == Metre(12, 8)
    assert not np.array_equal(page.grid.beat_times, machine.grid.beat_times)
