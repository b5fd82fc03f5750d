"""Where results go: a folder, or one file that is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from drumscribe.errors import InvalidOption, OutputError
from drumscribe.pipeline.files.formats import FORMATS


@dataclass(frozen=True, slots=True)
class Destination:
    """What -o says.

    name: of the one result, without its suffix; None in a folder, where results are named after
        their recordings.
    format: that the suffix of the one result stands for.
    """

    folder: Path
    name: str | None = None
    format: str | None = None

    @classmethod
    def of(cls, path: Path, *, may_be_file: bool = True) -> Destination:
        """`out` is a folder, `out/song.pdf` a file, unless a folder is called so.

        Raises OutputError before any work is done if nothing could be written there.
        """
        kind = _format_of(path.name) if may_be_file and not path.is_dir() else None
        if kind is not None:
            return cls(path.parent, path.name.removesuffix(FORMATS[kind].suffix), kind)
        if path.exists() and not path.is_dir():
            suffixes = ", ".join(form.suffix for form in FORMATS.values())
            or_file = f", or a file that ends in {suffixes}" if may_be_file else ""
            raise OutputError(f"{path} is a file; -o wants a folder{or_file}.")
        return cls(path)

    def formats(self, asked: tuple[str, ...] | None, usual: tuple[str, ...]) -> tuple[str, ...]:
        """Formats to write. Raises InvalidOption where -o says one and `asked` another."""
        if self.format is None:
            return asked or usual
        if asked is not None and asked != (self.format,):
            raise InvalidOption(
                f"-o names one file, of the format {self.format}: leave -f out, or give a folder."
            )
        return (self.format,)

    def check_count(self, count: int) -> None:
        """Raise InvalidOption where one file is named for several recordings."""
        if self.name is not None and count > 1:
            raise InvalidOption(
                f"-o names one file, and there are {count} recordings: give a folder."
            )


def _format_of(name: str) -> str | None:
    """The format whose suffix a file has: of song.performance.mid the longer one."""
    suffixes: Mapping[str, str] = {kind: form.suffix for kind, form in FORMATS.items()}
    fitting = [
        kind
        for kind, suffix in suffixes.items()
        if name.endswith(suffix) and len(name) > len(suffix)
    ]
    return max(fitting, key=lambda kind: len(suffixes[kind]), default=None)
