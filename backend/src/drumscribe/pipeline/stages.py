"""The specification's four steps as functions: what one run does, and in which order.

ingest_audio -> separate_drums -> predict_hits -> transcribe (-> export, in formats.py). Each is
(input, options, models, context) -> output without I/O beyond what it is handed, so that a run in
memory and a run step by step through a queue give the same hits.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from drumscribe.audio.decode import DecodeLimits, decode
from drumscribe.beats import track_beats
from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Activations, Hit
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.wishes import BeatWishes, HearingWishes, SeparationMode, Wishes
from drumscribe.errors import InvalidOption, NoDrumsFound
from drumscribe.hearing.detection import detect
from drumscribe.hearing.picking import pick
from drumscribe.pipeline.models import ModelSet
from drumscribe.separation.stems import Separation, separate


def ingest_audio(
    source: Path, wishes: HearingWishes, limits: DecodeLimits, context: RunContext
) -> Audio:
    """Check and decode a recording; raises InputError with what is wrong."""
    return decode(
        source,
        limits=limits,
        start_seconds=wishes.start_seconds,
        end_seconds=wishes.end_seconds,
        context=context,
    )


def wants_separation(wishes: HearingWishes, models: ModelSet, *, keeps_stems: bool = False) -> bool:
    """Whether this run takes the drums out of the mix first; see SeparationMode.

    keeps_stems: the stems are wanted as files. Raises InvalidOption if they cannot be had.
    """
    if keeps_stems and wishes.separation is SeparationMode.NEVER:
        raise InvalidOption("Stems need separation; they cannot be had with 'never'.")
    if wishes.separation is SeparationMode.AUTO:
        return keeps_stems or models.separator_is_cached
    return wishes.separation is SeparationMode.ALWAYS


def separate_drums(audio: Audio, models: ModelSet, context: RunContext) -> Separation:
    """Take the drums out of the mix."""
    return separate(audio, separator=models.separator(), context=context)


def predict_activations(audio: Audio, models: ModelSet, context: RunContext) -> Activations:
    """Hear: what the network says of each frame. Give the drum stem where there is one."""
    return detect(audio, models.detector(), context)


def pick_hits(activations: Activations, wishes: HearingWishes, models: ModelSet) -> tuple[Hit, ...]:
    """Decide which activations are hits; raises NoDrumsFound if none is.

    Needs no model run, so the sensitivity can be changed afterwards.
    """
    hits = pick(
        activations,
        models.detector().picking,
        sensitivity=wishes.sensitivity,
        sensitivity_by_instrument=wishes.sensitivity_by_instrument,
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
    wishes: Wishes,
    models: ModelSet,
    context: RunContext,
) -> BeatGrid:
    """Find beats and bars; what the user says about them wins."""
    return track_beats(
        mix,
        drums,
        hits,
        networks=models.beat_networks(),
        options=_from_the_start_of_the_part(wishes),
        context=context,
    )


def _from_the_start_of_the_part(wishes: Wishes) -> BeatWishes:
    """Beats count from the start of the part that is transcribed."""
    bar_one, start = wishes.beats.bar_one_at_seconds, wishes.hearing.start_seconds
    if bar_one is None or start is None:
        return wishes.beats
    return dataclasses.replace(wishes.beats, bar_one_at_seconds=bar_one - start)
