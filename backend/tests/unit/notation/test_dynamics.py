"""Ghosts and accents are judged against the same drum."""

import numpy as np
import pytest

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.notation.dynamics import DynamicsOptions, judge_dynamics


def strokes(velocities: list[float], instrument: Instrument = Instrument.SNARE) -> list[Hit]:
    return [Hit(i * 0.2, instrument, velocity=v) for i, v in enumerate(velocities)]


def judged(hits: list[Hit]) -> tuple[int, int]:
    found = judge_dynamics(hits, DynamicsOptions())
    return sum(d.is_ghost for d in found), sum(d.is_accent for d in found)


@pytest.mark.parametrize(("ghosts", "backbeats"), [(4, 16), (16, 16), (62, 16)])
def test_soft_snares_are_ghosts_however_many_they_are(ghosts: int, backbeats: int) -> None:
    rng = np.random.default_rng(0)
    soft = rng.normal(0.22, 0.04, ghosts).clip(0.05)
    loud = rng.normal(0.78, 0.04, backbeats)
    mixed = rng.permutation([*soft, *loud])
    assert judged(strokes(list(mixed))) == (ghosts, 0)


def test_snares_of_a_soft_passage_are_no_ghosts() -> None:
    assert judged(strokes([0.25] * 40 + [0.8] * 40))[0] <= 10


def test_even_snares_have_neither_ghosts_nor_accents() -> None:
    velocities = np.random.default_rng(1).normal(0.7, 0.06, 40).clip(0, 1)
    assert judged(strokes(list(velocities)))[0] == 0


def test_crescendo_is_not_full_of_ghosts() -> None:
    ghosts, _ = judged(strokes(list(np.linspace(0.35, 1.0, 32))))
    assert ghosts <= 4


def test_few_loud_strokes_are_accents_and_many_are_just_loud() -> None:
    assert judged(strokes([0.6] * 12 + [0.95] * 2)) == (0, 2)
    assert judged(strokes([0.6] * 6 + [0.95] * 6)) == (0, 0)


def test_accents_that_stand_apart_are_all_found() -> None:
    rng = np.random.default_rng(2)
    plain, loud = rng.normal(0.7, 0.02, 48), rng.normal(0.86, 0.02, 16)
    assert judged(strokes(list(rng.permutation([*plain, *loud])))) == (0, 16)


def test_loud_fill_on_a_drum_that_is_soft_elsewhere_has_no_accents() -> None:
    bridge = [Hit(i * 0.25, Instrument.TOM_LOW, 0.35) for i in range(40)]
    fill = [Hit(30 + i * 0.12, Instrument.SNARE, 0.7) for i in range(4)]
    fill += [Hit(30.5 + i * 0.12, Instrument.TOM_LOW, 0.7) for i in range(4)]
    assert judged([*bridge, *fill])[1] == 0


def test_strokes_that_are_all_ghosts_by_articulation_have_no_accents() -> None:
    hits = [Hit(i * 0.2, Instrument.SNARE, 0.7, articulation=Articulation.GHOST) for i in range(6)]
    assert judged(hits) == (6, 0)


def test_soft_kicks_and_hats_are_no_ghosts() -> None:
    for instrument in (Instrument.KICK, Instrument.HIHAT_CLOSED):
        assert judged(strokes([0.2] * 8 + [0.9] * 8, instrument)) == (0, 0)


def test_articulations_of_the_hits_are_kept() -> None:
    hits = [
        Hit(0.0, Instrument.SNARE, 0.7, articulation=Articulation.GHOST),
        Hit(0.5, Instrument.SNARE, 0.7, articulation=Articulation.ACCENT),
    ]
    assert judged(hits) == (1, 1)
