"""MODEL_URI, MODEL_SHA256 and MODEL_VERSION on the command line: the same as for the service."""

from __future__ import annotations

import os
from pathlib import Path

from drumscribe.models.registry import ModelSpec


def model_from_environment() -> ModelSpec | None:
    """The chosen transcriber; None: the one that ships. Raises InvalidOption."""
    uri = os.environ.get("MODEL_URI")
    if not uri:
        return None
    from drumscribe.hearing.bundle import chosen_detector

    return chosen_detector(
        uri,
        sha256=os.environ.get("MODEL_SHA256") or None,
        version=os.environ.get("MODEL_VERSION") or None,
    )


def check_said_version(spec: ModelSpec, path: Path) -> None:
    """Look now whether the fetched transcriber has MODEL_VERSION, not with the first recording.

    Raises ModelCorrupt, ModelUnavailable.
    """
    from drumscribe.hearing.bundle import DETECTOR, read_bundle_manifest
    from drumscribe.pipeline.models import said_version

    if spec.group == DETECTOR:
        read_bundle_manifest(path, version=said_version(spec))
