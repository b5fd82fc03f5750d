"""How whole a recording is: what is missing of it, in words, and whether that is too much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from drumscribe.audio.timeline import Hole
from drumscribe.audio.words import duration, place
from drumscribe.domain.transcription import Notice, WarningCode
from drumscribe.errors import TruncatedAudio

# Less than announced by so little is rounding or a trimmed end.
_ROUNDING_SECONDS: Final = 0.25
# More than both is too much to go on without being told to.
_MOST_MISSING_SECONDS: Final = 2.0
_MOST_MISSING_SHARE: Final = 0.02
_MOST_NAMED: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is missing of the part that was asked for.

    holes: in order. end_seconds: where the sound ends. announced_seconds: where the file says it
    ends; None if it says nothing, or the part ends before. ends_abruptly: True if the file stops in
    the middle of something, and does not say how much is missing.
    """

    holes: tuple[Hole, ...]
    end_seconds: float
    announced_seconds: float | None
    ends_abruptly: bool

    @property
    def cut_off_seconds(self) -> float:
        """How much is missing at the end."""
        if self.announced_seconds is None:
            return 0.0
        cut_off = self.announced_seconds - self.end_seconds
        return cut_off if cut_off > _ROUNDING_SECONDS else 0.0

    @property
    def is_too_damaged(self) -> bool:
        """Pauses that the file means to have are no damage."""
        missing = self.cut_off_seconds + sum(h.seconds for h in self.holes if h.is_damage)
        whole = self.end_seconds + self.cut_off_seconds
        return missing > _MOST_MISSING_SECONDS and missing > _MOST_MISSING_SHARE * whole


def judged(health: Health, name: str, *, accept_damaged: bool) -> tuple[Notice, ...]:
    """What to tell of what is missing; raises TruncatedAudio if it is too much."""
    said = []
    if health.holes:
        said.append(f"there is no sound {_places(health.holes)}, and silence was heard there")
    if health.cut_off_seconds:
        said.append(
            f"it announces {duration(health.announced_seconds or 0)}, but its sound ends after "
            f"{duration(health.end_seconds)}"
        )
    elif health.ends_abruptly:
        said.append(f"it stops after {duration(health.end_seconds)} in the middle of its sound")
    if health.is_too_damaged and not accept_damaged:
        what = "cut off" if health.cut_off_seconds else "damaged"
        found = " and ".join(said).replace(", and silence was heard there", "")
        raise TruncatedAudio(
            f"{name} is {what}: {found}. Was it copied or downloaded completely? If there is no "
            "better one, it can be heard as it is by accepting damaged recordings "
            "(--accept-damaged)."
        )
    if not said:
        return ()
    sentence = "; ".join(said)
    return (Notice(WarningCode.SOUND_MISSING, f"{name} is not whole: {sentence}."),)


def _places(holes: tuple[Hole, ...]) -> str:
    """Such as: from 0:03.0 to 0:03.2, from ... and in 3 more places."""
    longest = sorted(holes, key=lambda hole: -hole.seconds)[:_MOST_NAMED]
    named = [
        f"from {place(hole.start)} to {place(hole.end)}"
        for hole in sorted(longest, key=lambda hole: hole.start)
    ]
    more = len(holes) - len(named)
    if more:
        named.append(f"in {more} more {'place' if more == 1 else 'places'}")
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
