"""Cuts a long sequence of frames into chunks with context on both sides.

The network is run on each chunk with its context, and only the middle is kept. Where the context
is at least as long as the network looks, the result is that of one pass over everything, in
memory that does not grow with the length.
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


def _rounded_up(n: int, multiple: int) -> int:
    return -(-n // multiple) * multiple


def chunks(n_frames: int, *, length: int, context: int, silence: int, multiple: int) -> list[Chunk]:
    """The chunks that cover frames 0..n_frames - 1.

    length: frames kept per chunk; context: frames run before and after them.
    silence: frames run before the first and after the last frame of the recording, where features
    are those of silence, so that a stroke at 0.0 s has something to stand out from.
    multiple: starts and lengths of what is run are multiples of it (the network pools over time;
    with the same phase everywhere every chunk sees the pools of a single pass).

    Raises ValueError if a number is out of range or length, context or silence is no multiple.
    """
    if n_frames < 1 or length < 1 or context < 0 or silence < 0 or multiple < 1:
        raise ValueError("chunks need n_frames, length, multiple >= 1 and context, silence >= 0")
    if length % multiple or context % multiple or silence % multiple:
        raise ValueError(f"length, context and silence must be multiples of {multiple}")
    end = _rounded_up(n_frames, multiple) + silence
    return [
        Chunk(
            start=start,
            stop=min(start + length, n_frames),
            context_start=max(start - context, -silence),
            context_stop=min(start + length + context, end),
        )
        for start in range(0, n_frames, length)
    ]
