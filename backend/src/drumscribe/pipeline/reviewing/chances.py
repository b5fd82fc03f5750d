"""How likely it is that a stroke was played: by its confidence and by the rest of the piece."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import TOMS, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid
from drumscribe.pipeline.reviewing.repetition import support
from drumscribe.pipeline.tuning import REVIEW

_HATS: Final = (Instrument.HIHAT_CLOSED, Instrument.HIHAT_OPEN)
_BESIDE: Final = (Instrument.RIDE, Instrument.CRASH)
_SOUND_ALIKE: Final = (
    dict.fromkeys(_HATS, _HATS)
    | dict.fromkeys(TOMS, TOMS)
    | dict.fromkeys(_BESIDE, (*_BESIDE, *_HATS))
)
# What one stroke may be heard as: where one of these is written, the others sound a little, too.
# Under a ride or a crash a hat may be struck by the foot or the other hand, so hats ask hats alone.
_MISTAKEN_FOR: Final[Mapping[Instrument, tuple[Instrument, ...]]] = MappingProxyType(
    {
        one: tuple(other for other in alike if other is not one)
        for one, alike in _SOUND_ALIKE.items()
    }
)


class Written:
    """Where strokes of each drum are written."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._times: dict[Instrument, list[float]] = {one: [] for one in Instrument}
        for hit in sorted(hits):
            self._times[hit.instrument].append(hit.time)

    def add(self, hit: Hit) -> None:
        """Write one more."""
        insort(self._times[hit.instrument], hit.time)

    def otherwise(self, stroke: Hit) -> bool:
        """Whether a hit stands at its moment that the stroke may have been mistaken for."""
        near = REVIEW.same_place_seconds
        for other in _MISTAKEN_FOR.get(stroke.instrument, ()):
            times = self._times[other]
            at = bisect_right(times, stroke.time - near)
            if at < len(times) and times[at] < stroke.time + near:
                return True
        return False


def features_of_hits(hits: Sequence[Hit], grid: BeatGrid) -> NDArray[np.float64]:
    """(hits, 2): the logit of the confidence, the share of bars that repeat it."""
    return np.stack([logits(hits), support(hits, hits, grid)], axis=1)


def features_of_offers(
    nearly: Sequence[Hit], hits: Sequence[Hit], grid: BeatGrid
) -> NDArray[np.float64]:
    """(strokes, 4): as of hits; whether another name of it is written there; doubt of the piece.

    The doubt is the same for all: the logit of how likely its hits are to be wrong. Where little
    of what is written is doubtful, little was missed.
    """
    wrong = 1 - chances_of_hits(hits, grid).mean() if hits else 0.5
    wrong = float(np.clip(wrong, 1 - REVIEW.surest, REVIEW.surest))
    doubt = np.full(len(nearly), np.log(wrong / (1 - wrong)))
    written = Written(hits)
    beside = np.array([written.otherwise(stroke) for stroke in nearly], dtype=np.float64)
    return np.stack([logits(nearly), support(nearly, hits, grid), beside, doubt], axis=1)


def chances_of_hits(hits: Sequence[Hit], grid: BeatGrid) -> NDArray[np.float64]:
    """How likely it is that each hit was played, 0..1."""
    weights = [REVIEW.hit_slope, REVIEW.hit_support_weight]
    real = _sigmoid(features_of_hits(hits, grid) @ weights + REVIEW.hit_intercept)
    # Said by hand: nobody has to check it.
    return np.where([hit.confidence == 1.0 for hit in hits], 1.0, real)


def chances_of_offers(
    nearly: Sequence[Hit], hits: Sequence[Hit], grid: BeatGrid
) -> NDArray[np.float64]:
    """How likely it is that what was nearly heard was played, 0..1."""
    weights = [
        REVIEW.offer_slope,
        REVIEW.offer_support_weight,
        REVIEW.offer_written_weight,
        REVIEW.offer_doubt_weight,
    ]
    return _sigmoid(features_of_offers(nearly, hits, grid) @ weights + REVIEW.offer_intercept)


def logits(strokes: Sequence[Hit]) -> NDArray[np.float64]:
    """Logits of the confidences, which are believed as far as `surest`."""
    confidences = np.array([stroke.confidence for stroke in strokes], dtype=np.float64)
    sure = np.clip(confidences, 1 - REVIEW.surest, REVIEW.surest)
    return np.asarray(np.log(sure / (1 - sure)))


def _sigmoid(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-z)))
