"""The rule that chooses thresholds."""

from training.thresholds import GRID, Curve, chosen, optimum


def curve(best: float, true: int, height: float = 0.9) -> Curve:
    """As many found as played, most of them right at `best`."""
    return {t: (round(true * (height - abs(t - best))), true, true) for t in GRID}


def test_threshold_is_the_median_of_what_is_best_in_each_set() -> None:
    sets = {"B": curve(0.3, 500), "C": curve(0.4, 100), "D": curve(0.7, 9_000)}
    assert chosen(sets, before=0.5) == 0.4
    del sets["D"]
    assert chosen(sets, before=0.5) == 0.35


def test_sets_with_few_strokes_have_no_vote_and_without_votes_nothing_changes() -> None:
    sets = {"B": curve(0.3, 49), "C": curve(0.6, 100)}
    assert chosen(sets, before=0.5) == 0.6
    del sets["C"]
    assert chosen(sets, before=0.5) == 0.5


def test_where_f_is_flat_the_lowest_is_taken() -> None:
    flat: Curve = dict.fromkeys(GRID, (900, 1_000, 1_000))
    assert optimum(flat) == GRID[0]
    assert optimum(flat | {0.55: (900, 999, 1_000)}) == GRID[0]
    assert optimum(flat | {0.55: (905, 1_000, 1_000)}) == 0.55
