"""Minutes of music whose strokes are known: what the curves of doubt are fitted on.

Excerpts of five seconds hold no bar twice. These hold thirty, with drummers, kits and bands that
the network never heard, mixed as in training.
"""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Activations
from drumscribe.hearing.detection import Detector, detect
from drumscribe.pipeline.context import LocalContext
from lab.measure.onsets import Strokes
from lab.measure.validation import INAUDIBLE_DB
from lab.network.dataset import excerpts
from lab.render import cache as cached
from lab.render.labels import Label
from lab.render.recipe import RELEASE

COUNT: Final = 80
_SEED: Final = 71
_SECONDS: Final = 60.0
_RINGING_SECONDS: Final = 1.0
# More programmed drums than training has: they repeat as programmed songs do. No codec: libsndfile
# overflows its stack on a minute at once.
_RECIPE: Final = RELEASE._replace(
    levels=RELEASE.levels._replace(drumless_share=0.0),
    taught_share=0.0, backed_share=0.9, programmed_share=0.4, codec_share=0.0,
)  # fmt: skip


class Minute(NamedTuple):
    """What the network says of a rendered minute, and the strokes in it.

    drowned: those of them that nobody can hear.
    """

    said: Activations
    true: Strokes
    drowned: Strokes


def minutes(cache: Path, detector: Detector, keep: Path, count: int = COUNT) -> list[Minute]:
    """So many rendered minutes as a detector hears them; kept for its next call.

    cache: packed by `lab.material.prepare`. keep: a folder.
    """
    kept = keep / f"{detector.manifest.sha256[:12]}_{count}.pickle"
    if kept.exists():
        with kept.open("rb") as file:
            known: list[Minute] = pickle.load(file)
        return known
    heard = list(_heard(cached.load(cache, "val"), detector, count))
    keep.mkdir(parents=True, exist_ok=True)
    with kept.open("wb") as file:
        pickle.dump(heard, file)
    return heard


def _heard(cache: cached.Cache, detector: Detector, count: int) -> Iterator[Minute]:
    rendered = excerpts(cache, _SEED, _SECONDS, _RECIPE)
    with LocalContext() as context:
        for samples, labels in itertools.islice(rendered, count):
            # A performance may be over before the minute is.
            end = max((label.time for label in labels), default=0.0) + _RINGING_SECONDS
            sound = np.ascontiguousarray(samples[None, : round(end * cached.SAMPLE_RATE)])
            said = detect(Audio(sound, cached.SAMPLE_RATE), detector, context)
            drowned = [x for x in labels if x.audibility_db < INAUDIBLE_DB["hard"]]
            yield Minute(said, _strokes(labels), _strokes(drowned))


def _strokes(labels: list[Label]) -> Strokes:
    return [(x.time, "snare" if x.name == "sidestick" else x.name) for x in labels]
