"""The rule that chooses thresholds."""

from training.thresholds import GRID, Count, chosen


def curve(best: float, true: int, height: float = 0.9) -> dict[float, Count]:
    """As many found as played, most of them right at `best`."""
    return {t: (round(true * (height - abs(t - best))), true, true) for t in GRID}


def test_threshold_is_where_the_mean_over_the_sets_is_largest() -> None:
    sets = {"renders": curve(0.4, 10_000), "mixes": curve(0.6, 100), "stems": curve(0.6, 100)}
    assert chosen(sets) == 0.6


def test_recordings_with_few_strokes_say_nothing_alone_but_what_they_invent_counts() -> None:
    sets = {"renders": curve(0.4, 1_000), "mixes": curve(0.7, 10)}
    assert chosen(sets) == 0.4
    phantoms = {t: (0, 0 if t >= 0.5 else 900, 0) for t in GRID}
    assert chosen({"renders": curve(0.4, 1_000), "mixes": phantoms}) == 0.5


def test_where_f_is_flat_the_lowest_is_taken() -> None:
    flat = dict.fromkeys(GRID, (900, 1_000, 1_000))
    assert chosen({"renders": flat, "mixes": flat}) == GRID[0]
    hardly_better = flat | {0.55: (900, 999, 1_000)}
    assert chosen({"renders": hardly_better, "mixes": hardly_better}) == GRID[0]
    better = flat | {0.55: (905, 1_000, 1_000)}
    assert chosen({"renders": better, "mixes": better}) == 0.55
