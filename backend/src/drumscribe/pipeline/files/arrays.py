"""Sound and activations as files; each reads back exactly what was written, but FLAC for listeners.

Audio -> WAV with 32-bit floats; Activations -> NumPy archive.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final

import numpy as np

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Activations, Listening
from drumscribe.pipeline.files.atomic import atomic_path, write_bytes

AUDIO_BLOCK: Final = 1 << 18  # frames that are written at once


def write_audio(path: Path, audio: Audio) -> None:
    """Write samples as 32-bit float WAV, block by block, exactly."""
    _write_sound(path, audio, container="WAV", subtype="FLOAT")


def write_flac(path: Path, audio: Audio) -> None:
    """Write samples as 24-bit FLAC for listeners; samples beyond full scale are clipped."""
    _write_sound(path, audio, container="FLAC", subtype="PCM_24")


def write_listening_flac(path: Path, audio: Audio) -> None:
    """Write samples as 16-bit FLAC, which every browser plays and which is half as large."""
    _write_sound(path, audio, container="FLAC", subtype="PCM_16")


def _write_sound(path: Path, audio: Audio, *, container: str, subtype: str) -> None:
    import soundfile

    with (
        atomic_path(path) as temporary,
        soundfile.SoundFile(
            temporary, "w", audio.sample_rate, audio.channels, subtype, format=container
        ) as file,
    ):
        for start in range(0, audio.n_samples, AUDIO_BLOCK):
            block = audio.samples[:, start : start + AUDIO_BLOCK].T
            file.write(block if subtype == "FLOAT" else np.clip(block, -1.0, 1.0))


def read_audio(path: Path) -> Audio:
    """Read what write_audio wrote."""
    import soundfile

    samples, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    return Audio(np.ascontiguousarray(samples.T), sample_rate)


def write_activations(path: Path, activations: Activations) -> None:
    """Write activations as a compressed NumPy archive."""
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {
        "onsets": activations.onsets,
        "velocities": activations.velocities,
        "fps": np.float64(activations.fps),
        "classes": np.array(activations.classes),
        "listening": np.array(activations.listening.value),
    }
    if activations.tom_pitches is not None:
        arrays["tom_pitches"] = activations.tom_pitches
    np.savez_compressed(buffer, **arrays)
    write_bytes(path, buffer.getvalue())


def read_activations(path: Path) -> Activations:
    """Read what write_activations wrote.

    Archives of version 0.1 have no pitches of toms, those before 0.4 do not say in what they were
    heard: as if in a mix, whose thresholds were all that there was.
    """
    with np.load(path, allow_pickle=False) as archive:
        listening = str(archive["listening"]) if "listening" in archive else Listening.MIX
        return Activations(
            archive["onsets"],
            archive["velocities"],
            float(archive["fps"]),
            tuple(str(name) for name in archive["classes"]),
            archive.get("tom_pitches"),
            Listening(listening),
        )
