"""Run as a program in a child process: a recording in, its canonical WAV and a FLAC out.

usage: python -I -m drumscribe.pipeline.decoding.child <JSON of DecodeRequest> <folder>

Decoders are libraries in C that read what strangers send. What breaks here ends a child only, and
pipeline.decoding.confined tells the story. outcome.json in the folder says how it went; without
it, it went wrong.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from drumscribe.errors import DrumScribeError, OutputError

OUTCOME: Final = "outcome.json"
PROGRESS: Final = "progress"
AUDIO: Final = "audio.wav"
LISTENING: Final = "recording.flac"
OUT_OF_MEMORY: Final = "out_of_memory"
CANNOT_WRITE: Final = 74  # EX_IOERR of sysexits.h

# Of the progress that is shown; the rest is writing.
DECODED_SHARE: Final = 0.7
REPORT_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """What to decode. said: wishes, as JSON; limits: see DecodeLimits."""

    source: str
    said: dict[str, Any]
    limits: dict[str, Any]

    def to_json(self) -> str:
        return json.dumps(asdict(self))


class _ChildContext:
    """RunContext of this process: progress goes to a file; the parent kills who shall not go on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reported_at = 0.0

    @property
    def scratch_dir(self) -> Path:
        return self._folder

    def progress(self, fraction: float) -> None:
        self.report(DECODED_SHARE * fraction)

    def report(self, fraction: float) -> None:
        if time.monotonic() - self._reported_at > REPORT_SECONDS:
            (self._folder / PROGRESS).write_text(f"{fraction:.3f}", encoding="ascii")
            self._reported_at = time.monotonic()

    def checkpoint(self) -> None:
        """Never raises: the parent ends this process where it is to stop."""


def main(request: DecodeRequest, folder: Path) -> int:
    """Exit code 0: outcome.json stands in the folder; CANNOT_WRITE: the folder is full."""
    try:
        try:
            outcome = _decoded(request, folder)
        except DrumScribeError as error:
            outcome = {"code": error.code, "message": error.message}
        except MemoryError:
            outcome = {"code": OUT_OF_MEMORY, "message": ""}
        (folder / OUTCOME).write_text(json.dumps(outcome), encoding="utf-8")
    except OSError:
        return CANNOT_WRITE
    return 0


def _decoded(request: DecodeRequest, folder: Path) -> dict[str, Any]:
    from drumscribe.audio.decode import DecodeLimits, decode
    from drumscribe.domain.wishes import Wishes
    from drumscribe.pipeline.files import arrays

    context = _ChildContext(folder)
    wishes = Wishes.of(request.said).hearing
    decoded = decode(
        Path(request.source),
        context=context,
        limits=DecodeLimits(**request.limits),
        start_seconds=wishes.start_seconds,
        end_seconds=wishes.end_seconds,
        audio_track=wishes.audio_track,
        accept_damaged=wishes.accept_damaged,
    )
    audio = decoded.audio
    try:
        arrays.write_audio(folder / AUDIO, audio)
        context.report(0.8)
        arrays.write_listening_flac(folder / LISTENING, audio)
    except (OSError, RuntimeError) as error:  # libsndfile's own error when the disk is full
        raise OutputError(f"The decoded sound cannot be written: {error}.") from error
    return {
        "duration_seconds": audio.duration_seconds,
        "notices": [notice.to_dict() for notice in decoded.notices],
    }


if __name__ == "__main__":
    sys.exit(main(DecodeRequest(**json.loads(sys.argv[1])), Path(sys.argv[2])))
