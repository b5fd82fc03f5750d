"""From the words on the command line to recordings, and from each to its output name."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from drumscribe.errors import InvalidOption, SourceNotFound

# Only for picking files out of folders; a file that is named is judged by its content alone.
AUDIO_SUFFIXES = frozenset(
    {
        ".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".aifc",
        ".m4a", ".aac", ".mp4", ".webm", ".mka",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One recording and where its results go.

    path: the file to read.
    output_stem: path of the results without suffix, e.g. out/album/song.
    """

    path: Path
    output_stem: Path


def expand_sources(arguments: tuple[str, ...], output_dir: Path) -> list[Source]:
    """Files as given, folders searched for audio files; each source once, in a stable order.

    Results of files in a folder keep the folder's inner structure. Where two recordings would
    write the same result (song.mp3 and song.wav), the suffix joins the name.

    Raises SourceNotFound for a path that does not exist or a folder without audio, and
    InvalidOption for a link.
    """
    found: dict[Path, Path] = {}
    for argument in arguments:
        if re.match(r"https?://", argument, re.IGNORECASE):
            raise InvalidOption(
                f"{argument}: links are not supported by this command yet. "
                "Download the audio and give the file."
            )
        path = Path(argument)
        if path.is_dir():
            inside = sorted(
                file
                for file in path.rglob("*")
                if file.is_file()
                and file.suffix.lower() in AUDIO_SUFFIXES
                and not file.name.startswith(".")
            )
            if not inside:
                raise SourceNotFound(f"{argument}: no audio files in this folder.")
            for file in inside:
                found.setdefault(file, output_dir / file.relative_to(path).with_suffix(""))
        elif path.exists():
            found.setdefault(path, output_dir / path.stem)
        else:
            raise SourceNotFound(f"{argument}: no such file or folder.")
    clashes = Counter(found.values())
    return _distinct(
        [
            Source(
                path,
                stem.with_name(f"{stem.name}-{path.suffix.lstrip('.').lower()}")
                if clashes[stem] > 1
                else stem,
            )
            for path, stem in found.items()
        ]
    )


def _distinct(sources: list[Source]) -> list[Source]:
    """Number what still clashes: two folders may hold files of one name and kind."""
    seen: Counter[Path] = Counter()
    out = []
    for source in sources:
        seen[source.output_stem] += 1
        count = seen[source.output_stem]
        stem = source.output_stem
        if count > 1:
            stem = stem.with_name(f"{stem.name}-{count}")
        out.append(Source(source.path, stem))
    return out
