"""What a listener would miss in what was heard: too few strokes, or a whole part of the kit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from drumscribe.domain.drums import Hit, Instrument
from drumscribe.domain.transcription import WarningCode
from drumscribe.pipeline.tuning import DOUBTS

_CYMBALS: Final = frozenset(
    {Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN, Instrument.RIDE, Instrument.CRASH}
)

_WHAT: Final = {
    WarningCode.FEW_HITS: "Far fewer strokes were heard than drummers play",
    WarningCode.KICK_HARDLY_HEARD: "Hardly a kick was heard",
    WarningCode.SNARE_HARDLY_HEARD: "Hardly a snare was heard",
    WarningCode.CYMBALS_HARDLY_HEARD: "Hardly a cymbal was heard",
}
HARDLY_HEARD: Final = tuple(_WHAT)


def hardly_heard(hits: Sequence[Hit], duration_seconds: float) -> tuple[WarningCode, ...]:
    """Warnings about what is probably missing; none for less than 15 seconds."""
    if duration_seconds < DOUBTS.least_seconds:
        return ()
    warnings = []
    if len(hits) < DOUBTS.least_per_minute * duration_seconds / 60.0:
        warnings.append(WarningCode.FEW_HITS)
    if len(hits) >= DOUBTS.least_strokes:
        for warning, group, least_share in (
            (WarningCode.KICK_HARDLY_HEARD, {Instrument.KICK}, DOUBTS.least_kicks),
            (WarningCode.SNARE_HARDLY_HEARD, {Instrument.SNARE}, DOUBTS.least_snares),
            (WarningCode.CYMBALS_HARDLY_HEARD, _CYMBALS, DOUBTS.least_cymbals),
        ):
            if sum(hit.instrument in group for hit in hits) < least_share * len(hits):
                warnings.append(warning)
    return tuple(warnings)


def with_remedy(warning: WarningCode, *, separated: bool) -> str:
    """One of HARDLY_HEARD in words, and what to do about it."""
    remedy = (
        "if they are there, a higher sensitivity may bring them out"
        if separated
        else "if they are there, taking the drums out of the mix first (separation: always) or a "
        "higher sensitivity may bring them out"
    )
    return f"{_WHAT[warning]}; {remedy}."
