"""A written score against the truth: which hits stand in the right bar and slot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from drumscribe.domain.placements import Placement
from drumscribe.domain.rhythm import Metre
from drumscribe.domain.score import Score
from drumscribe.evaluation.notation.positions import Position, position_of, pulse_of
from drumscribe.notation.swing import played_onset, swung_beats
from lab.notation_study.composed.grooves import Feel
from lab.notation_study.composed.performing import HeardAs, Performance
from lab.notation_study.composed.pieces import Piece

_HALF = Fraction(1, 2)
_TRIPLET = Fraction(2, 3)
_DOTTED = Fraction(3, 4)
# From these ratios on, a swung pair may also be written as a triplet or as dotted eighth and
# sixteenth; even eighths (under a swing mark) always.
_TRIPLET_FROM = 1.4
_DOTTED_FROM = 2.5


@dataclass(frozen=True, slots=True)
class SlotCounts:
    """Counts over the hits of one piece.

    strokes: main strokes with a true place. right: in their bar and slot. aligned: the same after
    the best shift by whole bars. in_time: those that sound in their bar and at their place in it
    where the page spells the metre otherwise (see spells_otherwise), else the same as aligned.
    in_beat: at the right place of the beat, whichever beat.
    straight, false_triplets: strokes on straight slots, and those of them written in triplets.
    graces, graces_right: graces played, and written as graces of their note.
    written_graces: strokes written as graces.
    hits, accounted: all hits, and those that end in exactly one note or are listed as merged.
    """

    strokes: int = 0
    right: int = 0
    aligned: int = 0
    in_time: int = 0
    in_beat: int = 0
    straight: int = 0
    false_triplets: int = 0
    graces: int = 0
    graces_right: int = 0
    written_graces: int = 0
    hits: int = 0
    accounted: int = 0


def spells_otherwise(metre: Metre, score: Score) -> bool:
    """Whether a page has the bars and beats of a metre but divides the beats the other way.

    12/8 and 4/4 with swung eighths, 6/8 and 2/4: the bar lines and beats are the same, and a
    long-short pair is written as quarter and eighth in one, as two eighths under a swing mark in
    the other. Whether each stroke sounds at its place is another question.
    """
    return all(
        measure.metre.is_compound is not metre.is_compound
        and measure.metre.beats_per_bar == metre.beats_per_bar
        for measure in score.measures
    )


def sounding_position(placement: Placement, score: Score) -> Position:
    """Where a hit would sound if the page were played as it says, swing mark and all."""
    measure = score.measures[placement.measure]
    onset = played_onset(placement.onset, swung_beats(measure), score.swing)
    return position_of(replace(placement, onset=onset), score)


def judge_slots(piece: Piece, performance: Performance, score: Score) -> SlotCounts:
    """Compare every placement with the truth.

    A swung note may be written as even eighths, as a triplet or dotted (see the ratios above),
    but in one way all through the piece: the way in which most of them are right counts.
    """
    written = [position_of(placement, score) for placement in score.placements]
    mains = [
        (k, heard)
        for k, heard in enumerate(performance.truth)
        if heard is not None and not heard.is_grace
    ]
    best: tuple[int, int, int] = (-1, 0, 0)
    for late in spellings(performance.swing):
        true = [_true_position(heard, piece.metre, late) for _, heard in mains]
        here = [written[k] for k, _ in mains]
        right = n_right(true, here)
        in_beat = sum(t.beats % 1 == w.beats % 1 for t, w in zip(true, here, strict=True))
        best = max(best, (n_aligned(true, here), right, in_beat))
    aligned, right, in_beat = best
    in_time, places = aligned, written
    if spells_otherwise(piece.metre, score):
        # By time there is one right place, not a choice of spellings.
        late = _TRIPLET if performance.swing >= _TRIPLET_FROM else _HALF
        places = [sounding_position(placement, score) for placement in score.placements]
        in_time = n_aligned(
            [_true_position(heard, piece.metre, late) for _, heard in mains],
            [places[k] for k, _ in mains],
        )
    straight = [
        k
        for k, heard in mains
        if not heard.note.is_swung
        and not piece.metre.is_compound
        and heard.note.onset.denominator % 3 != 0
    ]
    graces = [
        (k, heard)
        for k, heard in enumerate(performance.truth)
        if heard is not None and heard.is_grace
    ]
    return SlotCounts(
        strokes=len(mains),
        right=right,
        aligned=aligned,
        in_time=in_time,
        in_beat=in_beat,
        straight=len(straight),
        false_triplets=sum(score.placements[k].onset.denominator % 3 == 0 for k in straight),
        graces=len(graces),
        graces_right=sum(
            score.placements[k].is_grace
            and places[k].beats == heard.note.onset / pulse_of(piece.metre)
            for k, heard in graces
        ),
        written_graces=sum(placement.is_grace for placement in score.placements),
        hits=len(performance.hits),
        accounted=n_accounted(score, len(performance.hits)),
    )


def spellings(swing: float) -> tuple[Fraction, ...]:
    """Where in the beat the late note of a pair may be written."""
    found = [_HALF]
    if swing >= _TRIPLET_FROM:
        found.append(_TRIPLET)
    if swing >= _DOTTED_FROM:
        found.append(_DOTTED)
    return tuple(found)


def _true_position(heard: HeardAs, metre: Metre, late: Fraction) -> Position:
    note = heard.note
    onset = note.onset - _HALF + late if note.is_swung else note.onset
    return Position.of(note.bar, onset, metre)


def position_in_bar(beat: Fraction, metre: Metre) -> Position:
    """A place in beats from the start of bar 1."""
    bar = beat // metre.beats_per_bar
    quarters = (beat - bar * metre.beats_per_bar) * metre.beat_length
    return Position.of(int(bar) + 1, quarters, metre)


def n_right(true: Sequence[Position], written: Sequence[Position]) -> int:
    """How many agree, bar numbers and all."""
    pairs = list(zip(true, written, strict=True))
    in_quarters = sum((t.bar, t.quarters) == (w.bar, w.quarters) for t, w in pairs)
    return max(in_quarters, sum((t.bar, t.beats) == (w.bar, w.beats) for t, w in pairs))


def n_aligned(true: Sequence[Position], written: Sequence[Position]) -> int:
    """How many agree after the best shift by whole bars."""
    pairs = list(zip(true, written, strict=True))
    in_quarters = Counter(w.bar - t.bar for t, w in pairs if t.quarters == w.quarters)
    in_beats = Counter(w.bar - t.bar for t, w in pairs if t.beats == w.beats)
    return max([*in_quarters.values(), *in_beats.values()], default=0)


def n_accounted(score: Score, n_hits: int) -> int:
    """Hits that end in exactly one note of the page, or are listed as merged into one that does."""
    notes: Counter[int] = Counter()
    for measure in score.measures:
        for voice in measure.voices:
            for event in voice.events:
                for note in (*event.notes, *event.graces):
                    if note.hit is not None:
                        notes[note.hit] += 1
    placements = {placement.hit: placement for placement in score.placements}
    accounted = 0
    for hit in range(n_hits):
        placement = placements.get(hit)
        if placement is None:
            continue
        into = placement.merged_into
        if into is None:
            accounted += notes[hit] == 1
        else:
            accounted += notes[hit] == 0 and notes[into] == 1
    return accounted


def reads_as_swung(piece: Piece, performance: Performance, score: Score) -> bool:
    """True if the page says swing: by a mark, or by writing most off-beat eighths in triplets."""
    if score.swing is not None:
        return True
    off_beats = [
        k
        for k, heard in enumerate(performance.truth)
        if heard is not None and not heard.is_grace and heard.note.onset % 1 == _HALF
    ]
    if not off_beats or piece.feel not in (Feel.STRAIGHT, Feel.SWUNG):
        return False
    late = sum(score.placements[k].onset % 1 == _TRIPLET for k in off_beats)
    return late > len(off_beats) / 2


@dataclass(frozen=True, slots=True)
class MarkCounts:
    """Ghost notes and accents: printed where they are true, printed at all, true at all."""

    ghosts_right: int = 0
    ghosts_written: int = 0
    ghosts_true: int = 0
    accents_right: int = 0
    accents_written: int = 0
    accents_true: int = 0


def judge_marks(performance: Performance, score: Score) -> MarkCounts:
    """Compare parentheses and accents with the truth, over main strokes and phantoms."""
    ghosts, accents = set(), set()
    for measure in score.measures:
        for voice in measure.voices:
            for event in voice.events:
                for note in event.notes:
                    if note.hit is not None and note.is_ghost:
                        ghosts.add(note.hit)
                    if note.hit is not None and note.is_accent:
                        accents.add(note.hit)
    mains = {
        k: heard.note
        for k, heard in enumerate(performance.truth)
        if heard is not None and not heard.is_grace
    }
    true_ghosts = {k for k, note in mains.items() if note.is_ghost}
    true_accents = {k for k, note in mains.items() if note.is_accent}
    return MarkCounts(
        ghosts_right=len(ghosts & true_ghosts),
        ghosts_written=len(ghosts),
        ghosts_true=len(true_ghosts),
        accents_right=len(accents & true_accents),
        accents_written=len(accents),
        accents_true=len(true_accents),
    )
