"""Sound as samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

# More than any limit of the accepted length may be set to.
LONGEST_RECORDING_SECONDS: Final = 7200.0


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Decoded sound.

    samples: float32, shape (channels, n), nominal range [-1, 1]; treated as read-only.
    sample_rate: Hz.
    """

    samples: NDArray[np.float32]
    sample_rate: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 2:
            raise ValueError(f"samples must have shape (channels, n), got {self.samples.shape}")
        if self.samples.dtype != np.float32:
            raise ValueError(f"samples must be float32, got {self.samples.dtype}")
        if self.sample_rate <= 0:
            raise ValueError(f"sample_rate must be positive, got {self.sample_rate}")

    @property
    def channels(self) -> int:
        return int(self.samples.shape[0])

    @property
    def n_samples(self) -> int:
        return int(self.samples.shape[1])

    @property
    def duration_seconds(self) -> float:
        return self.n_samples / self.sample_rate

    def mono(self) -> NDArray[np.float32]:
        """The mean of the channels, shape (n,). A view where there is one channel only."""
        if self.channels == 1:
            return self.samples[0, :]
        return np.asarray(self.samples.mean(axis=0, dtype=np.float32))

    def resampled(self, sample_rate: int) -> Audio:
        """This sound at another sample rate (soxr, high quality); itself if the rate is equal."""
        if sample_rate == self.sample_rate:
            return self
        import soxr

        out = soxr.resample(self.samples.T, self.sample_rate, sample_rate, quality="HQ")
        return Audio(np.ascontiguousarray(out.T, dtype=np.float32), sample_rate)
