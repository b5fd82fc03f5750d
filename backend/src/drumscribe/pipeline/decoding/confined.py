"""Decode in a child that may break: what the service does with what strangers send.

The command line and the library decode in their own process: there the file is the user's own.
"""

from __future__ import annotations

import dataclasses
import json
import math
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from drumscribe.audio.canonical import CANONICAL_SAMPLE_RATE
from drumscribe.audio.decode import DecodeLimits
from drumscribe.confined.running import Finished, NotStarted, ResourceLimits, run_confined
from drumscribe.domain.context import RunContext
from drumscribe.domain.transcription import Notice
from drumscribe.domain.wishes import HearingWishes, Wishes
from drumscribe.errors import (
    DecoderCrashed,
    DecoderKilled,
    DecoderLimitExceeded,
    DrumScribeError,
    InputError,
    InvalidOption,
    OutputError,
)
from drumscribe.pipeline.decoding import child
from drumscribe.pipeline.tuning import DECODING

CHILD: Final = (sys.executable, "-I", "-m", child.__name__)

# Two channels of 32-bit floats.
_BYTES_PER_SECOND: Final = CANONICAL_SAMPLE_RATE * 2 * 4
# Characters of what a child says that are shown.
LONGEST_MESSAGE: Final = 1000
# One thread, one arena: address space is what is limited.
_ENVIRONMENT: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


@dataclass(frozen=True, slots=True)
class DecodedFiles:
    """audio: the canonical sound, exactly (WAV). listening: the same for browsers (FLAC).

    notices: what is odd about the recording.
    """

    audio: Path
    listening: Path
    duration_seconds: float
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfinedDecoder:
    """Decodes recordings in a child process of its own for each.

    memory_bytes: most address space of the child; None: 1 GB and what the longest recording takes.
    child: the command line of the child, which gets a request and a folder.
    """

    memory_bytes: int | None = None
    child: Sequence[str] = CHILD

    def decode(
        self, source: Path, wishes: HearingWishes, limits: DecodeLimits, context: RunContext
    ) -> DecodedFiles:
        """Decode to files in a folder of the context's scratch folder.

        Raises InputError with what is wrong with the recording, DecoderCrashed and
        DecoderLimitExceeded among them; DecoderKilled, OutputError; what a checkpoint raises.
        """
        folder = context.scratch_dir / "decoded"
        request = child.DecodeRequest(
            source=str(source.absolute()),
            said=Wishes(hearing=wishes).said(),
            limits=dataclasses.asdict(limits),
        )

        def watch() -> None:
            context.checkpoint()
            context.progress(_progress_of(folder))

        bounds = self._bounds(limits.max_seconds)
        try:
            folder.mkdir()
            finished = run_confined(
                [*self.child, request.to_json(), str(folder)],
                folder,
                limits=bounds,
                environment=_ENVIRONMENT,
                while_running=watch,
            )
        except NotStarted as error:
            raise DecoderKilled(f"The decoder cannot be started: {error}.") from None
        except OSError as error:
            raise OutputError(f"Cannot decode in {folder}: {error.strerror}.") from error
        return _decoded(folder, finished, source.name, bounds)

    def _bounds(self, max_seconds: float) -> ResourceLimits:
        longest_bytes = math.ceil(DECODING.growth * _BYTES_PER_SECOND * max_seconds)
        return ResourceLimits(
            memory_bytes=self.memory_bytes or DECODING.base_memory_bytes + longest_bytes,
            cpu_seconds=math.ceil(DECODING.base_cpu_seconds + DECODING.cpu_share * max_seconds),
            file_bytes=longest_bytes,
        )


def _progress_of(folder: Path) -> float:
    try:
        return float((folder / child.PROGRESS).read_text(encoding="ascii"))
    except (OSError, ValueError):  # not begun, or being written
        return 0.0


def _decoded(folder: Path, finished: Finished, name: str, limits: ResourceLimits) -> DecodedFiles:
    """What the child left behind, its errors as ours."""
    try:
        outcome = json.loads((folder / child.OUTCOME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        outcome = None
    if finished.exit_code != 0 or not isinstance(outcome, dict):
        _raise_broken(finished, name, limits)
    if outcome.get("code") == child.OUT_OF_MEMORY:
        raise _beyond_limits(name, limits)
    if "code" in outcome:
        message = str(outcome.get("message", ""))[:LONGEST_MESSAGE]
        raise _EXPECTED.get(str(outcome["code"]), DecoderCrashed)(message)
    return DecodedFiles(
        folder / child.AUDIO,
        folder / child.LISTENING,
        float(outcome["duration_seconds"]),
        tuple(Notice.from_dict(notice) for notice in outcome["notices"]),
    )


def _raise_broken(finished: Finished, name: str, limits: ResourceLimits) -> NoReturn:
    number = -finished.exit_code
    if number == getattr(signal, "SIGXCPU", None):
        raise _beyond_limits(name, limits)
    if number == getattr(signal, "SIGKILL", None):
        raise DecoderKilled(
            f"The decoding of {name} was ended from outside, perhaps because the machine was out "
            "of memory."
        )
    if "MemoryError" in finished.log or "bad_alloc" in finished.log:
        raise _beyond_limits(name, limits)
    if finished.exit_code == child.CANNOT_WRITE:
        raise OutputError("The decoded sound cannot be written; is the disk full?")
    how = f"signal {number}" if number > 0 else f"exit code {finished.exit_code}"
    raise DecoderCrashed(
        f"The decoder broke down over {name} ({how}). The file is damaged or made to break "
        "decoders; export it again from the program that made it, as WAV or FLAC."
    )


def _beyond_limits(name: str, limits: ResourceLimits) -> DecoderLimitExceeded:
    return DecoderLimitExceeded(
        f"Decoding {name} needs more memory ({limits.memory_bytes >> 20} MB) or computing time "
        f"({limits.cpu_seconds} s) than any recording of the accepted length should. Export it "
        "again from the program that made it, as WAV or FLAC."
    )


def _family(kind: type[DrumScribeError]) -> Iterator[type[DrumScribeError]]:
    yield kind
    for derived in kind.__subclasses__():
        yield from _family(derived)


# What a decoder may say; of everything else it knows nothing.
_EXPECTED: Final = {
    kind.code: kind for base in (InputError, InvalidOption, OutputError) for kind in _family(base)
}
