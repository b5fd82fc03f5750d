"""What a recording holds: the networks' part of the way from sound to page."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Activations, Hit, numbered
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.domain.transcription import ModelRef, Notice, Transcript
from drumscribe.domain.wishes import BeatWishes, HearingWishes, Wishes
from drumscribe.models.known_models import HTDEMUCS
from drumscribe.pipeline import stages
from drumscribe.pipeline.models import ModelSet
from drumscribe.pipeline.reviewing.review import offered
from drumscribe.pipeline.settle import Settled, settled

_NOTHING_SAID: Final = BeatWishes()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Heard:
    """What was heard, before anybody counted it anew: what every revision goes back to.

    grid: the beats as found; None where nobody looked for them yet.
    heard_quarters_per_minute: the tempo found before a user gave another, where the grid follows
        that other one; None where the grid has it.
    found_with: the wishes that the search for beats followed; see searched_with.
    candidates: what was nearly heard and is worth a look; see review.offered.
    first_hits: see Transcript; the hits themselves where there was no page yet.
    activations: kept so that the sensitivity can be changed; None where they are stored elsewhere.
    """

    hits: tuple[Hit, ...]
    grid: BeatGrid | None
    duration_seconds: float
    found_with: BeatWishes = _NOTHING_SAID
    candidates: tuple[Hit, ...] = ()
    first_hits: tuple[Hit, ...] = ()
    activations: Activations | None = None
    notices: tuple[Notice, ...] = ()
    models: tuple[ModelRef, ...] = ()
    separated: bool = False
    title: str | None = None
    artist: str | None = None
    source: str | None = None
    compute_time_ms: int | None = None
    heard_quarters_per_minute: float | None = None

    def __post_init__(self) -> None:
        if not self.first_hits:
            object.__setattr__(self, "first_hits", self.hits)

    @classmethod
    def of(cls, transcript: Transcript, *, found_with: BeatWishes = _NOTHING_SAID) -> Heard:
        """What a transcript says that was kept."""
        return cls(
            hits=transcript.hits,
            grid=transcript.grid,
            duration_seconds=transcript.duration_seconds,
            found_with=found_with,
            candidates=transcript.candidates,
            first_hits=transcript.first_hits,
            notices=transcript.notices,
            models=transcript.models,
            separated=transcript.separated,
            title=transcript.title,
            artist=transcript.artist,
            source=transcript.source,
            compute_time_ms=transcript.compute_time_ms,
            heard_quarters_per_minute=transcript.heard_quarters_per_minute,
        )


def searched_with(wishes: BeatWishes) -> BeatWishes:
    """What changes the search for beats; the rest only counts anew what was found.

    A tempo is not among it: what is heard without being told is kept beside what is said.
    """
    return BeatWishes(metre=wishes.metre)


def hear(
    mix: Audio,
    drums: Audio | None,
    activations: Activations,
    wishes: Wishes,
    models: ModelSet,
    context: RunContext,
) -> Heard:
    """The strokes and the beats of a recording.

    drums: its separated drums, where there are any.
    activations: what the network says of the frames; see listening.listen.
    Raises NoDrumsFound, ModelError and what a checkpoint raises.
    """
    picked = stages.pick_hits(activations, wishes.hearing, models)
    found_with = searched_with(wishes.beats)
    grid = stages.find_beats(mix, drums, picked, found_with, models, context)
    strokes = _with_bars_asked(activations, picked, grid, wishes.hearing, models)
    hits = numbered(strokes.hits)
    separator = (HTDEMUCS.ref,) if drums else ()
    return Heard(
        hits=hits,
        grid=grid,
        duration_seconds=mix.duration_seconds,
        found_with=found_with,
        candidates=offered(strokes.left, hits, grid),
        activations=activations,
        models=(*separator, models.detector().model, *models.beat_refs),
        separated=drums is not None,
    )


def strokes_heard(
    activations: Activations, grid: BeatGrid | None, wishes: HearingWishes, models: ModelSet
) -> tuple[Hit, ...]:
    """The strokes of a recording whose beats were found before, as these wishes hear it.

    Needs no model run, so the sensitivity can be changed afterwards. Raises NoDrumsFound.
    """
    picked = stages.pick_hits(activations, wishes, models)
    if grid is None:
        return picked
    return _with_bars_asked(activations, picked, grid, wishes, models).hits


def _with_bars_asked(
    activations: Activations,
    picked: tuple[Hit, ...],
    grid: BeatGrid,
    wishes: HearingWishes,
    models: ModelSet,
) -> Settled:
    """The strokes that thresholds let in, decided once more by the bars; see settle.py."""
    return settled(picked, stages.nearly_heard_hits(activations, picked, models), grid, wishes)


def named(
    heard: Heard, *, title: str | None, source: str | None, notices: tuple[Notice, ...] = ()
) -> Heard:
    """The same with the name of the piece and of the recording.

    notices: what was noticed while the recording was read.
    """
    return dataclasses.replace(heard, title=title, source=source, notices=notices)
