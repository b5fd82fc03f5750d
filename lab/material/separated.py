"""Makes a pack of excerpts whose drums a separator has taken out, as far as they are out.

    python -m lab.material.separated --fetched FOLDER --out runs/more

FOLDER holds index.json (as in a pack, without `files`), back/ID.flac and drums/ID.flac for each
excerpt that was taken apart. Kept is what the pack of `lab.material.real_bands` keeps: drums not
too far below the rest, with enough strokes heard in them. What the shipped network still hears in
the rest is counted, so that a band with drums left is not put under rendered ones. OUT/index.json
names the files where they lie.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Listening
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.hearing.picking import pick
from drumscribe.pipeline.context import LocalContext
from lab.material.drum_free import level_db
from lab.measure.evaluate import read_audio

# Fainter drums, or fewer strokes, are hardly a part that somebody plays: the first pack's rule.
_DRUMS_FROM_DB, _FEWEST_STROKES = -25.0, 20


def strokes_in(
    sound: Audio, listening: Listening, detector: Detector, context: LocalContext
) -> dict[str, int]:
    """How many strokes of each instrument the network hears."""
    said = detect(sound, detector, context)
    found = pick(said, detector.manifest.picking_for(listening))
    return dict(Counter(hit.instrument.value for hit in found))


def entries(folder: Path, detector: Detector, context: LocalContext) -> Iterator[dict[str, Any]]:
    """An entry in the index of a pack for each excerpt that was taken apart and has drums."""
    for source in json.loads((folder / "index.json").read_text()):
        parts = {part: folder / part / f"{source['id']}.flac" for part in ("back", "drums")}
        if not all(path.exists() for path in parts.values()):
            continue
        back, drums = (read_audio(path) for path in parts.values())
        drums_db = level_db(drums.samples) - level_db(back.samples)
        in_drums = strokes_in(drums, Listening.STEM, detector, context)
        if drums_db < _DRUMS_FROM_DB or sum(in_drums.values()) < _FEWEST_STROKES:
            continue
        yield source | {
            "has_drums": True,
            "files": {part: str(path.resolve()) for part, path in parts.items()},
            "hits_drums": in_drums,
            "hits_back": strokes_in(back, Listening.MIX, detector, context),
            "drums_minus_back_db": round(drums_db, 2),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fetched", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with LocalContext() as context:
        kept = list(entries(args.fetched, load_detector(), context))
    for one in kept:
        left = sum(one["hits_back"].values())
        print(
            f"{one['id']} {one['drums_minus_back_db']:6.1f} dB, {left} strokes left: {one['title']}"
        )
    (args.out / "index.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
