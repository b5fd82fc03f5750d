"""What drummers call the groove of some bars: half-time, shuffle, straight eighths, on the ride."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from statistics import median

from drumscribe.domain.drums import Articulation, Instrument
from drumscribe.domain.score import Measure, Score, ScoreNote
from drumscribe.notation.structure.bar_patterns import notes_of
from drumscribe.notation.structure.tuning import FEEL_MARKS


class TimeKeeper(StrEnum):
    """What the time is played on."""

    HATS = "hats"
    OPEN_HATS = "open hats"
    RIDE = "ride"
    BELL = "ride bell"
    CRASH = "crash ride"
    TOMS = "toms"
    SNARE = "snare"


class BackBeat(StrEnum):
    """Where the snare falls in a bar of four beats."""

    USUAL = "usual"  # on 2 and 4
    HALF_TIME = "half-time"  # on 3
    DOUBLE_TIME = "double-time"  # on every off-beat


_CYMBALS = frozenset(
    {
        TimeKeeper.HATS,
        TimeKeeper.OPEN_HATS,
        TimeKeeper.RIDE,
        TimeKeeper.BELL,
        TimeKeeper.CRASH,
    }
)
_TOMS = frozenset({Instrument.TOM_HIGH, Instrument.TOM_MID, Instrument.TOM_LOW})
_A_BEAT = {2: "Straight 8ths", 4: "Straight 16ths"}


@dataclass(frozen=True, slots=True)
class Feel:
    """keeper, backbeat: None where it has no name. strokes_per_beat: on hats and cymbals."""

    keeper: TimeKeeper | None
    backbeat: BackBeat | None
    strokes_per_beat: float


def feel_of(measures: Sequence[Measure]) -> Feel:
    """The feel of bars that belong together."""
    played = [measure for measure in measures if not measure.is_empty]
    beats = sum(float(m.length / m.metre.beat_length) for m in played)
    if not played:
        return Feel(None, None, 0.0)
    counts = Counter(keeper for m in played for _, note in notes_of(m) if (keeper := _keeper(note)))
    # A snare on every beat and more keeps the time only where nothing else does.
    order = sorted(counts, key=lambda k: (k is TimeKeeper.SNARE, -counts[k]))
    keeper = order[0] if order and counts[order[0]] >= FEEL_MARKS.keeps_time_from * beats else None
    if keeper is None and counts[TimeKeeper.SNARE] >= 2 * beats:
        keeper = TimeKeeper.SNARE
    return Feel(keeper, _backbeat(played), _strokes_per_beat(played))


def mark_feel(score: Score) -> Score:
    """The score with its feel in words over the first bar that is played."""
    first = next((k for k, m in enumerate(score.measures) if not m.is_empty), None)
    if first is None:
        return score
    if score.measures[first].is_pickup and first + 1 < len(score.measures):
        first += 1
    words = _words(feel_of(score.measures), score)
    if words is None:
        return score
    at = next((k for k, m in enumerate(score.measures) if m.tempo_mark is not None), first)
    marked = list(score.measures)
    marked[at] = replace(marked[at], words=words)
    return replace(score, measures=tuple(marked))


def _words(feel: Feel, score: Score) -> str | None:
    is_half = feel.backbeat is BackBeat.HALF_TIME
    if score.swing is not None:
        if is_half:
            return "Half-time shuffle"
        return "Shuffle" if feel.backbeat is BackBeat.USUAL else "Swing"
    if is_half:
        return "Half-time feel"
    if score.measures[-1].metre.denominator != 4:
        return None
    return _A_BEAT.get(round(feel.strokes_per_beat))


def _keeper(note: ScoreNote) -> TimeKeeper | None:
    instrument, articulation = note.instrument, note.articulation
    if articulation is Articulation.PEDAL:
        return None
    if instrument is Instrument.HIHAT_CLOSED:
        return TimeKeeper.HATS
    if instrument is Instrument.HIHAT_OPEN:
        return TimeKeeper.OPEN_HATS
    if instrument is Instrument.RIDE:
        return TimeKeeper.BELL if articulation is Articulation.RIDE_BELL else TimeKeeper.RIDE
    if instrument is Instrument.CRASH:
        return TimeKeeper.CRASH
    if instrument in _TOMS:
        return TimeKeeper.TOMS
    return TimeKeeper.SNARE if instrument is Instrument.SNARE else None


def _strokes_per_beat(measures: Sequence[Measure]) -> float:
    """Strokes of hats and cymbals per beat: the median over the bars that have any; else 0."""
    shares = []
    for measure in measures:
        n = sum(_keeper(note) in _CYMBALS for _, note in notes_of(measure))
        shares.append(n / float(measure.length / measure.metre.beat_length))
    return median([share for share in shares if share >= FEEL_MARKS.keeps_time_from] or [0.0])


def _backbeat(measures: Sequence[Measure]) -> BackBeat | None:
    """What the plain strokes of the snare say in bars of four beats."""
    at: Counter[Fraction] = Counter()
    for measure in measures:
        if measure.is_pickup or measure.metre.beats_per_bar != 4:
            continue
        for onset, note in notes_of(measure):
            if note.instrument is Instrument.SNARE and not note.is_ghost:
                at[onset / measure.metre.beat_length] += 1
    total = sum(at.values())
    if total < FEEL_MARKS.few_snares:
        return None
    second_and_fourth = (at[Fraction(1)] + at[Fraction(3)]) / total
    third = at[Fraction(2)] / total
    off = sum(n for beat, n in at.items() if beat.denominator == 2) / total
    if third >= FEEL_MARKS.clear and second_and_fourth <= FEEL_MARKS.rare:
        return BackBeat.HALF_TIME
    if second_and_fourth >= FEEL_MARKS.clear:
        return BackBeat.USUAL
    return BackBeat.DOUBLE_TIME if off >= FEEL_MARKS.clear else None
