"""Cuts a long sequence of frames into chunks with context on both sides.

A stage of the network that looks a limited number of frames to either side is run on each chunk
with that much context, and only the middle is kept. The result is that of one pass over
everything, in memory that does not grow with the length.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """Frames to keep [start, stop) and frames to run [context_start, context_stop) around them."""

    start: int
    stop: int
    context_start: int
    context_stop: int

    @property
    def n_frames(self) -> int:
        """Frames that are run."""
        return self.context_stop - self.context_start

    @property
    def kept(self) -> slice:
        """Where the frames to keep lie within those that are run."""
        return slice(self.start - self.context_start, self.stop - self.context_start)


def rounded_up(n: int, multiple: int) -> int:
    """The smallest multiple that is not below n."""
    return -(-n // multiple) * multiple


def chunks(n_frames: int, *, length: int, context: int, multiple: int = 1) -> list[Chunk]:
    """The chunks that cover frames 0..n_frames - 1; at both ends the context is cut off.

    length: frames kept per chunk; context: frames run before and after them.
    multiple: all numbers are multiples of it (the network pools over time; with the same phase
    everywhere every chunk sees the pools of a single pass).

    Raises ValueError if a number is out of range or not a multiple.
    """
    if n_frames < 1 or length < 1 or context < 0 or multiple < 1:
        raise ValueError("chunks need n_frames, length, multiple >= 1 and context >= 0")
    if n_frames % multiple or length % multiple or context % multiple:
        raise ValueError(f"n_frames, length and context must be multiples of {multiple}")
    return [
        Chunk(
            start=start,
            stop=min(start + length, n_frames),
            context_start=max(start - context, 0),
            context_stop=min(start + length + context, n_frames),
        )
        for start in range(0, n_frames, length)
    ]
