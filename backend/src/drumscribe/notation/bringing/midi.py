"""Drums out of a MIDI file, and what they make of a page: by time, or by musical position."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from drumscribe.domain.drums import Articulation, Hit
from drumscribe.errors import NoDrumPart, ScoreFileTooLarge, ScoreFileUnreadable
from drumscribe.notation.bringing import in_words
from drumscribe.notation.bringing.changes import Brought, Changes
from drumscribe.notation.bringing.drum_names import sound_of_key
from drumscribe.notation.bringing.page import Page
from drumscribe.notation.bringing.placing import AlignedBy
from drumscribe.notation.quantize.collisions import drum_of, drum_struck
from drumscribe.notation.styles.drum_maps import (
    DRUM_CHANNEL,
    GENERAL_MIDI,
    DrumMap,
    Sound,
)
from drumscribe.notation.swing import played_onset, swung_beats
from drumscribe.notation.tuning import BRINGING
from drumscribe.notation.writers.midi import GRACE_QUARTERS, played_graces

MAX_MIDI_BYTES: Final = 1_000_000
MAGIC: Final = b"MThd"
# Velocity, by the format.
LOUDEST: Final = 127


@dataclass(frozen=True, slots=True)
class Stroke:
    """A note of the file. quarters, seconds: from its start, by its own tempo map."""

    key: int
    quarters: Fraction
    seconds: float
    velocity: float


def read_midi(content: bytes) -> list[Stroke]:
    """The notes of the drum channel, or all notes where nothing stands on it.

    Raises ScoreFileUnreadable, ScoreFileTooLarge or NoDrumPart.
    """
    import mido

    if len(content) > MAX_MIDI_BYTES:
        raise ScoreFileTooLarge(
            f"The MIDI file is larger than {MAX_MIDI_BYTES / 1e6:.0f} MB; no drum part is."
        )
    try:
        midi = mido.MidiFile(file=io.BytesIO(content))
        if midi.type not in (0, 1) or not 0 < midi.ticks_per_beat < 0x8000:
            raise ScoreFileUnreadable(
                "The MIDI file does not count in quarter notes; save it as a standard MIDI file "
                "of format 0 or 1."
            )
        notes = list(_notes(midi))
    except (
        OSError,
        EOFError,
        ValueError,
        IndexError,
        TypeError,
        KeyError,
        mido.KeySignatureError,
    ) as error:
        raise ScoreFileUnreadable(f"The MIDI file cannot be read: {error}.") from None
    # Drum machines and samplers are often recorded on any channel: then all notes are drums.
    strokes = [stroke for channel, stroke in notes if channel == DRUM_CHANNEL]
    strokes = strokes or [stroke for _, stroke in notes]
    if not strokes:
        raise NoDrumPart("The MIDI file has no notes.")
    return strokes


def _notes(midi: object) -> Iterator[tuple[int, Stroke]]:
    import mido

    assert isinstance(midi, mido.MidiFile)
    ticks, seconds, tempo = 0, 0.0, 500_000
    for message in mido.merge_tracks(midi.tracks):
        ticks += message.time
        seconds += message.time * tempo / 1e6 / midi.ticks_per_beat
        if message.type == "set_tempo":
            tempo = message.tempo
        elif message.type == "note_on" and message.velocity > 0:
            at = Fraction(ticks, midi.ticks_per_beat)
            yield message.channel, Stroke(message.note, at, seconds, message.velocity / LOUDEST)


@dataclass(frozen=True, slots=True)
class _Sounding:
    """What a MIDI file of the page plays. hit: its id, or that of the stroke it ornaments."""

    key: int
    at: float
    hit: int
    is_said: bool = False  # a small note without a hit


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """One way to read a file: by time or position, moved by `shift`, its keys by a map."""

    by: AlignedBy
    drum_map: DrumMap
    shift: float
    places: list[float]
    pairs: dict[int, int]  # index of a stroke -> index of what sounds
    away: float

    @property
    def rank(self) -> tuple[int, float]:
        return len(self.pairs), -self.away


def bring_midi(
    strokes: Sequence[Stroke], page: Page, *, drum_map: DrumMap, duration_seconds: float
) -> Brought:
    """What the notes of a MIDI file make of a page.

    Tick 0 is the start of the recording, as in `midi-performance`, or the start of the first bar,
    as in `midi`: whichever finds more of the page's notes again. If neither finds nearly all, the
    file is moved to where more are found, if there is such a place. drum_map: in which our own
    files were written; General MIDI is tried as well.
    """
    sounding = {
        (by, keys.name): _sounding(by, page, keys)
        for by in (AlignedBy.TIME, AlignedBy.POSITIONS)
        for keys in (drum_map, GENERAL_MIDI)
    }
    maps = {keys.name: keys for keys in (drum_map, GENERAL_MIDI)}
    readings = [
        _read(strokes, heard, by, maps[name], shift=0.0) for (by, name), heard in sounding.items()
    ]
    best = max(readings, key=lambda reading: reading.rank)
    if len(best.pairs) < BRINGING.enough_share * min(len(strokes), len(page.hits)):
        readings += [
            _read(strokes, heard, by, maps[name], shift=shift)
            for (by, name), heard in sounding.items()
            for shift in _likely_shifts(strokes, heard, by)
        ]
        best = max(readings, key=lambda reading: reading.rank)
    return _Writer(best, strokes, sounding[best.by, best.drum_map.name], page).write(
        duration_seconds
    )


def _sounding(by: AlignedBy, page: Page, keys: DrumMap) -> list[_Sounding]:
    if by is AlignedBy.TIME:
        return list(_played(page, keys))
    return list(_written(page, keys))


def _played(page: Page, keys: DrumMap) -> Iterator[_Sounding]:
    """What performance_midi wrote, read back."""
    for number, hit in page.hits.items():
        yield _Sounding(keys.key_of(hit.instrument, hit.articulation), hit.time, number)
    for hit, time in played_graces(list(page.hits.values())):
        assert hit.id is not None
        yield _Sounding(keys.key_of(hit.instrument), time, hit.id, is_said=True)


def _written(page: Page, keys: DrumMap) -> Iterator[_Sounding]:
    """What score_midi wrote, read back; places in quarter notes from the start of the page."""
    swung = [swung_beats(measure) for measure in page.score.measures]
    for head in page.notes:
        onset = played_onset(head.onset, swung[head.measure], page.score.swing)
        at = float(page.starts[head.measure] + onset)
        note, number = head.note, head.hit.id
        assert number is not None
        yield _Sounding(keys.key_of(note.instrument, note.articulation), at, number)
        for grace, (instrument, step) in zip(head.graces, head.steps, strict=True):
            before = max(0.0, at - step * GRACE_QUARTERS)
            key = keys.key_of(instrument)
            yield _Sounding(key, before, number if grace is None else grace, is_said=grace is None)


def _at(stroke: Stroke, by: AlignedBy) -> float:
    return stroke.seconds if by is AlignedBy.TIME else float(stroke.quarters)


def _read(
    strokes: Sequence[Stroke],
    sounding: Sequence[_Sounding],
    by: AlignedBy,
    drum_map: DrumMap,
    *,
    shift: float,
) -> _Reading:
    places = [_at(stroke, by) + shift for stroke in strokes]
    near = BRINGING.near_seconds if by is AlignedBy.TIME else BRINGING.near_quarters
    by_key: dict[int, list[int]] = defaultdict(list)
    for index, entry in enumerate(sounding):
        by_key[entry.key].append(index)
    for entries in by_key.values():
        entries.sort(key=lambda index: sounding[index].at)
    ats = {key: np.array([sounding[i].at for i in entries]) for key, entries in by_key.items()}
    candidates: list[tuple[float, int, int]] = []
    for index, (stroke, place) in enumerate(zip(strokes, places, strict=True)):
        if stroke.key not in ats:
            continue
        first, end = np.searchsorted(ats[stroke.key], [place - near, place + near])
        for other in by_key[stroke.key][first:end]:
            candidates.append((abs(sounding[other].at - place), index, other))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    away = 0.0
    for distance, index, other in sorted(candidates):
        if index not in pairs and other not in taken:
            pairs[index] = other
            taken.add(other)
            away += distance / near
    return _Reading(by, drum_map, shift, places, pairs, away)


def _likely_shifts(
    strokes: Sequence[Stroke], sounding: Sequence[_Sounding], by: AlignedBy
) -> list[float]:
    """How far the file may have to be moved: what most pairs of one key ask for."""
    step = BRINGING.shift_steps[by is not AlignedBy.TIME]
    votes: Counter[int] = Counter()
    for key in {stroke.key for stroke in strokes}:
        theirs = np.array([_at(s, by) for s in strokes if s.key == key][: BRINGING.most_compared])
        ours = np.array([e.at for e in sounding if e.key == key][: BRINGING.most_compared])
        steps = np.round((ours[:, None] - theirs[None, :]) / step).astype(np.int64)
        for value, n in zip(*np.unique(steps, return_counts=True), strict=True):
            votes[int(value)] += int(n)
    return [value * step for value, _ in votes.most_common(BRINGING.shifts_tried)]


class _Writer:
    def __init__(
        self,
        reading: _Reading,
        strokes: Sequence[Stroke],
        sounding: Sequence[_Sounding],
        page: Page,
    ) -> None:
        self._reading = reading
        self._strokes = strokes
        self._sounding = sounding
        self._page = page
        self._is_by_time = reading.by is AlignedBy.TIME

    def write(self, duration_seconds: float) -> Brought:
        page = self._page
        struck = {
            self._sounding[other].hit: index
            for index, other in self._reading.pairs.items()
            if not self._sounding[other].is_said
        }
        loose = [i for i in range(len(self._strokes)) if i not in self._reading.pairs]
        struck |= self._on_another_drum(struck, loose)
        loose = [index for index in loose if index not in set(struck.values())]
        hits: list[Hit] = []
        kept = changed = 0
        unsaid = self._ornaments_left_out(struck)
        for number, index in struck.items():
            hit = self._as_played(page.hits[number], self._strokes[index], index)
            if number in unsaid:
                hit = replace(hit, articulation=None)
            is_same = hit == page.hits[number]
            kept, changed = kept + is_same, changed + (not is_same)
            hits.append(hit if is_same else replace(hit, confidence=1.0))
        if not self._is_by_time:
            for number in struck:
                others = page.with_those_it_stands_for(number)
                hits += [page.hits[other] for other in others if other not in struck]
        of_page = len(page.hits) if self._is_by_time else len({s.hit for s in self._sounding})
        new, notices = self._added(loose, duration_seconds)
        changes = Changes(kept=kept, changed=changed, added=len(new), removed=of_page - len(struck))
        return Brought(
            hits=tuple(sorted([*hits, *new])),
            grid=None,
            changes=changes,
            aligned_by=self._reading.by,
            notices=tuple(notices),
        )

    def _sound(self, key: int) -> Sound | None:
        return sound_of_key(key, self._reading.drum_map)

    def _on_another_drum(self, struck: dict[int, int], loose: Sequence[int]) -> dict[int, int]:
        """Strokes at the time of a hit that is gone, on the same drum struck in another way."""
        gone: dict[tuple[str, str], list[_Sounding]] = defaultdict(list)
        for entry in self._sounding:
            if not entry.is_said and entry.hit not in struck:
                gone[drum_of(self._page.hits[entry.hit])].append(entry)
        near = BRINGING.near_seconds if self._is_by_time else BRINGING.near_quarters
        found: dict[int, int] = {}
        for index in loose:
            sound = self._sound(self._strokes[index].key)
            if sound is None:
                continue
            place = self._reading.places[index]
            for entry in gone[drum_struck(sound.instrument, sound.articulation)]:
                if abs(entry.at - place) <= near and entry.hit not in found:
                    found[entry.hit] = index
                    break
        return found

    def _as_played(self, hit: Hit, stroke: Stroke, index: int) -> Hit:
        if stroke.key != self._reading.drum_map.key_of(hit.instrument, hit.articulation):
            sound = self._sound(stroke.key)
            assert sound is not None
            if (sound.instrument, sound.articulation) != (hit.instrument, hit.articulation):
                hit = replace(hit, instrument=sound.instrument, articulation=sound.articulation)
        if abs(stroke.velocity - hit.velocity) > BRINGING.same_velocity:
            hit = replace(hit, velocity=stroke.velocity)
        if self._is_by_time:
            time = max(0.0, self._reading.places[index])
            if abs(time - hit.time) > BRINGING.same_seconds:
                hit = replace(hit, time=time)
        return hit

    def _ornaments_left_out(self, struck: dict[int, int]) -> set[int]:
        """Hits that are said to be flams or drags, and whose small notes are not in the file."""
        said = {entry.hit for entry in self._sounding if entry.is_said}
        there = {
            self._sounding[other].hit
            for other in self._reading.pairs.values()
            if self._sounding[other].is_said
        }
        ornaments = (Articulation.FLAM, Articulation.DRAG)
        return {
            number
            for number in said - there
            if number in struck and self._page.hits[number].articulation in ornaments
        }

    def _added(self, loose: Sequence[int], duration_seconds: float) -> tuple[list[Hit], list[str]]:
        new: list[Hit] = []
        unknown: Counter[str] = Counter()
        outside = 0
        for index in loose:
            stroke = self._strokes[index]
            sound = self._sound(stroke.key)
            if sound is None:
                unknown[f"key {stroke.key}"] += 1
                continue
            time = self._reading.places[index]
            if not self._is_by_time:
                place = stroke.quarters + Fraction(self._reading.shift).limit_denominator(96)
                time = self._page.seconds_at(place) + self._page.score.offset_seconds
            if not -BRINGING.near_seconds <= time <= duration_seconds:
                outside += 1
                continue
            new.append(
                Hit(max(0.0, time), sound.instrument, stroke.velocity, 1.0, sound.articulation)
            )
        return new, [
            *in_words.unknown_drums(unknown),
            *in_words.outside(outside),
            *in_words.moved(self._reading.shift, self._reading.by),
        ]
