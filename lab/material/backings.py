"""Backing music without drums, rendered once into the cache: soundfonts, voices, strums.

Most phantom hi-hats of a drum transcriber sit where a guitar is strummed or a singer says s. So
the backings are played by several soundfonts with changed programs, and two kinds of layers are
synthesised for the purpose: sung syllables with their consonants, and strummed, partly damped
strings. All of it carries no label: whatever sounds here is not a drum.
"""

from __future__ import annotations

import random
import subprocess
import tempfile
from pathlib import Path

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import lfilter

from lab.material.bundle import SOUNDFONTS

SAMPLE_RATE = 44100
# A minute of music takes 3 s of a free core. The limit is for a file that never ends: what a busy
# machine leaves out makes other sets of training and of validation.
_LONGEST_RENDERING_SECONDS = 180
# General MIDI programs that may stand in for each other (numbered from 0).
_CHORDAL = (
    0, 1, 2, 4, 5, 6, 7, 11, 16, 17, 18, 21, 24, 25, 26, 27, 28, 29, 30, 46, 48, 50, 62, 80, 81, 84,
)  # fmt: skip
_MELODIC = (
    22, 40, 41, 56, 57, 59, 61, 64, 65, 66, 68, 71, 73, 75, 80, 81, 82, 85, 87, 53, 54,
)  # fmt: skip
_BASS = tuple(range(32, 40))
# Agogo, wood block, taiko, melodic tom, synth drum, reversed cymbal: drums on another channel.
_DRUMS_ELSEWHERE = (113, 115, 116, 117, 118, 119)
# Plucked and struck strings and bars: an attack as bright as a hat's on every note.
_PLUCKED = (6, 6, 6, 7, 7, 7, 8, 9, 10, 11, 12, 13, 15, 24, 25, 27, 45, 46, 104, 105, 106, 107, 108)


def _new_program(rng: random.Random, program: int, *, plucked: bool) -> int:
    if program in _BASS:
        return rng.choice(_BASS)
    if plucked:
        return rng.choice(_PLUCKED)
    if 40 <= program < 48 or 56 <= program < 80:
        return rng.choice(_MELODIC)
    if 24 <= program < 32:
        return rng.randrange(24, 31)
    return rng.choice(_CHORDAL)


def without_drums(
    path: Path, rng: random.Random, seconds: float, *, plucked: bool = False
) -> mido.MidiFile:
    """The file without its drum channel, cut after `seconds`, with instruments changed.

    plucked: harpsichords, clavinets, mallets and the like take the parts of all but the bass.
    """
    source = mido.MidiFile(path)
    out = mido.MidiFile(ticks_per_beat=source.ticks_per_beat, type=0)
    track = mido.MidiTrack()
    out.tracks.append(track)
    changed: dict[int, int] = {}
    levels = {channel: rng.randint(60, 120) for channel in range(16)}
    silent = {rng.choice(range(16))} if rng.random() < 0.3 else set()
    drumming: set[int] = set()
    for channel, level in levels.items():
        track.append(mido.Message("control_change", channel=channel, control=7, value=level))
    transpose = rng.randint(-3, 3)
    wait, time, tempo = 0, 0.0, 500000
    for message in mido.merge_tracks(source.tracks):
        wait += message.time
        time += mido.tick2second(message.time, source.ticks_per_beat, tempo)
        if message.type == "set_tempo":
            tempo = message.tempo
        elif (
            message.is_meta
            or not hasattr(message, "channel")
            or message.channel == 9
            or message.channel in silent
            or (message.type == "note_on" and message.channel in drumming)
            or (
                message.type == "control_change"
                and message.control
                in (
                    0,
                    7,
                    32,
                    64,
                    91,
                    93,
                )
            )
        ):
            continue
        if message.type == "program_change":
            change = drumming.add if message.program in _DRUMS_ELSEWHERE else drumming.discard
            change(message.channel)
            if message.program not in changed:
                keep = rng.random() < (0.1 if plucked else 0.35)
                changed[message.program] = (
                    message.program if keep else _new_program(rng, message.program, plucked=plucked)
                )
            track.append(message.copy(time=wait, program=changed[message.program]))
        elif message.type in ("note_on", "note_off"):
            note = min(127, max(0, message.note + transpose))
            track.append(message.copy(time=wait, note=note))
        else:
            track.append(message.copy(time=wait))
        wait = 0
        if time > seconds:
            break
    # Without this the renderer waits for ever for notes that the cut left sounding.
    for channel in range(16):
        track.append(mido.Message("control_change", channel=channel, control=120, value=0))
    return out


def render_midi(
    path: Path, rng: random.Random, seconds: float, *, plucked: bool = False
) -> NDArray[np.float32] | None:
    """The backing of a MIDI file as mono samples; t = 0 is the file's t = 0. None if silent."""
    soundfont = rng.choice(SOUNDFONTS)[0]
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder) / "backing.mid", Path(folder) / "backing.wav"
        without_drums(path, rng, seconds, plucked=plucked).save(midi)
        reverb = "1" if rng.random() < 0.4 else "0"
        subprocess.run(
            ["fluidsynth", "-niq", "-g", "0.4", "-R", reverb, "-C", "0", "-r", str(SAMPLE_RATE),
             "-O", "float", "-F", str(wav), str(soundfont), str(midi)],
            check=True, capture_output=True, stdin=subprocess.DEVNULL,
            timeout=_LONGEST_RENDERING_SECONDS,
        )  # fmt: skip
        samples, _ = soundfile.read(wav, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)[: int(seconds * SAMPLE_RATE)]
    level = float(np.sqrt(np.mean(np.square(mono)))) if len(mono) else 0.0
    if level < 1e-4:
        return None
    if rng.random() < 0.2:
        drive = rng.uniform(1.0, 8.0) / (4 * level)
        mono = np.tanh(mono * drive).astype(np.float32)
    return np.asarray(mono, dtype=np.float32)


def _resonator(x: NDArray[np.float64], frequency: float, width: float) -> NDArray[np.float64]:
    radius = np.exp(-np.pi * width / SAMPLE_RATE)
    angle = 2 * np.pi * frequency / SAMPLE_RATE
    return np.asarray(lfilter([1 - radius], [1, -2 * radius * np.cos(angle), radius**2], x))


def _band_noise(rng: np.random.Generator, n: int, low: float, high: float) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(rng.standard_normal(n))
    f = np.fft.rfftfreq(n, 1 / SAMPLE_RATE)
    spectrum *= (f / (f + low)) ** 4 / (1 + (f / high) ** 6)
    noise = np.fft.irfft(spectrum, n)
    return np.asarray(noise / (noise.std() + 1e-9))


_VOWELS = (
    (730, 1090, 2440, 3400), (270, 2290, 3010, 3600), (300, 870, 2240, 3300),
    (530, 1840, 2480, 3500), (570, 840, 2410, 3300), (660, 1720, 2410, 3500),
)  # fmt: skip


def voice(seed: int, seconds: float) -> NDArray[np.float32]:
    """A made-up singer: syllables of a consonant (hiss, burst or none) and a vowel."""
    rng, py = np.random.default_rng(seed), random.Random(seed)
    out = np.zeros(int(seconds * SAMPLE_RATE))
    pitch, unit, t = py.uniform(90, 330), py.uniform(0.11, 0.3), 0.0
    hiss_level, burst_level = py.uniform(0.05, 0.5), py.uniform(0.05, 0.5)
    hiss_low = py.uniform(3500, 6500)
    while t < seconds - 2:
        if py.random() < 0.12:
            t += unit * py.randint(2, 8)
            continue
        length = unit * py.choice([1, 1, 1, 2, 2, 3, 4])
        at, kind = int(t * SAMPLE_RATE), py.random()
        if kind < 0.35:
            n = int(py.uniform(0.05, 0.16) * SAMPLE_RATE)
            rise = np.minimum(1, np.arange(n) / (py.uniform(0.005, 0.05) * SAMPLE_RATE))
            fall = np.minimum(1, (n - np.arange(n)) / (py.uniform(0.01, 0.04) * SAMPLE_RATE))
            hiss = _band_noise(rng, n, hiss_low, 11000) * rise * fall
            out[at : at + n] += hiss * hiss_level * py.uniform(0.4, 1)
            at += int(n * 0.8)
        elif kind < 0.7:
            n = int(py.uniform(0.012, 0.06) * SAMPLE_RATE)
            decay = np.exp(-np.arange(n) / (py.uniform(0.004, 0.02) * SAMPLE_RATE))
            burst = _band_noise(rng, n, py.uniform(800, 4500), 9000) * decay
            out[at : at + n] += burst * burst_level * py.uniform(0.3, 1)
            at += int(n * py.uniform(0.5, 1.2))
        n = max(2000, int(length * SAMPLE_RATE * py.uniform(0.7, 0.98)))
        k = np.arange(n) / SAMPLE_RATE
        note = pitch * 2 ** (py.choice([-5, -3, -2, 0, 0, 2, 4, 5, 7]) / 12)
        vibrato = 1 + 0.006 * np.sin(2 * np.pi * 5.5 * k) * np.minimum(1, k / 0.3)
        phase = np.cumsum(note * vibrato) / SAMPLE_RATE
        source = 2 * (phase % 1) - 1 + rng.standard_normal(n) * py.uniform(0.01, 0.1)
        vowel = sum(
            _resonator(source, f * py.uniform(0.95, 1.05), 60 + 0.04 * f) * g
            for f, g in zip(py.choice(_VOWELS), (1, 0.7, 0.45, 0.3), strict=True)
        )
        vowel = np.asarray(vowel) * np.minimum(1, k / py.uniform(0.01, 0.06))
        vowel *= np.minimum(1, (n - np.arange(n)) / (0.03 * SAMPLE_RATE))
        vowel *= 0.3 / (np.abs(vowel).max() + 1e-9)
        stop = min(len(out), at + n)
        out[at:stop] += vowel[: stop - at]
        t += length
    return np.asarray(out, dtype=np.float32)


def _string(
    rng: np.random.Generator, f: float, n: int, damp: float, bright: float
) -> NDArray[np.float64]:
    """A plucked string (Karplus and Strong 1983) as one recursive filter."""
    period = max(2, int(SAMPLE_RATE / f))
    pluck = np.zeros(n)
    burst = lfilter([bright], [1, bright - 1], rng.standard_normal(period))
    pluck[: min(period, n)] = burst[:n]
    a = np.zeros(period + 2)
    a[0], a[period], a[period + 1] = 1.0, -damp * 0.5, -damp * 0.5
    return np.asarray(lfilter([1.0], a, pluck))


def strums(seed: int, seconds: float) -> NDArray[np.float32]:
    """A strummed guitar: chords and damped strokes on a steady grid, sometimes distorted."""
    rng, py = np.random.default_rng(seed), random.Random(seed)
    out = np.zeros(int(seconds * SAMPLE_RATE))
    step = py.uniform(0.09, 0.32)
    pattern = [py.random() < 0.75 for _ in range(8)]
    damped = [py.random() < py.choice([0.1, 0.5, 0.9]) for _ in range(8)]
    root, bright = py.uniform(80, 160), py.uniform(0.3, 1.0)
    pick = py.uniform(0.0, 0.6)
    kinds: dict[tuple[bool, bool, int], NDArray[np.float64]] = {}
    for i in range(int((seconds - 2) / step)):
        if not pattern[i % 8]:
            continue
        chord = (i // 16) % 3
        key = (damped[i % 8], i % 2 == 0, chord)
        if key not in kinds:
            n = int((0.09 if key[0] else 1.0) * SAMPLE_RATE)
            stroke = np.zeros(n + 4000)
            ratios = [1, 1.5, 2, 2.52, 3, 4]
            for j, ratio in enumerate(ratios if key[1] else ratios[::-1]):
                at = int(j * py.uniform(0.002, 0.009) * SAMPLE_RATE)
                f = root * ratio * 2 ** ((0, 5, 7)[chord] / 12)
                tone = _string(rng, f, n, 0.8 if key[0] else py.uniform(0.985, 0.998), bright)
                stroke[at : at + n] += tone
                m = int(0.006 * SAMPLE_RATE)
                scrape = _band_noise(rng, m, 2500, 9000) * np.exp(-np.arange(m) / (m / 3))
                stroke[at : at + m] += pick * scrape
            fade = np.minimum(1, (len(stroke) - np.arange(len(stroke))) / 2000)
            kinds[key] = stroke * fade
        stroke = kinds[key] * py.uniform(0.4, 1)
        at = int((i * step + py.gauss(0.01, 0.005)) * SAMPLE_RATE)
        at = max(0, at)
        out[at : at + len(stroke)] += stroke[: len(out) - at]
    out /= out.std() + 1e-9
    if py.random() < 0.4:
        out = np.tanh(out * py.uniform(1, 10))
    return np.asarray(0.2 * out / (out.std() + 1e-9), dtype=np.float32)
