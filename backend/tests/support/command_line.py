"""The command as a user types it."""

from pathlib import Path

import soundfile

from drumscribe.cli.main import invoke


def drumscribe(*arguments: object) -> int:
    return invoke([str(argument) for argument in arguments])


def excerpt(song: Path, path: Path, seconds: float = 6.0) -> Path:
    """A short real recording under another name."""
    samples, rate = soundfile.read(song, frames=int(seconds * 44100), dtype="float32")
    soundfile.write(path, samples, rate)
    return path
