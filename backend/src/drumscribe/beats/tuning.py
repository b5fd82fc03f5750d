"""Every number by which beats and bars are found: its unit, and where it comes from.

What is fitted on music (the weights of the evidence, the network of strokes, the curves of doubt)
stands in bar_model.json and stroke_network.npz and is made by lab/bars. The numbers here say how
evidence is gathered; they were set once on songs of the fitting folds, and lab/LOG.md has the
trials. What only sound needs stands in sound/tuning.py. Unless a field says otherwise it is a
judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Whoever counts along with a song and says a number is this close to it: half of the singers of
# Levitin and Cook (1996, "Memory for musical tempo") hit a record's tempo within 4 %.
SAME_TEMPO: Final = 0.04


@dataclass(frozen=True, slots=True)
class StrokeTuning:
    """What a stroke tells of bars, 0..1 for one that was surely heard.

    full_velocity: from here on a stroke is no louder than usual and tells all it can.
    softest_backbeat: velocity of a snare stroke that is more than a ghost note.
    ghost_force, least_force: what a ghost note tells, and the softest stroke of any other drum.
    loudness: softest and loudest that the networks of strokes are told, in usual strokes; they have
        learnt from no others.
    """

    full_velocity: float = 0.7
    softest_backbeat: float = 0.35
    ghost_force: float = 0.15
    least_force: float = 0.4
    loudness: tuple[float, float] = (0.2, 1.2)


@dataclass(frozen=True, slots=True)
class GridTuning:
    """How steps of equal length are laid under the strokes.

    together_seconds: strokes so near to each other are one event (flams reach 30 ms, but a grid
        is no worse for a flam in two events).
    rates_hz: steps per second that are looked for: half notes at 96 to sixteenths at 217.
    rate_step: of log rate: an eighth of what a window of 8 s tells apart at 14 Hz.
    window_seconds, hop_seconds: tempo is steady enough over 8 s to add up phases.
    n_peaks: rates that are followed: a right one was among the first 14 in 118 of 121 parts.
    phase_gain, period_gain: of the phase-locked loop, per event.
    tolerance_steps, tolerance_seconds: an event this near to a step belongs to it.
    smoothness: weight of squared second differences against squared distances to events.
    stroke_spread_seconds, astray: the likelihood of a grid: strokes spread 9 ms around steps, 6 %
        stand anywhere (drummers of Groove MIDI spread 15 ms, of which half is slow drift).
    n_kept: grids that are read.
    group_weights: of kick, snare, crash, toms and what keeps time, in sums over events.
    fewest_events, fewest_in_window: with fewer no rate is looked for, in a piece and in a window;
        fewest_steps: of a grid.
    slower_first: between rates that fit alike the slower one is followed first, by this power.
    same_rate (of log), same_place (steps), same_share: two grids are one if their rates are alike
        and so many steps of one lie on steps of the other.
    """

    together_seconds: float = 0.022
    rates_hz: tuple[float, float] = (1.6, 14.5)
    rate_step: float = 0.004
    window_seconds: float = 8.0
    hop_seconds: float = 4.0
    n_peaks: int = 14
    phase_gain: float = 0.35
    period_gain: float = 0.06
    tolerance_steps: float = 0.22
    tolerance_seconds: float = 0.045
    smoothness: float = 20.0
    stroke_spread_seconds: float = 0.009
    astray: float = 0.06
    n_kept: int = 4
    group_weights: tuple[float, ...] = (1.0, 1.0, 0.8, 0.8, 0.7)
    fewest_events: int = 8
    fewest_in_window: int = 6
    fewest_steps: int = 17
    slower_first: float = 0.1
    same_rate: float = 0.012
    same_place: float = 0.15
    same_share: float = 0.8


@dataclass(frozen=True, slots=True)
class ReadingTuning:
    """Which readings are tried, and how their evidence is scaled.

    quarters_per_minute: slowest and fastest counting; bar_seconds: shortest and longest bar.
    fewest_strokes: of a drum, from which on its places have their full say.
    lone_crash_seconds: a crash so long after the last one begins something.
    section_seconds: music before and after a point is compared over so long; softest_section: what
        differs by less (0..1) is no new section.
    on_step_seconds, on_step_share: a stroke so near to a step stands on it; so many steps farther
        away it tells nothing of it.
    repetition_weights: of kick, snare, crash, toms and what keeps time in how alike music is to
        itself. longest_lag_share: of a piece; over less common music, likeness is chance.
        most_bars: over which repetition is looked for.
    n_summed: readings whose chances are added up; those behind add nothing.
    temperature: nats of score per nat of chance.
    least_metre_nats: what the network of strokes finds less likely than this of a metre or a tempo
        is not told apart: it has never been so sure rightly.
    slowest_tempo, tempi_per_octave: the tempi that it tells apart, in quarters a minute.
    alike_from: beats that are alike by less than this share of their strokes say no metre: of 438
        cuts of songs one in a hundred has more than .88, of plain music all do.
    same_bar_ratio (of log), same_line_seconds: readings that write the same bar lines.
    """

    quarters_per_minute: tuple[float, float] = (38.0, 330.0)
    bar_seconds: tuple[float, float] = (0.45, 9.0)
    fewest_strokes: float = 8.0
    lone_crash_seconds: float = 1.0
    section_seconds: float = 1.8
    softest_section: float = 0.25
    on_step_seconds: float = 0.012
    on_step_share: float = 0.35
    repetition_weights: tuple[float, ...] = (1.0, 1.0, 0.7, 0.6, 0.35)
    longest_lag_share: float = 0.8
    most_bars: int = 8
    n_summed: int = 300
    temperature: float = 2.0
    least_metre_nats: float = -6.0
    slowest_tempo: float = 38.0
    tempi_per_octave: float = 6.0
    alike_from: float = 0.85
    same_bar_ratio: float = 0.02
    same_line_seconds: float = 0.05


@dataclass(frozen=True, slots=True)
class UsualTuning:
    """What is usual, from which evidence counts octaves; how much they weigh is fitted.

    quarters_per_minute: of some metres, and elsewhere; dotted: of all metres in dotted beats.
    fast_octaves, slow_octaves: farther away than this a tempo is fast or slow. bar_seconds.
    """

    quarters_per_minute: tuple[tuple[str, float], ...] = (
        ("6/8", 108.0),
        ("12/8", 108.0),
        ("9/8", 112.0),
        ("7/8", 120.0),
        ("5/8", 120.0),
        ("11/8", 120.0),
    )
    elsewhere: float = 118.0
    dotted: float = 110.0
    fast_octaves: float = 0.5
    slow_octaves: float = 0.75
    bar_seconds: float = 2.1


@dataclass(frozen=True, slots=True)
class ChangeTuning:
    """Changes of metre, in nats; tried out on whole songs of the fitting folds.

    window_seconds: what a whole piece weighs, so much music weighs here.
    change_nats: a bar of another metre than the page's; return_nats: back to it; regroup_nats: the
        same metre with other groups or backbeats. other_beat_nats: more for bars of odd eighths
        among those of quarters; on 61 whole songs 1 to 6 do nearly the same, 0 spoils two.
    crash_nats, section_nats: a lone crash, a new section on a bar line.
    repetition_nats: likeness to the bar beside it, for a whole window.
    learnt_gain: on the weights of the networks of strokes.
    whole_share: of the nats by which the whole piece prefers its bar lines to others in its metre,
        for a walk that follows those others all through. From 1.5 on no regular piece loses its
        bars; up to 3 no section of those that are found at 0 is lost.
    luck_nats: for every window beyond luckless_windows, what all changes of a song have to win
        together. On 61 whole songs .4 to .8 does the same; shorter pieces lose changes by it.
    counting_ratio: readings whose tempi lie within this factor count alike.
    local_temperature: nats of score per nat of chance, where bars are judged by what is near.
    """

    window_seconds: float = 12.0
    change_nats: float = 6.0
    return_nats: float = 0.5
    regroup_nats: float = 0.5
    other_beat_nats: float = 1.0
    crash_nats: float = 0.5
    section_nats: float = 0.4
    repetition_nats: float = 5.0
    learnt_gain: float = 1.0
    whole_share: float = 2.0
    luck_nats: float = 0.6
    luckless_windows: float = 4.0
    counting_ratio: float = 1.01
    local_temperature: float = 2.0


@dataclass(frozen=True, slots=True)
class DoubtTuning:
    """When a page is doubted, and what is offered instead.

    fewest_strokes, fewest_beats: with fewer a steady tempo can be chance.
    off_grid_seconds: a stroke so far from every sixteenth and triplet lies beside the grid (twice
        the spread of drummers).
    n_alternatives: pages offered; least_alternative_chance: of each.
    same_bar_ratio (of log), same_line_seconds: pages with the same bar lines.
    sure_nats: beyond these log odds nothing is told apart.
    less_sure_share: this share of the bars is less sure than what the page is judged by.
    """

    fewest_strokes: int = 8
    fewest_beats: int = 4
    off_grid_seconds: float = 0.030
    n_alternatives: int = 3
    least_alternative_chance: float = 0.01
    same_bar_ratio: float = 0.02
    same_line_seconds: float = 0.05
    sure_nats: float = 12.0
    less_sure_share: float = 0.2


@dataclass(frozen=True, slots=True)
class FitTuning:
    """Beats moved to the strokes that mark them.

    hit_spread_seconds, beat_spread_seconds, tempo_spread_seconds: how far drummers, found beats and
        the spacing of beats stray (standard deviations).
    reach_seconds, reach_beats: a stroke farther from a beat than either does not mark it.
    edge_beats: the tempo before the first and after the last beat is that of so many.
    early_start_seconds: a beat so shortly before the recording is that of its first stroke.
    """

    hit_spread_seconds: float = 0.010
    beat_spread_seconds: float = 0.025
    tempo_spread_seconds: float = 0.008
    reach_seconds: float = 0.060
    reach_beats: float = 0.12
    edge_beats: int = 4
    early_start_seconds: float = 0.05


STROKES = StrokeTuning()
GRIDS = GridTuning()
READINGS = ReadingTuning()
USUAL = UsualTuning()
CHANGES = ChangeTuning()
DOUBT = DoubtTuning()
FIT = FitTuning()
