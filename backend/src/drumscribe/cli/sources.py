"""From the words on the command line to recordings, and from each to its output name."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from drumscribe.domain.video_links import canonical_video_url
from drumscribe.errors import SourceNotFound

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

    path: the file to read; of a link the id of its video.
    output_stem: path of the results without suffix, e.g. out/album/song; of a link it ends with
        [id], and the title of the video comes before it once that is known.
    link: of a video, if that is the recording.
    """

    path: Path
    output_stem: Path
    link: str | None = None


def expand_sources(arguments: tuple[str, ...], output_dir: Path) -> list[Source]:
    """Files as given, folders searched for audio files; each source once, in a stable order.

    Results of files in a folder keep the folder's inner structure. Where two recordings would
    write the same result (song.mp3 and song.wav), the suffix joins the name.

    Raises SourceNotFound for a path that does not exist or a folder without audio, and
    UnsupportedLink for a link that is not to one video of a site that is supported.
    """
    found: dict[Path, Path] = {}
    links: dict[Path, str] = {}
    for argument in arguments:
        if re.match(r"https?://", argument, re.IGNORECASE):
            link = canonical_video_url(argument)
            video_id = Path(link.rpartition("=")[2])
            links[video_id] = link
            found.setdefault(video_id, output_dir / f"[{video_id}]")
            continue
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
                links.get(path),
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
        out.append(replace(source, output_stem=stem))
    return out
