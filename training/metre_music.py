"""Music whose bars are known, to learn from how metres sound in the strokes alone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.evaluation.notation.conditions import conditions
from drumscribe.evaluation.notation.groove_midi import VALIDATION_DRUMMERS, read_performance
from drumscribe.evaluation.notation.study import Task, piece_of
from training.performances import CLASS_OF_PIECE, GENERAL_MIDI

_LONGEST_SECONDS = 45.0
_FEWEST_HITS = 30
_FIVE_EIGHT = Metre(5, 8)


@dataclass(frozen=True, slots=True, eq=False)
class KnownMusic:
    """source: composed, groove or full band; also: metres in which it could as well be written."""

    source: str
    name: str
    hits: tuple[Hit, ...]
    grid: BeatGrid
    also: tuple[Metre, ...] = ()


def composed(scores: int, seed: int) -> Iterator[KnownMusic]:
    """Pieces of `drumscribe evaluate notation`, which measures with seed 0: take another."""
    for condition in conditions():
        for index in range(scores):
            piece, played = piece_of(Task(condition=condition, index=index, seed=seed))
            name = f"{condition.name} #{index} {piece.name} {piece.metre} {piece.bpm:.0f}"
            yield KnownMusic("composed", name, played.hits, played.grid, piece.other_metres)


def performances(folder: Path) -> Iterator[KnownMusic]:
    """The training drummers of Groove MIDI: whole beats, no lone fills."""
    with (folder / "info.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        held_out = row["drummer"] in VALIDATION_DRUMMERS or "eval_session" in row["id"]
        if held_out or row["beat_type"] != "beat":
            continue
        played = read_performance(folder, row)
        if played is not None and played.metre != _FIVE_EIGHT:
            yield KnownMusic("groove", row["id"], played.hits, played.grid)


def full_band(folder: Path) -> Iterator[KnownMusic]:
    """The drums of full-band MIDI files of one metre and one tempo, bar 1 at their start."""
    for path in sorted(folder.glob("*.mid")):
        music = _read_midi(path)
        if music is not None:
            yield music


def _read_midi(path: Path) -> KnownMusic | None:
    midi = mido.MidiFile(path)
    messages = [message for track in midi.tracks for message in track]
    metres = {
        Metre(message.numerator, message.denominator)
        for message in messages
        if message.type == "time_signature"
    }
    tempi = {message.tempo for message in messages if message.type == "set_tempo"}
    if len(metres) != 1 or len(tempi) != 1:
        return None
    metre = metres.pop()
    tick_seconds = tempi.pop() / 1e6 / midi.ticks_per_beat
    hits: dict[tuple[int, Instrument], Hit] = {}
    for track in midi.tracks:
        ticks = 0
        for message in track:
            ticks += message.time
            if message.type != "note_on" or message.velocity == 0 or message.channel != 9:
                continue
            drum = CLASS_OF_PIECE.get(GENERAL_MIDI.get(message.note, ""))
            time = ticks * tick_seconds
            if drum is not None and time <= _LONGEST_SECONDS:
                instrument = Instrument("snare" if drum == "sidestick" else drum)
                hits[ticks, instrument] = Hit(time, instrument, message.velocity / 127.0)
    if len(hits) < _FEWEST_HITS:
        return None
    ordered = sorted(hits.values(), key=lambda hit: (hit.time, hit.instrument.value))
    period = float(metre.beat_length) * midi.ticks_per_beat * tick_seconds
    n_beats = (int(ordered[-1].time / period / metre.beats_per_bar) + 1) * metre.beats_per_bar + 1
    beats = np.arange(n_beats)
    grid = BeatGrid(period * beats, beats % metre.beats_per_bar + 1, metre)
    also = (Metre(12, 8),) if metre == Metre(4, 4) else ()
    return KnownMusic("full band", path.stem, tuple(ordered), grid, also)
