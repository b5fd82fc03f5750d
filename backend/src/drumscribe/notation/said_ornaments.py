"""Flams and drags that are said (in the editor, in a document) and were not heard.

Such a hit is one stroke; the small notes before it are written and played too, though no hit stands
for them.
"""

from __future__ import annotations

from typing import Final

from drumscribe.domain.drums import Articulation, Hit

# Between the strokes, as drummers play them; the page's player does the same.
GRACE_GAP_SECONDS: Final = 0.03
_GRACES: Final = {Articulation.FLAM: 1, Articulation.DRAG: 2}
# Velocity of graces, as a share of the stroke that they lead to.
SOFTER: Final = 0.4


def unheard_graces(hit: Hit, n_heard: int) -> int:
    """How many small notes a hit needs beside those that were heard before it."""
    wanted = 0 if hit.articulation is None else _GRACES.get(hit.articulation, 0)
    return max(0, wanted - n_heard)


def grace_velocity(hit: Hit) -> float:
    """How loud such a small note is, 0..1."""
    return SOFTER * hit.velocity
