"""A stroke that is to be found."""

from __future__ import annotations

from typing import NamedTuple


class Label(NamedTuple):
    """Seconds, class, velocity 1..127, dB above its surroundings."""

    time: float
    name: str
    velocity: float
    audibility_db: float
