"""The driver that runs all steps in memory: what the library and the command line use."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from drumscribe.audio.decode import DecodeLimits
from drumscribe.domain.drums import Activations, Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.titles import title_of_name
from drumscribe.domain.transcription import ModelRef, Transcript, WarningCode
from drumscribe.domain.wishes import Wishes
from drumscribe.models.known_models import HTDEMUCS
from drumscribe.pipeline import stages
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.models import ModelSet
from drumscribe.separation.stems import Separation

# Below this mean confidence a page needs a listener's eye: see docs/explanation/confidence.md.
LOW_CONFIDENCE = 0.6
_USUAL_LENGTHS: Final = DecodeLimits()


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Everything that one run found.

    activations: kept so that the sensitivity can be changed without hearing again.
    """

    transcript: Transcript
    activations: Activations


def transcribe(
    source: Path,
    wishes: Wishes,
    models: ModelSet,
    context: LocalContext,
    *,
    limits: DecodeLimits = _USUAL_LENGTHS,
    keep_stems: Callable[[Separation], object] | None = None,
) -> Run:
    """Hear the drums of one recording.

    limits: of the recordings that are accepted.
    keep_stems: called with the stems, which live in the context's scratch folder and are gone
        afterwards; None if they are not wanted.

    Raises InputError, InvalidOption, NoDrumsFound, ModelError or Cancelled.
    """
    started = time.monotonic()
    context.begin("decode")
    audio = stages.ingest_audio(source, wishes.hearing, limits, context)
    separation = None
    refs: list[ModelRef] = []
    if stages.wants_separation(wishes.hearing, models, keeps_stems=keep_stems is not None):
        context.begin("separate")
        separation = stages.separate_drums(audio, models, context)
        refs.append(HTDEMUCS.ref)
        if keep_stems is not None:
            keep_stems(separation)
    drums = separation.drums if separation else None
    context.begin("detect")
    activations = stages.predict_activations(drums or audio, models, context)
    hits = stages.pick_hits(activations, wishes.hearing, models)
    refs.append(models.detector().model)
    context.begin("beats")
    grid = stages.find_beats(audio, drums, hits, wishes, models, context)
    refs.extend(models.beat_refs)
    transcript = build_transcript(
        hits,
        grid,
        duration_seconds=audio.duration_seconds,
        models=tuple(refs),
        separated=separation is not None,
        title=wishes.page.title or title_of_name(source.stem),
        artist=wishes.page.artist,
        source=source.name,
        compute_time_ms=round((time.monotonic() - started) * 1000),
    )
    return Run(transcript, activations)


def build_transcript(
    hits: tuple[Hit, ...],
    grid: BeatGrid,
    *,
    duration_seconds: float,
    models: tuple[ModelRef, ...] = (),
    separated: bool = False,
    title: str | None = None,
    artist: str | None = None,
    source: str | None = None,
    compute_time_ms: int | None = None,
) -> Transcript:
    """A transcript with its confidence and warnings worked out from hits and grid."""
    confidence = float(np.mean([hit.confidence for hit in hits])) if hits else 0.0
    warnings = []
    if confidence < LOW_CONFIDENCE:
        warnings.append(WarningCode.LOW_CONFIDENCE)
    if not grid.reliable:
        warnings.append(WarningCode.BPM_UNRELIABLE)
    return Transcript(
        hits=hits,
        grid=grid,
        duration_seconds=duration_seconds,
        confidence=confidence,
        warnings=tuple(warnings),
        models=models,
        separated=separated,
        title=title,
        artist=artist,
        source=source,
        compute_time_ms=compute_time_ms,
    )
