"""Numbers by which several rooms of notation read music: unit and origin of each.

Unless a field names its source it is a judgement, made while the study of pages (lab.notation_study
on seed 0) and the golden pages were looked at; lab/LOG.md says what a fifth more or less costs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SwingTuning:
    """Whether written slots may stand under a swing mark.

    enough_pairs: beats with a long-short pair; enough_beside_straight: where beats of straight
        eighths or sixteenths stand beside them.
    pairs_per_triplet: pairs for each beat with a full triplet: music full of triplets is 12/8 in
        feeling.
    straight_share: most beats of straight eighths or sixteenths.
    """

    enough_pairs: int = 3
    enough_beside_straight: int = 6
    pairs_per_triplet: int = 2
    straight_share: float = 0.15


@dataclass(frozen=True, slots=True)
class DynamicsTuning:
    """Ghosts and accents out of velocities (0 to 1).

    enough_strokes: of a drum, from which on its own strokes are compared.
    near_seconds: to either side, about a bar; near_percentile: of the strokes there, the loud ones;
        near_slack: of velocity, that an accent may stay below them.
    usual_percentile: a plain stroke even where every second one is accented.
    group_margin: of velocity between the means of plain strokes and accents; group_spreads: the
        same in standard deviations within the groups.
    """

    enough_strokes: int = 4
    near_seconds: float = 2.2
    near_percentile: float = 95
    near_slack: float = 0.05
    usual_percentile: float = 30
    group_margin: float = 0.13
    group_spreads: float = 3.5


@dataclass(frozen=True, slots=True)
class TempoTuning:
    """When a change of tempo is written.

    change: share of the tempo that is marked; sustained_bars: so long it must hold.
    """

    change: float = 0.08
    sustained_bars: int = 4


@dataclass(frozen=True, slots=True)
class WidthTuning:
    """How much room a bar takes, in staff spaces.

    column, parentheses: of a head, and around one. Measured on LilyPond's page: sixteen heads take
        25.7 spaces, sixteen in parentheses 42.5.
    letter: of a head with a letter below it that says which hand plays.
    flag, dot, slashed_grace, small_grace, bar_line, sign (a repeat of one bar), words (a letter
        above slashes), rest_bar (a bar of rest).
    easy_sixteenth: a sixteenth is read easily with this much room; each doubling of its length adds
        easy_doubling.
    """

    column: float = 1.6
    parentheses: float = 1.05
    letter: float = 2.2
    flag: float = 0.6
    dot: float = 1.0
    slashed_grace: float = 1.75
    small_grace: float = 1.25
    bar_line: float = 1.1
    sign: float = 3.5
    words: float = 0.95
    easy_sixteenth: float = 2.0
    easy_doubling: float = 0.65
    rest_bar: float = 8.0


@dataclass(frozen=True, slots=True)
class LineTuning:
    """Which bars stand on one line. Prices are in lines: a page of one line more costs one.

    torn: of a line that ends so many bars into a phrase; a phrase has as many bars as there are
        numbers.
    full_line_share: of the width, from which on the last line is drawn over all of it.
    clef, metre: staff spaces before the first bar.
    line: of any line. squeezed_by_a_quarter, drawn_out_by_half: of one whose bars have so much
        less, more room than they ask for. lone_bar: of a line with one bar. crowded_bar: of each
        bar more than a line should have. missing_bar: of each bar less than the user asked for,
        more than all else together. sign_begins: of a line that begins with a repeat sign and
        goes on without. letter_inside: of a rehearsal letter that does not begin its line.
    """

    full_line_share: float = 2 / 3
    clef: float = 4.5
    metre: float = 2.5
    line: float = 1.0
    squeezed_by_a_quarter: float = 1.2
    drawn_out_by_half: float = 0.35
    lone_bar: float = 2.0
    crowded_bar: float = 0.7
    missing_bar: float = 20.0
    sign_begins: float = 0.6
    letter_inside: float = 1.6
    torn: tuple[float, ...] = (0.0, 4.0, 0.4, 4.0)


@dataclass(frozen=True, slots=True)
class BringingTuning:
    """What of a page that comes back from another program is still the same. Judgements.

    same_velocity: programs round velocities (0 to 1) once or twice on their way: steps of MIDI's
        127. A fifth less and rounded ones count as changed (lab/LOG.md, "Sweeps of the rest").
    usual_velocity: of a plain stroke on a drum that the page has none of; ghost_share: of it, a
        ghost; accent_more: added to it, an accent.
    same_seconds: times so near are the same; near_seconds, near_quarters: a note so near to one of
        the page may be that one.
    enough_share: of the notes that are found again: the file surely begins where the page begins.
        Else shifts in steps of shift_steps (seconds, quarters) are voted for by so many notes of
        each key (most_compared), and the shifts_tried with most votes are tried.
    before_start_seconds: a note so early is at the start.
    like_enough: bars that share fewer strokes are not the same bar. band: bars that may be taken
        out or put in beyond what the lengths say.
    in_place_seconds: new notes sound on the grid; a slot of another division lies farther away
        even at 200 quarters a minute.
    other_tempo: quarter notes a minute, from which on a tempo is said to be another.
    few: share of strokes found again below which a file is hardly this song.
    """

    same_velocity: float = 2.01 / 127
    usual_velocity: float = 0.75
    ghost_share: float = 0.4
    accent_more: float = 0.25
    same_seconds: float = 0.002
    near_seconds: float = 0.045
    near_quarters: float = 1 / 12
    enough_share: float = 0.95
    shift_steps: tuple[float, float] = (0.010, 1 / 24)
    most_compared: int = 1500
    shifts_tried: int = 3
    before_start_seconds: float = 0.05
    like_enough: float = 0.5
    band: int = 12
    in_place_seconds: float = 0.012
    other_tempo: float = 1.0
    few: float = 0.3


SWING = SwingTuning()
DYNAMICS = DynamicsTuning()
TEMPO = TempoTuning()
WIDTHS = WidthTuning()
LINES = LineTuning()
BRINGING = BringingTuning()
