"""Sound of any rate brought to the canonical one, and the wanted part of it collected."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import soxr

CANONICAL_SAMPLE_RATE: Final = 44_100


class Canonical:
    """The part of a recording between two times, at the canonical rate, in one array that grows.

    Collecting blocks in a list and joining them would need the memory twice.

    channels: 1 or 2. start_seconds, end_seconds: of the part; infinity for the end.
    expected_seconds: room to begin with. Memory that is never written to is never taken.
    """

    def __init__(
        self, channels: int, *, start_seconds: float, end_seconds: float, expected_seconds: float
    ) -> None:
        self._first = round(start_seconds * CANONICAL_SAMPLE_RATE)
        self._end = (
            math.inf if math.isinf(end_seconds) else round(end_seconds * CANONICAL_SAMPLE_RATE)
        )
        capacity = math.ceil(expected_seconds * CANONICAL_SAMPLE_RATE)
        self._samples = np.empty((channels, capacity), dtype=np.float32)
        self._n = 0
        self._made = 0
        self._stream: soxr.ResampleStream | None = None
        self._rate = CANONICAL_SAMPLE_RATE

    @property
    def n_samples(self) -> int:
        """What the part holds so far."""
        return self._n

    @property
    def is_full(self) -> bool:
        """Whether the end of the part has been reached."""
        return self._made >= self._end

    def add(self, samples: NDArray[np.float32], sample_rate: int) -> None:
        """Append (n, channels)."""
        channels = self._samples.shape[0]
        if samples.shape[1] < channels:
            samples = np.repeat(samples, channels, axis=1)
        elif samples.shape[1] > channels:
            samples = samples.mean(axis=1, keepdims=True)
        if sample_rate != self._rate:
            self._flush()
            self._rate = sample_rate
        if self._rate != CANONICAL_SAMPLE_RATE:
            if self._stream is None:
                import soxr

                self._stream = soxr.ResampleStream(
                    self._rate, CANONICAL_SAMPLE_RATE, channels, dtype="float32", quality="HQ"
                )
            samples = self._stream.resample_chunk(np.ascontiguousarray(samples))
        self._append(samples)

    def finish(self) -> NDArray[np.float32]:
        """Everything, (channels, n)."""
        self._flush()
        return self._samples[:, : self._n]

    def _flush(self) -> None:
        if self._stream is not None:
            nothing = np.empty((0, self._samples.shape[0]), np.float32)
            self._append(self._stream.resample_chunk(nothing, last=True))
            self._stream = None

    def _append(self, block: NDArray[np.float32]) -> None:
        begin = max(0, self._first - self._made)
        stop = max(0, min(len(block), self._end - self._made))
        self._made += len(block)
        wanted = block[begin : int(stop)]
        if not len(wanted):
            return
        end = self._n + len(wanted)
        if end > self._samples.shape[1]:
            larger = np.empty((self._samples.shape[0], end + end // 4), dtype=np.float32)
            larger[:, : self._n] = self._samples[:, : self._n]
            self._samples = larger
        self._samples[:, self._n : end] = wanted.T
        self._n = end
