"""Rests that hands and feet have together: one of them is printed, in the middle of the staff."""

from __future__ import annotations

from fractions import Fraction

from drumscribe.domain.score import Measure


def shared_rests(measure: Measure) -> frozenset[Fraction]:
    """Onsets of the rests that both voices have, equally long.

    Rests in tuplets stay, since brackets hold them; so do rests of whole measures.
    """
    per_voice = [
        {
            (event.onset, event.duration)
            for event in voice.events
            if event.is_rest and event.tuplet is None and not event.is_full_measure_rest
        }
        for voice in measure.voices
    ]
    if len(per_voice) < 2:
        return frozenset()
    return frozenset(onset for onset, _ in set.intersection(*per_voice))
