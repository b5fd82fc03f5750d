"""A stroke as a score sees it, and the strokes of a recording sorted into the classes of a set."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from drumscribe.domain.drums import Articulation, Hit
from drumscribe.evaluation.labels import ANY, COARSE_AS, SIDE_STICK, LabelSet, fine_name

_ROUNDING_SECONDS = 1e-9


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a reference or an estimate. Unlike a Hit it may be coarse or incomplete.

    name: fine name of drumscribe.evaluation.labels.
    velocity, confidence: 0..1, None where the source does not say.
    label: what the source called it.
    """

    time: float
    name: str
    velocity: float | None = None
    confidence: float | None = None
    label: str = ""

    def __post_init__(self) -> None:
        if not math.isfinite(self.time):
            raise ValueError(f"time must be a finite number of seconds, got {self.time}")
        for name in ("velocity", "confidence"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value <= 1.0:
                raise ValueError(f"{name} must lie in 0..1, got {value}")

    @property
    def sort_key(self) -> tuple[float, str, float, str]:
        return self.time, self.name, self.velocity or 0.0, self.label


class SideStick(StrEnum):
    """What becomes of cross-sticks, on both sides."""

    SNARE = "snare"
    DROP = "drop"


def stroke_of_hit(hit: Hit) -> Stroke:
    """A hit of ours; its label names the articulation too."""
    name = hit.instrument.value
    label = f"{name}/{hit.articulation.value}" if hit.articulation else name
    if hit.articulation is Articulation.CROSS_STICK:
        name = SIDE_STICK
    return Stroke(hit.time, fine_name(name) or name, hit.velocity, hit.confidence, label)


def as_strokes(events: Iterable[Hit | Stroke], side_stick: SideStick) -> list[Stroke]:
    """Strokes in the order of time, cross-sticks turned into what the protocol makes of them."""
    strokes = []
    for event in events:
        stroke = stroke_of_hit(event) if isinstance(event, Hit) else event
        if stroke.name == SIDE_STICK:
            if side_stick is SideStick.DROP:
                continue
            stroke = dataclasses.replace(stroke, name="snare")
        strokes.append(stroke)
    return sorted(strokes, key=lambda stroke: stroke.sort_key)


def by_class(
    strokes: Sequence[Stroke],
    label_set: LabelSet,
    *,
    least_gap_seconds: float,
    coarse_has_a_place: bool = False,
) -> dict[str, list[Stroke]]:
    """The strokes of each class of the set, doubles removed; a class without strokes is empty.

    coarse_has_a_place: in nine classes, read coarse names as COARSE_AS says.
    """
    found: dict[str, list[Stroke]] = {name: [] for name in label_set.classes}
    for stroke in strokes:
        name = stroke.name
        if coarse_has_a_place and name not in label_set.class_of:
            name = COARSE_AS.get(name, name)
        cls = label_set.class_of.get(name)
        if cls is not None:
            found[cls].append(stroke)
    return {cls: without_doubles(of, least_gap_seconds) for cls, of in found.items()}


def without_doubles(strokes: Iterable[Stroke], least_gap_seconds: float) -> list[Stroke]:
    """Drop each stroke that comes less than the gap after the last one kept.

    The kept one takes the larger velocity and the larger confidence.
    """
    kept: list[Stroke] = []
    for stroke in strokes:
        if kept and stroke.time - kept[-1].time < least_gap_seconds - _ROUNDING_SECONDS:
            kept[-1] = dataclasses.replace(
                kept[-1],
                velocity=_larger(kept[-1].velocity, stroke.velocity),
                confidence=_larger(kept[-1].confidence, stroke.confidence),
            )
            continue
        kept.append(stroke)
    return kept


def _larger(one: float | None, other: float | None) -> float | None:
    known = [value for value in (one, other) if value is not None]
    return max(known, default=None)


def is_any(label_set: LabelSet) -> bool:
    """Whether the set makes no difference between instruments."""
    return label_set.classes == (ANY,)
