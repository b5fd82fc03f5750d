"""Renders the song in examples/ from material that may be passed on.

    python -m lab.material.make_example

A held-out Groove performance on one real kit, with its backing on a soundfont, in stereo, with a
plate and a bus compressor: a small record whose every stroke is known.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from lab.material import bundle
from lab.places import REPOSITORY
from lab.render import effects
from lab.render.performances import CLASS_OF_PIECE, GROOVE, Event, read_events

SAMPLE_RATE = 44100
LEAD_IN_SECONDS = 0.5
RING_OUT_SECONDS = 2.4
_DYNAMICS_DB = 30.0
_SUBSTITUTES = {
    "snare_rimshot": "snare",
    "hihat_pedal": "hihat_closed",
    "ride_bell": "ride",
}
_PAN = {
    "kick": 0.0, "snare": 0.05, "hihat_closed": 0.35, "hihat_open": 0.35, "ride": -0.4,
    "crash": 0.3, "tom_high": 0.2, "tom_mid": -0.1, "tom_low": -0.35,
}  # fmt: skip
_LEVEL_DB = {
    "kick": 1.0, "snare": 0.0, "hihat_closed": -7.0, "hihat_open": -6.0, "ride": -6.0,
    "crash": -3.0, "tom_high": -1.0, "tom_mid": -1.0, "tom_low": 0.0,
}  # fmt: skip

Stereo = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Piece:
    """What the example is made of."""

    name: str
    performance: str
    backing: str
    kit: str
    plate: str
    bpm: float
    first_bar: int
    bars: int
    drums_db: float


EXAMPLE = Piece(
    name="funk-rock",
    performance="drummer9/session1/2_rock_100_beat_4-4.mid",
    backing="midi/gmd_accomp/drummer9_session1_2.mid",
    kit="muldjord",
    plate="ir/emt140-plate_emt_140_medium_2.flac",
    bpm=100.0,
    first_bar=1,
    bars=10,
    drums_db=2.0,
)
# Short ones for the regression test: other kits, other styles.
CLIPS = (
    Piece(
        "soul-ghosts", "drummer5/eval_session/3_soul-groove3_86_beat_4-4.mid",
        "midi/gmd_accomp/drummer5_eval_session_3.mid", "open_source_drumkit",
        EXAMPLE.plate, 86.0, 5, 3, 0.0,
    ),
    Piece(
        "funk-open-hats", "drummer7/eval_session/2_funk-groove2_105_beat_4-4.mid",
        "midi/gmd_accomp/drummer7_eval_session_2.mid", "muldjord_room",
        EXAMPLE.plate, 105.0, 4, 4, 3.0,
    ),
    Piece(
        "fast-ride", "drummer5/eval_session/1_funk-groove1_138_beat_4-4.mid",
        "midi/gmd_accomp/drummer5_eval_session_1.mid", "virtuosity_jazz",
        EXAMPLE.plate, 138.0, 4, 5, 4.0,
    ),
    Piece(
        "samba-toms", "drummer5/session1/10_latin-brazilian-sambareggae_96_beat_4-4.mid",
        "midi/gmd_accomp/drummer5_session1_10.mid", "muldjord",
        EXAMPLE.plate, 96.0, 4, 3, 6.0,
    ),
)  # fmt: skip


def _played(root: Path, piece: Piece) -> list[Event]:
    """The strokes of the chosen bars and of the downbeat after them, from the lead-in on."""
    bar = 240 / piece.bpm
    start, stop = (
        piece.first_bar * bar - 0.06,
        (piece.first_bar + piece.bars) * bar + 0.12,
    )
    events = read_events(root / "midi/groove" / piece.performance, GROOVE)
    return [
        e._replace(time=e.time - piece.first_bar * bar + LEAD_IN_SECONDS)
        for e in events
        if start <= e.time < stop and e.velocity >= 8
    ]


def _drums(
    root: Path, piece: Piece, events: list[Event], n: int
) -> tuple[Stereo, list[dict[str, Any]]]:
    rng = random.Random(7)
    pieces = bundle.load_kits(root, ("A",))[piece.kit]["pieces"]
    out = np.zeros((n, 2), dtype=np.float32)
    hits = []
    hats = [e.time for e in events if e.piece.startswith("hihat")]
    for event in events:
        name = event.piece if event.piece in pieces else _SUBSTITUTES.get(event.piece, "")
        if name not in pieces:
            continue
        entries = pieces[name]
        fitting = [e for e in entries if e["vel"][0] <= event.velocity <= e["vel"][1]]
        entry = rng.choice(fitting or entries)
        samples, _ = soundfile.read(root / entry["file"], dtype="float32")
        closing = [t for t in hats if t > event.time + 0.02]
        if name == "hihat_open" and closing:
            samples = samples[: int((closing[0] - event.time) * SAMPLE_RATE) + 1500].copy()
            samples[-1500:] *= np.linspace(1, 0, len(samples[-1500:]), dtype=np.float32)
        instrument = CLASS_OF_PIECE[name]
        own_loudness = entry["loud_db"] - entry["gain_db"]
        level = _LEVEL_DB[instrument] - own_loudness + _DYNAMICS_DB * (event.velocity / 127 - 1)
        angle = (1 + _PAN[instrument]) * np.pi / 4
        at = round((event.time - entry["onset_s"]) * SAMPLE_RATE)
        samples = samples[: n - at, None] * np.float32(10 ** (level / 20))
        out[at : at + len(samples)] += samples * np.array(
            [np.cos(angle), np.sin(angle)], np.float32
        )
        hits.append(
            {
                "time": round(event.time, 4), "instrument": instrument,
                "velocity": round(event.velocity / 127, 3),
            }
        )  # fmt: skip
    return out, hits


def _backing(root: Path, piece: Piece, n: int) -> Stereo:
    soundfont = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "backing.wav"
        subprocess.run(
            ["fluidsynth", "-niq", "-g", "0.5", "-R", "1", "-C", "0", "-r", str(SAMPLE_RATE),
             "-O", "float", "-F", str(wav), soundfont, str(root / piece.backing)],
            check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip
        samples, _ = soundfile.read(wav, dtype="float32", always_2d=True)
    lead = int(LEAD_IN_SECONDS * SAMPLE_RATE)
    bar = 240 / piece.bpm
    start = round(piece.first_bar * bar * SAMPLE_RATE)
    # The band stops on the downbeat after the last bar, together with the drums.
    stop = start + round((piece.bars * bar + 60 / piece.bpm) * SAMPLE_RATE)
    part = samples[start:stop].copy()
    fade = int(0.6 * SAMPLE_RATE)
    part[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    out = np.zeros((n, 2), dtype=np.float32)
    out[lead : lead + len(part)] = part[: n - lead]
    return out


def render(root: Path, piece: Piece) -> tuple[Stereo, list[dict[str, Any]]]:
    """The song, float32 (n, 2) at 44.1 kHz, and its true hits."""
    bar = 240 / piece.bpm
    n = int((LEAD_IN_SECONDS + piece.bars * bar + RING_OUT_SECONDS) * SAMPLE_RATE)
    drums, hits = _drums(root, piece, _played(root, piece), n)
    plate, _ = soundfile.read(root / piece.plate, dtype="float32", always_2d=True)
    plate = plate.mean(axis=1)[: int(1.2 * SAMPLE_RATE), None]
    wet = fftconvolve(drums, plate / np.sqrt(np.square(plate).sum()), axes=0)[:n]
    drums = drums + np.float32(0.06) * wet.astype(np.float32)
    loud = effects.rms(drums)
    drums = np.tanh(drums / (loud * 6)) * (loud * 6)
    band = _backing(root, piece, n)
    band *= effects.rms(drums) / effects.rms(band) * 10 ** (-piece.drums_db / 20)
    mix = drums + band
    peak = float(np.abs(mix).max())
    mix = np.tanh(mix / peak * 1.4) / np.tanh(1.4) * 0.9
    fade = int(0.8 * SAMPLE_RATE)
    mix[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    return mix.astype(np.float32), hits


def write_hits(path: Path, hits: list[dict[str, Any]]) -> None:
    """One stroke per line."""
    path.write_text(json.dumps(hits).replace("{", "\n{") + "\n")


def write_example(root: Path, folder: Path) -> None:
    """The example song as FLAC (mono halves the file; the page is the same), hits and beats."""
    mix, hits = render(root, EXAMPLE)
    path = folder / f"{EXAMPLE.name}.flac"
    soundfile.write(path, mix.mean(axis=1), SAMPLE_RATE, subtype="PCM_16", compression_level=1.0)
    write_hits(folder / f"{EXAMPLE.name}.hits.json", hits)
    beat = 60 / EXAMPLE.bpm
    grid = {
        "bpm": EXAMPLE.bpm, "time_signature": "4/4", "first_downbeat": LEAD_IN_SECONDS,
        "beats": [round(LEAD_IN_SECONDS + i * beat, 4) for i in range(EXAMPLE.bars * 4 + 1)],
    }  # fmt: skip
    (folder / f"{EXAMPLE.name}.beats.json").write_text(json.dumps(grid) + "\n")
    print(f"{path}: {len(mix) / SAMPLE_RATE:.1f} s, {len(hits)} hits")


def write_clip(root: Path, folder: Path, piece: Piece) -> None:
    """A clip as mono Ogg Vorbis and its hits."""
    mix, hits = render(root, piece)
    mono = mix.mean(axis=1)
    path = folder / f"{piece.name}.ogg"
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, 1, format="OGG", subtype="VORBIS") as file:
        # libsndfile runs out of stack when a long piece is encoded in one call.
        for i in range(0, len(mono), SAMPLE_RATE):
            file.write(mono[i : i + SAMPLE_RATE])
    write_hits(folder / f"{piece.name}.hits.json", hits)
    print(f"{path}: {len(mono) / SAMPLE_RATE:.1f} s, {len(hits)} hits")


def main() -> None:
    root = REPOSITORY
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=bundle.default_bundle())
    parser.add_argument("--out", type=Path, default=root / "examples")
    parser.add_argument("--clips", type=Path, default=root / "backend/tests/regression/clips")
    args = parser.parse_args()
    args.out.mkdir(exist_ok=True)
    args.clips.mkdir(parents=True, exist_ok=True)
    write_example(args.bundle, args.out)
    for piece in CLIPS:
        write_clip(args.bundle, args.clips, piece)


if __name__ == "__main__":
    main()
