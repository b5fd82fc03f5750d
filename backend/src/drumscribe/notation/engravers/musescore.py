"""MuseScore, which turns MusicXML into whatever its suffixes name, in a child under limits."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from drumscribe.notation.engravers.limits import Finished, run_confined

_NAMES: Final = ("mscore3", "musescore3", "mscore", "musescore", "mscore4portable", "mscore4")
MEMORY_BYTES: Final = 4 << 30  # Qt reserves far more addresses than it uses


def find_musescore(musescore_bin: str | None = None) -> str | None:
    """The MuseScore program that is named, else that of the system; None if there is none."""
    if musescore_bin is not None:
        return shutil.which(musescore_bin)
    return next(filter(None, map(shutil.which, _NAMES)), None)


def run_musescore(
    program: str, musicxml: bytes, suffix: str, *, timeout_seconds: float
) -> tuple[bytes | None, Finished]:
    """What MuseScore makes of a score, in the format of the suffix (".pdf", ".mscx").

    None where it made no file. Raises EngravingFailed where it takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="drumscribe-") as folder_name:
        folder = Path(folder_name)
        (folder / "score.musicxml").write_bytes(musicxml)
        finished = run_confined(
            [program, "-o", f"score{suffix}", "score.musicxml"],
            folder,
            timeout_seconds=timeout_seconds,
            environment={"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(folder)},
            memory_bytes=MEMORY_BYTES,
        )
        made = folder / f"score{suffix}"
        return (made.read_bytes() if made.is_file() else None), finished
