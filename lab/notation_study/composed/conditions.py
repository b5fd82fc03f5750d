"""The conditions under which pages are measured: what is composed, how it is played."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from drumscribe.domain.rhythm import Metre
from lab.notation_study.composed.grooves import Feel
from lab.notation_study.composed.performing import Playing
from lab.notation_study.composed.pieces import PieceWish

METRES = tuple(Metre.parse(text) for text in ("2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "12/8"))
COMMON_TIME = Metre(4, 4)
_STRAIGHT = (Feel.STRAIGHT,)
_SWUNG = (Feel.SWUNG,)

# A player who is neither machine nor beginner, for conditions that are about something else.
_USUAL = Playing(jitter_seconds=0.010, offset_seconds=0.015, drift=0.01)
_LOOSER = replace(_USUAL, jitter_seconds=0.015)


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the table.

    metres: pieces take these in turn; empty leaves the metre to chance.
    """

    name: str
    wish: PieceWish = field(default_factory=PieceWish)
    playing: Playing = field(default_factory=Playing)
    metres: tuple[Metre, ...] = ()


def conditions() -> tuple[Condition, ...]:
    """All lines of the table, in order."""
    lines = [
        Condition(
            f"clean {metre}",
            PieceWish(metre=metre, bpm=_sixty_to_two_hundred(metre)),
            Playing(),
        )
        for metre in METRES
    ]
    at_120 = (119.0, 121.0)
    steady = replace(_LOOSER, drift=0.0)
    lines += [
        Condition(
            "straight, 120 BPM, 15 ms",
            PieceWish(metre=COMMON_TIME, feels=_STRAIGHT, bpm=at_120),
            steady,
        ),
        Condition(
            "shuffle, 120 BPM, 15 ms",
            PieceWish(metre=COMMON_TIME, feels=_SWUNG, bpm=at_120),
            steady,
        ),
    ]
    lines += [
        Condition(
            f"straight, {milliseconds} ms",
            PieceWish(feels=_STRAIGHT),
            replace(_USUAL, jitter_seconds=milliseconds / 1000),
            METRES[:4] + METRES[5:6],
        )
        for milliseconds in (0, 10, 15, 25)
    ]
    lines += [
        Condition(
            f"swing {ratio:g}:1, 10 ms",
            PieceWish(feels=_SWUNG),
            replace(_USUAL, swing=(ratio, ratio)),
        )
        for ratio in (1.0, 1.5, 2.0, 2.5, 3.0)
    ]
    lines += [
        Condition(
            "compound and triplets, 15 ms",
            PieceWish(feels=(Feel.TRIPLET, Feel.COMPOUND)),
            _LOOSER,
        ),
        Condition(
            "straight with triplet fills, 10 ms",
            PieceWish(metre=COMMON_TIME, feels=_STRAIGHT, mixes_feels=True),
            _USUAL,
        ),
        Condition(
            "drift up to 6 %, 10 ms",
            playing=replace(_USUAL, drift=0.06),
            metres=METRES,
        ),
        Condition(
            "flams and drags, 10 ms",
            PieceWish(ornaments=0.3),
            _USUAL,
            METRES,
        ),
        Condition("pickup, 10 ms", PieceWish(pickup=True), _USUAL, METRES),
        Condition(
            "5 % missing, 5 % extra, 10 ms",
            playing=replace(_USUAL, missing=0.05, extra=0.05),
            metres=METRES,
        ),
        Condition(
            "10 % missing, 10 % extra, 10 ms",
            playing=replace(_USUAL, missing=0.10, extra=0.10),
            metres=METRES,
        ),
        Condition(
            "50 to 70 BPM, 15 ms",
            PieceWish(metre=COMMON_TIME, bpm=(50.0, 70.0)),
            _LOOSER,
        ),
        Condition(
            "180 to 220 BPM, 15 ms",
            PieceWish(metre=COMMON_TIME, bpm=(180.0, 220.0)),
            _LOOSER,
        ),
        Condition(
            "all at once",
            PieceWish(ornaments=0.1, mixes_feels=True),
            Playing(
                swing=(1.0, 3.0),
                drift=0.06,
                jitter_seconds=0.015,
                offset_seconds=0.020,
                missing=0.05,
                extra=0.05,
            ),
            METRES,
        ),
    ]
    return tuple(lines)


def _sixty_to_two_hundred(metre: Metre) -> tuple[float, float]:
    """60 to 200 BPM, said in beats of the metre."""
    per_quarter = 1.0 / float(metre.beat_length)
    if metre.is_compound:
        return 40.0, 200.0 * per_quarter
    return 60.0 * per_quarter, 200.0 * per_quarter
