"""Which hands a MusicXML document names: below its notes, as fingering, or in words beside them.

Programs write sticking in three ways. MuseScore has text of its own for it, which it writes as
words before the note; others write it as lyrics or as fingering.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final
from xml.etree import ElementTree as ET

from drumscribe.domain.drums import Sticking
from drumscribe.notation.measures.sticking import LETTERS

_HANDS: Final = {letter: hand for hand, letter in LETTERS.items()}


def hand_of(text: str | None) -> Sticking | None:
    """The hand that a letter means; None where the text is no such letter."""
    return _HANDS.get((text or "").strip().upper())


def hands_below(heads: Sequence[ET.Element]) -> list[Sticking]:
    """The hands that a chord names itself, from the top line down.

    heads: all notes of the chord.
    """
    lyrics = sorted(
        (lyric for head in heads for lyric in head.iterfind("lyric")),
        key=lambda lyric: lyric.get("number", "1"),
    )
    fingers = (
        f for head in reversed(heads) for f in head.iterfind("notations/technical/fingering")
    )
    said = (*(lyric.findtext("text") for lyric in lyrics), *(finger.text for finger in fingers))
    return [hand for hand in map(hand_of, said) if hand is not None]


def share_hands(
    chords: Sequence[tuple[Fraction, Sequence[Sticking]]],
    in_words: Mapping[Fraction, Sequence[Sticking]],
) -> list[tuple[Sticking, ...]]:
    """Per chord the hands that play it.

    chords: onset, and the hands that it names itself, the upper voice first. in_words: onset ->
    hands that are named beside the staff, for the first chord there that names none itself.
    """
    left = {onset: list(hands) for onset, hands in in_words.items()}
    shared: list[tuple[Sticking, ...]] = []
    for onset, own in chords:
        shared.append(tuple(own or left.pop(onset, ())))
    return shared


def hands_at(
    chords: Sequence[tuple[Fraction, Sequence[Sticking]]],
) -> dict[Fraction, tuple[Sticking, ...]]:
    """Onset -> all hands that are named there, the upper voice first."""
    found: dict[Fraction, list[Sticking]] = defaultdict(list)
    for onset, hands in chords:
        found[onset] += hands
    return {onset: tuple(hands) for onset, hands in found.items()}


def hand_for_each(are_feet: Sequence[bool], hands: Sequence[Sticking]) -> list[Sticking | None]:
    """The hand of each head of a chord that several hands play.

    are_feet: of each head, from the highest to the lowest. The hands go to the heads from the top
    down, the last one to all that are left; feet have one only where no hand plays, or where there
    is one more than hands need.
    """
    n_hands = are_feet.count(False)
    of_feet = list(hands[n_hands:]) if n_hands else list(hands)
    of_hands = list(hands[:n_hands])
    given: list[Sticking | None] = []
    for is_foot in are_feet:
        queue = of_feet if is_foot else of_hands
        given.append(queue[0] if queue else None)
        if len(queue) > 1:
            queue.pop(0)
    return given
