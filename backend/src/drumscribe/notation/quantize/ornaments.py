"""Flams, drags and ruffs: short strokes before a main stroke of the same drum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.notation.quantize.tuning import ORNAMENTS

# Cymbals and the kick do not flam: two strokes in 60 ms there are one stroke heard twice, or fast
# notes of the rhythm itself.
GRACED = frozenset({Instrument.SNARE, Instrument.TOM_HIGH, Instrument.TOM_MID, Instrument.TOM_LOW})


@dataclass(frozen=True, slots=True)
class Ornament:
    """graces: indices of hits, in playing order, before the hit `main`."""

    main: int
    graces: tuple[int, ...]


def can_flam(first: Hit, second: Hit) -> bool:
    """True if `first` may be a grace note of `second` by drum and distance alone."""
    return (
        first.instrument is second.instrument
        and first.instrument in GRACED
        and ORNAMENTS.flam_seconds[0] <= second.time - first.time <= ORNAMENTS.flam_seconds[1]
    )


def find_ornaments(hits: Sequence[Hit]) -> list[Ornament]:
    """Ornaments that are clear without knowing the grid.

    A chain of strokes of one drum, each 15-60 ms after the one before, is an ornament if its last
    stroke is the loudest and it has at most three graces; a longer chain is a roll and stays in
    the rhythm.

    hits: sorted by time. Returns ornaments sorted by their main hit.
    """
    ornaments: list[Ornament] = []
    for instrument in GRACED:
        indices = [i for i, hit in enumerate(hits) if hit.instrument is instrument]
        chain: list[int] = []
        for i in [*indices, None]:
            if i is not None and (not chain or can_flam(hits[chain[-1]], hits[i])):
                chain.append(i)
                continue
            if _is_ornament([hits[j] for j in chain]):
                ornaments.append(Ornament(chain[-1], tuple(chain[:-1])))
            chain = [] if i is None else [i]
    return sorted(ornaments, key=lambda ornament: ornament.main)


def _is_ornament(chain: Sequence[Hit]) -> bool:
    if not 2 <= len(chain) <= ORNAMENTS.most_graces + 1:
        return False
    *graces, main = chain
    if main.articulation in (Articulation.FLAM, Articulation.DRAG):
        return True
    return all(grace.velocity < ORNAMENTS.grace_ratio * main.velocity for grace in graces)
