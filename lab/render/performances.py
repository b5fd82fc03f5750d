"""MIDI drum parts as events in seconds, and the ways they are re-voiced."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import mido

# General MIDI percussion as pieces of a kit; Groove's e-kit sends some notes for other pads.
GENERAL_MIDI = {
    35: "kick", 36: "kick", 37: "sidestick", 38: "snare", 40: "snare_rimshot", 39: "clap",
    41: "tom_low", 43: "tom_low", 58: "tom_low", 45: "tom_mid", 47: "tom_mid", 48: "tom_high",
    50: "tom_high", 42: "hihat_closed", 22: "hihat_closed", 44: "hihat_pedal", 46: "hihat_open",
    26: "hihat_open", 49: "crash", 57: "crash", 55: "splash", 52: "china", 51: "ride",
    59: "ride", 53: "ride_bell", 54: "tambourine", 56: "cowbell", 70: "shaker", 82: "shaker",
}  # fmt: skip
GROOVE = {
    note: piece
    for note, piece in GENERAL_MIDI.items()
    if piece not in {"tambourine", "cowbell", "shaker", "clap"}
} | {55: "crash", 52: "crash"}

# The columns of the network: the nine instruments of the product, and the side stick apart.
CLASSES = (
    "kick", "snare", "hihat_closed", "hihat_open", "ride", "crash",
    "tom_high", "tom_mid", "tom_low", "sidestick",
)  # fmt: skip
CLASS_OF_PIECE = {
    "kick": "kick", "snare": "snare", "snare_off": "snare", "snare_rimshot": "snare",
    "snare_brush": "snare", "sidestick": "sidestick", "hihat_closed": "hihat_closed",
    "hihat_pedal": "hihat_closed", "hihat_half": "hihat_open", "hihat_open": "hihat_open",
    "ride": "ride", "ride_bell": "ride", "ride_crash": "crash", "crash": "crash",
    "splash": "crash", "china": "crash", "tom_high": "tom_high", "tom_mid": "tom_mid",
    "tom_low": "tom_low",
}  # fmt: skip
DISTRACTORS = ("tambourine", "clap", "cowbell", "shaker")


class Event(NamedTuple):
    """A stroke: seconds, piece of the kit, velocity 1..127."""

    time: float
    piece: str
    velocity: float


def read_events(path: Path, note_map: dict[int, str]) -> list[Event]:
    """The strokes on the drum channel, sorted by time."""
    time, events = 0.0, []
    for message in mido.MidiFile(path):
        time += message.time
        if message.type == "note_on" and message.velocity > 0 and message.channel == 9:
            piece = note_map.get(message.note)
            if piece is not None:
                events.append(Event(time, piece, float(message.velocity)))
    return events
