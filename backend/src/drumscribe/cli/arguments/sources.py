"""From the words on the command line to recordings, and from each to its output name."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from drumscribe.audio.kinds import SUFFIXES
from drumscribe.cli.arguments.destination import Destination
from drumscribe.cli.common import console
from drumscribe.domain.service.outside_urls import parse_outside_url
from drumscribe.domain.service.video_links import video_in
from drumscribe.domain.titles import shortened
from drumscribe.errors import InvalidRequest, SourceNotFound, UnsupportedLink

# Beside songs there are covers, texts and what systems put there; naming all of them would hide
# what may have been meant.
_MOST_NAMED = 5
# File systems take 255 bytes; the suffixes of results need some.
_LONGEST_STEM_BYTES = 200


@dataclass(frozen=True, slots=True)
class Source:
    """One recording and where its results go.

    path: the file to read; of a link the id of its video, or site and name of the file.
    output_stem: path of the results without suffix, e.g. out/album/song; of a link to a video it
        ends with [id], and the title of the video comes before it once that is known.
    link: of a video or a sound file, if that is the recording.
    """

    path: Path
    output_stem: Path
    link: str | None = None


def expand_sources(
    arguments: tuple[str, ...], output: Destination, *, may_be_empty: bool = False
) -> list[Source]:
    """Files as given, folders searched for audio files; each source once, in a stable order.

    Results of files in a folder keep the folder's inner structure. Where two recordings would
    write the same result (song.mp3 and song.wav), the suffix joins the name.

    output: where results go; a result that it names is that of the only recording.
    may_be_empty: a folder without audio is told of and gives nothing.

    Raises SourceNotFound for a path that does not exist or a folder without audio,
    UnsupportedLink for a link that is neither to one video nor an address of a file, and
    InvalidOption where one result is named for several recordings.
    """
    output_dir = output.folder
    found: dict[Path, Path] = {}
    links: dict[Path, str] = {}
    for argument in arguments:
        if re.match(r"https?://", argument, re.IGNORECASE):
            link, path, stem = _linked(argument, output_dir)
            links[path] = link
            found.setdefault(path, stem)
            continue
        path = Path(argument)
        if path.is_dir():
            files = sorted(
                file for file in path.rglob("*") if file.is_file() and not file.name.startswith(".")
            )
            # Only here names decide; a file that is named is judged by its content alone.
            inside = [file for file in files if file.suffix.lower() in SUFFIXES]
            _tell_of_others([file for file in files if file.suffix.lower() not in SUFFIXES], path)
            if not inside and not may_be_empty:
                raise SourceNotFound(f"{argument}: no audio files in this folder.")
            if not inside:
                console.print(f"{argument}: nothing to do, no audio files in it.", markup=False)
            for file in inside:
                stem = output_dir / file.relative_to(path).with_suffix("")
                found.setdefault(file, _writable(stem))
        elif path.exists():
            found.setdefault(path, _writable(output_dir / path.stem))
        else:
            raise SourceNotFound(f"{argument}: no such file or folder.")
    output.check_count(len(found))
    if output.name is not None:
        found = dict.fromkeys(found, output_dir / output.name)
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


def _linked(address: str, output_dir: Path) -> tuple[str, Path, Path]:
    """A link, what stands for its file, and where the results go. Raises UnsupportedLink."""
    video = video_in(address)
    if video is not None:
        video_id = video.rpartition("=")[2]
        return video, Path(video_id), output_dir / f"[{video_id}]"
    try:
        parts = parse_outside_url(address, field=address, allow_http=True)
    except InvalidRequest as error:
        raise UnsupportedLink(error.message) from None
    name = Path(unquote(urlsplit(address).path).replace("\\", "/")).name or parts.host
    return address, Path(parts.host, name), _writable(output_dir / Path(name).stem)


def _writable(stem: Path) -> Path:
    """The same with a last part that is short enough to take the suffixes of results."""
    return stem.with_name(shortened(stem.name, _LONGEST_STEM_BYTES).rstrip() or stem.name)


def _tell_of_others(others: list[Path], folder: Path) -> None:
    if not others:
        return
    named = ", ".join(str(file.relative_to(folder)) for file in others[:_MOST_NAMED])
    more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
    console.print(f"{folder}: left out, no sound by their names: {named}{more}.", markup=False)


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
