"""Transcripts as JSON documents with every field of the contract, read back exactly as written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from drumscribe.domain.drums import Articulation, Hit, Instrument, Sticking
from drumscribe.domain.rhythm import COMMON_TIME, BeatGrid, Metre, OtherCount
from drumscribe.domain.score import Score
from drumscribe.domain.transcription import (
    SCHEMA_VERSION,
    ModelRef,
    Notice,
    Transcript,
    WarningCode,
)
from drumscribe.domain.wishing.kinds import finite_number
from drumscribe.errors import InvalidHits
from drumscribe.models.known_models import transcriber_among
from drumscribe.pipeline.files.indented_json import indented_json
from drumscribe.pipeline.reviewing.review import ReviewGroup, review

# Any number beyond would not come back from JavaScript as it was.
HIGHEST_ID: Final = 2**53 - 1
# Lists of `first_hits`, each with the field of a hit that it holds: what says how a song is played.
FIRST_HITS_LISTS: Final = {
    "times": "time",
    "instruments": "instrument",
    "velocities": "velocity",
    "confidences": "confidence",
    "articulations": "articulation",
}


def hit_to_dict(hit: Hit) -> dict[str, Any]:
    """A hit as the contract writes it.

    articulation is null for a plain stroke, sticking where nobody said which hand plays it.
    """
    return {
        "id": hit.id,
        "time": hit.time,
        "instrument": hit.instrument.value,
        "velocity": hit.velocity,
        "confidence": hit.confidence,
        "articulation": hit.articulation.value if hit.articulation else None,
        "sticking": hit.sticking.value if hit.sticking else None,
    }


def transcript_to_dict(transcript: Transcript, score: Score | None = None) -> dict[str, Any]:
    """The JSON document of a transcription: the fields of the specification and what rebuilds it.

    score: its page, where it was written; without one nothing is said of the metre there.
    Tempi are quarter notes per minute. `tempo_map` has one entry per change of more than 0.05.
    """
    grid = transcript.grid
    detector = transcriber_among(transcript.models)
    return {
        "schema_version": transcript.schema_version,
        "title": transcript.title,
        "artist": transcript.artist,
        "source": transcript.source,
        "duration_seconds": transcript.duration_seconds,
        "detected_bpm": transcript.detected_bpm,
        "bpm": round(transcript.bpm, 3),
        "bpm_is_said": grid.said_quarters_per_minute is not None,
        "beat_length": float(grid.metre.beat_length),
        "bpm_unreliable": not grid.reliable,
        "time_signature": str(grid.written_metre),
        "written_time_signature": None if score is None else str(score.metre),
        "confidence_score": transcript.confidence,
        "warnings": [str(warning) for warning in transcript.warnings],
        "warning_details": [notice.to_dict() for notice in transcript.notices],
        "hit_summary": transcript.hit_summary,
        "compute_time_ms": transcript.compute_time_ms,
        "model_version": f"{detector.name} {detector.version}" if detector else None,
        "models": [
            {"name": m.name, "version": m.version, "sha256": m.sha256} for m in transcript.models
        ],
        "separated": transcript.separated,
        "tempo_map": tempo_map(grid),
        "beats": grid.beat_times.tolist(),
        "beat_numbers": grid.beat_numbers.tolist(),
        "downbeats": grid.downbeat_times.tolist(),
        "bar_confidences": list(grid.bar_confidences),
        "bar_time_signatures": [None if metre is None else str(metre) for metre in grid.bar_metres],
        "metre_is_said": grid.metre_is_said,
        "alternatives": [_alternative_to_dict(other, grid) for other in grid.alternatives],
        "review": [_group_to_dict(group) for group in review(transcript)],
        "candidates": [hit_to_dict(stroke) for stroke in transcript.candidates],
        "hits": [hit_to_dict(hit) for hit in transcript.hits],
        "first_hits": _columns(transcript.first_hits),
    }


def _columns(hits: Sequence[Hit]) -> dict[str, list[Any]]:
    """Strokes as lists of equal length: less than half as long as a list of hits."""
    entries = [hit_to_dict(hit) for hit in hits]
    return {name: [entry[field] for entry in entries] for name, field in FIRST_HITS_LISTS.items()}


def _group_to_dict(group: ReviewGroup) -> dict[str, Any]:
    """A group as the contract writes it; `beat` counts from 1 and is null for scattered strokes."""
    return {
        "kind": group.kind.value,
        "instrument": group.instrument.value,
        "beat": None if group.beat is None else round(float(group.beat), 4),
        "ids": list(group.ids),
        "chance": round(group.chance, 3),
    }


def _alternative_to_dict(other: OtherCount, grid: BeatGrid) -> dict[str, Any]:
    """Another way to count as the wishes that bring it about, and what it means for the tempo."""
    return {
        "time_signature": str(other.metre),
        "bpm": other.quarters_per_minute,
        "tempo_ratio": round(other.quarters_per_minute / grid.quarters_per_minute, 3),
        "bar_one_at_seconds": other.bar_one_at_seconds,
        "chance": other.chance,
    }


def _alternatives(document: Mapping[str, Any]) -> tuple[OtherCount, ...]:
    return tuple(
        OtherCount(
            Metre.parse(str(entry["time_signature"])),
            _number(entry, "bpm", None),
            _number(entry, "bar_one_at_seconds", None),
            _number(entry, "chance", None),
        )
        for entry in document.get("alternatives") or []
    )


def tempo_map(grid: BeatGrid) -> list[dict[str, float]]:
    """[{time, bpm}]: the tempo from each time on, in quarter notes per minute."""
    changes: list[dict[str, float]] = []
    for time, length in zip(grid.beat_times, np.diff(grid.beat_times), strict=False):
        bpm = 60.0 / float(length) * float(grid.metre.beat_length)
        if not changes or abs(changes[-1]["bpm"] - bpm) > 0.05:
            changes.append({"time": float(time), "bpm": round(bpm, 3)})
    return changes


def transcript_to_json(transcript: Transcript, score: Score | None = None) -> bytes:
    """transcript_to_dict as UTF-8 text, floats written so that they read back exactly."""
    text = indented_json(transcript_to_dict(transcript, score))
    # File names may hold bytes that are no text, which Python keeps as halves of surrogate pairs.
    return (text + "\n").encode(errors="replace")


def hits_to_csv(transcript: Transcript) -> bytes:
    """The hits as a table: time, instrument, velocity, confidence, articulation, sticking."""
    out = io.StringIO()
    rows = [hit_to_dict(hit) for hit in transcript.hits]
    columns = ["time", "instrument", "velocity", "confidence", "articulation", "sticking"]
    writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def hit_from_dict(entry: object, *, where: str = "hit") -> Hit:
    """A hit from its JSON form; only time and instrument must be there."""
    if not isinstance(entry, Mapping):
        raise InvalidHits(f"{where}: expected an object with time and instrument, got {entry!r}.")
    try:
        instrument = Instrument(str(entry.get("instrument")))
    except ValueError:
        names = ", ".join(Instrument)
        raise InvalidHits(
            f"{where}: unknown instrument {entry.get('instrument')!r}; expected one of {names}."
        ) from None
    articulation, sticking = entry.get("articulation"), entry.get("sticking")
    try:
        return Hit(
            time=_number(entry, "time", None),
            instrument=instrument,
            velocity=_number(entry, "velocity", 0.8),
            confidence=_number(entry, "confidence", 1.0),
            articulation=None if articulation is None else Articulation(articulation),
            id=_id(entry),
            sticking=None if sticking is None else Sticking(sticking),
        )
    except ValueError as error:
        raise InvalidHits(f"{where}: {error}.") from None


def _id(entry: Mapping[str, Any]) -> int | None:
    value = entry.get("id")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= HIGHEST_ID:
        raise ValueError(f"id must be a whole number from 0 to {HIGHEST_ID}, got {value!r}")
    return value


def _number(entry: Mapping[str, Any], key: str, default: float | None) -> float:
    try:
        return finite_number(entry.get(key, default))
    except ValueError as error:
        raise ValueError(f"{key} {error}") from None


def _text(document: Mapping[str, Any], key: str) -> str | None:
    value = document.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} must be a text, got {value!r}")
    return value


def hits_from_json(content: bytes) -> list[Hit]:
    """Hits from a whole document or from a bare list of hits, sorted by time."""
    return _hits(_parse(content))


def _hits(document: Any) -> list[Hit]:
    entries = document.get("hits") if isinstance(document, Mapping) else document
    if not isinstance(entries, list):
        raise InvalidHits("Expected a list of hits, or an object with a list `hits`.")
    return sorted(hit_from_dict(e, where=f"hits[{i}]") for i, e in enumerate(entries))


def _candidates(document: Mapping[str, Any]) -> tuple[Hit, ...]:
    """What was nearly heard; nothing in documents of before 0.6."""
    entries = document.get("candidates") or []
    if not isinstance(entries, list):
        raise InvalidHits("Expected a list of candidates.")
    return tuple(sorted(hit_from_dict(e, where=f"candidates[{i}]") for i, e in enumerate(entries)))


def _first_hits(document: Mapping[str, Any]) -> tuple[Hit, ...]:
    """What _columns wrote; nothing in documents of before 0.7."""
    columns = document.get("first_hits") or {}
    if not isinstance(columns, Mapping):
        raise InvalidHits("Expected first_hits to be an object with lists.")
    lists = [columns.get(name, []) for name in FIRST_HITS_LISTS]
    if not all(isinstance(one, list) and len(one) == len(lists[0]) for one in lists):
        names = ", ".join(FIRST_HITS_LISTS)
        raise InvalidHits(f"first_hits: expected lists of equal length: {names}.")
    fields = FIRST_HITS_LISTS.values()
    entries = (dict(zip(fields, row, strict=True)) for row in zip(*lists, strict=True))
    return tuple(hit_from_dict(e, where=f"first_hits, {i}") for i, e in enumerate(entries))


def grid_from_json(content: bytes) -> BeatGrid | None:
    """The beat grid of a whole document; None where it has no beats."""
    document = _parse(content)
    if not isinstance(document, Mapping) or not document.get("beats"):
        return None
    return _grid(document)


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content)
    except RecursionError:
        raise InvalidHits("This is not a document of hits: it is nested too deeply.") from None
    except ValueError as error:  # no text, no JSON, an integer of thousands of digits
        raise InvalidHits(f"This is not a JSON document: {error}.") from None


def _grid(document: Mapping[str, Any]) -> BeatGrid:
    try:
        metre = Metre.parse(str(document.get("time_signature", "4/4")))
        if metre == COMMON_TIME and document.get("beat_length") == 0.5:
            metre = metre.in_eighths
        beats = np.array(document["beats"], dtype=np.float64)
        numbers = document.get("beat_numbers")
        if numbers is None:
            numbers = _numbers_from_downbeats(beats, document.get("downbeats") or [], metre)
        return BeatGrid(
            beats,
            np.array(numbers, dtype=np.int64),
            metre,
            reliable=not document.get("bpm_unreliable", False),
            bar_confidences=_bar_confidences(document, numbers),
            bar_metres=_bar_metres(document, numbers),
            metre_is_said=document.get("metre_is_said") is True,
            said_quarters_per_minute=(
                _number(document, "bpm", None) if document.get("bpm_is_said") is True else None
            ),
            alternatives=_alternatives(document),
        )
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise InvalidHits(f"The beats cannot be read: {error}.") from None


def _bar_confidences(document: Mapping[str, Any], numbers: list[int]) -> tuple[float, ...]:
    """Those of the document; none where somebody changed its beats and left them behind."""
    found = tuple(float(value) for value in document.get("bar_confidences") or [])
    if not all(0.0 <= value <= 1.0 for value in found):
        raise ValueError("bar_confidences must lie in 0..1")
    return found if len(found) == sum(number == 1 for number in numbers) else ()


def _bar_metres(document: Mapping[str, Any], numbers: list[int]) -> tuple[Metre | None, ...]:
    """The metres said of bars; none where the beats are others, and in older documents."""
    found = tuple(
        None if value is None else Metre.parse(str(value))
        for value in document.get("bar_time_signatures") or []
    )
    return found if len(found) == sum(number == 1 for number in numbers) else ()


def _numbers_from_downbeats(
    beats: np.ndarray[Any, np.dtype[np.float64]], downbeats: list[float], metre: Metre
) -> list[int]:
    """Count from each downbeat; before the first one, count backwards."""
    per_bar = metre.beats_per_bar
    starts = [int(np.argmin(np.abs(beats - time))) for time in downbeats] or [0]
    numbers = []
    for index in range(beats.size):
        before = [start for start in starts if start <= index]
        origin = before[-1] if before else starts[0]
        numbers.append((index - origin) % per_bar + 1)
    return numbers


def is_transcript(content: bytes) -> bool:
    """Whether a document claims to be what transcript_to_json wrote, beats included.

    Raises InvalidHits where it is no JSON.
    """
    document = _parse(content)
    if not isinstance(document, Mapping) or document.get("schema_version") != SCHEMA_VERSION:
        return False
    return bool(document.get("beats"))


def transcript_from_json(content: bytes) -> Transcript:
    """Read what transcript_to_json wrote.

    Raises InvalidHits where the document is not one of ours or has no beats.
    """
    document = _parse(content)
    if not isinstance(document, Mapping):
        raise InvalidHits("Expected a transcription document, got a bare list.")
    version = document.get("schema_version")
    if version != SCHEMA_VERSION:
        raise InvalidHits(f"Expected schema_version {SCHEMA_VERSION}, got {version!r}.")
    if not document.get("beats"):
        raise InvalidHits("The document has no beats.")
    grid = _grid(document)
    try:
        models = tuple(
            ModelRef(m["name"], m["version"], m["sha256"]) for m in document.get("models", [])
        )
        warnings = tuple(WarningCode(w) for w in document.get("warnings", []))
        notices = tuple(Notice.from_dict(n) for n in document.get("warning_details", []))
        title, artist, source = (_text(document, key) for key in ("title", "artist", "source"))
        duration = _number(document, "duration_seconds", None)
        confidence = _number(document, "confidence_score", None)
        if duration < 0.0 or not 0.0 <= confidence <= 1.0:
            raise ValueError("duration_seconds or confidence_score is out of range")
        timed = document.get("compute_time_ms") is not None
        compute_time_ms = round(_number(document, "compute_time_ms", None)) if timed else None
        # Where nobody gave a tempo the beats have it, more exactly.
        is_said = grid.said_quarters_per_minute is not None
        heard = _number(document, "detected_bpm", None) if is_said else None
    except (AttributeError, TypeError, ValueError, KeyError) as error:
        raise InvalidHits(f"The document cannot be read: {error}.") from None
    return Transcript(
        hits=tuple(_hits(document)),
        candidates=_candidates(document),
        first_hits=_first_hits(document),
        grid=grid,
        duration_seconds=duration,
        confidence=confidence,
        warnings=warnings,
        notices=notices,
        models=models,
        separated=bool(document.get("separated", False)),
        title=title,
        artist=artist,
        source=source,
        compute_time_ms=compute_time_ms,
        heard_quarters_per_minute=heard,
    )
