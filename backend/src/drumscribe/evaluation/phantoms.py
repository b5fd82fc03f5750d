"""How many hits are heard where nobody plays drums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drumscribe.audio.decode import DecodeLimits
from drumscribe.domain.drums import Instrument
from drumscribe.domain.transcription import ModelRef
from drumscribe.domain.wishes import HearingWishes
from drumscribe.errors import InvalidOption, NoDrumsFound
from drumscribe.pipeline import stages
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.listening import listen
from drumscribe.pipeline.models import ModelSet


@dataclass(frozen=True, slots=True)
class PhantomTrack:
    """One drum-free recording: its length, and how often each instrument was heard all the same."""

    name: str
    duration_seconds: float
    hits: Mapping[Instrument, int]

    @property
    def per_minute(self) -> float:
        return 60.0 * sum(self.hits.values()) / self.duration_seconds


@dataclass(frozen=True, slots=True)
class PhantomReport:
    """All recordings together. Every hit is an error: there are no drums."""

    tracks: tuple[PhantomTrack, ...]
    model: ModelRef

    @property
    def duration_seconds(self) -> float:
        return sum(track.duration_seconds for track in self.tracks)

    @property
    def per_minute_by_class(self) -> dict[Instrument, float]:
        """Hits per minute of each instrument, all nine."""
        hits = Counter[Instrument]()
        for track in self.tracks:
            hits.update(track.hits)
        return {one: 60.0 * hits[one] / self.duration_seconds for one in Instrument}

    @property
    def per_minute(self) -> float:
        return sum(self.per_minute_by_class.values())


def count_phantoms(
    sources: Iterable[Path], models: ModelSet, wishes: HearingWishes, context: LocalContext
) -> PhantomReport:
    """Hear recordings that hold no drums, the way a transcription hears them.

    Raises InputError for a recording that cannot be heard and InvalidOption if there is none.
    """
    tracks = []
    for source in sources:
        context.begin("decode")
        audio = stages.ingest_audio(source, wishes, DecodeLimits(), context).audio
        activations = listen(audio, wishes, models, context).activations
        try:
            hits = stages.pick_hits(activations, wishes, models)
        except NoDrumsFound:
            hits = ()
        heard = Counter(hit.instrument for hit in hits)
        tracks.append(PhantomTrack(source.name, audio.duration_seconds, heard))
    if not tracks:
        raise InvalidOption("There is no recording to listen to.")
    return PhantomReport(tuple(tracks), models.detector().model)


def to_dict(report: PhantomReport) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "model": {"name": report.model.name, "version": report.model.version},
        "duration_seconds": report.duration_seconds,
        "hits_per_minute": report.per_minute,
        "hits_per_minute_by_class": {
            one.value: rate for one, rate in report.per_minute_by_class.items()
        },
        "recordings": [
            {
                "name": track.name,
                "duration_seconds": track.duration_seconds,
                "hits_per_minute": track.per_minute,
                "hits": {one.value: n for one, n in sorted(track.hits.items())},
            }
            for track in report.tracks
        ],
    }


def to_text(report: PhantomReport) -> str:
    """One line per recording, then the rate of each instrument and of all."""
    width = max(len("all"), *(len(track.name) for track in report.tracks))
    lines = [f"{report.model}: hits per minute where there are no drums"]
    for track in report.tracks:
        kinds = ", ".join(f"{one.value} {n}" for one, n in sorted(track.hits.items()))
        lines.append(
            f"  {track.name:{width}}  {track.duration_seconds:7.1f} s  {track.per_minute:6.2f}"
            f"{'  ' + kinds if kinds else ''}"
        )
    lines.append(f"  {'all':{width}}  {report.duration_seconds:7.1f} s  {report.per_minute:6.2f}")
    lines += [
        f"  {one.value:13} {rate:6.2f}" for one, rate in report.per_minute_by_class.items() if rate
    ]
    return "\n".join(lines) + "\n"
