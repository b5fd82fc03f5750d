"""Rests that say nothing: those that both voices have, and long ones beside a voice that plays."""

from __future__ import annotations

from fractions import Fraction

from drumscribe.domain.score import Event, Measure, Voice, VoiceRole

_LONG = Fraction(2)  # a half rest; shorter ones help to count


def shared_rests(measure: Measure) -> frozenset[Fraction]:
    """Onsets of the rests that both voices have, equally long: one stands in the middle.

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


def silent_rests(measure: Measure) -> frozenset[tuple[VoiceRole, Fraction]]:
    """(voice, onset) of the rests that are not printed: half a bar or more beside strokes.

    A foot that pauses for half a bar while the hands play is silent, and everybody sees it.
    """
    found: set[tuple[VoiceRole, Fraction]] = set()
    for voice in measure.voices:
        others = [other for other in measure.voices if other is not voice]
        for event in voice.events:
            if _is_long(event, measure) and any(_plays_during(other, event) for other in others):
                found.add((voice.role, event.onset))
    return frozenset(found)


def _is_long(event: Event, measure: Measure) -> bool:
    if not event.is_rest or event.tuplet is not None:
        return False
    return event.is_full_measure_rest or event.duration >= min(_LONG, measure.length / 2)


def _plays_during(voice: Voice, rest: Event) -> bool:
    end = rest.onset + rest.duration
    return any(event.notes and rest.onset <= event.onset < end for event in voice.events)
