"""A page as what is brought is held against: each head with its hits, and where it lies in time."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Final

from drumscribe.domain.drums import Articulation, Hit, Instrument, Sticking
from drumscribe.domain.placements import MergeReason
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.score import Score, ScoreNote
from drumscribe.notation.measures.sticking import hands_of
from drumscribe.notation.quantize.collisions import drum_struck
from drumscribe.notation.styles.drum_maps import Sound
from drumscribe.notation.styles.drum_styles import WEINBERG

Drum = tuple[str, str]
_SIGNS: Final = (Articulation.ROLL, Articulation.CHOKE)


def sound_of_note(note: ScoreNote) -> Sound:
    """What a head says of how a drum is struck: a kick cannot be half open on paper."""
    sound = Sound(note.instrument, note.articulation)
    is_said = sound in WEINBERG.drawings or note.articulation in _SIGNS
    return sound if is_said else Sound(note.instrument)


def drum_of_note(note: ScoreNote) -> Drum:
    """The thing that a head stands for: what can be struck once only at a time."""
    sound = sound_of_note(note)
    return drum_struck(sound.instrument, sound.articulation)


@dataclass(frozen=True, slots=True, eq=False)
class PageNote:
    """One head of full size.

    measure: index; onset: quarter notes from its start. at: quarter notes from the start of the
        page.
    graces: small notes of the same drum before it, each by its hit; None: a small note that was
        said with the head and has no hit. steps: for each its instrument, and how many small notes
        before the head it stands, those of other drums counted too.
    hands: all that the page says at its place about who plays, the upper voice first.
    """

    measure: int
    onset: Fraction
    at: Fraction
    drum: Drum
    note: ScoreNote
    hit: Hit
    graces: tuple[int | None, ...] = ()
    steps: tuple[tuple[Instrument, int], ...] = ()
    hands: tuple[Sticking, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A score with the hits that it was quantised from, each of which has an id.

    stood_in_for: id of a hit -> the hits without a head that its head stands for too, and why.
    """

    score: Score
    hits: dict[int, Hit]
    grid: BeatGrid
    notes: tuple[PageNote, ...]
    stood_in_for: dict[int, list[tuple[int, MergeReason | None]]]
    starts: tuple[Fraction, ...]

    @classmethod
    def of(cls, score: Score, hits: Sequence[Hit], grid: BeatGrid) -> Page:
        """The page of these hits over this grid."""
        by_id = {hit.id: hit for hit in hits if hit.id is not None}
        starts = tuple(accumulate((m.length for m in score.measures), initial=Fraction(0)))
        notes: list[PageNote] = []
        for k, measure in enumerate(score.measures):
            hands: dict[Fraction, list[Sticking]] = defaultdict(list)
            for event in (e for voice in measure.voices for e in voice.events):
                hands[event.onset] += hands_of(event.notes)
            for voice in measure.voices:
                for event in voice.events:
                    graces: dict[Drum, list[tuple[ScoreNote, int]]] = defaultdict(list)
                    for step, grace in zip(
                        range(len(event.graces), 0, -1), event.graces, strict=True
                    ):
                        graces[drum_of_note(grace)].append((grace, step))
                    for note in event.notes:
                        assert note.hit is not None
                        drum = drum_of_note(note)
                        own = graces.pop(drum, [])
                        notes.append(
                            PageNote(
                                k,
                                event.onset,
                                starts[k] + event.onset,
                                drum,
                                note,
                                by_id[note.hit],
                                tuple(grace.hit for grace, _ in own),
                                tuple((grace.instrument, step) for grace, step in own),
                                tuple(hands[event.onset]),
                            )
                        )
        stood_in_for: dict[int, list[tuple[int, MergeReason | None]]] = defaultdict(list)
        for placement in score.placements:
            if placement.merged_into is not None:
                stood_in_for[placement.merged_into].append((placement.hit, placement.reason))
        return cls(score, by_id, grid, tuple(notes), dict(stood_in_for), starts)

    @property
    def first_full(self) -> int:
        """Index of the first measure that is no pickup."""
        return int(self.score.measures[0].is_pickup)

    @property
    def end(self) -> Fraction:
        return self.starts[-1]

    def place(self, at: Fraction) -> tuple[int, Fraction]:
        """Measure and onset of a place; the first and the last measure go on beyond the page."""
        last = len(self.score.measures) - 1
        measure = min(max(0, bisect_right(self.starts, at) - 1), last)
        return measure, at - self.starts[measure]

    def beat_at(self, at: Fraction) -> Fraction:
        """Where a place of the page lies on the beats of the grid; they go on at both ends."""
        index, onset = self.place(at)
        measure = self.score.measures[index]
        # Not by the metre of the page, which may count the same beats as dotted quarters.
        first, end = (
            round(float(self.grid.beat_position(seconds)))
            for seconds in (measure.start_seconds, measure.end_seconds)
        )
        return first + (end - first) * onset / measure.length

    def seconds_at(self, at: Fraction) -> float:
        """The same in seconds."""
        return float(self.grid.time_at(self.beat_at(at)))

    def with_those_it_stands_for(self, hit: int) -> set[int]:
        """A hit and all hits without a head that its head stands for."""
        return {hit, *(other for other, _ in self.stood_in_for.get(hit, ()))}
