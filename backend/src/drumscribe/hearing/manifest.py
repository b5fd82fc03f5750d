"""What belongs to a set of weights: how to feed it and how to read what it says."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib import resources
from typing import Any

from drumscribe.domain.drums import Listening
from drumscribe.domain.transcription import ModelRef
from drumscribe.errors import ModelCorrupt, ModelUnavailable
from drumscribe.hearing.features import FeatureParams
from drumscribe.hearing.picking import PickingOptions
from drumscribe.hearing.recurrence import LAYERS

RELEASED = "drumscribe-hearing"
STAGES = ("front", *itertools.chain(*LAYERS), "heads")


@dataclass(frozen=True, slots=True)
class DetectorManifest:
    """The JSON beside the ONNX files.

    files: the ONNX file of each stage (STAGES) in the same folder; sha256: weights_digest of them.
    classes: the columns of both outputs.
    pool: frames per step of the recurrent layers; units: of each of these, each way.
    front_context_frames, heads_context_frames: how far these stages look to either side.
    picking: the rules for a recording as it is. picking_by_listening: those for drums alone (stem)
        and for mix and stem together (both), where they differ.
    training: data manifest hash, licences, length of training; for people and the model card.
    """

    name: str
    version: str
    files: dict[str, str]
    sha256: str
    classes: tuple[str, ...]
    fps: float
    pool: int
    units: int
    front_context_frames: int
    heads_context_frames: int
    features: FeatureParams
    picking: PickingOptions
    picking_by_listening: dict[str, PickingOptions] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)

    @property
    def ref(self) -> ModelRef:
        return ModelRef(self.name, self.version, self.sha256)

    def picking_for(self, listening: Listening) -> PickingOptions:
        """The rules for activations that were heard this way."""
        return self.picking_by_listening.get(listening.value, self.picking)

    def to_json(self) -> str:
        """The manifest as it is stored."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> DetectorManifest:
        """Reads what to_json wrote. Raises ModelCorrupt if it is not a manifest."""
        try:
            content = json.loads(text)
            return cls(
                **{
                    **content,
                    "classes": tuple(content["classes"]),
                    "features": FeatureParams(**content["features"]),
                    "picking": PickingOptions(**content["picking"]),
                    "picking_by_listening": {
                        Listening(name).value: PickingOptions(**options)
                        for name, options in content.get("picking_by_listening", {}).items()
                    },
                }
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ModelCorrupt(f"The model's manifest cannot be read: {error}") from error


def released_manifest() -> DetectorManifest:
    """The manifest of the weights that ship with DrumScribe.

    Raises ModelUnavailable if they are missing from the installation.
    """
    return DetectorManifest.from_json(_shipped(f"{RELEASED}.json").decode())


def released_weights(manifest: DetectorManifest) -> dict[str, bytes]:
    """The ONNX files of the shipped weights by stage. Raises ModelUnavailable if one is missing."""
    return {stage: _shipped(manifest.files[stage]) for stage in STAGES}


def weights_digest(stages: Mapping[str, bytes]) -> str:
    """One sha256 (hex) for the stages' files: of their contents end to end, in order of STAGES."""
    digest = hashlib.sha256()
    for stage in STAGES:
        digest.update(stages[stage])
    return digest.hexdigest()


def _shipped(name: str) -> bytes:
    try:
        return (resources.files("drumscribe.hearing") / "weights" / name).read_bytes()
    except FileNotFoundError as error:
        raise ModelUnavailable(
            f"{name} is missing from the installation of DrumScribe; install it again."
        ) from error
