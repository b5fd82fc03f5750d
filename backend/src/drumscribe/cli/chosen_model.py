"""MODEL_URI, MODEL_SHA256 and MODEL_VERSION on the command line: the same as for the service."""

from __future__ import annotations

import os

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
