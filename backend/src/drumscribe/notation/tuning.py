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
    flag, dot, slashed_grace, small_grace, bar_line, sign (a repeat of one bar), words (a letter
        above slashes), rest_bar (a bar of rest).
    easy_sixteenth: a sixteenth is read easily with this much room; each doubling of its length adds
        easy_doubling.
    """

    column: float = 1.6
    parentheses: float = 1.05
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


SWING = SwingTuning()
DYNAMICS = DynamicsTuning()
TEMPO = TempoTuning()
WIDTHS = WidthTuning()
LINES = LineTuning()
