"""From a file to samples: one track of it, laid on its line of time, judged by what decodes.

What is odd is told in notices; refused is only what leaves nothing to hear, or too little. Every
refusal says what was found and what was expected, in words for the owner of the file.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.audio.canonical import CANONICAL_SAMPLE_RATE, Canonical
from drumscribe.audio.folding import cancels_itself, folded
from drumscribe.audio.health import Health, judged
from drumscribe.audio.reading.reader import Recording, Track
from drumscribe.audio.timeline import Hole, Line, Run, laid
from drumscribe.audio.words import duration, place, shown
from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.transcription import Notice, WarningCode
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

_log = logging.getLogger(__name__)

# For who reads the log of the command line; the page has buttons.
_HINTS: Final = {WarningCode.SEVERAL_TRACKS: " --audio-track hears another."}
_SILENCE_DBFS: Final = -70.0
# Float files may exceed 1 a little; beyond this the numbers are no sound and overflow later.
_LARGEST_SAMPLE: Final = 1e6
# Containers round: the longest accepted duration itself must pass.
_ROUNDING_SECONDS: Final = 0.25
# Frames are short; checks and resampling are dear for each and cheap for many at once.
_BLOCK_SAMPLES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """Which recordings are accepted. The durations hold for the part that is asked for.

    min_seconds: below a second there is no beat to find. A service asks for more of strangers'
        files (its setting MIN_DURATION_SECONDS).
    """

    min_seconds: float = 1.0
    max_seconds: float = 900.0
    min_sample_rate: int = 16_000

    def __post_init__(self) -> None:
        if not 0.0 < self.min_seconds <= self.max_seconds < math.inf:
            raise InvalidOption(
                "The accepted durations must be positive and finite, the minimum not above the "
                f"maximum; got {self.min_seconds:g} to {self.max_seconds:g} seconds."
            )


@dataclass(frozen=True, slots=True)
class Decoded:
    """A recording as samples. notices: what its owner should know."""

    audio: Audio
    notices: tuple[Notice, ...] = ()


def tracks_of(source: Path) -> tuple[Track, ...]:
    """The tracks of sound in a file. Raises SourceNotFound or NotAudio."""
    with _opened(source) as file, _recording(file, shown(source)) as recording:
        return recording.tracks


def decode(
    source: Path,
    *,
    context: RunContext,
    limits: DecodeLimits | None = None,
    start_seconds: float | None = None,
    end_seconds: float | None = None,
    audio_track: int | None = None,
    accept_damaged: bool = False,
) -> Decoded:
    """Decode a recording to 44.1 kHz float32 with one or two channels.

    start_seconds, end_seconds: decode this part only.
    audio_track: which of the file's tracks of sound, from 1; None takes the one that the file
        calls its default, and the next one if that is silent.
    accept_damaged: take what is there, however much is missing.

    Mono stays mono; more than two channels are folded down to two. Goes block by block,
    checkpoint and progress at each; memory holds the samples and one block.

    Raises SourceNotFound, NotAudio, TruncatedAudio, AudioTooShort, AudioTooLong,
    SampleRateTooLow, SilentAudio or InvalidSamples; InvalidOption for an impossible part or track.
    """
    limits = limits or DecodeLimits()
    part = _Part(start_seconds or 0.0, math.inf if end_seconds is None else end_seconds)
    name = shown(source)
    with _opened(source) as file:
        with _recording(file, name) as recording:
            tracks = recording.tracks
        wanted = _wanted(tracks, audio_track, name)
        refusals: list[SilentAudio | NotAudio | SampleRateTooLow] = []
        for track in wanted:
            with _recording(file, name) as recording:
                reading = _Reading(recording, track, name, part, limits)
                try:
                    samples = reading.samples(context)
                    notices = reading.notices(accept_damaged=accept_damaged)
                except (SilentAudio, NotAudio, SampleRateTooLow) as error:
                    refusals.append(error)
                    continue
            notices += _of_tracks(name, tracks, track, audio_track)
            break
        else:
            raise refusals[0]
    if cancels_itself(samples):
        np.negative(samples[1], out=samples[1])
        notices += (
            Notice(
                WarningCode.PHASE_INVERTED,
                f"The two channels of {name} cancel each other: the poles of one are swapped. It "
                "was turned round.",
            ),
        )
    for notice in notices:
        _log.warning("%s%s", notice.message, _HINTS.get(notice.code, ""))
    context.progress(1.0)
    return Decoded(Audio(samples, CANONICAL_SAMPLE_RATE), notices)


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
def _opened(source: Path) -> Iterator[FileIO]:
    """The file, open."""
    name = shown(source)
    try:
        if source.is_dir():
            raise SourceNotFound(f"{name} is a folder; a recording was expected.")
        # A pipe or device would block or never end.
        if source.exists() and not source.is_file():
            raise SourceNotFound(f"{name} is not an ordinary file.")
        # Unbuffered: FFmpeg shares its place.
        file = source.open("rb", buffering=0)
    except FileNotFoundError:
        raise SourceNotFound(f"There is no file {shown(source, whole_path=True)}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceNotFound(f"{name} cannot be opened: {reason}.") from error
    with file:
        yield file


def _recording(file: FileIO, name: str) -> Recording:
    try:
        return Recording(file)
    except NotAudio as error:
        raise NotAudio(f"{name} is not a recording that can be read: {error.message}.") from error
    except TruncatedAudio as error:
        raise TruncatedAudio(f"{name} is cut off: {error.message}") from error
    except OSError as error:
        raise SourceNotFound(f"{name} cannot be read: {error.strerror}.") from error


def _wanted(tracks: tuple[Track, ...], number: int | None, name: str) -> list[Track]:
    """The tracks to try, in order."""
    if number is not None:
        found = [track for track in tracks if track.number == number]
        if not found:
            there = ", ".join(str(track) for track in tracks)
            raise InvalidOption(f"{name} has no track {number} of sound; there is {there}.")
        return found
    return sorted(tracks, key=lambda track: (not track.is_default, track.number))


def _of_tracks(
    name: str, tracks: tuple[Track, ...], heard: Track, number: int | None
) -> tuple[Notice, ...]:
    if len(tracks) == 1 or number is not None:
        return ()
    others = [track for track in tracks if track is not heard]
    return (
        Notice(
            WarningCode.SEVERAL_TRACKS,
            f"{name} has {len(tracks)} tracks of sound. Track {heard} was heard, not "
            f"{', '.join(map(str, others))}.",
            choices=tuple(track.number for track in others),
        ),
    )


class _Reading:
    """One track read from beginning to end."""

    def __init__(
        self, recording: Recording, track: Track, name: str, part: _Part, limits: DecodeLimits
    ) -> None:
        self._recording = recording
        self._track = track
        self._name = name
        self._part = part
        self._limits = limits
        self._line = Line()
        self._is_read_to_the_end = False
        self._broken: list[Hole] = []

    def samples(self, context: RunContext) -> NDArray[np.float32]:
        """The checked samples of the part: float32 (channels, n) at the canonical sample rate."""
        track, part, limits = self._track, self._part, self._limits
        if track.sample_rate < limits.min_sample_rate:
            raise SampleRateTooLow(
                f"{self._name} has a sample rate of {track.sample_rate / 1000:g} kHz; at least "
                f"{limits.min_sample_rate / 1000:g} kHz are needed to tell cymbals apart."
            )
        longest = limits.max_seconds + _ROUNDING_SECONDS
        collected = Canonical(
            min(track.channels, 2),
            start_seconds=part.start,
            end_seconds=part.end,
            expected_seconds=min(part.end - part.start, longest),
        )
        peak = 0.0
        seconds = 0.0
        for block in _blocks(self._runs()):
            context.checkpoint()
            sound = folded(block.samples, block.places)
            peak = max(peak, self._cleaned_peak(sound, seconds, block.sample_rate))
            seconds += len(sound) / block.sample_rate
            collected.add(sound, block.sample_rate)
            # Headers lie: what really comes is counted.
            if collected.n_samples > longest * CANONICAL_SAMPLE_RATE:
                raise AudioTooLong(
                    f"{self._name} is too long: it goes on after {duration(limits.max_seconds)}, "
                    "the maximum. Take a part of it by giving a start and an end."
                )
            if collected.is_full:
                break
            context.progress(min(1.0, seconds / self._expected_end()))
        else:
            self._is_read_to_the_end = True
        samples = collected.finish()
        self._check_what_was_read(samples.shape[1] / CANONICAL_SAMPLE_RATE, peak)
        return samples

    def notices(self, *, accept_damaged: bool) -> tuple[Notice, ...]:
        """What is missing; raises TruncatedAudio if it is too much."""
        start, end = self._part.start, min(self._part.end, self._line.seconds)
        holes = tuple(
            replace(hole, start=max(hole.start, start), end=min(hole.end, end))
            for hole in sorted([*self._line.holes, *self._broken], key=lambda hole: hole.start)
            if hole.start < end and hole.end > start
        )
        is_whole = self._is_read_to_the_end
        health = Health(
            holes=holes,
            end_seconds=end,
            announced_seconds=self._recording.announced_seconds if is_whole else None,
            ends_abruptly=self._recording.ends_abruptly and is_whole,
        )
        return judged(health, self._name, accept_damaged=accept_damaged)

    def _runs(self) -> Iterator[Run]:
        recording = self._recording
        return laid(recording.pieces(self._track), self._line, recording)

    def _expected_end(self) -> float:
        announced = self._recording.announced_seconds or math.inf
        longest = self._part.start + self._limits.max_seconds
        return min(announced, self._part.end, longest)

    def _cleaned_peak(
        self, sound: NDArray[np.float32], at_seconds: float, sample_rate: int
    ) -> float:
        """The largest magnitude; what is no sound becomes silence, in place, and is remembered."""
        peak = float(np.abs(sound).max(initial=0.0))
        if math.isfinite(peak) and peak <= _LARGEST_SAMPLE:
            return peak
        is_broken = ~(np.abs(sound) <= _LARGEST_SAMPLE)  # NaN compares with nothing
        rows = np.flatnonzero(is_broken.any(axis=1))
        sound[is_broken] = 0.0
        n = len(rows)
        if n == len(sound) and self._line.pieces:
            begin, end = at_seconds, at_seconds + len(sound) / sample_rate
        else:
            begin = at_seconds + rows[0] / sample_rate
            end = at_seconds + (rows[-1] + 1) / sample_rate
        self._broken.append(Hole(begin, end, is_damage=True))
        return float(np.abs(sound).max())

    def _check_what_was_read(self, seconds: float, peak: float) -> None:
        name, part, limits = self._name, self._part, self._limits
        if not self._line.pieces:
            raise NotAudio(
                f"{name} is not a recording that can be read: it is a {self._recording.kind} "
                "file, but nothing of its sound can be decoded. Is it damaged?"
            )
        if self._is_read_to_the_end and part.start >= self._line.seconds:
            raise InvalidOption(
                f"{name} is {duration(self._line.seconds)} long; it has nothing from "
                f"{place(part.start)} on."
            )
        if seconds < limits.min_seconds:
            raise AudioTooShort(
                f"{name} is too short: {duration(seconds)}; the minimum is "
                f"{duration(limits.min_seconds)}."
            )
        if 20 * math.log10(max(peak, 1e-10)) < _SILENCE_DBFS:
            if self._broken:
                raise InvalidSamples(
                    f"{name} has samples that are no sound (not numbers, infinite, or absurdly "
                    f"large), from about {place(self._broken[0].start)} on; sound lies between "
                    "-1 and 1. Export it again from the program that made it."
                )
            raise SilentAudio(
                f"There is nothing to hear in {name}: it is silent from beginning to end "
                f"(no sample above {_SILENCE_DBFS:g} dBFS)."
            )


def _blocks(runs: Iterable[Run]) -> Iterator[Run]:
    """The same sound in larger blocks."""
    waiting: list[Run] = []
    n = 0
    for run in runs:
        if waiting and (
            run.sample_rate != waiting[0].sample_rate or run.places != waiting[0].places
        ):
            yield _joined(waiting)
            waiting, n = [], 0
        waiting.append(run)
        n += len(run.samples)
        if n >= _BLOCK_SAMPLES:
            yield _joined(waiting)
            waiting, n = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(runs: list[Run]) -> Run:
    samples = np.concatenate([run.samples for run in runs])
    return Run(samples, runs[0].sample_rate, runs[0].places)
