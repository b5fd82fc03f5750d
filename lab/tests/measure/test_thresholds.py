"""The rule that chooses thresholds."""

from lab.measure.thresholds import GRID, Curve, chosen, optimum


def curve(best: float, true: int, height: float = 0.9) -> Curve:
    """As many found as played, most of them right at `best`."""
    return {t: (round(true * (height - abs(t - best))), true, true) for t in GRID}


def test_threshold_goes_towards_the_median_of_what_is_best_in_each_set() -> None:
    flat: Curve = dict.fromkeys(GRID, (900, 1_000, 1_000))
    high = {t: ((900 if t < 0.4 else 910), 1_000, 1_000) for t in GRID}
    assert chosen({"B": flat, "C": high, "D": high}, before=0.3) == 0.4


def test_it_stops_where_a_set_would_lose() -> None:
    sets = {"B": curve(0.7, 5_000), "C": curve(0.7, 5_000), "D": curve(0.3, 5_000)}
    assert chosen(sets, before=0.3) == 0.3
    sets["D"] = {t: (900 if t < 0.55 else 800, 1_000, 1_000) for t in GRID}
    assert chosen(sets, before=0.3) == 0.5


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
