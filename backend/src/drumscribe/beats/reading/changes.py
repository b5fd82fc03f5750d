"""Changes of metre inside a piece: the most probable walk through bars on the grid of a page.

Weights like those of the whole page judge here, stroke by stroke: what a step adds to the score of
a bar in which it has a certain role. What the whole piece says of where bars begin has its share at
every step: else a bar inserted at the beginning could move all bar lines of a piece that repeats
all through, for a few nats. All kinds of bar at the counted tempo compete, those of five, seven and
eleven eighths among bars of 4/4 too; changing to another one costs, going back to the page's own is
cheap, so that one inserted bar costs as much as a section. A bar is never cut off: the music goes
on displaced, or another kind of bar explains it.

In a long song some walk wins a little by chance. So all changes together have to be worth more than
what the length of the song can give by luck; if not, the page's own bars go on throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.reading.bar_kinds import KINDS, ROLES, BarKind, roles_of
from drumscribe.beats.reading.evidence import FEATURES, all_readings
from drumscribe.beats.reading.pages import Reading
from drumscribe.beats.reading.steps import (
    DOWN_LEARNT,
    LONE_CRASH,
    N_ROWS,
    NEW_SECTION,
    Steps,
)
from drumscribe.beats.strokes import GROUP_NAMES
from drumscribe.beats.tuning import CHANGES, READINGS
from drumscribe.domain.rhythm import COMMON_TIME

_N_GROUPS = len(GROUP_NAMES)
_LETTERS = "KSCTH"
_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Bars one after another on the steps of a grid.

    starts: (bars + 1,), the step on which each begins, the end of the last one behind them; may lie
        before the first step or behind the last one.
    kinds: of each bar. local_odds: (bars,), log odds that a bar line stands there, by the music
        around it.
    """

    starts: _Ints
    kinds: tuple[BarKind, ...]
    local_odds: _Floats


@dataclass(frozen=True, slots=True, eq=False)
class _States:
    """All places of all kinds of bar, one after another.

    begins: the first state of each kind; lengths: in steps; weights: (states, rows).
    """

    kinds: tuple[BarKind, ...]
    begins: _Ints
    lengths: _Ints
    weights: _Floats
    constants: _Floats


def walk_through(steps: Steps, page: Reading, weights: _Floats, *, page_weights: _Floats) -> Walk:
    """The bars of a page, changes of metre among them where the music clearly has them.

    steps: of the page's grid. weights: of evidence.FEATURES, for the music near by; page_weights:
    for the whole piece.
    """
    states = _states(page, weights, steps)
    emission = _emission(steps, states, weights)
    emission += CHANGES.whole_share / steps.n * _of_whole(page, steps, states, page_weights)
    own = states.kinds.index(page.kind)
    path, won = _best_path(emission, states, own, page)
    if not _goes_on(path, states, page):
        as_page = np.where(_of_page(page, steps.n, states), emission, -np.inf)
        own_path, own_won = _best_path(as_page, states, own, page)
        if won - own_won < _luck_nats(steps):
            path = own_path
    return _in_whole_bars(_walk_of(path, emission, states, steps), page.kind, steps.n)


def _in_whole_bars(walk: Walk, own: BarKind, n_steps: int) -> Walk:
    """Two bars of half the page's own length, one after the other, are one of its bars.

    A beat that repeats every half bar is no change of metre: what a walk wins by counting it in
    two, nobody wants to read. Of an odd number of them one stays: it moves the music. That is the
    first or the last one, whichever leaves the surer bar lines. At the end of the piece there is
    nothing to move: the last of them is a bar in which the music ends.
    """
    last = len(walk.kinds) - 1
    # Of the last bar no more than a half may be music.
    is_cut = int(walk.starts[last : last + 2].sum()) >= 2 * n_steps

    def is_half(k: int) -> bool:
        return _is_half_of(walk.kinds[k], own) or (
            k == last > 0 and is_cut and _is_half_of(walk.kinds[k - 1], own)
        )

    kept: list[int] = []
    kinds: list[BarKind] = []
    end = int(walk.starts[-1])
    for are_halves, run in groupby(range(last + 1), is_half):
        bars = list(run)
        odds = walk.local_odds[bars]
        if not are_halves:
            kept += bars
            kinds += [walk.kinds[k] for k in bars]
        elif len(bars) > 1 and bars[-1] == last:
            kept += bars[::2]
            kinds += [own] * len(bars[::2])
            half = int(walk.starts[bars[1]] - walk.starts[bars[0]])
            end = int(walk.starts[kept[-1]]) + 2 * half
        elif len(bars) % 2 and odds[1::2].sum() > odds[2::2].sum():
            kept += [bars[0], *bars[1::2]]
            kinds += [walk.kinds[bars[0]], *[own] * (len(bars) // 2)]
        else:
            kept += bars[::2]
            kinds += [*[own] * (len(bars) // 2), *walk.kinds[bars[-1] : bars[-1] + len(bars) % 2]]
    return Walk(np.append(walk.starts[kept], end), tuple(kinds), walk.local_odds[kept])


def _is_half_of(kind: BarKind, own: BarKind) -> bool:
    return (
        kind.metre.beat_length == own.metre.beat_length
        and 2 * kind.metre.beats_per_bar == own.metre.beats_per_bar
    )


def _luck_nats(steps: Steps) -> float:
    """What changes of metre can win by luck in a piece of this length."""
    windows = steps.n * steps.grid.step_seconds / CHANGES.window_seconds
    return CHANGES.luck_nats * max(0.0, windows - CHANGES.luckless_windows)


def _of_page(page: Reading, n: int, states: _States) -> NDArray[np.bool_]:
    """(steps, states): where the page's own metre goes on from its own bar line."""
    length = page.steps_per_bar
    place = (np.arange(n) - page.bar_start) % length
    going_on = np.zeros((n, int(states.lengths.sum())), dtype=np.bool_)
    for kind, begin in zip(states.kinds, states.begins.tolist(), strict=True):
        if kind.metre == page.kind.metre:
            going_on[np.arange(n), begin + place] = True
    return going_on


def _goes_on(path: _Ints, states: _States, page: Reading) -> bool:
    """Whether a path never leaves the page's own bars."""
    return bool(_of_page(page, path.size, states)[np.arange(path.size), path].all())


def _states(page: Reading, weights: _Floats, steps: Steps) -> _States:
    units = {page.kind.metre.beat_length}
    if page.kind.metre == COMMON_TIME:
        units.add(COMMON_TIME.in_eighths.beat_length)
    kinds = tuple(
        kind
        for kind in KINDS
        if kind.metre.beat_length in units and roles_of(kind, page.steps_per_quarter) is not None
    )
    at = {name: i for i, name in enumerate(FEATURES)}
    window = CHANGES.window_seconds / steps.grid.step_seconds
    rows = steps.rows
    usual = rows[:_N_GROUPS].mean(axis=1) * window  # of each drum, in a window
    trust = np.minimum(1.0, usual / 4.0)
    per_stroke = trust / np.maximum(usual, 1.0)
    tables, constants, lengths = [], [], []
    for kind in kinds:
        roles = roles_of(kind, page.steps_per_quarter)
        assert roles is not None
        length = roles.shape[0]
        n_role = roles.sum(axis=0)
        bars = window / length
        table = np.zeros((length, N_ROWS))
        constant = 0.0
        for g, letter in enumerate(_LETTERS):
            share = np.array([weights[at[f"share {letter}{role}"]] for role in ROLES])
            covers = np.array(
                [
                    weights[at[f"covers {letter}{role}"]] if role in "DBSWA" else 0.0
                    for role in ROLES
                ]
            )
            per_role = share * per_stroke[g] + covers / np.maximum(1.0, n_role * bars)
            table[:, g] = roles @ per_role
            constant -= float(trust[g] * (share @ n_role) / length)
        table[0, LONE_CRASH] = CHANGES.crash_nats
        table[0, NEW_SECTION] = CHANGES.section_nats
        if steps.has_learnt:
            other = _main_places(roles)
            down = (
                weights[at["learnt downbeats"]]
                + weights[at["learnt downbeats, not other beats"]]
                + weights[at["learnt downbeats, not other steps"]]
            )
            table[0, DOWN_LEARNT] += CHANGES.learnt_gain * down / bars
            beside = CHANGES.learnt_gain * weights[at["learnt downbeats, not other beats"]]
            if other.size:
                table[other, DOWN_LEARNT] -= beside / (bars * other.size)
            every = CHANGES.learnt_gain * weights[at["learnt downbeats, not other steps"]]
            table[1:, DOWN_LEARNT] -= every / (bars * (length - 1))
        constant += weights[at[str(kind.metre)]]
        tables.append(table)
        constants.append(np.full(length, constant))
        lengths.append(length)
    sizes = np.array(lengths, dtype=np.int64)
    return _States(
        kinds,
        np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64),
        sizes,
        np.concatenate(tables),
        np.concatenate(constants),
    )


def _main_places(roles: _Floats) -> _Ints:
    places = np.flatnonzero(roles[:, : len("DBSW")].any(axis=1))
    return np.asarray(places[places > 0], dtype=np.int64)


def _emission(steps: Steps, states: _States, weights: _Floats) -> _Floats:
    """(steps, states), nats: what each step adds to bars in which it stands at each place."""
    window = CHANGES.window_seconds / steps.grid.step_seconds
    emission = steps.rows.T @ states.weights.T + states.constants / window
    drums = steps.rows[:_N_GROUPS] * np.sqrt(READINGS.repetition_weights)[:, None]
    told = drums - drums.mean(axis=1, keepdims=True)
    energy = max(float((told**2).sum()) / steps.n, 1e-9)
    for begin, length in zip(states.begins, states.lengths, strict=True):
        alike = _alike(told, int(length)) / energy
        emission[:, begin : begin + length] += CHANGES.repetition_nats * alike[:, None] / window
    return np.asarray(emission)


def _of_whole(page: Reading, steps: Steps, states: _States, weights: _Floats) -> _Floats:
    """(steps, states), nats: what the whole piece says of bars of its metre that begin elsewhere.

    Nought for the likeliest bar lines and in other metres, of which the whole says nothing.
    """
    tempo, length = page.quarters_per_minute, page.steps_per_bar
    ratio = CHANGES.counting_ratio
    scores = np.max(
        [
            tried.features @ weights
            for tried in all_readings(
                steps,
                steps.grid.log_likelihood,
                metres=(page.kind.metre,),
                quarters_per_minute=(tempo / ratio, tempo * ratio),
            )
            if tried.steps_per_quarter == page.steps_per_quarter
        ],
        axis=0,
    )
    at = np.arange(steps.n)[:, None]
    by_place = (scores - scores.max())[(at - np.arange(length)[None, :]) % length]
    whole = np.zeros((steps.n, int(states.lengths.sum())))
    for kind, begin in zip(states.kinds, states.begins.tolist(), strict=True):
        if kind.metre == page.kind.metre:
            whole[:, begin : begin + length] = by_place
    return whole


def _alike(told: _Floats, lag: int) -> _Floats:
    """How alike each step is to the one a bar before or after it, whichever is more so."""
    n = told.shape[1]
    if lag >= n:
        return np.zeros(n)
    product = (told[:, lag:] * told[:, :-lag]).sum(axis=0)
    sums = np.concatenate([[0.0], np.cumsum(product)])
    at = np.arange(n)
    # Over one bar behind and one ahead, each against the bar beside it.
    behind = sums[np.clip(at + 1 - lag, 0, n - lag)] - sums[np.clip(at + 1 - 2 * lag, 0, n - lag)]
    ahead = sums[np.clip(at + lag, 0, n - lag)] - sums[np.clip(at, 0, n - lag)]
    here = sums[np.clip(at + 1, 0, n - lag)] - sums[np.clip(at + 1 - lag, 0, n - lag)]
    return np.asarray(np.maximum(np.maximum(behind, ahead), here) / lag)


def _best_path(emission: _Floats, states: _States, own: int, page: Reading) -> tuple[_Ints, float]:
    """The state at each step, and the score of all of it."""
    n, n_states = emission.shape
    ends = states.begins + states.lengths - 1
    metres = [kind.metre for kind in states.kinds]
    cost = np.full((len(metres), len(metres)), CHANGES.change_nats)
    for a, one in enumerate(metres):
        for b, other in enumerate(metres):
            if one == other:
                cost[a, b] = 0.0 if a == b else CHANGES.regroup_nats
            elif other == metres[own]:
                cost[a, b] = CHANGES.return_nats
            elif other.beat_length != metres[own].beat_length:
                cost[a, b] += CHANGES.other_beat_nats
    score = emission[0].copy()
    # The page has its say in where the music begins.
    first = (0 - page.bar_start) % page.steps_per_bar
    expected = states.begins[own] + first
    away = np.full(n_states, CHANGES.change_nats)
    away[expected] = 0.0
    for k, metre in enumerate(metres):
        if metre == metres[own]:
            away[states.begins[k] + first] = min(away[states.begins[k] + first], 0.1)
    score -= away
    came = np.zeros((n, len(metres)), dtype=np.int16)
    shifted = np.empty(n_states)
    for step in range(1, n):
        leaving = score[ends][:, None] - cost
        best = leaving.argmax(axis=0)
        came[step] = best
        shifted[1:] = score[:-1]
        shifted[states.begins] = leaving[best, np.arange(best.size)]
        score = shifted + emission[step]
    path = np.zeros(n, dtype=np.int64)
    state = int(score.argmax())
    nats = float(score[state])
    kind = int(np.searchsorted(states.begins, state, side="right")) - 1
    for step in range(n - 1, -1, -1):
        path[step] = state
        if state == states.begins[kind]:
            if step:
                kind = int(came[step, kind])
                state = int(ends[kind])
        else:
            state -= 1
    return path, nats


def _walk_of(path: _Ints, emission: _Floats, states: _States, steps: Steps) -> Walk:
    kind_of = np.searchsorted(states.begins, path, side="right") - 1
    place = path - states.begins[kind_of]
    inner = np.flatnonzero(place == 0)
    if inner.size == 0:
        inner = np.array([int(states.lengths[kind_of[0]] - place[0])])
    starts, kinds = [int(s) for s in inner], [states.kinds[k] for k in kind_of[inner % path.size]]
    if starts[0] > 0:
        starts.insert(0, starts[0] - int(states.lengths[kind_of[0]]))
        kinds.insert(0, states.kinds[kind_of[0]])
    last = int(states.lengths[states.kinds.index(kinds[-1])])
    starts.append(starts[-1] + last)
    local = _local_odds(emission, states, steps)
    inside = np.clip(np.array(starts[:-1]), 0, path.size - 1)
    return Walk(np.array(starts, dtype=np.int64), tuple(kinds), local[inside])


def _local_odds(emission: _Floats, states: _States, steps: Steps) -> _Floats:
    """(steps,): log odds of a bar line at each step, by the music of a window around it."""
    n = emission.shape[0]
    reach = max(1, round(0.5 * CHANGES.window_seconds / steps.grid.step_seconds))
    downbeat = np.full(n, -np.inf)
    total = np.full(n, -np.inf)
    for begin, length in zip(states.begins.tolist(), states.lengths.tolist(), strict=True):
        table = emission[:, begin : begin + length]
        # The score of the window as bars of this kind that begin here, one step later, ...
        place = (np.arange(n)[:, None] - np.arange(length)[None, :]) % length
        along = np.take_along_axis(table, place, axis=1)
        sums = np.concatenate([np.zeros((1, length)), np.cumsum(along, axis=0)])
        high = np.minimum(n, np.arange(n) + reach)
        low = np.maximum(0, np.arange(n) - reach)
        scores = (sums[high] - sums[low]) / CHANGES.local_temperature
        here = scores[np.arange(n), np.arange(n) % length]
        downbeat = np.logaddexp(downbeat, here)
        total = np.logaddexp(total, np.logaddexp.reduce(scores, axis=1))
    others = total + np.log1p(-np.exp(np.minimum(downbeat - total, -1e-9)))
    return np.asarray(downbeat - others)
