"""Every number by which strokes become places in bars: its unit, and where it comes from.

Unless a field names its source it is a judgement, made while the study of pages (lab.notation_study
on seed 0) was looked at. `python -m lab.sweeps.pages` says what a fifth more or less of each costs
there; lab/LOG.md has the last table. Nats are what an explanation costs: minus the logarithm of how
likely it is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SlotTuning:
    """Which slot of its beat a stroke stands on.

    spread_seconds: least and most standard deviation of players around the grid: none is tighter,
        and no looser music can be read.
    usual_spread_seconds, usual_spread_strokes: what is believed before strokes are seen, as if it
        had been seen on so many (human performances: median 15 ms, 90th percentile 21 ms).
    outlier_nats: a stroke costs no more than this, wherever it stands.
    loose_share, loose_factor: players stray by much more often than a normal distribution says:
        one stroke in ten by so many times the usual spread.
    collision_nats: two strokes of one drum in one slot: one of them would be lost.
    level_nats: per halving of the beat: coarser grids are likelier.
    weak_nats: a stroke between the sixteenths, beside one on them.
    fine_nats: thirty-seconds and sextuplets have to be clearly better.
    family_switch_nats: from binary to ternary beats or back. second_family_nats: to begin ternary:
        straight music is likelier.
    habit_share: strokes that follow the habit of their place in the bar; the others are free.
    unknown_strokes: a habit is believed as strokes / (strokes + this).
    on_beat_seconds, on_beat_share (of the beat), enough_on_beat: strokes that tell how late the
        whole performance is; most_offset_seconds: the most that is taken off.
    together_seconds: strokes of different drums that were meant together.
    just_before_share (of the beat): a stroke that is put in so shortly before a beat belongs to it:
        half a thirty-second.
    """

    spread_seconds: tuple[float, float] = (0.008, 0.035)
    usual_spread_seconds: float = 0.018
    usual_spread_strokes: int = 20
    outlier_nats: float = 12.0
    loose_share: float = 0.1
    loose_factor: float = 2.5
    collision_nats: float = 7.0
    level_nats: float = 0.35
    weak_nats: float = 2.0
    fine_nats: float = 6.0
    family_switch_nats: float = 3.0
    second_family_nats: float = 1.0
    habit_share: float = 0.7
    unknown_strokes: float = 2.0
    on_beat_seconds: float = 0.06
    on_beat_share: float = 0.12
    enough_on_beat: int = 8
    most_offset_seconds: float = 0.05
    together_seconds: float = 0.030
    just_before_share: float = 1 / 16


@dataclass(frozen=True, slots=True)
class FeelTuning:
    """Whether a piece swings, in whole or in parts, or is counted in thirds.

    swing_gain_nats: a swing mark must explain the strokes better by so much; part_gain_nats: one
        that holds in parts of the piece, which is rarer.
    late_from, late_until: where in the beat off-beats lie that may be swing's. If their middle lies
        before swung_until, they are. Later is the dotted eighth, but in beats shorter than
        short_beat_seconds nobody counts sixteenths: there it is a hard shuffle, hard_swung_until.
    fewest_pairs_of_part, fewest_bars_of_part: beats that tell, and bars, of each feel where a piece
        changes it; change_beats: so many beats must speak against the feel at hand.
    enough_ternary_beats: beats of thirds from which on a piece may be compound; ternary_share: of
        the beats with something between them, ternary_share_of_all: of all beats with strokes.
    """

    swing_gain_nats: float = 2.0
    part_gain_nats: float = 8.0
    late_from: float = 0.55
    late_until: float = 0.85
    swung_until: float = 0.735
    hard_swung_until: float = 0.77
    short_beat_seconds: float = 0.40
    fewest_pairs_of_part: int = 8
    fewest_bars_of_part: int = 4
    change_beats: float = 5.0
    enough_ternary_beats: int = 12
    ternary_share: float = 0.85
    ternary_share_of_all: float = 0.35


@dataclass(frozen=True, slots=True)
class OrnamentTuning:
    """Which strokes are graces, rolls or ghosts.

    flam_seconds: from the grace to its stroke, shortest and longest; open_flam_seconds: longest
        where both would fall into one slot.
    most_graces: before one stroke: a flam has one, a drag two, a ruff three.
    grace_ratio: strokes of about the same strength are rhythm, however close they stand.
    pair_seconds: between the two ghosts of a drag, shortest and longest; leads_in: the stroke that
        it leads to comes within so many of their gaps.
    reach_bars: bars to either side that say whether the stroke of a place is a ghost;
        fewest_bars: of them, with the stroke; clearly_other: a stroke so much softer or louder than
        its place is played (velocity, as a ratio) speaks for itself.
    """

    flam_seconds: tuple[float, float] = (0.015, 0.060)
    open_flam_seconds: float = 0.11
    most_graces: int = 3
    grace_ratio: float = 0.8
    pair_seconds: tuple[float, float] = (0.02, 0.095)
    leads_in: float = 1.6
    reach_bars: int = 8
    fewest_bars: int = 3
    clearly_other: float = 1.7


SLOTS = SlotTuning()
FEEL = FeelTuning()
ORNAMENTS = OrnamentTuning()
