import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumscribe.domain.drums import Activations, Articulation, Instrument
from drumscribe.hearing.peaks import find_peaks
from drumscribe.hearing.picking import SIDE_STICK, PickingOptions, pick

CLASSES = (*(instrument.value for instrument in Instrument), "sidestick")
OPTIONS = PickingOptions(thresholds=dict.fromkeys(CLASSES, 0.5))


def activations(peaks: dict[tuple[int, str], float], frames: int = 100) -> Activations:
    """Peaks three frames wide at (frame, class) with the given height; velocity 0.7."""
    onsets = np.zeros((frames, len(CLASSES)), dtype=np.float32)
    for (frame, name), height in peaks.items():
        column = CLASSES.index(name)
        for offset, share in ((-1, 0.4), (0, 1.0), (1, 0.4)):
            if 0 <= frame + offset < frames:
                at = frame + offset
                onsets[at, column] = max(onsets[at, column], height * share)
    return Activations(onsets, np.full_like(onsets, 0.7), 100.0, CLASSES)


def test_pick_peak_above_threshold_is_a_hit() -> None:
    (hit,) = pick(activations({(30, "kick"): 0.9}), OPTIONS)
    assert hit.instrument is Instrument.KICK
    assert hit.time == pytest.approx(0.30)
    assert hit.velocity == pytest.approx(0.7)
    assert hit.confidence == pytest.approx(0.9)
    assert hit.articulation is None


def test_pick_peak_below_threshold_is_none() -> None:
    assert pick(activations({(30, "kick"): 0.49}), OPTIONS) == []


def test_pick_strokes_at_once_are_sorted_by_time_then_name() -> None:
    heard = activations({(40, "snare"): 0.9, (40, "hihat_closed"): 0.9, (10, "ride"): 0.9})
    assert [hit.instrument.value for hit in pick(heard, OPTIONS)] == [
        "ride",
        "hihat_closed",
        "snare",
    ]


def test_pick_time_lies_between_frames() -> None:
    heard = activations({(30, "kick"): 0.8})
    heard.onsets[31, CLASSES.index("kick")] = 0.7
    (hit,) = pick(heard, OPTIONS)
    assert 0.30 < hit.time < 0.305


def test_pick_first_frame_is_heard_and_not_before_zero() -> None:
    heard = activations({(0, "kick"): 0.9})
    (hit,) = pick(heard, OPTIONS)
    assert 0.0 <= hit.time < 0.005


def test_pick_last_frame_is_heard_and_not_after_the_end() -> None:
    heard = activations({(99, "kick"): 0.9})
    (hit,) = pick(heard, OPTIONS)
    assert 0.985 < hit.time <= 0.99


def test_pick_sidestick_is_a_snare_with_cross_stick() -> None:
    (hit,) = pick(activations({(30, "sidestick"): 0.9}), OPTIONS)
    assert hit.instrument is Instrument.SNARE
    assert hit.articulation is Articulation.CROSS_STICK


@pytest.mark.parametrize(("snare", "stick", "crossed"), [(0.9, 0.6, False), (0.6, 0.9, True)])
def test_pick_snare_and_sidestick_at_once_is_the_surer(
    snare: float, stick: float, crossed: bool
) -> None:
    heard = activations({(30, "snare"): snare, (31, "sidestick"): stick})
    (hit,) = pick(heard, OPTIONS)
    assert (hit.articulation is Articulation.CROSS_STICK) == crossed


@pytest.mark.parametrize(("closed", "opened"), [(0.9, 0.6), (0.6, 0.9)])
def test_pick_closed_and_open_hat_at_once_is_the_surer(closed: float, opened: float) -> None:
    heard = activations({(30, "hihat_closed"): closed, (32, "hihat_open"): opened})
    (hit,) = pick(heard, OPTIONS)
    assert (hit.instrument is Instrument.HIHAT_OPEN) == (opened > closed)


def test_pick_closed_hat_soon_after_open_hat_is_kept() -> None:
    heard = activations({(30, "hihat_open"): 0.9, (36, "hihat_closed"): 0.6})
    assert len(pick(heard, OPTIONS)) == 2


def test_pick_undecided_toms_are_the_likeliest_one() -> None:
    heard = activations({(30, "tom_high"): 0.2, (30, "tom_mid"): 0.4, (30, "tom_low"): 0.3})
    (hit,) = pick(heard, OPTIONS)
    assert hit.instrument is Instrument.TOM_MID
    assert hit.confidence == pytest.approx(0.4, abs=1e-3)


def test_pick_toms_that_disagree_over_a_peak_are_one_hit() -> None:
    heard = activations({(30, "tom_mid"): 0.5, (31, "tom_low"): 0.45})
    assert len(pick(heard, OPTIONS)) == 1


def test_pick_two_sure_toms_at_once_are_both_heard() -> None:
    heard = activations({(30, "tom_high"): 0.9, (30, "tom_low"): 0.8})
    assert [hit.instrument for hit in pick(heard, OPTIONS)] == [
        Instrument.TOM_HIGH,
        Instrument.TOM_LOW,
    ]


def test_pick_three_doubtful_toms_with_a_kick_are_the_kick() -> None:
    doubtful = {(30, "tom_high"): 0.3, (30, "tom_mid"): 0.4, (31, "tom_low"): 0.5}
    assert [hit.instrument for hit in pick(activations(doubtful), OPTIONS)] == [Instrument.TOM_LOW]
    with_kick = activations({**doubtful, (30, "kick"): 0.9})
    assert [hit.instrument for hit in pick(with_kick, OPTIONS)] == [Instrument.KICK]


def test_pick_a_sure_tom_with_a_kick_is_heard() -> None:
    heard = activations({(30, "kick"): 0.9, (31, "tom_low"): 0.7})
    found = {hit.instrument for hit in pick(heard, OPTIONS)}
    assert found == {Instrument.KICK, Instrument.TOM_LOW}
    stricter = PickingOptions(OPTIONS.thresholds, tom_with_kick_threshold=0.8)
    assert [hit.instrument for hit in pick(heard, stricter)] == [Instrument.KICK]


def test_pick_a_tom_soon_after_a_kick_may_be_doubtful() -> None:
    heard = activations({(30, "kick"): 0.9, (36, "tom_mid"): 0.3, (36, "tom_low"): 0.4})
    assert Instrument.TOM_LOW in {hit.instrument for hit in pick(heard, OPTIONS)}


def test_pick_sensitivity_moves_what_a_tom_with_a_kick_must_say() -> None:
    heard = activations({(30, "kick"): 0.95, (30, "tom_low"): 0.55})
    for sensitivity, n_hits in ((0.5, 1), (0.7, 2)):
        assert len(pick(heard, OPTIONS, sensitivity=sensitivity)) == n_hits


def test_pick_leaves_the_activations_as_they_are() -> None:
    heard = activations({(30, "tom_high"): 0.3, (30, "tom_low"): 0.3})
    before = heard.onsets.copy()
    pick(heard, OPTIONS)
    np.testing.assert_array_equal(heard.onsets, before)


def test_pick_refractory_keeps_the_higher_of_two() -> None:
    heard = activations({(30, "kick"): 0.7, (34, "kick"): 0.9})
    assert len(pick(heard, OPTIONS)) == 2
    patient = PickingOptions(OPTIONS.thresholds, refractory_seconds={"kick": 0.06})
    (hit,) = pick(heard, patient)
    assert hit.time == pytest.approx(0.34)


def test_pick_higher_sensitivity_hears_more() -> None:
    heard = activations({(10 * i, "snare"): 0.1 * i for i in range(1, 10)}, frames=110)
    found = [len(pick(heard, OPTIONS, sensitivity=s)) for s in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert found == sorted(found)
    assert found[0] < found[2] < found[4]


@pytest.mark.parametrize("sensitivity", [-0.1, 1.1])
def test_pick_sensitivity_outside_its_range_is_refused(sensitivity: float) -> None:
    with pytest.raises(ValueError, match="sensitivity"):
        pick(activations({}), OPTIONS, sensitivity=sensitivity)


def test_find_peaks_plateau_counts_once() -> None:
    column = np.array([0, 0.2, 0.9, 0.9, 0.9, 0.2, 0], dtype=np.float32)
    np.testing.assert_array_equal(find_peaks(column, 0.5, 3), [2])


def test_find_peaks_flat_maximum_everywhere_counts_once() -> None:
    np.testing.assert_array_equal(find_peaks(np.ones(8, dtype=np.float32), 0.5, 3), [0])


def test_confidence_is_calibrated_and_rises() -> None:
    options = PickingOptions(OPTIONS.thresholds, {}, 2.0, 1.0)
    heights = np.array([0.1, 0.5, 0.9])
    confidences = options.confidence(heights)
    assert (np.diff(confidences) > 0).all()
    assert confidences[1] == pytest.approx(1 / (1 + np.exp(-1.0)))


@given(
    st.lists(
        st.tuples(st.integers(0, 299), st.sampled_from(CLASSES), st.floats(0.0, 1.0)), max_size=60
    )
)
def test_pick_any_activations_give_valid_sorted_hits(
    peaks: list[tuple[int, str, float]],
) -> None:
    heard = activations({(frame, name): height for frame, name, height in peaks}, frames=300)
    hits = pick(heard, OPTIONS)
    assert hits == sorted(hits, key=lambda hit: (hit.time, hit.instrument.value))
    assert all(0 <= hit.time <= 3.0 for hit in hits)


def test_sensitivity_of_one_instrument_moves_its_threshold_only() -> None:
    known = PickingOptions(thresholds={"kick": 0.5, "snare": 0.5, SIDE_STICK: 0.5})
    moved = known.at_sensitivity(0.5, {Instrument.SNARE: 0.9}).thresholds
    assert moved["kick"] == 0.5
    assert moved["snare"] == moved[SIDE_STICK] < 0.5
    with pytest.raises(ValueError, match="sensitivity"):
        known.at_sensitivity(0.5, {Instrument.KICK: 1.5})
