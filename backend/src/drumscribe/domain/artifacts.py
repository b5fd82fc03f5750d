"""Files that a job made or was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class ArtifactKind(StrEnum):
    """What a file is. The values are what the tables hold; clients ask by format_name."""

    SOURCE = "source"  # what was uploaded or fetched, as it came
    AUDIO = "audio"  # decoded and checked
    STEM = "stem"  # drum stem, sample by sample, for the next step
    DRUMS = "drums"  # drum stem, for listeners
    BACKING = "backing"  # mix minus drums
    ACTIVATIONS = "activations"
    GRID = "grid"  # hits, beats and bars as they are now, exact
    MACHINE = "machine"  # the same as the machine made it; there once something was edited
    RECORDING = "original"  # decoded, for players: its times are the hits'
    JSON = "json"
    MUSICXML = "musicxml"
    PDF = "pdf"
    SVG = "svg"
    SVG_NARROW = "svg-narrow"  # the same for a phone: fewer bars a line
    MIDI = "midi"
    MIDI_PERFORMANCE = "midi-performance"
    CSV = "csv"
    TIMEMAP = "timemap"
    GP = "gp"
    TAB = "tab"

    @property
    def is_of_use_afterwards(self) -> bool:
        """Whether anybody needs it once the job is completed: the large ones only steps read."""
        return self not in (ArtifactKind.AUDIO, ArtifactKind.STEM)

    @property
    def is_download(self) -> bool:
        """Whether clients may fetch it."""
        internal = (
            ArtifactKind.AUDIO,
            ArtifactKind.STEM,
            ArtifactKind.ACTIVATIONS,
            ArtifactKind.GRID,
            ArtifactKind.MACHINE,
        )
        return self not in internal

    @property
    def format_name(self) -> str:
        """What clients call it: a download format of the contract."""
        return _FORMAT_NAMES.get(self, self.value)

    @classmethod
    def of_format(cls, name: str) -> ArtifactKind | None:
        """The kind that clients call so; None if they may fetch none of that name."""
        return next((kind for kind in cls if kind.is_download and kind.format_name == name), None)


# "original" was what was decoded while nothing else was handed out. The version before runs beside
# this one while it is replaced, so the tables keep their words.
_FORMAT_NAMES: Final = {ArtifactKind.SOURCE: "original", ArtifactKind.RECORDING: "recording"}


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the storage knows of a whole file that it holds. sha256: hexadecimal."""

    key: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class NewArtifact:
    """A stored file that is about to become an artifact of a job."""

    kind: ArtifactKind
    stored: StoredObject
    media_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class Artifact:
    """A row of the table of artifacts. deleted_at: the tombstone; the file is gone or going."""

    id: UUID
    job_id: UUID
    kind: ArtifactKind
    stored: StoredObject
    media_type: str
    filename: str
    created_at: datetime
    deleted_at: datetime | None = None
