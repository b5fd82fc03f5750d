"""DrumScribe: a song in, drum sheet music out.

>>> import drumscribe
>>> transcription = drumscribe.transcribe("song.mp3")
>>> transcription.save("out")

Importing is cheap: the parts that hear and write are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drumscribe.domain.drums import Articulation as Articulation
    from drumscribe.domain.drums import Hit as Hit
    from drumscribe.domain.drums import Instrument as Instrument
    from drumscribe.domain.drums import Sticking as Sticking
    from drumscribe.domain.rhythm import BeatGrid as BeatGrid
    from drumscribe.domain.rhythm import Metre as Metre
    from drumscribe.domain.wishes import BeatWishes as BeatWishes
    from drumscribe.domain.wishes import HearingWishes as HearingWishes
    from drumscribe.domain.wishes import PageWishes as PageWishes
    from drumscribe.domain.wishes import Wishes as Wishes
    from drumscribe.errors import DrumScribeError as DrumScribeError
    from drumscribe.library import Transcriber as Transcriber
    from drumscribe.library import Transcription as Transcription
    from drumscribe.library import transcribe as transcribe

__version__ = "0.1.0"

_HOMES = {
    "Articulation": "drumscribe.domain.drums",
    "BeatGrid": "drumscribe.domain.rhythm",
    "BeatWishes": "drumscribe.domain.wishes",
    "DrumScribeError": "drumscribe.errors",
    "Hit": "drumscribe.domain.drums",
    "HearingWishes": "drumscribe.domain.wishes",
    "Instrument": "drumscribe.domain.drums",
    "Metre": "drumscribe.domain.rhythm",
    "PageWishes": "drumscribe.domain.wishes",
    "Sticking": "drumscribe.domain.drums",
    "Transcriber": "drumscribe.library",
    "Transcription": "drumscribe.library",
    "Wishes": "drumscribe.domain.wishes",
    "transcribe": "drumscribe.library",
}
__all__ = [*sorted(_HOMES), "__version__"]  # noqa: PLE0604 - all are strings


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
