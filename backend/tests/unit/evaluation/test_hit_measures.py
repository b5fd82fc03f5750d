"""What a comparison says beyond counts: mistakes, timing, loudness, confidence, chords, flams."""

import pytest

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.evaluation.hits import evaluate_hits
from drumscribe.evaluation.hits_report import Counts, SetScore, Share
from drumscribe.evaluation.strokes import Stroke

KICK, SNARE, RIDE, CRASH = Instrument.KICK, Instrument.SNARE, Instrument.RIDE, Instrument.CRASH
CLOSED = Instrument.HIHAT_CLOSED


def score(
    reference: list[Hit] | list[Stroke], estimate: list[Hit] | list[Stroke], label_set: str = "9"
) -> SetScore:
    return evaluate_hits({"song": reference}, {"song": estimate}).score(label_set)


def hits(instrument: Instrument, *times: float, velocity: float = 0.8) -> list[Hit]:
    return [Hit(time, instrument, velocity) for time in times]


def test_mistakes_pair_what_was_taken_for_something_else_once() -> None:
    found = score(
        hits(RIDE, 1.0, 2.0) + hits(KICK, 3.0),
        hits(CRASH, 1.01, 1.04, 2.01) + hits(SNARE, 4.0),
    )
    assert found.confusions == {("ride", "crash"): 2}
    assert found.missed == {"kick": 1}
    assert found.inserted == {"crash": 1, "snare": 1}


def test_mistakes_leave_a_stroke_that_was_found_alone() -> None:
    found = score(hits(RIDE, 1.0), hits(RIDE, 1.02) + hits(CRASH, 1.0))
    assert found.confusions == {}
    assert found.inserted == {"crash": 1}


def test_timing_of_late_estimates_is_positive() -> None:
    found = score(hits(KICK, 1.0, 2.0, 3.0, 4.0), hits(KICK, 1.01, 2.02, 3.03, 4.2))
    assert found.timing is not None
    assert found.timing.n == 3
    assert found.timing.lower_quartile == pytest.approx(0.015)
    assert found.timing.median == pytest.approx(0.02)
    assert found.timing.upper_quartile == pytest.approx(0.025)


def test_velocity_of_pairs_gives_error_bias_and_correlation() -> None:
    reference = [Hit(t, KICK, v) for t, v in ((1.0, 0.2), (2.0, 0.4), (3.0, 0.9))]
    estimate = [Hit(t, KICK, v) for t, v in ((1.0, 0.3), (2.0, 0.5), (3.0, 1.0), (4.0, 0.1))]
    velocity = score(reference, estimate).velocity
    assert velocity is not None
    assert velocity.n == 3
    assert velocity.mean_absolute_error == pytest.approx(0.1)
    assert velocity.bias == pytest.approx(0.1)
    assert velocity.correlation == pytest.approx(1.0)


def test_velocity_that_does_not_vary_has_no_correlation() -> None:
    found = score(hits(KICK, 1.0, 2.0, 3.0), hits(KICK, 1.0, 2.0, 3.0, velocity=0.5))
    assert found.velocity is not None
    assert found.velocity.correlation is None
    assert found.velocity.bias == pytest.approx(-0.3)
    assert found.velocity_by_class["kick"] == found.velocity


def test_velocity_of_annotations_without_any_is_undefined() -> None:
    found = score([Stroke(1.0, "kick")], [Stroke(1.0, "kick", velocity=0.5)])
    assert found.velocity is None
    assert found.velocity_by_class == {}
    assert found.soft_recall is None


def test_soft_recall_counts_only_strokes_below_40_of_127() -> None:
    reference = [Hit(1.0, SNARE, 39 / 127), Hit(2.0, SNARE, 10 / 127), Hit(3.0, SNARE, 40 / 127)]
    assert score(reference, hits(SNARE, 1.0, 3.0)).soft_recall == Share(1, 2)


def test_simultaneous_judges_only_where_instruments_sound_together() -> None:
    reference = hits(KICK, 1.0, 2.0) + hits(CRASH, 1.03, 3.0)
    estimate = hits(KICK, 1.0) + hits(SNARE, 1.05, 2.0) + hits(RIDE, 3.0)
    # Together: kick 1.0 (found) and crash 1.03 (missed); only the snare at 1.05 is inserted there.
    assert score(reference, estimate).simultaneous == Counts(1, 1, 1)


def test_simultaneous_without_chords_is_undefined() -> None:
    assert score(hits(KICK, 1.0) + hits(CRASH, 1.04), hits(KICK, 1.0)).simultaneous.f is None


def test_calibration_of_honest_confidence_has_no_error() -> None:
    estimate = [Hit(float(i), KICK, confidence=0.75) for i in range(4)]
    found = score(hits(KICK, 0.0, 1.0, 2.0), estimate).calibration
    assert found is not None
    assert found.expected_error == pytest.approx(0.0)
    assert [(b.low, b.high, b.n, b.precision) for b in found.bins] == [(0.7, 0.8, 4, 0.75)]


def test_calibration_weights_the_gap_of_each_bin_by_its_size() -> None:
    sure = [Hit(float(i), KICK, confidence=1.0) for i in range(3)]
    doubtful = [Hit(10.0, KICK, confidence=0.45)]
    found = score(hits(KICK, 0.0, 1.0, 10.0), sure + doubtful).calibration
    assert found is not None
    assert [b.n for b in found.bins] == [1, 3]
    # Three promise 1 and keep 2/3; one promises .45 and keeps 1.
    assert found.expected_error == pytest.approx((3 * (1 / 3) + 1 * 0.55) / 4)


def test_recall_by_label_names_the_references_own_labels() -> None:
    reference = [Stroke(1.0, "snare", label="SDG"), Stroke(2.0, "snare", label="SDG")]
    reference += [Stroke(3.0, "snare", label="SD")]
    found = score(reference, hits(SNARE, 2.0, 3.0))
    assert found.recall_by_label == {"SDG": Share(1, 2), "SD": Share(1, 1)}


def test_flams_count_where_both_strokes_were_found() -> None:
    snares = [(1.0, 1.018), (2.0, 2.05), (3.0, 3.01), (4.0, 4.07)]
    reference = [hit for pair in snares for hit in hits(SNARE, *pair)]
    estimate = hits(SNARE, 1.001, 1.019, 2.05, 3.0, 4.0, 4.07)
    report = evaluate_hits({"song": reference}, {"song": estimate})
    # 3.00/3.01 is one stroke written twice; 4.00/4.07 are two strokes of their own.
    assert report.flams == Share(1, 2)


def test_flams_are_of_one_drum_only() -> None:
    reference = hits(SNARE, 1.0) + hits(Instrument.TOM_LOW, 1.03) + hits(CLOSED, 2.0, 2.03)
    report = evaluate_hits({"song": reference}, {"song": reference})
    assert report.flams == Share(0, 0)


def test_confusions_of_coarse_labels_count_in_coarse_sets_only() -> None:
    reference = [Stroke(1.0, "tom"), Stroke(2.0, "cymbal")]
    estimate = hits(Instrument.TOM_MID, 1.0) + hits(CRASH, 2.0)
    assert score(reference, estimate, "5").all.counts == Counts(2, 0, 0)
    assert score(reference, estimate, "9").all.counts == Counts(0, 2, 0)
