"""Listening to a recording in memory: in the mix, and in its drums alone where that is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Activations
from drumscribe.domain.wishes import HearingWishes
from drumscribe.pipeline import stages
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.models import ModelSet
from drumscribe.separation.stems import Separation


@dataclass(frozen=True, slots=True, eq=False)
class Listened:
    """What the network said, and the stems if the drums were taken out of the mix."""

    activations: Activations
    separation: Separation | None

    @property
    def drums(self) -> Audio | None:
        return self.separation.drums if self.separation else None


def listen(
    audio: Audio,
    wishes: HearingWishes,
    models: ModelSet,
    context: LocalContext,
    *,
    keeps_stems: bool = False,
) -> Listened:
    """Hear a recording as the wishes say; see SeparationMode.

    keeps_stems: the stems are wanted as files (see stages.check_stems).
    Raises ModelError or Cancelled.
    """
    if stages.wants_separation(wishes, keeps_stems=keeps_stems):
        context.begin("separate")
        separation = stages.separate_drums(audio, models, context)
        context.begin("detect")
        heard = stages.predict_activations(audio, separation.drums, models, context)
        return Listened(heard, separation)
    context.begin("detect")
    draft = stages.predict_activations(audio, None, models, context)
    if not stages.hears_too_little(draft, wishes, models):
        return Listened(draft, None)
    context.begin("separate")
    separation = stages.separate_drums(audio, models, context)
    context.begin("detect")
    return Listened(stages.refined(draft, separation.drums, models, context), separation)
