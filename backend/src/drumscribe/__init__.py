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
    from drumscribe.domain.rhythm import BeatGrid as BeatGrid
    from drumscribe.domain.rhythm import Metre as Metre
    from drumscribe.errors import DrumScribeError as DrumScribeError
    from drumscribe.library import Transcriber as Transcriber
    from drumscribe.library import Transcription as Transcription
    from drumscribe.library import transcribe as transcribe
    from drumscribe.pipeline.options import TranscribeOptions as TranscribeOptions

__version__ = "0.1.0"

_HOMES = {
    "Articulation": "drumscribe.domain.drums",
    "BeatGrid": "drumscribe.domain.rhythm",
    "DrumScribeError": "drumscribe.errors",
    "Hit": "drumscribe.domain.drums",
    "Instrument": "drumscribe.domain.drums",
    "Metre": "drumscribe.domain.rhythm",
    "TranscribeOptions": "drumscribe.pipeline.options",
    "Transcriber": "drumscribe.library",
    "Transcription": "drumscribe.library",
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
