"""What stands beside exported weights: the rules of decoding, the sources, their licences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from drumscribe.hearing.manifest import DetectorManifest
from drumscribe.hearing.picking import PickingOptions
from lab.material.real_bands import NOT_DRUM_FREE
from lab.render.performances import CLASSES

# Of classes for which `lab.measure.thresholds` has chosen none.
THRESHOLD = 0.55
REFRACTORY_SECONDS = {
    "kick": 0.05,
    "crash": 0.06,
    "hihat_closed": 0.03,
    "hihat_open": 0.05,
}


def rules(
    manifest: Path | None,
    ways: dict[str, dict[str, float]],
    calibration: Mapping[str, Mapping[str, float]],
) -> tuple[PickingOptions, dict[str, PickingOptions]]:
    """How a mix is decoded, and drums alone and both where they differ.

    manifest: whose rules are the start (default: one threshold for all). ways: thresholds by way of
    listening ("mix", "stem", "both"), as `lab.measure.thresholds` writes them. calibration: slope
    and intercept by way of listening; ways without have the mix's.
    """
    known = DetectorManifest.from_json(manifest.read_text()) if manifest else None
    start = (
        known.picking
        if known
        else PickingOptions(dict.fromkeys(CLASSES, THRESHOLD), REFRACTORY_SECONDS)
    )
    found = {"mix": start, **(known.picking_by_listening if known else {})}
    for way, fitted in ways.items():
        before = found.get(way, start)
        columns = {name: value for name, value in fitted.items() if name in CLASSES}
        options: dict[str, Any] = {n: value for n, value in fitted.items() if n not in CLASSES}
        found[way] = replace(before, thresholds={**before.thresholds, **columns}, **options)
    for way in sorted({*found, *calibration} if calibration else ()):
        curve = calibration.get(way, calibration["mix"])
        found[way] = replace(
            found.get(way, found["mix"]),
            calibration_slope=curve["slope"], calibration_intercept=curve["intercept"],
        )  # fmt: skip
    return found.pop("mix"), found


def sources_of(cache: Path) -> tuple[bytes, list[str]]:
    """The data manifest of a cache, with its real records, and all licences in it."""
    sources = json.loads((cache / "data-manifest.json").read_text())
    real = cache / "real.json"
    if real.exists():
        sources += [
            {"kind": "record", "name": one["id"], "licence": one["licence"], "split": one["split"],
             "sha256": hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()}
            for one in json.loads(real.read_text())
        ]  # fmt: skip
    data = (json.dumps(sources, indent=1) + "\n").encode()
    return data, sorted({source["licence"] for source in sources})


def real_recordings(cache: Path) -> str:
    """What of real music was learnt from, in words."""
    real = cache / "real.json"
    if not real.exists():
        return "none"
    used = [one for one in json.loads(real.read_text()) if one["split"] == "train"]
    doubtful = sum(one["has_drums"] and one["id"] in NOT_DRUM_FREE for one in used)
    drums = sum(one["has_drums"] for one in used) - doubtful
    return (
        f"{len(used)} excerpts of 30 s of free music, {drums} of them with drums, taken out by "
        "htdemucs 1.0.0 or the artist's own stems; labelled by the weights before where these were "
        f"sure. {doubtful} more in which htdemucs finds what may be drums: silent but there"
    )
