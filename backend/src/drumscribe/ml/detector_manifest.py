"""What belongs to a set of weights: how to feed it and how to read what it says."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from importlib import resources
from typing import Any

from drumscribe.domain.transcription import ModelRef
from drumscribe.errors import ModelCorrupt, ModelUnavailable
from drumscribe.ml.features import FeatureParams
from drumscribe.ml.picking import PickingOptions

RELEASED = "drumscribe-hearing"


@dataclass(frozen=True, slots=True)
class DetectorManifest:
    """The JSON beside the ONNX file.

    file: name of the ONNX file in the same folder; sha256: of its content.
    classes: the columns of both outputs.
    pool: frames given to the network must be a multiple of it.
    context_frames: how far the network looks to either side (measured; see the model card).
    training: data manifest hash, licences, length of training; for people and the model card.
    """

    name: str
    version: str
    file: str
    sha256: str
    classes: tuple[str, ...]
    fps: float
    pool: int
    context_frames: int
    features: FeatureParams
    picking: PickingOptions
    training: dict[str, Any] = field(default_factory=dict)

    @property
    def ref(self) -> ModelRef:
        return ModelRef(self.name, self.version, self.sha256)

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
                }
            )
        except (ValueError, TypeError, KeyError) as error:
            raise ModelCorrupt(f"The model's manifest cannot be read: {error}") from error


def released_manifest() -> DetectorManifest:
    """The manifest of the weights that ship with DrumScribe.

    Raises ModelUnavailable if they are missing from the installation.
    """
    return DetectorManifest.from_json(_shipped(f"{RELEASED}.json").decode())


def released_weights(manifest: DetectorManifest) -> bytes:
    """The ONNX file of the shipped weights. Raises ModelUnavailable if it is missing."""
    return _shipped(manifest.file)


def _shipped(name: str) -> bytes:
    try:
        return (resources.files("drumscribe.ml") / "weights" / name).read_bytes()
    except FileNotFoundError as error:
        raise ModelUnavailable(
            f"{name} is missing from the installation of DrumScribe; install it again."
        ) from error
