"""Packs the bundle into a cache that training maps into memory.

    python -m lab.material.prepare --cache runs/cache

Writes samples.npy (one-shots), rooms.npy, backings.npy (int16 or float32, mono, 44.1 kHz, end to
end), index.json (who lies where; performances as events) and data-manifest.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from lab.material import backings, bundle, concert, spoken
from lab.render import performances

SAMPLE_RATE = backings.SAMPLE_RATE
_LONGEST_SAMPLE_SECONDS = 3.5
_LONGEST_ROOM_SECONDS = 1.5
_LAYER_SECONDS = 30.0


def _read_mono(path: Path) -> NDArray[np.float32]:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    if rate != SAMPLE_RATE:
        import soxr

        mono = soxr.resample(mono, rate, SAMPLE_RATE)
    return np.asarray(mono, dtype=np.float32)


def _to_int16(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    peak = float(np.abs(samples).max()) if len(samples) else 0.0
    return np.asarray(samples * (32000 / max(peak, 1.0)), dtype=np.int16)


def pack_kits(root: Path, tiers: tuple[str, ...]) -> tuple[NDArray[np.int16], dict[str, Any]]:
    """All one-shots end to end, and the kits with the place of each ("at": [start, length]).

    Those of orchestras are rendered here; the others are the bundle's.
    """
    kits = bundle.load_kits(root, tiers)
    places: dict[str, list[int]] = {}
    packed, position = [], 0
    for name, kit in kits.items():
        bundle.check_licence(name, kit["licence"])
        for entries in kit["pieces"].values():
            for entry in entries:
                if entry["file"] not in places:
                    samples, rate = soundfile.read(root / entry["file"], dtype="int16")
                    assert rate == SAMPLE_RATE, entry["file"]
                    assert samples.ndim == 1, entry["file"]
                    samples = samples[: int(_LONGEST_SAMPLE_SECONDS * SAMPLE_RATE)]
                    places[entry["file"]] = [position, len(samples)]
                    packed.append(samples)
                    position += len(samples)
                entry["at"] = places[entry["file"]]
    for name, kit, strokes in concert.kits():
        for entries in kit["pieces"].values():
            for entry in entries:
                stroke = strokes[entry["at"]]
                entry["at"] = [position, len(stroke)]
                packed.append(stroke)
                position += len(stroke)
        kits[name] = kit
    return np.concatenate(packed), kits


def pack_rooms(root: Path) -> tuple[NDArray[np.float32], list[dict[str, Any]]]:
    """Impulse responses of unit energy, end to end."""
    packed, rooms, position = [], [], 0
    for path in sorted((root / "ir").glob("*.flac")):
        samples = _read_mono(path)[: int(_LONGEST_ROOM_SECONDS * SAMPLE_RATE)]
        samples = samples / np.sqrt(np.square(samples).sum())
        rooms.append({"name": path.stem, "at": [position, len(samples)]})
        packed.append(samples)
        position += len(samples)
    return np.concatenate(packed), rooms


def read_performances(root: Path) -> list[dict[str, Any]]:
    """Groove performances and programmed songs as events."""
    found: list[dict[str, Any]] = []
    for row in bundle.groove_rows(root):
        path = root / "midi/groove" / row["midi_filename"]
        found.append(
            {
                "name": row["midi_filename"], "kind": "played", "split": row["split"],
                "bpm": float(row["bpm"]),
                "events": performances.read_events(path, performances.GROOVE),
            }
        )  # fmt: skip
    for path, split in bundle.programmed_files(root):
        events = performances.read_events(path, performances.GENERAL_MIDI)
        name = f"{path.parent.name}/{path.name}"
        found.append(
            {
                "name": name,
                "kind": "programmed",
                "split": split,
                "bpm": None,
                "events": events,
            }
        )
    return [p for p in found if len(p["events"]) > 4]


def _render_one(job: tuple[str, str, str | None, str, int, float]) -> tuple[Any, ...]:
    kind, source, performance, split, seed, seconds = job
    try:
        if kind in ("midi", "plucked"):
            samples = backings.render_midi(
                Path(source), random.Random(seed), seconds, plucked=kind == "plucked"
            )
        elif kind == "file":
            samples = _read_mono(Path(source))
        elif kind == spoken.KIND:
            samples = spoken.layer(spoken.files_of(source), seed, seconds)
        else:
            samples = {"voice": backings.voice, "strums": backings.strums}[kind](seed, seconds)
    except (subprocess.SubprocessError, OSError, ValueError, EOFError) as error:
        return kind, performance, split, None, f"{source}: {error}"
    return (
        kind,
        performance,
        split,
        None if samples is None else _to_int16(samples),
        source,
    )


def backing_jobs(
    root: Path, args: argparse.Namespace, speaking: list[spoken.Speaker]
) -> list[tuple[Any, ...]]:
    """(kind, source, performance it is in time with, split, seed, seconds), in mixed order."""
    jobs: list[tuple[Any, ...]] = []
    split_of = {row["midi_filename"]: row["split"] for row in bundle.groove_rows(root)}
    for entry in json.loads((root / "midi/gmd_accomp/index.json").read_text()):
        split = split_of.get(entry["gmd"])
        if split:
            jobs.append(
                (
                    "midi",
                    str(root / entry["accomp"]),
                    entry["gmd"],
                    split,
                    len(jobs),
                    args.seconds,
                )
            )
    for path, split in bundle.programmed_files(root):
        name = f"{path.parent.name}/{path.name}"
        jobs.append(("midi", str(path), name, split, len(jobs), args.seconds))
    random.Random(0).shuffle(jobs)
    # Only to learn from, and last: the backings of validation stay what they were.
    plucked = [("plucked", *job[1:4], 100_000 + i, job[5]) for i, job in enumerate(jobs)]
    plucked = [job for job in plucked if job[3] == "train"]
    plucked = plucked[max(0, len(plucked) - args.plucked_backings) :]
    jobs = jobs[: args.midi_backings]
    for i, entry in enumerate(json.loads((root / "accomp_audio/index.json").read_text())):
        name = entry.get("gmd")
        split = split_of.get(name, "val" if i % 8 == 0 else "train")
        jobs.append(("file", str(root / entry["file"]), name, split, 0, 0.0))
    for kind, count in (("voice", args.voices), ("strums", args.strums)):
        for i in range(count):
            jobs.append((kind, kind, None, "val" if i % 8 == 0 else "train", i, _LAYER_SECONDS))
    for speaker in speaking:
        for i in range(args.spoken_layers):
            jobs.append((spoken.KIND, speaker.name, None, speaker.split, i, _LAYER_SECONDS))
    return jobs + plucked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=bundle.default_bundle())
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--tiers", default="A,SA", help="licence tiers of the kits")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of a MIDI backing")
    parser.add_argument("--midi-backings", type=int, default=1100)
    parser.add_argument("--plucked-backings", type=int, default=90)
    parser.add_argument("--voices", type=int, default=60)
    parser.add_argument("--strums", type=int, default=60)
    parser.add_argument(
        "--spoken-layers", type=int, default=0,
        help=f"of each speaker; needs {' and '.join(spoken.PACKAGES)}",
    )  # fmt: skip
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--only-val",
        action="store_true",
        help="only the backings that lab.measure.validation needs",
    )
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    tiers = tuple(args.tiers.split(","))

    speaking = spoken.speakers() if args.spoken_layers else []
    if args.spoken_layers and not speaking:
        print(spoken.MISSING, flush=True)
    sources = bundle.manifest(args.bundle, tiers) + spoken.sources(speaking)
    manifest = bundle.manifest_json(sources)
    (args.cache / "data-manifest.json").write_text(manifest)
    samples, kits = pack_kits(args.bundle, tiers)
    np.save(args.cache / "samples.npy", samples)
    room_samples, rooms = pack_rooms(args.bundle)
    np.save(args.cache / "rooms.npy", room_samples)
    played = read_performances(args.bundle)
    print(f"{len(kits)} kits, {len(rooms)} rooms, {len(played)} performances", flush=True)

    index, packed, position = [], [], 0
    jobs = backing_jobs(args.bundle, args, speaking)
    jobs = [job for job in jobs if job[3] == "val" or not args.only_val]
    with ProcessPoolExecutor(args.workers) as pool:
        results = pool.map(_render_one, jobs)
        for i, (kind, performance, split, rendered, source) in enumerate(results):
            if i % 100 == 0:
                print(f"backing {i}: {position / SAMPLE_RATE / 3600:.2f} h", flush=True)
            if rendered is None:
                print(f"left out: {source}", flush=True)
                continue
            index.append(
                {
                    "kind": kind, "source": Path(source).name, "performance": performance,
                    "split": split, "at": [position, len(rendered)],
                }
            )  # fmt: skip
            packed.append(rendered)
            position += len(rendered)
    np.save(args.cache / "backings.npy", np.concatenate(packed))
    content = {
        "kits": kits, "rooms": rooms, "performances": played, "backings": index,
        "manifest_sha256": hashlib.sha256(manifest.encode()).hexdigest(),
    }  # fmt: skip
    (args.cache / "index.json").write_text(json.dumps(content))
    print(f"{len(index)} backings, {position / SAMPLE_RATE / 3600:.2f} h")


if __name__ == "__main__":
    main()
