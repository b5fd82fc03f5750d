"""The specification's four steps as functions: what one run does, and in which order.

ingest_audio -> separate_drums -> predict_hits -> transcribe (-> export, in formats.py). Each is
(input, options, models, context) -> output without I/O beyond what it is handed, so that a run in
memory and a run step by step through a queue give the same hits.
"""

from __future__ import annotations

from pathlib import Path

from drumscribe.audio.decode import DecodeLimits, decode
from drumscribe.beats import BeatOptions, track_beats
from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Activations, Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.errors import NoDrumsFound
from drumscribe.hearing.detection import detect
from drumscribe.hearing.picking import pick
from drumscribe.pipeline.models import ModelSet
from drumscribe.pipeline.options import SeparationMode, TranscribeOptions
from drumscribe.separation.stems import Separation, separate


def ingest_audio(source: Path, options: TranscribeOptions, context: RunContext) -> Audio:
    """Check and decode a recording; raises InputError with what is wrong."""
    return decode(
        source,
        limits=DecodeLimits(min_seconds=options.min_seconds, max_seconds=options.max_seconds),
        start_seconds=options.start_seconds,
        end_seconds=options.end_seconds,
        context=context,
    )


def wants_separation(options: TranscribeOptions, models: ModelSet) -> bool:
    """Whether this run takes the drums out of the mix first; see SeparationMode."""
    if options.separation is SeparationMode.AUTO:
        return options.wants_stems or models.separator_is_cached
    return options.separation is SeparationMode.ALWAYS


def separate_drums(audio: Audio, models: ModelSet, context: RunContext) -> Separation:
    """Take the drums out of the mix."""
    return separate(audio, separator=models.separator(), context=context)


def predict_activations(audio: Audio, models: ModelSet, context: RunContext) -> Activations:
    """Hear: what the network says of each frame. Give the drum stem where there is one."""
    return detect(audio, models.detector(), context)


def pick_hits(
    activations: Activations, options: TranscribeOptions, models: ModelSet
) -> tuple[Hit, ...]:
    """Decide which activations are hits; raises NoDrumsFound if none is.

    Needs no model run, so the sensitivity can be changed afterwards.
    """
    hits = pick(
        activations,
        models.detector().picking,
        sensitivity=options.sensitivity,
        sensitivity_by_instrument=options.sensitivity_by_instrument,
    )
    if not hits:
        raise NoDrumsFound(
            "No drum hits were heard in this recording. If there are drums in it, a higher "
            "sensitivity or separation may bring them out."
        )
    return tuple(hits)


def find_beats(
    mix: Audio,
    drums: Audio | None,
    hits: tuple[Hit, ...],
    options: TranscribeOptions,
    models: ModelSet,
    context: RunContext,
) -> BeatGrid:
    """Find beats and bars; what the user says about them wins."""
    bar_one = options.bar_one_at_seconds
    return track_beats(
        mix,
        drums,
        hits,
        networks=models.beat_networks(),
        options=BeatOptions(
            bpm=options.bpm,
            metre=options.metre,
            # Beats count from the start of the part that is transcribed.
            bar_one_at_seconds=None
            if bar_one is None
            else bar_one - (options.start_seconds or 0.0),
            tempo_factor=options.tempo_factor,
        ),
        context=context,
    )
