"""Standard MIDI files: as it was played, under the tempo map of the beats, and as it is written."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Hit
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.score import Event, Score, ScoreNote
from drumscribe.notation.quantize.ornaments import find_ornaments
from drumscribe.notation.said_ornaments import GRACE_GAP_SECONDS, grace_velocity, unheard_graces
from drumscribe.notation.styles.drum_maps import DRUM_CHANNEL, DrumMap, find_drum_map
from drumscribe.notation.swing import played_onset, swung_beats
from drumscribe.notation.text import clean_text

TICKS_PER_QUARTER = 960
_NOTE_TICKS = TICKS_PER_QUARTER // 8
GRACE_QUARTERS = Fraction(1, 16)  # between small notes and the stroke, as score_midi plays them
_LEAD_IN_UNIT = Fraction(1, 16)  # a sixty-fourth, in quarter notes
# Per quarter note: 24 bits in the format.
MAX_TEMPO_MICROSECONDS: Final = 0xFFFFFF


@dataclass(frozen=True, slots=True)
class _Struck:
    tick: int
    key: int
    velocity: int


@dataclass(frozen=True, slots=True)
class _Tempo:
    tick: int
    microseconds_per_quarter: int


@dataclass(frozen=True, slots=True)
class _Signature:
    """A time signature; unlike a Metre it may be as odd as a lead-in needs."""

    tick: int
    numerator: int
    denominator: int


_Meta = _Tempo | _Signature


def performance_midi(
    hits: Sequence[Hit],
    grid: BeatGrid,
    *,
    drum_map: str | DrumMap = "general-midi",
    title: str | None = None,
) -> bytes:
    """A MIDI file (format 0) in which every hit sounds when it was played.

    Hits that are said to be flams or drags have the soft strokes before them that nobody played.
    Tick 0 is the start of the recording; the tempo map follows the beats and a short first bar
    leads to the first downbeat, so that a sequencer's bars lie on the bars of the recording.
    Times are exact within one tick (960 per quarter note). A tempo is written per beat.
    """
    keys = find_drum_map(drum_map)
    times, quarters = _time_map(grid)
    metas: list[_Meta] = [*_tempi(times, quarters), *_signatures(grid)]
    struck = [
        _Struck(
            tick=round(float(_quarter_at(hit.time, times, quarters)) * TICKS_PER_QUARTER),
            key=keys.key_of(hit.instrument, hit.articulation),
            velocity=_velocity(hit.velocity),
        )
        for hit in (
            *hits,
            *(
                Hit(time, main.instrument, grace_velocity(main))
                for main, time in played_graces(hits)
            ),
        )
    ]
    return _file_bytes(struck, metas, title)


def played_graces(hits: Sequence[Hit]) -> Iterator[tuple[Hit, float]]:
    """The small notes that performance_midi plays though nobody heard them: main hit, seconds."""
    in_order = sorted(hits)
    n_heard = {ornament.main: len(ornament.graces) for ornament in find_ornaments(in_order)}
    for i, hit in enumerate(in_order):
        for k in range(unheard_graces(hit, n_heard.get(i, 0)), 0, -1):
            yield hit, max(0.0, hit.time - k * GRACE_GAP_SECONDS)


def score_midi(score: Score, *, drum_map: str | DrumMap = "general-midi") -> bytes:
    """A MIDI file (format 0) of the score: exact positions, swing played, one tempo per bar."""
    keys = find_drum_map(drum_map)
    struck: list[_Struck] = []
    metas: list[_Meta] = []
    start = Fraction(0)
    for measure in score.measures:
        metas.append(_signature(start, measure.length, measure.metre.denominator))
        metas.append(_Tempo(_ticks(start), _tempo_in_range(60e6 / measure.quarters_per_minute)))
        swung = swung_beats(measure)
        for voice in measure.voices:
            for event in voice.events:
                onset = start + played_onset(event.onset, swung, score.swing)
                struck += _event_strokes(event, onset, keys)
        start += measure.length
    return _file_bytes(struck, metas, score.title)


def _event_strokes(event: Event, onset: Fraction, keys: DrumMap) -> list[_Struck]:
    def stroke(note: ScoreNote, tick: int) -> _Struck:
        key = keys.key_of(note.instrument, note.articulation)
        return _Struck(max(0, tick), key, _velocity(note.velocity))

    tick = _ticks(onset)
    n = len(event.graces)
    graces = [
        stroke(g, tick - round((n - k) * GRACE_QUARTERS * TICKS_PER_QUARTER))
        for k, g in enumerate(event.graces)
    ]
    return graces + [stroke(note, tick) for note in event.notes]


def _signature(start: Fraction, length: Fraction, denominator: int) -> _Signature:
    """A bar as long as `length`: a pickup of one quarter counts as 1/4, one of three eighths as
    3/8.
    """
    while (length * denominator / 4).denominator > 1:
        denominator *= 2
    return _Signature(_ticks(start), int(length * denominator / 4), denominator)


def _lead_in_quarters(grid: BeatGrid) -> Fraction:
    """How many quarter notes are written before the first beat: about as many as fit."""
    seconds = float(grid.beat_times[0])
    if seconds <= 0.0:
        return Fraction(0)
    beat_seconds = float(grid.beat_times[1] - grid.beat_times[0])
    units = seconds / beat_seconds * float(grid.metre.beat_length / _LEAD_IN_UNIT)
    return max(1, round(units)) * _LEAD_IN_UNIT


def _time_map(grid: BeatGrid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corner points (seconds, quarter notes from tick 0) from the start of the recording."""
    lead_in, beat = float(_lead_in_quarters(grid)), float(grid.metre.beat_length)
    beats = lead_in + np.arange(grid.beat_times.size, dtype=np.float64) * beat
    if lead_in == 0.0:
        return grid.beat_times, beats
    return np.concatenate([[0.0], grid.beat_times]), np.concatenate([[0.0], beats])


def _quarter_at(
    time: float, times: NDArray[np.float64], quarters: NDArray[np.float64]
) -> np.float64:
    if time <= times[-1]:
        return np.float64(np.interp(time, times, quarters))
    slope = (quarters[-1] - quarters[-2]) / (times[-1] - times[-2])
    return np.float64(quarters[-1] + (time - times[-1]) * slope)


def _tempi(times: NDArray[np.float64], quarters: NDArray[np.float64]) -> list[_Tempo]:
    """One tempo per corner; rounding to whole microseconds is carried on, so it never adds up."""
    tempi: list[_Tempo] = []
    reached = float(times[0])
    for k in range(times.size - 1):
        length = float(quarters[k + 1] - quarters[k])
        tempo = _tempo_in_range((float(times[k + 1]) - reached) / length * 1e6)
        reached += tempo * length / 1e6
        tempi.append(_Tempo(round(float(quarters[k]) * TICKS_PER_QUARTER), tempo))
    return tempi


def _signatures(grid: BeatGrid) -> list[_Signature]:
    """A signature for what comes before the first downbeat, then one per bar."""
    beat, per_bar = grid.metre.beat_length, grid.metre.beats_per_bar
    downbeats = np.flatnonzero(grid.beat_numbers == 1).tolist()
    if not downbeats:
        downbeats = [grid.beat_times.size + per_bar - int(grid.beat_numbers[-1])]
    lead_in = _lead_in_quarters(grid)
    signatures = _lead_in_signatures(lead_in + downbeats[0] * beat, grid.written_metre)
    for downbeat, after in pairwise([*downbeats, downbeats[-1] + per_bar]):
        # As on the page: where a downbeat is missing, bars of the usual length go on.
        reached = int(grid.beat_numbers[min(after, grid.beat_numbers.size) - 1])
        n_beats = reached if reached == after - downbeat else per_bar
        for first in range(downbeat, after, n_beats):
            length = min(n_beats, after - first)
            metre = grid.said_of_bar(first, length) or grid.metre_of_bar(length)
            start = _ticks(lead_in + first * beat)
            signatures.append(_Signature(start, metre.numerator, metre.denominator))
    return signatures


def _lead_in_signatures(length: Fraction, metre: Metre) -> list[_Signature]:
    """What comes before the first downbeat: a short bar, whole quarters, then whole bars."""
    bars, rest = divmod(length, metre.bar_length)
    quarters, short = divmod(rest, 1)
    signatures: list[_Signature] = []
    if short:
        signatures.append(_Signature(0, int(short / _LEAD_IN_UNIT), 64))
    if quarters:
        signatures.append(_Signature(_ticks(short), int(quarters), 4))
    if bars:
        signatures.append(_Signature(_ticks(rest), metre.numerator, metre.denominator))
    return signatures


def _file_bytes(struck: Sequence[_Struck], metas: Sequence[_Meta], title: str | None) -> bytes:
    """One track: name, signatures and tempi where they change, notes with their ends."""
    import mido

    messages: list[tuple[int, int, mido.MetaMessage | mido.Message]] = []
    current: dict[type, tuple[int, ...]] = {}
    for meta in sorted(metas, key=lambda m: m.tick):
        if isinstance(meta, _Tempo):
            said: tuple[int, ...] = (meta.microseconds_per_quarter,)
            message = mido.MetaMessage("set_tempo", tempo=said[0])
        else:
            said = (meta.numerator, meta.denominator)
            message = mido.MetaMessage("time_signature", numerator=said[0], denominator=said[1])
        if current.get(type(meta)) != said:
            current[type(meta)] = said
            messages.append((meta.tick, 0, message))
    for note, end in zip(struck, _ends(struck), strict=True):
        on = {"channel": DRUM_CHANNEL, "note": note.key, "velocity": note.velocity}
        off = {"channel": DRUM_CHANNEL, "note": note.key, "velocity": 0}
        # At one tick ends come before starts, or a repeated key would be cut off at once.
        messages.append((note.tick, 2, mido.Message("note_on", **on)))
        messages.append((end, 1, mido.Message("note_off", **off)))
    messages.sort(key=lambda m: (m[0], m[1]))

    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=_midi_text(title) or "Drums", time=0))
    now = 0
    for tick, _, message in messages:
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=0))
    midi = mido.MidiFile(type=0, ticks_per_beat=TICKS_PER_QUARTER, charset="latin-1")
    midi.tracks.append(track)
    out = io.BytesIO()
    midi.save(file=out)
    return out.getvalue()


def _ends(struck: Sequence[_Struck]) -> list[int]:
    """When each note is let go: after an eighth of a quarter, before its key is struck again."""
    ends = [note.tick + _NOTE_TICKS for note in struck]
    last: dict[int, int] = {}
    for i in sorted(range(len(struck)), key=lambda i: struck[i].tick):
        before = last.get(struck[i].key)
        if before is not None:
            ends[before] = max(struck[before].tick + 1, min(ends[before], struck[i].tick))
        last[struck[i].key] = i
    return ends


def _midi_text(text: str | None) -> str:
    """MIDI's text has no encoding of its own; latin-1 is what sequencers read."""
    return (clean_text(text) or "").encode("latin-1", "replace").decode("latin-1")


def _tempo_in_range(microseconds: float) -> int:
    return min(max(1, round(microseconds)), MAX_TEMPO_MICROSECONDS)


def _velocity(velocity: float) -> int:
    return min(127, max(1, round(velocity * 127)))


def _ticks(quarters: Fraction) -> int:
    return round(quarters * TICKS_PER_QUARTER)
