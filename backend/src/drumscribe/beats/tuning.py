"""Every number by which beats and bars are found: its unit, and where it comes from.

What is fitted on music (the weights of the evidence, the network of strokes, the curves of doubt)
stands in bar_model.npz and is made by lab/bars/model.py. The numbers here say how evidence is
gathered; they were set once on songs of the fitting folds, and lab/LOG.md has the trials.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Whoever counts along with a song and says a number is this close to it: half of the singers of
# Levitin and Cook (1996, "Memory for musical tempo") hit a record's tempo within 4 %.
SAME_TEMPO: Final = 0.04


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


@dataclass(frozen=True, slots=True)
class ReadingTuning:
    """Which readings are tried, and how their evidence is scaled.

    quarters_per_minute: slowest and fastest counting; bar_seconds: shortest and longest bar.
    fewest_strokes: of a drum, from which on its places have their full say.
    lone_crash_seconds: a crash so long after the last one begins something.
    section_seconds: music before and after a point is compared over so long.
    softest_backbeat: velocity of a snare stroke that is more than a ghost note.
    n_summed: readings whose chances are added up; those behind add nothing.
    temperature: nats of score per nat of chance.
    same_bar_ratio (of log), same_line_seconds: readings that write the same bar lines.
    """

    quarters_per_minute: tuple[float, float] = (38.0, 330.0)
    bar_seconds: tuple[float, float] = (0.45, 9.0)
    fewest_strokes: float = 8.0
    lone_crash_seconds: float = 1.0
    section_seconds: float = 1.8
    softest_backbeat: float = 0.35
    n_summed: int = 300
    temperature: float = 2.0
    same_bar_ratio: float = 0.02
    same_line_seconds: float = 0.05


@dataclass(frozen=True, slots=True)
class ChangeTuning:
    """Changes of metre, in nats; tried out on whole songs of the fitting folds.

    window_seconds: what a whole piece weighs, so much music weighs here.
    change_nats: a bar of another metre than the page's; return_nats: back to it; regroup_nats: the
        same metre with other groups or backbeats.
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
class SoundTuning:
    """What the networks of sound hear.

    mix_share: of the mix against the drum stem, where there is one.
    beats_per_minute: slowest and fastest; usual_beats_per_minute: what a walk prefers.
    least_chance: chances of beats are told apart from here on.
    fewest_strokes: with fewer, what the networks hear gives steps as well. With more, steps of
        their own mislead more than they help: on eight real mixes and stems the strokes alone had
        every bar line right, and two of them were lost with the networks' steps among the others.
    """

    mix_share: float = 0.7
    beats_per_minute: tuple[float, float] = (55.0, 215.0)
    usual_beats_per_minute: float = 115.0
    least_chance: float = 0.003
    fewest_strokes: int = 40


@dataclass(frozen=True, slots=True)
class DoubtTuning:
    """When a page is doubted, and what is offered instead.

    fewest_strokes, fewest_beats: with fewer a steady tempo can be chance.
    off_grid_seconds: a stroke so far from every sixteenth and triplet lies beside the grid (twice
        the spread of drummers).
    n_alternatives: pages offered; least_alternative_chance: of each.
    same_bar_ratio (of log), same_line_seconds: pages with the same bar lines.
    """

    fewest_strokes: int = 8
    fewest_beats: int = 4
    off_grid_seconds: float = 0.030
    n_alternatives: int = 3
    least_alternative_chance: float = 0.01
    same_bar_ratio: float = 0.02
    same_line_seconds: float = 0.05


GRIDS = GridTuning()
READINGS = ReadingTuning()
CHANGES = ChangeTuning()
SOUND = SoundTuning()
DOUBT = DoubtTuning()
