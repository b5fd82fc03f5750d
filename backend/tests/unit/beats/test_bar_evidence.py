"""Grids under strokes, readings of them, pages, and what is said of their doubt."""

from __future__ import annotations

import numpy as np
import pytest

from drum_patterns import ROCK, WALTZ, C, H, K, S, played, steady_beats
from drumscribe.beats import recount_or_find, recounted, track_beats
from drumscribe.beats.grids import find_grids
from drumscribe.beats.reading.bar_kinds import KINDS, METRES, ROLES, BarKind, roles_of
from drumscribe.beats.reading.evidence import FEATURES, all_readings
from drumscribe.beats.reading.learnt import (
    FRAMES_PER_SECOND,
    N_LISTENED,
    listen_to_strokes,
    shipped_network,
    stroke_frames,
)
from drumscribe.beats.reading.model import feature_weights
from drumscribe.beats.reading.pages import ranked_pages
from drumscribe.beats.reading.steps import LONE_CRASH, Steps, steps_of
from drumscribe.beats.strokes import Strokes
from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.wishes import BeatWishes
from drumscribe.pipeline.context import LocalContext

BEATS = steady_beats(100, 65, start=0.3)


def steps_under(hits: list[Hit]) -> list[Steps]:
    strokes = Strokes.of(hits)
    learnt = listen_to_strokes(strokes)
    return [steps_of(strokes, grid, learnt=learnt) for grid in find_grids(strokes)]


def tracked(hits: list[Hit], options: BeatWishes | None = None) -> BeatGrid:
    with LocalContext() as context:
        return track_beats(
            None, None, hits, networks=None, options=options or BeatWishes(), context=context
        )


def test_network_of_strokes_hears_beats_and_bar_lines() -> None:
    strokes = Strokes.of(played(ROCK, BEATS))
    odds = shipped_network().said(stroke_frames(strokes, BEATS[-1] + 1.0))[:, :N_LISTENED]
    frames = np.round(BEATS * FRAMES_PER_SECOND).astype(np.int64)
    downbeats, beats = odds[frames[4:60]].T
    between = odds[frames[4:60] + round(0.3 * FRAMES_PER_SECOND), 1]
    assert beats.min() > between.max()
    # Beats 1 and 3 are alike but for the crashes.
    one, two, three, four = downbeats.reshape(-1, 4).T
    assert one.mean() > three.mean()
    assert min(one.min(), three.min()) > max(two.max(), four.max())


def test_network_of_strokes_says_metre_and_tempo() -> None:
    for pattern, metre in ((ROCK, Metre(4, 4)), (WALTZ, Metre(3, 4))):
        listening = listen_to_strokes(Strokes.of(played(pattern, BEATS)))
        inside = slice(5 * FRAMES_PER_SECOND, 30 * FRAMES_PER_SECOND)
        chances = {known: said[inside].mean() for known, said in listening.metres.items()}
        assert set(chances) == set(METRES)
        assert max(chances, key=lambda known: chances[known]) == metre
        place = int(listening.tempi[inside].mean(axis=0).argmax())
        assert 38.0 * 2.0 ** (place / 6.0) == pytest.approx(100.0, rel=0.13)
        np.testing.assert_allclose(np.exp(listening.tempi).sum(axis=1), 1.0, atol=1e-4)


def test_network_of_strokes_does_not_hear_what_is_two_minutes_away() -> None:
    """It looks at blocks of the song, so that a long song costs no more a minute than a short."""
    beats = steady_beats(100, 401, start=0.3)
    song = played(ROCK, beats)
    other = [hit for hit in song if hit.time < 180.0]
    first_minute = slice(0, 60 * FRAMES_PER_SECOND)
    said, said_of_other = (listen_to_strokes(Strokes.of(each)) for each in (song, other))
    np.testing.assert_allclose(
        said.downbeats[first_minute], said_of_other.downbeats[first_minute], atol=1e-3
    )


@pytest.mark.parametrize("bpm", [52.0, 100.0, 208.0])
def test_find_grids_all_strokes_lie_on_the_best_one(bpm: float) -> None:
    hits = played(ROCK, steady_beats(bpm, 64, start=0.3, drift=0.05), jitter_seconds=0.004)
    best = find_grids(Strokes.of(hits))[0]
    place = best.place_of(np.array([hit.time for hit in hits]))
    assert np.abs(place - np.round(place)).max() * best.step_seconds < 0.025


def test_find_grids_a_rest_of_several_bars_does_not_break_the_pulse() -> None:
    hits = [hit for hit in played(ROCK, BEATS) if not 12.0 < hit.time < 24.0]
    best = find_grids(Strokes.of(hits))[0]
    place = best.place_of(np.array([hit.time for hit in hits]))
    assert np.abs(place - np.round(place)).max() < 0.1


def test_find_grids_place_and_time_are_inverse_beyond_the_grid_too() -> None:
    grid = find_grids(Strokes.of(played(ROCK, BEATS)))[0]
    places = np.array([-3.5, 0.0, 7.25, grid.times.size + 4.0])
    np.testing.assert_allclose(grid.place_of(grid.time_at(places)), places)


def test_find_grids_too_few_strokes_have_none() -> None:
    assert find_grids(Strokes.of([Hit(0.5 * k, K) for k in range(3)])) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.metre} {kind.names}")
def test_roles_every_step_has_one_and_the_groups_begin_theirs(kind: BarKind) -> None:
    roles = roles_of(kind, 4)
    assert roles is not None
    assert roles.shape[0] == kind.metre.bar_length * 4
    assert (roles.sum(axis=1) == 1.0).all()
    starts = np.concatenate([[0], np.cumsum(kind.groups)[:-1]]) * 2
    assert "".join(ROLES[int(row.argmax())] for row in roles[starts]) == kind.names


def test_steps_of_a_crash_that_stands_alone_is_marked() -> None:
    riding = [Hit(float(time), C, 0.8) for time in BEATS[:16]]
    strokes = Strokes.of([*riding, Hit(float(BEATS[32]), C, 0.9)])
    steps = steps_of(strokes, find_grids(strokes)[0])
    assert int(steps.rows[LONE_CRASH].sum()) == 2


def test_all_readings_every_feature_is_finite_and_has_a_weight() -> None:
    steps = steps_under(played(WALTZ, BEATS))[0]
    for tried in all_readings(steps, steps.grid.log_likelihood):
        assert tried.features.shape == (tried.steps_per_bar, len(FEATURES))
        assert np.isfinite(tried.features).all()
    assert feature_weights().shape == (len(FEATURES),)
    assert np.isfinite(feature_weights()).all()


def test_ranked_pages_chances_sum_to_one_and_fall() -> None:
    chances = [
        page.chance for page in ranked_pages(steps_under(played(ROCK, BEATS)), feature_weights())
    ]
    assert sum(chances) == pytest.approx(1.0)
    assert chances == sorted(chances, reverse=True)


def test_ranked_pages_obey_metre_and_tempo() -> None:
    pages = ranked_pages(
        steps_under(played(ROCK, BEATS)),
        feature_weights(),
        metres=[Metre(6, 8)],
        quarters_per_minute=(140.0, 160.0),
    )
    assert {page.metre for page in pages} == {Metre(6, 8)}
    assert all(140.0 <= page.best.quarters_per_minute <= 160.0 for page in pages)


def test_ranked_pages_metres_include_those_of_nine_and_eleven() -> None:
    assert {Metre(9, 8), Metre(5, 8), Metre(6, 4), Metre(7, 4), Metre(11, 8)} <= set(METRES)


def test_listen_to_strokes_hears_downbeats_of_a_plain_beat() -> None:
    listening = listen_to_strokes(Strokes.of(played(ROCK, BEATS)))
    downbeats, _ = listening.at(BEATS[16:48])
    by_place = downbeats.reshape(-1, 4).mean(axis=0)
    assert int(by_place.argmax()) == 0


def test_track_beats_plain_rock_is_sure_bar_by_bar() -> None:
    grid = tracked(played(ROCK, BEATS))
    assert grid.reliable
    assert len(grid.bar_confidences) == grid.downbeat_times.size
    assert min(grid.bar_confidences) >= 0.0
    assert max(grid.bar_confidences) <= 1.0
    assert np.median(grid.bar_confidences) > 0.6


def test_track_beats_alternatives_can_be_asked_for() -> None:
    hits = played(ROCK, BEATS)
    grid = tracked(hits)
    assert 1 <= len(grid.alternatives) <= 3
    for other in grid.alternatives:
        wish = BeatWishes(
            metre=other.metre,
            bpm=other.quarters_per_minute,
            bar_one_at_seconds=other.bar_one_at_seconds,
        )
        with LocalContext() as context:
            again = recount_or_find(grid, hits, wish, context)
        assert again.metre == other.metre
        quarters = again.bpm * float(again.metre.beat_length)
        assert quarters == pytest.approx(other.quarters_per_minute, rel=0.03)
        assert np.abs(again.downbeat_times - other.bar_one_at_seconds).min() < 0.06


def test_recounted_bars_have_no_confidence_of_the_old_ones() -> None:
    grid = tracked(played(ROCK, BEATS))
    assert (
        recounted(grid, BeatWishes(bar_one_at_seconds=float(grid.beat_times[2]))).bar_confidences
        == ()
    )


def test_track_beats_no_page_of_triplets_for_plain_sixteenths() -> None:
    funk = (
        4,
        [(0.0, K), (0.75, K), (1.0, S), (2.5, K), (3.0, S), *((e / 4, H) for e in range(16))],
    )
    grid = tracked(played(funk, steady_beats(88, 65, start=0.3)))
    assert grid.metre == Metre(4, 4)
    assert grid.bpm == pytest.approx(88, rel=0.02)


def test_track_beats_backbeats_are_not_on_one_and_three() -> None:
    hits = played(
        ROCK,
        steady_beats(
            120,
            97,
            start=0.3,
        ),
        crash_every_bars=16,
    )
    grid = tracked(hits)
    snares = np.array([hit.time for hit in hits if hit.instrument is S])
    numbers = grid.beat_numbers[np.abs(grid.beat_times[:, None] - snares).argmin(axis=0)]
    assert np.isin(numbers, (2, 4)).mean() > 0.9
