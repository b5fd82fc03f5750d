"""Pieces of sound laid on one line of time: holes become silence, all else follows on.

Clocks of files count coarsely and jitter; a piece that is almost where the last one ended follows
on to the sample. Only what is really later leaves a hole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from drumscribe.audio.reading.pieces import Lost, Piece

# Less than the shortest usual frame (AC-3, AAC and Opus have 20 ms and more), more than the jitter
# of clocks.
_JITTER_SECONDS: Final = 0.015
# Where a file does not say how long it is, a clock that jumps by more than this is broken.
_LONGEST_HOLE_SECONDS: Final = 600.0
_ROUNDING_SECONDS: Final = 1.0
_SILENT_BLOCK: Final = 1 << 15


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch without sound, in seconds. is_damage: True if something stood there."""

    start: float
    end: float
    is_damage: bool

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(slots=True)
class Line:
    """What became of the pieces of one track; filled while they are laid.

    seconds: where the sound ends. pieces, lost: how many.
    """

    holes: list[Hole] = field(default_factory=list)
    seconds: float = 0.0
    pieces: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Sound that follows on what came before. samples: (n, channels) float32."""

    samples: NDArray[np.float32]
    sample_rate: int
    places: tuple[str, ...]


class Source(Protocol):
    """An open recording; see reader.Recording."""

    may_pause: bool

    @property
    def announced_seconds(self) -> float | None: ...


def laid(found: Iterable[Piece | Lost], line: Line, file: Source) -> Iterator[Run]:
    """Pieces without holes between them, silence in the place of holes; told to `line`.

    file: a clock that jumps beyond its announced end is not believed.
    """
    offset = 0.0  # what the clock is ahead of the line
    is_lost = False
    for piece, following in _with_next(found):
        if isinstance(piece, Lost):
            line.lost += 1
            is_lost = True
            continue
        if piece.at_seconds is not None:
            ahead = piece.at_seconds - offset - line.seconds
            if ahead < -_JITTER_SECONDS:
                # The clock began anew (files joined to one): what follows, follows on.
                offset += ahead
            elif ahead > max(_JITTER_SECONDS, 2 * piece.clock_seconds):
                is_damage = is_lost or not file.may_pause
                hole = _whole_frames(ahead, piece)
                if (
                    hole <= _LONGEST_HOLE_SECONDS
                    and line.seconds + hole <= _latest(file)
                    and _goes_on(piece, following)
                ):
                    # A track that begins late is meant to.
                    if line.pieces or is_damage:
                        line.holes.append(Hole(line.seconds, line.seconds + hole, is_damage))
                    yield from _silence(hole, piece)
                    line.seconds += round(hole * piece.sample_rate) / piece.sample_rate
                else:
                    offset += ahead
        is_lost = False
        line.pieces += 1
        line.seconds += len(piece.samples) / piece.sample_rate
        yield Run(piece.samples, piece.sample_rate, piece.places)


def _latest(file: Source) -> float:
    announced = file.announced_seconds
    return math.inf if announced is None else announced + _ROUNDING_SECONDS


def _with_next(found: Iterable[Piece | Lost]) -> Iterator[tuple[Piece | Lost, Piece | None]]:
    """Each one with the piece behind it, None if that is lost or there is none."""
    last: Piece | Lost | None = None
    for one in chain(found, (None,)):
        if last is not None:
            yield last, one if isinstance(one, Piece) else None
        last = one


def _goes_on(piece: Piece, following: Piece | None) -> bool:
    """Whether the next piece's time confirms that the clock has jumped for good."""
    if following is None or following.at_seconds is None or piece.at_seconds is None:
        return True
    end = piece.at_seconds + len(piece.samples) / piece.sample_rate
    return abs(following.at_seconds - end) < max(_JITTER_SECONDS, 2 * piece.clock_seconds)


def _whole_frames(hole: float, piece: Piece) -> float:
    """A hole of whole frames is that long, where the clock is too coarse to say it exactly."""
    frame = len(piece.samples) / piece.sample_rate
    whole = round(hole / frame) * frame
    return whole if 0 < abs(whole - hole) <= piece.clock_seconds else hole


def _silence(seconds: float, piece: Piece) -> Iterator[Run]:
    left = round(seconds * piece.sample_rate)
    while left > 0:
        n = min(left, _SILENT_BLOCK)
        left -= n
        silent = np.zeros((n, piece.samples.shape[1]), np.float32)
        yield Run(silent, piece.sample_rate, piece.places)
