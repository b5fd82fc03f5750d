"""What of a file could not be said, in sentences with counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from drumscribe.notation.bringing.placing import AlignedBy
from drumscribe.notation.tuning import BRINGING

# Drums that are named in a sentence.
MOST_NAMES: Final = 4


def notes(n: int) -> str:
    """ "1 note", "3 notes"."""
    return f"{n} note" if n == 1 else f"{n} notes"


def _were(n: int) -> str:
    return f"{notes(n)} {'was' if n == 1 else 'were'}"


def unknown_drums(names: Counter[str]) -> Iterator[str]:
    """Notes on drums that the kit does not have."""
    if names:
        listed = ", ".join(name for name, _ in names.most_common(MOST_NAMES))
        more = ", ..." if len(names) > MOST_NAMES else ""
        n = names.total()
        yield (
            f"{notes(n)} on drums that this kit does not have "
            f"{'was' if n == 1 else 'were'} left out ({listed}{more})."
        )


def outside(n: int) -> Iterator[str]:
    """Notes before the start or after the end of the recording."""
    if n:
        yield f"{_were(n)} left out: the recording ends before, or begins later."


def without_bar(n: int, bars: int) -> Iterator[str]:
    """Notes in bars that the recording has not."""
    if bars:
        said = "1 bar of the file has" if bars == 1 else f"{bars} bars of the file have"
        yield f"{said} no counterpart in the recording; {_were(n)} left out there."


def bars_not_in_file(bars: int) -> Iterator[str]:
    """Bars of the page that the file does not have."""
    if bars:
        if bars == 1:
            yield "1 bar of the recording is not in the file: its notes were removed."
        else:
            yield f"{bars} bars of the recording are not in the file: their notes were removed."


def struck_twice(n: int) -> Iterator[str]:
    """Two notes of one drum at one place."""
    if n:
        yield f"{_were(n)} left out: the same drum is struck there already."


def stray_graces(n: int) -> Iterator[str]:
    """Small notes without a note to belong to."""
    if n:
        small = "1 grace note was" if n == 1 else f"{n} grace notes were"
        yield f"{small} left out: no note of the same drum follows."


def unsaid_marks(n: int) -> Iterator[str]:
    """Signs that a stroke has no room for beside another."""
    if n:
        carry = "carries" if n == 1 else "carry"
        yield f"{notes(n)} {carry} more signs than a stroke can have; the first was kept."


def written_elsewhere(n: int) -> Iterator[str]:
    """New notes that the page writes beside their place in the file."""
    if n:
        sound, them = ("sounds", "it") if n == 1 else ("sound", "them")
        yield (
            f"{notes(n)} {sound} where the file has {them}, but the page writes {them} in the "
            "rhythm of the bar around: a single triplet or thirty-second is read as played loosely."
        )


def other_tempo(said: float | None, played: float) -> Iterator[str]:
    """The recording sets the tempo."""
    if said is not None and abs(said - played) > BRINGING.other_tempo:
        yield (
            f"The tempo mark of the file ({said:.0f}) was not taken: the recording is played at "
            f"{played:.0f} quarter notes a minute."
        )


def other_bar_lines(*, are_taken: bool) -> Iterator[str]:
    """The bars of the file are others than those of the page."""
    if are_taken:
        yield "Bar lines and time signatures follow the file."
    else:
        yield (
            "The bar lines of the file could not be taken: they do not fall on beats that all of "
            "its bars share. The page keeps its own."
        )


def hardly_alike(found: int, brought: int, there: int) -> Iterator[str]:
    """Hardly any note was found again: perhaps the file is of another song."""
    if found < BRINGING.few * min(brought, there):
        yield (
            f"Only {found} of {notes(brought)} lie where the page had one. "
            "Is this the file of this recording?"
        )


def moved(shift: float, by: AlignedBy) -> Iterator[str]:
    """A MIDI file that begins elsewhere."""
    if shift:
        unit = "s" if by is AlignedBy.TIME else "quarter notes"
        later = "later" if shift > 0 else "earlier"
        yield f"The file was shifted {abs(shift):.2f} {unit} {later}, where its notes fit."
