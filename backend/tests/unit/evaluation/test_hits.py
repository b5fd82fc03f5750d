"""Hits against known truth: the protocol's figures, and each of its rules."""

import math
from pathlib import Path

import pytest

import hit_tracks
from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.errors import InvalidOption
from drumscribe.evaluation.hit_files import read_pair
from drumscribe.evaluation.hits import HitsOptions, Tracks, evaluate_hits
from drumscribe.evaluation.hits_report import Counts
from drumscribe.evaluation.strokes import SideStick, Stroke

KICK, SNARE, RIDE, CRASH = Instrument.KICK, Instrument.SNARE, Instrument.RIDE, Instrument.CRASH
CLOSED = Instrument.HIHAT_CLOSED

# (label set, ms) -> TP, FP, FN, P, R, F, mean over tracks, macro, interval. Computed once, from the
# tracks of hit_tracks.py, by an implementation of the protocol that shares no code with this one.
PROTOCOL = {
    ("1", 50): (21, 5, 4, 0.8076923076923077, 0.84, 0.8235294117647058, 0.8084415584415584,
                0.8235294117647058, (0.75, 0.8571428571428571)),
    ("1", 25): (16, 10, 9, 0.6153846153846154, 0.64, 0.6274509803921569, 0.601010101010101,
                0.6274509803921569, (0.5, 0.6666666666666666)),
    ("3", 50): (17, 4, 4, 0.8095238095238095, 0.8095238095238095, 0.8095238095238095,
                0.6877394636015325, 0.8044243338360985, (0.5, 0.896551724137931)),
    ("3", 25): (12, 9, 9, 0.5714285714285714, 0.5714285714285714, 0.5714285714285714,
                0.3780332056194125, 0.5721468074409252, (0.0, 0.6896551724137931)),
    ("5", 50): (26, 4, 6, 0.8666666666666667, 0.8125, 0.8387096774193549, 0.7960247637666993,
                0.8493212669683258, (0.6666666666666666, 0.9032258064516129)),
    ("5", 25): (20, 10, 12, 0.6666666666666666, 0.625, 0.6451612903225806, 0.5968285000543065,
                0.6599547511312218, (0.4444444444444444, 0.7096774193548387)),
    ("6", 50): (24, 6, 8, 0.8, 0.75, 0.7741935483870968, 0.7442163571195829, 0.7307835954894779,
                (0.6666666666666666, 0.8387096774193549)),
    ("6", 25): (18, 12, 14, 0.6, 0.5625, 0.5806451612903226, 0.5450200934071902,
                0.5729781656252244, (0.4444444444444444, 0.6451612903225806)),
    ("9", 50): (21, 7, 11, 0.75, 0.65625, 0.7, 0.6802867383512544, 0.5797816562522445,
                (0.6, 0.7741935483870968)),
    ("9", 25): (15, 13, 17, 0.5357142857142857, 0.46875, 0.5, 0.4750298685782557,
                0.4282817400464459, (0.4, 0.5806451612903226)),
}  # fmt: skip

# Nine classes, 50 ms: reference, estimate, TP, F, mean over tracks, tracks of the mean.
NINE_CLASSES = {
    "kick": (9, 8, 7, 0.8235294117647058, 0.5, 3),
    "snare": (7, 6, 6, 0.9230769230769231, 0.9523809523809524, 3),
    "hihat_closed": (4, 4, 2, 0.5, 0.2857142857142857, 2),
    "hihat_open": (1, 2, 1, 0.6666666666666666, 0.6666666666666666, 1),
    "ride": (4, 3, 2, 0.5714285714285714, 0.3333333333333333, 2),
    "crash": (3, 2, 1, 0.4, 0.25, 2),
    "tom_high": (1, 0, 0, 0.0, 0.0, 1),
    "tom_mid": (1, 2, 1, 0.6666666666666666, 0.6666666666666666, 1),
    "tom_low": (2, 1, 1, 0.6666666666666666, 0.6666666666666666, 1),
}


@pytest.fixture(scope="module")
def tracks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tracks, Tracks]:
    folder: Path = tmp_path_factory.mktemp("tracks")
    return read_pair(*hit_tracks.write(folder))


def hits(instrument: Instrument, *times: float, velocity: float = 0.8) -> list[Hit]:
    return [Hit(time, instrument, velocity) for time in times]


def counts_of(
    reference: list[Hit] | list[Stroke],
    estimate: list[Hit] | list[Stroke],
    *,
    label_set: str = "9",
    options: HitsOptions | None = None,
) -> Counts:
    report = evaluate_hits({"song": reference}, {"song": estimate}, options)
    return report.score(label_set).all.counts


@pytest.mark.parametrize(("label_set", "milliseconds"), PROTOCOL)
def test_evaluate_hits_of_fixed_tracks_gives_the_protocols_figures(
    label_set: str, milliseconds: int, tracks: tuple[Tracks, Tracks]
) -> None:
    score = evaluate_hits(*tracks).score(label_set, milliseconds / 1000)
    counts = score.all.counts
    assert (
        counts.true_positives,
        counts.false_positives,
        counts.false_negatives,
        counts.precision,
        counts.recall,
        counts.f,
        score.all.mean_f,
        score.macro_f,
        score.interval,
    ) == PROTOCOL[label_set, milliseconds]


def test_evaluate_hits_of_fixed_tracks_gives_the_protocols_classes(
    tracks: tuple[Tracks, Tracks],
) -> None:
    score = evaluate_hits(*tracks).score("9")
    found = {
        name: (
            one.counts.n_reference,
            one.counts.n_estimate,
            one.counts.true_positives,
            one.counts.f,
            one.mean_f,
            one.n_tracks,
        )
        for name, one in score.classes.items()
    }
    assert found == NINE_CLASSES
    assert score.classes["tom_high"].counts.precision is None
    assert {name: track.counts.f for name, track in score.tracks.items()} == {
        "Funk": 0.7741935483870968,
        "Jazz": 0.6,
        "Pop": 0.6666666666666666,
    }


@pytest.mark.parametrize(
    ("options", "label_set", "expected"),
    [
        (HitsOptions(side_stick=SideStick.DROP), "9", (20, 7, 11, 0.5782276546982429)),
        (HitsOptions(coarse_has_a_place=True), "9", (21, 9, 11, 0.5550902982275532)),
        (HitsOptions(coarse_has_a_place=True), "6", (24, 6, 8, 0.7307835954894779)),
        (
            HitsOptions(double_seconds=0.06, double_any_seconds=0.06, offset_seconds=-0.01),
            "9",
            (20, 7, 12, 0.5716117216117216),
        ),
        (
            HitsOptions(double_seconds=0.06, double_any_seconds=0.06, offset_seconds=-0.01),
            "1",
            (20, 3, 5, 0.8333333333333334),
        ),
    ],
)
def test_evaluate_hits_with_options_gives_the_protocols_figures(
    options: HitsOptions,
    label_set: str,
    expected: tuple[int, int, int, float],
    tracks: tuple[Tracks, Tracks],
) -> None:
    score = evaluate_hits(*tracks, options).score(label_set)
    counts = score.all.counts
    assert (
        counts.true_positives,
        counts.false_positives,
        counts.false_negatives,
        score.macro_f,
    ) == expected


def test_evaluate_hits_of_itself_is_perfect(tracks: tuple[Tracks, Tracks]) -> None:
    reference, _ = tracks
    for score in evaluate_hits(reference, reference).scores:
        assert score.all.counts.f == 1.0
        assert score.interval == (1.0, 1.0)
        assert score.confusions == score.missed == score.inserted == {}


def test_evaluate_hits_with_a_difference_of_exactly_the_tolerance_pairs() -> None:
    assert counts_of(hits(KICK, 0.3), hits(KICK, 0.35)) == Counts(1, 0, 0)
    assert counts_of(hits(KICK, 0.3), hits(KICK, 0.3501)) == Counts(0, 1, 1)


def test_evaluate_hits_with_doubles_counts_one_stroke_with_the_larger_velocity() -> None:
    reference = [*hits(SNARE, 1.0, velocity=0.2), *hits(SNARE, 1.019, velocity=0.6)]
    report = evaluate_hits({"song": reference}, {"song": hits(SNARE, 1.0, velocity=0.6)})
    score = report.score("9")
    assert score.all.counts == Counts(1, 0, 0)
    assert score.velocity is not None
    assert score.velocity.mean_absolute_error == 0.0
    assert counts_of(hits(SNARE, 1.0, 1.02), hits(SNARE, 1.0)) == Counts(1, 0, 1)


def test_evaluate_hits_in_any_order_gives_the_same() -> None:
    reference = hits(KICK, 1.0, 2.0, 3.0) + hits(CRASH, 1.0)
    estimate = hits(CRASH, 1.01) + hits(KICK, 2.01, 1.01)
    assert counts_of(reference, estimate) == counts_of(reference[::-1], estimate[::-1])
    assert counts_of(reference, estimate) == Counts(3, 0, 1)


def test_evaluate_hits_with_a_cross_stick_counts_a_snare_or_nothing() -> None:
    cross_stick = [Hit(1.0, SNARE, articulation=Articulation.CROSS_STICK)]
    assert counts_of(hits(SNARE, 1.0), cross_stick) == Counts(1, 0, 0)
    dropped = HitsOptions(side_stick=SideStick.DROP)
    assert counts_of(hits(SNARE, 1.0), cross_stick, options=dropped) == Counts(0, 0, 1)


def test_evaluate_hits_without_an_estimate_leaves_the_track_out_or_counts_it_empty() -> None:
    reference = {"a": hits(KICK, 1.0), "b": hits(KICK, 1.0, 2.0)}
    estimate = {"a": hits(KICK, 1.0), "c": hits(KICK, 1.0)}
    report = evaluate_hits(reference, estimate)
    assert (report.tracks, report.without_estimate, report.without_reference) == (
        ("a",),
        ("b",),
        ("c",),
    )
    assert report.score("9").all.counts == Counts(1, 0, 0)
    assert report.score("9").interval is None
    strict = evaluate_hits(reference, estimate, HitsOptions(missing_is_empty=True))
    assert strict.tracks == ("a", "b")
    assert strict.score("9").all.counts == Counts(1, 0, 2)
    assert strict.score("9").all.mean_f == 0.5


def test_evaluate_hits_without_a_common_track_is_refused() -> None:
    with pytest.raises(InvalidOption, match="No track"):
        evaluate_hits({"a": hits(KICK, 1.0)}, {"b": hits(KICK, 1.0)})


def test_evaluate_hits_of_nothing_is_undefined_and_no_error() -> None:
    report = evaluate_hits({"a": [], "b": []}, {"a": [], "b": []})
    for score in report.scores:
        assert score.all.counts == Counts()
        assert score.all.counts.f is score.macro_f is score.interval is score.timing is None
        assert score.velocity is score.calibration is score.soft_recall is None
        assert score.all.n_tracks == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"label_sets": ("4",)},
        {"label_sets": ()},
        {"tolerances_seconds": ()},
        {"tolerances_seconds": (0.05, 0.0)},
        {"tolerances_seconds": (math.nan,)},
        {"double_seconds": -0.01},
    ],
)
def test_hits_options_that_make_no_sense_are_refused(wrong: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(InvalidOption):
        HitsOptions(**wrong)  # type: ignore[arg-type]


def test_score_that_was_not_asked_for_is_a_key_error() -> None:
    report = evaluate_hits(
        {"a": hits(KICK, 1.0)}, {"a": hits(KICK, 1.0)}, HitsOptions(label_sets=("3",))
    )
    assert report.score("3").all.counts.f == 1.0
    with pytest.raises(KeyError):
        report.score("9")


def test_stroke_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        Stroke(math.inf, "kick")
    with pytest.raises(ValueError, match="velocity"):
        Stroke(1.0, "kick", velocity=1.5)
