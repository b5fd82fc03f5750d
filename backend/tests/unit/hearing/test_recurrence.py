"""The recurrent layers: pieces of any length give what one piece gives."""

import numpy as np
import pytest

from drumscribe.hearing.detection import load_detector
from drumscribe.hearing.recurrence import LAYERS, remembered

N_STEPS, WIDTH = 230, 192


def pools(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((N_STEPS, WIDTH), dtype=np.float32)


def test_remembered_in_pieces_is_what_one_piece_gives() -> None:
    detector = load_detector()
    units = detector.manifest.units
    whole = remembered(detector.run_stage, pools(1), units=units, steps_at_once=N_STEPS)
    pieces = remembered(detector.run_stage, pools(1), units=units, steps_at_once=17)
    assert whole.shape == (N_STEPS, 2 * units)
    np.testing.assert_allclose(pieces, whole, atol=1e-5)


def test_remembered_knows_what_came_and_what_comes() -> None:
    detector = load_detector()
    units = detector.manifest.units
    changed = pools(1)
    changed[N_STEPS // 2] += 3
    before, after = (
        remembered(detector.run_stage, steps, units=units, steps_at_once=50)
        for steps in (pools(1), changed)
    )
    moved = np.abs(after - before).max(axis=1)
    assert moved[N_STEPS // 2 - 20] > 1e-4
    assert moved[N_STEPS // 2 + 20] > 1e-4


def test_remembered_asks_before_each_piece_whether_to_go_on() -> None:
    asked = []

    class Cancelled(Exception):
        pass

    def checkpoint() -> None:
        asked.append(1)
        if len(asked) == 5:
            raise Cancelled

    detector = load_detector()
    with pytest.raises(Cancelled):
        remembered(
            detector.run_stage,
            pools(2),
            units=detector.manifest.units,
            steps_at_once=-(-N_STEPS // len(LAYERS)),
            checkpoint=checkpoint,
        )
