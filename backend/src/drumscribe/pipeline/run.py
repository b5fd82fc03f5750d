"""The driver that runs all steps in memory: what the library and the command line use."""

from __future__ import annotations

import logging
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
from drumscribe.domain.transcription import ModelRef, Notice, Transcript, WarningCode
from drumscribe.domain.wishes import Wishes
from drumscribe.models.known_models import HTDEMUCS
from drumscribe.pipeline import stages
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.doubts import HARDLY_HEARD, hardly_heard, with_remedy
from drumscribe.pipeline.listening import listen
from drumscribe.pipeline.models import ModelSet
from drumscribe.separation.stems import Separation

logger = logging.getLogger(__name__)

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
    decoded = stages.ingest_audio(source, wishes.hearing, limits, context)
    audio = decoded.audio
    heard = listen(audio, wishes.hearing, models, context, keeps_stems=keep_stems is not None)
    if keep_stems is not None and heard.separation is not None:
        keep_stems(heard.separation)
    hits = stages.pick_hits(heard.activations, wishes.hearing, models)
    separators = [HTDEMUCS.ref] if heard.separation else []
    context.begin("beats")
    grid = stages.find_beats(audio, heard.drums, hits, wishes, models, context)
    transcript = build_transcript(
        hits,
        grid,
        duration_seconds=audio.duration_seconds,
        notices=decoded.notices,
        models=(*separators, models.detector().model, *models.beat_refs),
        separated=heard.separation is not None,
        title=wishes.page.title or title_of_name(source.stem),
        artist=wishes.page.artist,
        source=source.name,
        compute_time_ms=round((time.monotonic() - started) * 1000),
    )
    for warning in transcript.warnings:
        if warning in HARDLY_HEARD:
            logger.warning("%s", with_remedy(warning, separated=transcript.separated))
    return Run(transcript, heard.activations)


def build_transcript(
    hits: tuple[Hit, ...],
    grid: BeatGrid,
    *,
    duration_seconds: float,
    notices: tuple[Notice, ...] = (),
    models: tuple[ModelRef, ...] = (),
    separated: bool = False,
    title: str | None = None,
    artist: str | None = None,
    source: str | None = None,
    compute_time_ms: int | None = None,
) -> Transcript:
    """A transcript with its confidence and warnings worked out from hits and grid.

    models: none where nobody listened; then nothing is said about what was hardly heard.
    """
    confidence = float(np.mean([hit.confidence for hit in hits])) if hits else 0.0
    # Each once, in order.
    warnings = list(dict.fromkeys(notice.code for notice in notices))
    if confidence < LOW_CONFIDENCE:
        warnings.append(WarningCode.LOW_CONFIDENCE)
    if not grid.reliable:
        warnings.append(WarningCode.BPM_UNRELIABLE)
    if models:
        warnings.extend(hardly_heard(hits, duration_seconds))
    return Transcript(
        hits=hits,
        grid=grid,
        duration_seconds=duration_seconds,
        confidence=confidence,
        warnings=tuple(warnings),
        notices=notices,
        models=models,
        separated=separated,
        title=title,
        artist=artist,
        source=source,
        compute_time_ms=compute_time_ms,
    )
