"""The driver that runs all steps in memory: what the library and the command line use."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drumscribe.audio.decode import DecodeLimits
from drumscribe.domain.drums import Activations
from drumscribe.domain.titles import title_of_name
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import Wishes
from drumscribe.pipeline import stages
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.doubts import HARDLY_HEARD, with_remedy
from drumscribe.pipeline.hear import hear, named
from drumscribe.pipeline.listening import listen
from drumscribe.pipeline.models import ModelSet
from drumscribe.pipeline.revise import revise
from drumscribe.separation.stems import Separation

logger = logging.getLogger(__name__)

_USUAL_LENGTHS: Final = DecodeLimits()


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Everything that one run found.

    activations: kept so that the sensitivity can be changed without hearing again.
    """

    transcript: Transcript
    activations: Activations | None


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
    if keep_stems is not None:
        stages.check_stems(wishes.hearing)
    context.begin("decode")
    decoded = stages.ingest_audio(source, wishes.hearing, limits, context)
    audio = decoded.audio
    listened = listen(audio, wishes.hearing, models, context, keeps_stems=keep_stems is not None)
    if keep_stems is not None and listened.separation is not None:
        keep_stems(listened.separation)
    context.begin("beats")
    heard = named(
        hear(audio, listened.drums, listened.activations, wishes, models, context),
        title=title_of_name(source.stem),
        source=source.name,
        notices=decoded.notices,
    )
    elapsed_ms = round((time.monotonic() - started) * 1000)
    transcript = revise(dataclasses.replace(heard, compute_time_ms=elapsed_ms), wishes)
    for warning in transcript.warnings:
        if warning in HARDLY_HEARD:
            logger.warning("%s", with_remedy(warning, separated=transcript.separated))
    return Run(transcript, heard.activations)
