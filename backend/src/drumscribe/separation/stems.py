"""Separation: the drums out of a mix, and what is left of the mix without them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.errors import OutputError
from drumscribe.models.execution import Provider
from drumscribe.separation.htdemucs import SAMPLE_RATE, SEGMENT_SAMPLES, HtDemucs
from drumscribe.separation.memory import freed_memory_kept
from drumscribe.separation.tuning import SEPARATION


class Separator(Protocol):
    """What separate() needs of a network."""

    def drums_of(self, segment: NDArray[np.float32]) -> NDArray[np.float32]:
        """The drums (2, SEGMENT_SAMPLES) of a stereo segment of the same shape at 44.1 kHz."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Separation:
    """The two parts of a mix, each with its channels, length and sample rate.

    backing is mix - drums, sample by sample: playing both together gives the mix again.
    The samples lie in files of the run's scratch folder and are mapped into memory.
    """

    drums: Audio
    backing: Audio


def load_separator(path: Path, *, threads: int = 0, provider: Provider = "cpu") -> HtDemucs:
    """The htdemucs network from its ONNX file (see known_models.HTDEMUCS).

    threads: cores to use; 0 = as many as there are.

    Raises ModelCorrupt if the file is not this network, ProviderUnavailable.
    """
    return HtDemucs.load(path, threads=threads, provider=provider)


def separate(
    audio: Audio,
    *,
    separator: Separator,
    context: RunContext,
    overlap: float = SEPARATION.overlap,
) -> Separation:
    """Take the drums out of a mix.

    audio: one or two channels at 44.1 kHz, any length. With one channel the network hears it on
        both sides and its answers are averaged.
    overlap: share of a segment that the next one hears again, in [0, 1).

    Goes segment by segment, checkpoint and progress at each: besides the mix only about one
    segment is in memory. Where segments overlap, their answers are cross-faded with triangular
    weights.

    Raises OutputError where the scratch folder has no room for the two parts.
    """
    if audio.sample_rate != SAMPLE_RATE:
        raise ValueError(f"the separator hears {SAMPLE_RATE} Hz only, got {audio.sample_rate}")
    if audio.channels > 2:
        raise ValueError(f"the separator hears one or two channels, got {audio.channels}")
    starts = segment_starts(audio.n_samples, overlap=overlap)
    weights = _triangle(SEGMENT_SAMPLES)
    # What segments have said so far of the samples from the current start on.
    total = np.zeros((2, SEGMENT_SAMPLES), dtype=np.float32)
    total_weight = np.zeros(SEGMENT_SAMPLES, dtype=np.float32)
    drums = _SampleFile(context.scratch_dir, "drums", audio.channels, audio.n_samples)
    backing = _SampleFile(context.scratch_dir, "backing", audio.channels, audio.n_samples)
    with drums, backing, freed_memory_kept():
        for index, start in enumerate(starts):
            context.checkpoint()
            total += weights * separator.drums_of(_segment_at(audio, start))
            total_weight += weights
            is_last = index + 1 == len(starts)
            end = audio.n_samples if is_last else starts[index + 1]
            # No later segment reaches back before its own start: this stretch is finished.
            finished = end - start
            block = total[:, :finished] / total_weight[:finished]
            if audio.channels == 1:
                block = block.mean(axis=0, keepdims=True)
            drums.write(start, block)
            backing.write(start, audio.samples[:, start:end] - block)
            _shift_left(total, finished)
            _shift_left(total_weight, finished)
            context.progress((index + 1) / len(starts))
        return Separation(
            drums=Audio(drums.samples(), SAMPLE_RATE), backing=Audio(backing.samples(), SAMPLE_RATE)
        )


def segment_starts(n_samples: int, *, overlap: float) -> list[int]:
    """Where the segments begin that cover n_samples; the last one ends where the sound ends.

    Moving the last segment back gives it sound to hear instead of padding, and costs nothing.
    """
    if not 0.0 <= overlap < 1.0:
        raise ValueError(f"overlap must lie in [0, 1), got {overlap}")
    stride = max(1, int((1.0 - overlap) * SEGMENT_SAMPLES))
    last = max(0, n_samples - SEGMENT_SAMPLES)
    return [*range(0, last, stride), last]


def _segment_at(audio: Audio, start: int) -> NDArray[np.float32]:
    """(2, SEGMENT_SAMPLES) from start on; zeros where the sound is over."""
    segment = np.zeros((2, SEGMENT_SAMPLES), dtype=np.float32)
    part = audio.samples[:, start : start + SEGMENT_SAMPLES]
    segment[:, : part.shape[1]] = part
    return segment


def _triangle(size: int) -> NDArray[np.float32]:
    """Weights (size,) that rise to 1 in the middle and are nowhere 0."""
    ramp = np.minimum(np.arange(1, size + 1), np.arange(size, 0, -1))
    return np.asarray(ramp / ramp.max(), dtype=np.float32)


def _shift_left(values: NDArray[np.float32], count: int) -> None:
    keep = values.shape[-1] - count
    values[..., :keep] = values[..., count:]
    values[..., keep:] = 0.0


class _SampleFile:
    """Samples on disk, channel after channel, written in stretches and mapped at the end.

    Writing through a file instead of a mapping keeps what was written out of this process's
    memory.
    """

    def __init__(self, folder: Path, name: str, channels: int, n_samples: int) -> None:
        with _said(folder):
            descriptor, path = tempfile.mkstemp(prefix=f"{name}-", suffix=".f32", dir=folder)
        self._file = os.fdopen(descriptor, "r+b")
        self._path = Path(path)
        self._shape = (channels, n_samples)

    def __enter__(self) -> _SampleFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # What could not be written cannot be written now, and the reason is on its way.
        with suppress(OSError) if kind else _said(self._path.parent):
            self._file.close()

    def write(self, start: int, block: NDArray[np.float32]) -> None:
        itemsize = block.dtype.itemsize
        with _said(self._path.parent):
            for channel, samples in enumerate(block):
                self._file.seek((channel * self._shape[1] + start) * itemsize)
                self._file.write(samples.tobytes())

    def samples(self) -> NDArray[np.float32]:
        with _said(self._path.parent):
            self._file.flush()
        mapped: NDArray[np.float32] = np.memmap(
            self._path, dtype=np.float32, mode="r", shape=self._shape
        )
        return mapped


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"The drums cannot be kept in {folder}: {error.strerror}. They need 20 MB for each "
            "minute of stereo and as much for the backing track; TMPDIR names another folder."
        ) from error
