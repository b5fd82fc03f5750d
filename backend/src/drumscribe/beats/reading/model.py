"""What lab/bars/model.py fitted: weights of the evidence, and the curves of doubt."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.beats.reading.evidence import FEATURES

MODEL_FILE: Final = "bar_model.json"


@cache
def model_data() -> dict[str, Any]:
    """The document as it stands in the file."""
    text = resources.files(__package__).joinpath(MODEL_FILE).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def feature_weights() -> NDArray[np.float64]:
    """(len(FEATURES),), nats for the full range of each feature."""
    weights: dict[str, float] = model_data()["weights"]
    return np.array([weights[name] for name in FEATURES], dtype=np.float64)


@cache
def walk_weights() -> NDArray[np.float64]:
    """The same where changes of metre are looked for; evidence that only a whole piece has is 0.

    They are not those of the page: weights that choose best among whole pages hear a section in
    three, or a bar of two, too late or not at all.
    """
    weights: dict[str, float] = model_data()["walk_weights"]
    return np.array([weights.get(name, 0.0) for name in FEATURES], dtype=np.float64)
