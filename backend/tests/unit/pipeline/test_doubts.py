"""Warnings about what was hardly heard."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.transcription import ModelRef, WarningCode
from drumscribe.domain.wishes import Wishes
from drumscribe.pipeline.doubts import HARDLY_HEARD, hardly_heard, with_remedy
from drumscribe.pipeline.hear import Heard
from drumscribe.pipeline.revise import revise

KICK, SNARE, HAT = Instrument.KICK, Instrument.SNARE, Instrument.HIHAT_CLOSED
MINUTE = 60.0


def played(**per_minute: int) -> list[Hit]:
    """Strokes spread evenly over a minute."""
    return sorted(
        Hit(MINUTE * i / n, Instrument(name)) for name, n in per_minute.items() for i in range(n)
    )


def test_a_usual_song_is_not_warned_of() -> None:
    assert hardly_heard(played(kick=80, snare=60, hihat_closed=200, crash=4), MINUTE) == ()


def test_twelve_strokes_in_a_minute_are_few() -> None:
    assert hardly_heard(played(kick=8, snare=4), MINUTE) == (WarningCode.FEW_HITS,)


def test_nothing_at_all_is_few() -> None:
    assert hardly_heard([], MINUTE) == (WarningCode.FEW_HITS,)


@pytest.mark.parametrize("cymbal", ["hihat_closed", "hihat_open", "ride", "crash"])
def test_two_cymbals_beside_four_hundred_kicks_are_hardly_any(cymbal: str) -> None:
    hits = played(kick=400, snare=100, **{cymbal: 2})
    assert hardly_heard(hits, MINUTE) == (WarningCode.CYMBALS_HARDLY_HEARD,)
    assert hardly_heard(played(kick=400, snare=100, **{cymbal: 60}), MINUTE) == ()


@pytest.mark.parametrize(
    ("hits", "warning"),
    [
        (played(snare=60, hihat_closed=200), WarningCode.KICK_HARDLY_HEARD),
        (played(kick=60, hihat_closed=200), WarningCode.SNARE_HARDLY_HEARD),
    ],
)
def test_a_song_without_kick_or_snare_is_warned_of(hits: list[Hit], warning: WarningCode) -> None:
    assert hardly_heard(hits, MINUTE) == (warning,)


def test_a_few_bars_are_not_judged() -> None:
    assert hardly_heard([Hit(1.0, KICK)], 14.9) == ()
    assert hardly_heard([Hit(1.0, KICK)], 15.0) == (WarningCode.FEW_HITS,)


def test_a_handful_of_strokes_does_not_say_what_is_missing() -> None:
    assert hardly_heard(played(kick=99), 0.9 * MINUTE) == ()
    assert WarningCode.CYMBALS_HARDLY_HEARD in hardly_heard(played(kick=100), MINUTE)


def test_every_warning_says_what_to_do() -> None:
    for warning, separated in itertools.product(HARDLY_HEARD, (True, False)):
        said = with_remedy(warning, separated=separated)
        assert "sensitivity" in said
        assert ("separation" in said) != separated


def test_a_transcript_that_a_model_heard_says_what_is_missing() -> None:
    hits = tuple(played(kick=120, snare=60))
    grid = BeatGrid(np.arange(0.0, MINUTE, 0.5), np.arange(120) % 4 + 1, Metre(4, 4))
    model = ModelRef("net", "1", "0" * 64)
    heard = Heard(hits=hits, grid=grid, duration_seconds=MINUTE, models=(model,))
    assert WarningCode.CYMBALS_HARDLY_HEARD in revise(heard, Wishes()).warnings
    # Exercises that somebody wrote need no cymbals.
    written = revise(dataclasses.replace(heard, models=()), Wishes())
    assert not set(written.warnings) & set(HARDLY_HEARD)
