"""Concert snares, bass drums and cymbals: the orchestral kits of General MIDI, as one-shots.

The kits of the bundle are those of bands. A snare of an orchestra is deep and soft, with little
wire in it, and a network that has heard none calls it a tom.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray

from lab.material.backings import SAMPLE_RATE
from lab.material.bundle import SOUNDFONTS

KIND = "concert"
_PROGRAM = 48
_NOTES = {"kick": (35, 36), "snare": (38, 40), "crash": (57, 59)}
# Strokes as MIDI plays them, and the velocities that each stands for.
_LAYERS = ((25, (1, 34)), (45, (35, 54)), (65, (55, 74)), (85, (75, 99)), (115, (100, 127)))
_APART_SECONDS = 4.0
_FIRST_SECONDS = 0.5
# As the bundle measures its own.
_LOUD_SECONDS = 0.02
_SILENT = 1e-4


def _rendered(soundfont: Path) -> NDArray[np.float32]:
    """All strokes of a soundfont's orchestral kit, one every _APART_SECONDS."""
    ticks = 480
    file = mido.MidiFile(ticks_per_beat=ticks, type=0)
    track = mido.MidiTrack()
    file.tracks.append(track)
    track.append(mido.Message("program_change", channel=9, program=_PROGRAM))
    wait = round(_FIRST_SECONDS * 2 * ticks)
    for notes in _NOTES.values():
        for note in notes:
            for velocity, _ in _LAYERS:
                held = round(2 * ticks * (_APART_SECONDS - 0.5))
                track.append(
                    mido.Message("note_on", channel=9, note=note, velocity=velocity, time=wait)
                )
                track.append(mido.Message("note_off", channel=9, note=note, time=held))
                wait = ticks
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder) / "kit.mid", Path(folder) / "kit.wav"
        file.save(midi)
        subprocess.run(
            ["fluidsynth", "-niq", "-g", "0.6", "-R", "0", "-C", "0", "-r", str(SAMPLE_RATE),
             "-O", "float", "-F", str(wav), str(soundfont), str(midi)],
            check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=180,
        )  # fmt: skip
        samples, _ = soundfile.read(wav, dtype="float32", always_2d=True)
    return np.asarray(samples.mean(axis=1), np.float32)


def one_shot(samples: NDArray[np.float32]) -> tuple[NDArray[np.int16], dict[str, float]] | None:
    """A stroke at full scale from just before its attack, and what a kit says of it.

    None if it is silent. The end is where it has fallen 60 dB below its peak.
    """
    peak = float(np.abs(samples).max()) if len(samples) else 0.0
    if peak < _SILENT:
        return None
    samples = samples / np.float32(peak)
    start = max(0, int(np.flatnonzero(np.abs(samples) > 0.1)[0]) - round(0.002 * SAMPLE_RATE))
    end = int(np.flatnonzero(np.abs(samples) > 1e-3)[-1]) + 1
    stroke = samples[start:end]
    width = min(len(stroke), round(_LOUD_SECONDS * SAMPLE_RATE))
    power = np.convolve(np.square(stroke, dtype=np.float64), np.ones(width) / width, "valid")
    about = {"gain_db": 0.0, "loud_db": 10 * float(np.log10(power.max())), "onset_s": 0.002}
    return np.asarray(stroke * 32000, np.int16), about


def kits() -> list[tuple[str, dict[str, Any], dict[int, NDArray[np.int16]]]]:
    """Name, description and strokes of each soundfont's kit; "at" of an entry is its stroke."""
    found = []
    for soundfont, licence in SOUNDFONTS:
        sound = _rendered(soundfont)
        strokes: dict[int, NDArray[np.int16]] = {}
        pieces: dict[str, list[dict[str, Any]]] = {}
        at = _FIRST_SECONDS
        for piece, notes in _NOTES.items():
            for _ in notes:
                for _, velocities in _LAYERS:
                    first = round((at - 0.01) * SAMPLE_RATE)
                    length = round((_APART_SECONDS - 0.05) * SAMPLE_RATE)
                    shot = one_shot(sound[first : first + length])
                    at += _APART_SECONDS
                    if shot is None:
                        continue
                    samples, about = shot
                    entry = {"vel": list(velocities), "at": len(strokes), **about}
                    pieces.setdefault(piece, []).append(entry)
                    strokes[len(strokes)] = samples
        name = f"concert_{soundfont.stem.lower()}"
        kit = {
            "licence": licence, "family": name, "kind": KIND, "tier": "A", "split": "train",
            "pieces": pieces,
        }  # fmt: skip
        found.append((name, kit, strokes))
    return found
