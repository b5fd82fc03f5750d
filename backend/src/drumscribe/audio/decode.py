"""From a file to samples: looked at first, decoded once, checked on the way.

Every refusal says what was found and what was expected, in words for the owner of the file.

What "truncated" can mean: WAV, AIFF, MP4, Ogg and MP3 with an encoder's frame count are compared
with their own structure before decoding, FLAC and WebM with the announced duration while
decoding. An MP3 without a count betrays itself by a broken last frame only, a raw AAC stream by a
broken last packet, and an Ogg file cut exactly between two pages not at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.audio.containers import Container, missing_bytes, scan_mp3, sniff
from drumscribe.audio.readers import AudioInfo, DecodingFailed, Reader, open_reader
from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.errors import (
    AudioTooLong,
    AudioTooShort,
    InvalidOption,
    InvalidSamples,
    NotAudio,
    SampleRateTooLow,
    SilentAudio,
    SourceNotFound,
    TruncatedAudio,
)

CANONICAL_SAMPLE_RATE: Final = 44_100

_SILENCE_DBFS: Final = -70.0
# Float files may exceed 1 a little; beyond this the numbers are no sound and overflow later.
_LARGEST_SAMPLE: Final = 1e6
# A quarter of a second less than announced is rounding or a trimmed end, not damage.
_DURATION_TOLERANCE_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """Which recordings are accepted. The durations hold for the part that is asked for."""

    min_seconds: float = 5.0
    max_seconds: float = 900.0
    min_sample_rate: int = 16_000

    def __post_init__(self) -> None:
        if not 0.0 < self.min_seconds <= self.max_seconds < math.inf:
            raise InvalidOption(
                "The accepted durations must be positive and finite, the minimum not above the "
                f"maximum; got {self.min_seconds:g} to {self.max_seconds:g} seconds."
            )


def probe(source: Path) -> AudioInfo:
    """What kind of recording a file is, without decoding it.

    Raises SourceNotFound, NotAudio or TruncatedAudio.
    """
    with _opened(source) as reader:
        return reader.info


def decode(
    source: Path,
    *,
    context: RunContext,
    limits: DecodeLimits | None = None,
    start_seconds: float | None = None,
    end_seconds: float | None = None,
) -> Audio:
    """Decode a recording to 44.1 kHz float32 with one or two channels.

    start_seconds, end_seconds: decode this part only.

    Mono stays mono; more than two channels are folded down to two. Goes block by block,
    checkpoint and progress at each; memory holds the samples and one block.

    Raises SourceNotFound, NotAudio, TruncatedAudio, AudioTooShort, AudioTooLong,
    SampleRateTooLow, SilentAudio or InvalidSamples; InvalidOption for an impossible part.
    """
    limits = limits or DecodeLimits()
    part = _Part(start_seconds or 0.0, math.inf if end_seconds is None else end_seconds)
    name = _shown(source)
    with _opened(source) as reader:
        _check_before_decoding(reader.info, name, part, limits)
        try:
            samples = _samples(reader, name, part, limits, context)
        except DecodingFailed as error:
            raise TruncatedAudio(
                f"{name} is damaged or cut off: its sound cannot be decoded to the end. "
                "Was it copied or downloaded completely?"
            ) from error
    return Audio(samples, CANONICAL_SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class _Part:
    """The stretch of a recording that is wanted, in seconds."""

    start: float
    end: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.start < self.end:
            raise InvalidOption(
                "The part to transcribe must start at 0 or later and end after its start; "
                f"got start {self.start:g} and end {self.end:g} seconds."
            )


@contextmanager
def _opened(source: Path) -> Iterator[Reader]:
    """The file, recognised and opened by a decoder."""
    name = _shown(source)
    try:
        if source.is_dir():
            raise SourceNotFound(f"{name} is a folder; a recording was expected.")
        # A pipe or device would block or never end.
        if source.exists() and not source.is_file():
            raise SourceNotFound(f"{name} is not an ordinary file.")
        file = source.open("rb")
    except FileNotFoundError:
        raise SourceNotFound(f"There is no file {_shown(source, whole_path=True)}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceNotFound(f"{name} cannot be opened: {reason}.") from error
    with file:
        try:
            reader = _recognised(file, name)
        except NotAudio as error:
            raise NotAudio(
                f"{name} is not a recording that can be read: {error.message}. "
                "Expected WAV, FLAC, MP3, Ogg, Opus, AIFF, M4A, AAC or WebM."
            ) from error
        except OSError as error:
            raise SourceNotFound(f"{name} cannot be read: {error.strerror}.") from error
        try:
            yield reader
        finally:
            reader.close()


def _recognised(file: BinaryIO, name: str) -> Reader:
    container = sniff(file)
    if container is Container.MP3:
        return _opened_mp3(file, name)
    missing = missing_bytes(file, container)
    if missing:
        raise TruncatedAudio(
            f"{name} is cut off: the end of the {container.value} file is missing "
            f"({_size(missing)} at least). Was it copied or downloaded completely?"
        )
    return open_reader(file, container)


def _opened_mp3(file: BinaryIO, name: str) -> Reader:
    scan = scan_mp3(file)
    if scan is None:
        raise NotAudio("it begins like an MP3 file, but there is no sound in it")
    if scan.is_truncated:
        announced = scan.announced_seconds
        expected = "" if announced is None else f" of {_duration(announced)}"
        raise TruncatedAudio(
            f"{name} is cut off: it ends after {_duration(scan.duration_seconds)}{expected}, in "
            "the middle of the sound. Was it copied or downloaded completely?"
        )
    reader = open_reader(file, Container.MP3)
    if scan.announced_frames is None:
        # libsndfile estimates from the first frame; the frames have been counted.
        return _Counted(reader, scan.duration_seconds)
    return reader


class _Counted:
    """A reader whose duration is known better than its decoder knows it."""

    def __init__(self, reader: Reader, duration_seconds: float) -> None:
        self._reader = reader
        self.info = replace(reader.info, duration_seconds=duration_seconds)
        self.blocks = reader.blocks
        self.close = reader.close


def _check_before_decoding(info: AudioInfo, name: str, part: _Part, limits: DecodeLimits) -> None:
    if info.sample_rate < limits.min_sample_rate:
        raise SampleRateTooLow(
            f"{name} has a sample rate of {info.sample_rate / 1000:g} kHz; at least "
            f"{limits.min_sample_rate / 1000:g} kHz are needed to tell cymbals apart."
        )
    if info.duration_seconds is not None:
        _check_start(info.duration_seconds, name, part)
        _check_duration(min(info.duration_seconds, part.end) - part.start, name, limits)


def _check_start(seconds: float, name: str, part: _Part) -> None:
    if part.start >= seconds:
        raise InvalidOption(
            f"{name} is {_duration(seconds)} long; it has nothing from {_duration(part.start)} on."
        )


def _check_duration(seconds: float, name: str, limits: DecodeLimits) -> None:
    if seconds < limits.min_seconds:
        raise AudioTooShort(
            f"{name} is too short: {_duration(seconds)}; the minimum is "
            f"{_duration(limits.min_seconds)}."
        )
    # Containers round: the limit itself must pass.
    if seconds > limits.max_seconds + _DURATION_TOLERANCE_SECONDS:
        raise AudioTooLong(
            f"{name} is too long: {_duration(seconds)}; the maximum is "
            f"{_duration(limits.max_seconds)}. Take a part of it by giving a start and an end."
        )


def _samples(
    reader: Reader, name: str, part: _Part, limits: DecodeLimits, context: RunContext
) -> NDArray[np.float32]:
    """Decode and check the wanted part: float32 (channels, n) at the canonical sample rate."""
    info = reader.info
    rate = info.sample_rate
    first = round(part.start * rate)
    end = None if math.isinf(part.end) else round(part.end * rate)
    # Where nothing is announced, as much as is accepted.
    expected_end = min(info.duration_seconds or part.start + limits.max_seconds, part.end)
    longest = int((limits.max_seconds + _DURATION_TOLERANCE_SECONDS) * rate)
    collected = _Resampled(min(info.channels, 2), rate, expected_end - part.start)
    n_read = n_taken = 0
    peak = 0.0
    for block in reader.blocks():
        context.checkpoint()
        begin = max(0, first - n_read)
        stop = len(block) if end is None else max(0, min(len(block), end - n_read))
        n_read += len(block)
        wanted = block[begin:stop]
        if len(wanted):
            peak = max(peak, _checked_peak(wanted, name, (n_read - len(block)) / rate))
            n_taken += len(wanted)
            # Headers lie: the limit holds for what really comes.
            if n_taken > longest:
                raise AudioTooLong(
                    f"{name} is too long: it goes on after {_duration(limits.max_seconds)}, the "
                    "maximum. Take a part of it by giving a start and an end."
                )
            collected.add(wanted)
        if end is not None and n_read >= end:
            break
        context.progress(min(1.0, n_read / (expected_end * rate)))
    else:
        _check_complete(n_read / rate, info, name)
        _check_start(n_read / rate, name, part)
    _check_duration(n_taken / rate, name, limits)
    if 20 * math.log10(max(peak, 1e-10)) < _SILENCE_DBFS:
        raise SilentAudio(
            f"There is nothing to hear in {name}: it is silent from beginning to end "
            f"(no sample above {_SILENCE_DBFS:g} dBFS)."
        )
    context.progress(1.0)
    return collected.finish()


def _checked_peak(block: NDArray[np.float32], name: str, at_seconds: float) -> float:
    """The largest magnitude in a block; raises InvalidSamples for what is no sound."""
    peak = float(np.abs(block).max())
    if not math.isfinite(peak) or peak > _LARGEST_SAMPLE:
        what = "not numbers (NaN or infinite)" if not math.isfinite(peak) else f"as large as {peak}"
        raise InvalidSamples(
            f"{name} has samples that are {what}, from about {_duration(at_seconds)} on; sound "
            "lies between -1 and 1. Export it again from the program that made it."
        )
    return peak


def _check_complete(seconds: float, info: AudioInfo, name: str) -> None:
    announced = info.duration_seconds
    if announced is not None and seconds < announced - _DURATION_TOLERANCE_SECONDS:
        raise TruncatedAudio(
            f"{name} is cut off: it announces {_duration(announced)}, but its sound ends after "
            f"{_duration(seconds)}. Was it copied or downloaded completely?"
        )


class _Resampled:
    """Samples at the canonical rate, collected in one array that grows if it must.

    Collecting blocks in a list and joining them would need the memory twice.
    """

    def __init__(self, channels: int, sample_rate: int, expected_seconds: float) -> None:
        import soxr

        self._stream = None
        if sample_rate != CANONICAL_SAMPLE_RATE:
            self._stream = soxr.ResampleStream(
                sample_rate, CANONICAL_SAMPLE_RATE, channels, dtype="float32", quality="HQ"
            )
        # Memory that is never written to is never taken. Decoders give a little more than a header
        # announces (padding of the last packet); to grow for that would take it all twice.
        most_seconds = expected_seconds + _DURATION_TOLERANCE_SECONDS
        capacity = math.ceil(most_seconds * CANONICAL_SAMPLE_RATE)
        self._samples = np.empty((channels, capacity), dtype=np.float32)
        self._n = 0

    def add(self, block: NDArray[np.float32]) -> None:
        """Append (n, channels) at the source's sample rate."""
        if self._stream is not None:
            block = self._stream.resample_chunk(np.ascontiguousarray(block))
        self._append(block)

    def finish(self) -> NDArray[np.float32]:
        """Everything, (channels, n)."""
        if self._stream is not None:
            channels = self._samples.shape[0]
            self._append(self._stream.resample_chunk(np.empty((0, channels), np.float32), True))
        return self._samples[:, : self._n]

    def _append(self, block: NDArray[np.float32]) -> None:
        end = self._n + len(block)
        if end > self._samples.shape[1]:
            larger = np.empty((self._samples.shape[0], end + end // 4), dtype=np.float32)
            larger[:, : self._n] = self._samples[:, : self._n]
            self._samples = larger
        self._samples[:, self._n : end] = block.T
        self._n = end


def _shown(source: Path, *, whole_path: bool = False) -> str:
    """The file's name for a message, without characters that a terminal would obey."""
    text = str(source) if whole_path else source.name or str(source)
    return "".join(character if character.isprintable() else "?" for character in text)


def _duration(seconds: float) -> str:
    """0.3 seconds, 12 seconds, 3:45."""
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds:.3g} seconds"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _size(n_bytes: int) -> str:
    if n_bytes < 1_000_000:
        return f"{max(1, round(n_bytes / 1000))} kB"
    return f"{n_bytes / 1e6:.1f} MB"
