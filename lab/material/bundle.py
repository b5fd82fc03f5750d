"""The training bundle: where it is, what is in it, and whether we may use it.

The bundle is not part of the repository. Point --bundle or DRUMSCRIBE_TRAINING_DATA at it; the
default is ../shared/data/training beside the checkout.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab.places import REPOSITORY

VALIDATION_DRUMMERS = frozenset({"drummer5", "drummer6", "drummer9"})
_NON_COMMERCIAL = re.compile(r"\bNC\b|-NC-|non-?commercial", re.IGNORECASE)
_MMA = "own chord charts arranged with MMA (the arranger is GPL-2+, its output is ours)"
_LICENCES = {
    "midi/groove": "CC-BY-4.0 (Groove MIDI Dataset, Gillick et al. 2019)",
    "midi/gmd_accomp": _MMA,
    "midi/mma_fullband": _MMA,
    "midi/freedoom": "BSD-3-Clause (Freedoom project)",
}
SOUNDFONTS = (
    (Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"), "MIT (Frank Wen)"),
    (
        Path("/usr/share/minuet/soundfonts/GeneralUser-v1.47.sf2"),
        "GeneralUser GS licence (free use, modification, redistribution; S. Christian Collins)",
    ),
)


class LicenceError(RuntimeError):
    """A source may not be used commercially: nothing is built from it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the data manifest."""

    kind: str
    name: str
    licence: str
    split: str
    sha256: str


def default_bundle() -> Path:
    """DRUMSCRIBE_TRAINING_DATA, else ../shared/data/training beside the checkout."""
    beside = REPOSITORY.parent / "shared" / "data" / "training"
    return Path(os.environ.get("DRUMSCRIBE_TRAINING_DATA", beside))


def load_kits(bundle: Path, tiers: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The kits of the chosen tiers: A is permissive, SA share-alike or GPL."""
    kits = json.loads((bundle / "kits.json").read_text())["kits"]
    return {name: kit for name, kit in kits.items() if kit["tier"] in tiers}


def groove_rows(bundle: Path) -> list[dict[str, str]]:
    """The Groove performances that are there, each with its split by drummer."""
    with (bundle / "midi/groove/info.csv").open() as file:
        rows = [dict(row) for row in csv.DictReader(file)]
    rows = [row for row in rows if (bundle / "midi/groove" / row["midi_filename"]).exists()]
    for row in rows:
        held_out = row["drummer"] in VALIDATION_DRUMMERS or "eval_session" in row["session"]
        row["split"] = "val" if held_out else "train"
    return rows


def programmed_files(bundle: Path) -> list[tuple[Path, str]]:
    """Full-band MIDI files with programmed drums, each with its split (every tenth held out)."""
    found = []
    for folder in ("mma_fullband", "freedoom"):
        for i, path in enumerate(sorted((bundle / "midi" / folder).glob("*.mid"))):
            found.append((path, "val" if i % 10 == 0 else "train"))
    return found


def check_licence(name: str, licence: str) -> str:
    """The licence, if commercial use is allowed. Raises LicenceError otherwise."""
    if not licence or _NON_COMMERCIAL.search(licence):
        raise LicenceError(f"{name}: licence {licence!r} does not allow what we do with it")
    return licence


def digest(paths: list[Path]) -> str:
    """sha256 of all files, one after another."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def manifest(bundle: Path, tiers: tuple[str, ...]) -> list[Source]:
    """Every source with its licence and the hash of its content. Raises LicenceError."""
    sources = []
    for name, kit in sorted(load_kits(bundle, tiers).items()):
        files = sorted({e["file"] for entries in kit["pieces"].values() for e in entries})
        licence = check_licence(name, kit["licence"])
        content = digest([bundle / file for file in files])
        sources.append(Source("kit", name, licence, kit["split"], content))
    for row in sorted(groove_rows(bundle), key=lambda row: row["midi_filename"]):
        path = bundle / "midi/groove" / row["midi_filename"]
        licence = check_licence("groove", _LICENCES["midi/groove"])
        sources.append(
            Source(
                "performance",
                row["midi_filename"],
                licence,
                row["split"],
                digest([path]),
            )
        )
    for path, split in programmed_files(bundle):
        licence = check_licence(path.name, _LICENCES[f"midi/{path.parent.name}"])
        sources.append(Source("song", path.name, licence, split, digest([path])))
    for path in sorted((bundle / "midi/gmd_accomp").glob("*.mid")):
        licence = check_licence(path.name, _LICENCES["midi/gmd_accomp"])
        sources.append(Source("backing", path.name, licence, "as its performance", digest([path])))
    for entry in json.loads((bundle / "ir/ir.json").read_text()):
        licence = check_licence(entry["file"], entry["licence"])
        content = digest([bundle / entry["file"]])
        sources.append(Source("room", entry["file"], licence, "both", content))
    for path, licence in SOUNDFONTS:
        sources.append(
            Source(
                "soundfont", path.name, check_licence(path.name, licence), "both", digest([path])
            )
        )
    for entry in json.loads((bundle / "accomp_audio/index.json").read_text()):
        licence = check_licence(entry["file"], entry["licence"])
        content = digest([bundle / entry["file"]])
        sources.append(Source("recording", entry["file"], licence, "both", content))
    return sources


def manifest_json(sources: list[Source]) -> str:
    """The manifest as JSON text; its sha256 stands in the model's manifest."""
    return json.dumps([asdict(source) for source in sources], indent=1) + "\n"


def main() -> None:
    """Prints the manifest of the default bundle with all tiers."""
    print(manifest_json(manifest(default_bundle(), ("A", "SA"))), end="")


if __name__ == "__main__":
    main()
