"""Strokes from files: annotations as text, MIDI, lists of hits and our own documents as JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drumscribe.errors import DrumScribeError, InvalidHits, InvalidOption, SourceNotFound
from drumscribe.evaluation.hits import Tracks
from drumscribe.evaluation.labels import SIDE_STICK, fine_name, fine_name_of_key
from drumscribe.evaluation.strokes import Stroke

REFERENCE_SUFFIXES: Final = (".txt", ".mid", ".json")
# A folder that transcribe wrote has both for each track; the document says more.
ESTIMATE_SUFFIXES: Final = (".json", ".mid")

_DRUM_CHANNEL: Final = 9
_MIDI_MAXIMUM: Final = 127


def read_pair(
    reference: Path,
    estimate: Path,
    *,
    only: Iterable[str] | None = None,
    reads_all_references: bool = False,
) -> tuple[Tracks, Tracks]:
    """Reference and estimate, track by track, ready for evaluate_hits.

    Each is a file or a folder. Two files are one track whatever their names are; otherwise tracks
    are told by track_name. Files of tracks that only one side has are not read: they stand in the
    result without strokes.

    only: names of the tracks to keep; None keeps all.
    reads_all_references: also those without an estimate, to score them as if it were empty.

    Raises SourceNotFound, InvalidHits, or InvalidOption for a name in `only` that has no reference.
    """
    true, said = _files(reference, REFERENCE_SUFFIXES), _files(estimate, ESTIMATE_SUFFIXES)
    _check_unique(true)
    if reference.is_file() and estimate.is_file():
        said = {name: [estimate] for name in true}
    if only is not None:
        wanted = set(only)
        if unknown := wanted - set(true):
            raise InvalidOption(f"No reference for {', '.join(sorted(unknown))}.")
        true = {name: paths for name, paths in true.items() if name in wanted}
        said = {name: paths for name, paths in said.items() if name in wanted}
    both = set(true) & set(said)
    read_here = set(true) if reads_all_references else both
    if not both:
        raise InvalidOption(
            f"No track is present on both sides: {reference} has {_names(true)}, "
            f"{estimate} has {_names(said)}."
        )
    return (
        {name: read_strokes(paths[0]) if name in read_here else [] for name, paths in true.items()},
        {name: read_strokes(paths[0]) if name in both else [] for name, paths in said.items()},
    )


def track_name(path: Path) -> str:
    """The name of a track: the file's without suffix and without what data sets add to it."""
    stem = path.stem.removesuffix(".hits").removeprefix("MusicDelta_").removesuffix("_sep")
    return re.sub(r"_(class|subclass|Drum|MIX)$", "", stem)


def _files(path: Path, suffixes: tuple[str, ...]) -> dict[str, list[Path]]:
    """Track -> its files, those with an earlier suffix first."""
    if path.is_file():
        return {track_name(path): [path]}
    if not path.is_dir():
        raise SourceNotFound(f"{path}: no such file or folder.")
    found: dict[str, list[Path]] = {}
    for suffix in suffixes:
        for file in sorted(path.iterdir()):
            if file.suffix.lower() == suffix and not file.name.startswith("."):
                found.setdefault(track_name(file), []).append(file)
    if not found:
        raise SourceNotFound(f"{path}: no {', '.join(suffixes)} files in this folder.")
    return found


def _check_unique(files: Mapping[str, list[Path]]) -> None:
    for name, paths in files.items():
        if len(paths) > 1:
            names = ", ".join(path.name for path in paths)
            raise InvalidOption(f"More than one reference for track {name}: {names}.")


def _names(tracks: Mapping[str, object]) -> str:
    names = sorted(tracks)
    return ", ".join(names[:8]) + (" ..." if len(names) > 8 else "") if names else "nothing"


def read_strokes(path: Path) -> list[Stroke]:
    """The strokes of one file, sounds that are no drums of interest left out.

    .txt: "seconds label" per line, labels of MDB Drums or ours. .mid: General MIDI percussion.
    .json: a list of {"time", "instrument", "velocity", "confidence", "articulation"}, the last
    three optional, or an object with such a list as `hits`.

    Raises SourceNotFound or InvalidHits.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceNotFound(f"{path}: {error.strerror}.") from error
    readers = {".txt": _from_text, ".mid": _from_midi, ".json": _from_json}
    suffix = path.suffix.lower()
    if suffix not in readers:
        raise InvalidHits(f"{path}: expected a {', '.join(readers)} file.")
    try:
        return readers[suffix](content)
    except DrumScribeError as error:
        raise InvalidHits(f"{path}: {error.message}") from None


def _stroke(time: float, label: str, **known: float | None) -> Stroke | None:
    name = fine_name(label)
    try:
        return None if name is None else Stroke(time, name, label=label, **known)
    except ValueError as error:
        raise InvalidHits(f"{error}.") from None


def _from_text(content: bytes) -> list[Stroke]:
    strokes = []
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        try:
            time, label = float(words[0]), words[1]
        except (ValueError, IndexError):
            raise InvalidHits(f"line {number}: expected 'seconds label', got {line!r}.") from None
        try:
            strokes.append(_stroke(time, label))
        except InvalidHits as error:
            raise InvalidHits(f"line {number}: {error.message}") from None
    return [stroke for stroke in strokes if stroke is not None]


def _from_json(content: bytes) -> list[Stroke]:
    try:
        document = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InvalidHits(f"not a JSON document: {error}.") from None
    entries = document.get("hits") if isinstance(document, Mapping) else document
    if not isinstance(entries, list):
        raise InvalidHits("expected a list of hits, or an object with a list `hits`.")
    rows = [_Entry.read(entry, where=f"hits[{i}]") for i, entry in enumerate(entries)]
    # Ours run to 1, MIDI's to 127: one value above 1 tells which it is.
    loudest = max((row.velocity for row in rows if row.velocity is not None), default=0.0)
    scale = _MIDI_MAXIMUM if loudest > 1.0 else 1
    strokes = []
    for i, row in enumerate(rows):
        try:
            strokes.append(row.stroke(scale))
        except InvalidHits as error:
            raise InvalidHits(f"hits[{i}]: {error.message}") from None
    return [stroke for stroke in strokes if stroke is not None]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One hit of a JSON list before the unit of its velocity is known."""

    time: float
    instrument: str
    articulation: str | None
    velocity: float | None
    confidence: float | None

    @classmethod
    def read(cls, entry: object, *, where: str) -> _Entry:
        if not isinstance(entry, Mapping):
            raise InvalidHits(f"{where}: expected an object with time and instrument.")
        time, velocity, confidence = (
            _number(entry, key, where=where) for key in ("time", "velocity", "confidence")
        )
        if time is None:
            raise InvalidHits(f"{where}: it has no time.")
        articulation = entry.get("articulation")
        return cls(
            time,
            str(entry.get("instrument")),
            None if articulation is None else str(articulation),
            velocity,
            confidence,
        )

    def stroke(self, scale: float) -> Stroke | None:
        """The stroke, its velocity divided by `scale`. Raises InvalidHits."""
        name = fine_name(self.instrument)
        if name is None:
            return None
        if name == "snare" and self.articulation == "cross-stick":
            name = SIDE_STICK
        suffix = f"/{self.articulation}" if self.articulation else ""
        velocity = None if self.velocity is None else self.velocity / scale
        try:
            return Stroke(self.time, name, velocity, self.confidence, self.instrument + suffix)
        except ValueError as error:
            raise InvalidHits(f"{error}.") from None


def _number(entry: Mapping[str, Any], key: str, *, where: str) -> float | None:
    value = entry.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidHits(f"{where}: {key} must be a number, got {value!r}.")
    return float(value)


def _from_midi(content: bytes) -> list[Stroke]:
    import io

    import mido

    try:
        messages = list(mido.MidiFile(file=io.BytesIO(content)))
    except (OSError, EOFError, ValueError, IndexError, TypeError, mido.KeySignatureError) as error:
        raise InvalidHits(f"not a MIDI file that can be read: {error}.") from None
    notes = []
    seconds = 0.0
    for message in messages:
        seconds += message.time
        if message.type == "note_on" and message.velocity > 0:
            notes.append((seconds, message))
    # Drum machines and samplers are often recorded on any channel: then all notes are drums.
    on_drum_channel = [note for note in notes if note[1].channel == _DRUM_CHANNEL]
    return [
        Stroke(time, name, message.velocity / _MIDI_MAXIMUM, None, str(message.note))
        for time, message in on_drum_channel or notes
        if (name := fine_name_of_key(message.note)) is not None
    ]
