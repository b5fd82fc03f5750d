"""The specification's four steps as functions: what one run does, and in which order.

ingest_audio -> separate_drums -> predict_hits -> transcribe (-> export, in formats.py). Each is
(input, options, models, context) -> output without I/O beyond what it is handed, so that a run in
memory and a run step by step through a queue give the same hits.
"""

from __future__ import annotations

from pathlib import Path

from drumscribe.audio.decode import Decoded, DecodeLimits, decode
from drumscribe.beats import track_beats
from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Activations, Hit, Listening
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.transcription import Transcript
from drumscribe.domain.wishes import BeatWishes, HearingWishes, SeparationMode
from drumscribe.errors import InvalidOption, NoDrumsFound
from drumscribe.hearing.averaging import averaged
from drumscribe.hearing.detection import detect
from drumscribe.hearing.nearly import nearly_heard
from drumscribe.hearing.picking import pick
from drumscribe.pipeline.doubts import hardly_heard
from drumscribe.pipeline.models import ModelSet
from drumscribe.separation.stems import Separation, separate


def ingest_audio(
    source: Path, wishes: HearingWishes, limits: DecodeLimits, context: RunContext
) -> Decoded:
    """Check and decode a recording; raises InputError with what is wrong."""
    return decode(
        source,
        limits=limits,
        start_seconds=wishes.start_seconds,
        end_seconds=wishes.end_seconds,
        audio_track=wishes.audio_track,
        accept_damaged=wishes.accept_damaged,
        context=context,
    )


def check_stems(wishes: HearingWishes) -> None:
    """Raise InvalidOption if the stems, which are wanted as files, cannot be had."""
    if wishes.separation is SeparationMode.NEVER:
        raise InvalidOption("Stems need separation; they cannot be had with 'never'.")


def wants_separation(wishes: HearingWishes, *, keeps_stems: bool = False) -> bool:
    """Whether this run takes the drums out of the mix before it listens; see SeparationMode.

    keeps_stems: the stems are wanted as files.
    """
    if wishes.separation is SeparationMode.AUTO:
        return keeps_stems
    return wishes.separation is SeparationMode.ALWAYS


def separate_drums(audio: Audio, models: ModelSet, context: RunContext) -> Separation:
    """Take the drums out of the mix."""
    return separate(audio, separator=models.separator(), context=context)


def predict_activations(
    mix: Audio, drums: Audio | None, models: ModelSet, context: RunContext
) -> Activations:
    """Hear: what the network says of each frame, in the mix and in its drums if there are any."""
    if drums is None:
        return detect(mix, models.detector(), context)
    heard = detect(mix, models.detector(), _Half(context, 0.0))
    return refined(heard, drums, models, _Half(context, 0.5))


def refined(
    heard_in_mix: Activations, drums: Audio, models: ModelSet, context: RunContext
) -> Activations:
    """What was heard in the mix, averaged with what is heard in its drums."""
    stem = detect(drums, models.detector(), context, listening=Listening.STEM)
    return averaged(heard_in_mix, stem)


def hears_too_little(heard_in_mix: Activations, wishes: HearingWishes, models: ModelSet) -> bool:
    """Whether `auto` takes the drums out of the mix after all: hardly any are heard in it."""
    if not _may_separate(wishes, models):
        return False
    hits = _picked(heard_in_mix, wishes, models)
    return not hits or bool(hardly_heard(hits, heard_in_mix.duration_seconds))


def hears_nothing(heard_in_mix: Activations, wishes: HearingWishes, models: ModelSet) -> bool:
    """Whether `auto` has to take the drums out of the mix for there to be a page at all."""
    return _may_separate(wishes, models) and not _picked(heard_in_mix, wishes, models)


def needs_refining(heard: Transcript, wishes: HearingWishes, models: ModelSet) -> bool:
    """Whether `auto` hears the drums alone after the page was written from the mix."""
    if heard.separated or not _may_separate(wishes, models):
        return False
    return bool(hardly_heard(heard.hits, heard.duration_seconds))


def _may_separate(wishes: HearingWishes, models: ModelSet) -> bool:
    return wishes.separation is SeparationMode.AUTO and models.separator_is_cached


def pick_hits(activations: Activations, wishes: HearingWishes, models: ModelSet) -> tuple[Hit, ...]:
    """Decide which activations are hits; raises NoDrumsFound if none is.

    By their height alone: what the bars say of them is asked when there are bars (settle.py).
    """
    hits = _picked(activations, wishes, models)
    if not hits:
        raise NoDrumsFound(
            "No drum hits were heard in this recording. If there are drums in it, a higher "
            "sensitivity or separation may bring them out."
        )
    return tuple(hits)


def _picked(activations: Activations, wishes: HearingWishes, models: ModelSet) -> list[Hit]:
    return pick(
        activations,
        models.detector().picking_for(activations.listening),
        sensitivity=wishes.sensitivity,
        sensitivity_by_instrument=wishes.sensitivity_by_instrument,
    )


def nearly_heard_hits(
    activations: Activations, hits: tuple[Hit, ...], models: ModelSet
) -> list[Hit]:
    """Peaks that no sensitivity made hits."""
    return nearly_heard(activations, models.detector().picking_for(activations.listening), hits)


def find_beats(
    mix: Audio,
    drums: Audio | None,
    hits: tuple[Hit, ...],
    wishes: BeatWishes,
    models: ModelSet,
    context: RunContext,
) -> BeatGrid:
    """Find beats and bars; what the user says about them wins."""
    return track_beats(
        mix,
        drums,
        hits,
        networks=models.beat_networks(),
        options=wishes,
        context=context,
    )


class _Half:
    """A context whose progress is one half of another's."""

    def __init__(self, whole: RunContext, start: float) -> None:
        self._whole = whole
        self._start = start

    @property
    def scratch_dir(self) -> Path:
        return self._whole.scratch_dir

    def progress(self, fraction: float) -> None:
        self._whole.progress(self._start + fraction / 2)

    def checkpoint(self) -> None:
        self._whole.checkpoint()
