"""What a set of weights says to everything that weights are judged by, computed once and kept.

Four kinds of material, none of it trained on:

A  cells of renders (lab/measure/cells.py)
B  free: pieces with MIDI by others (audio/*.opus, ref/*.txt)
C  annotated recordings (mix_proxy, drum_stem, annotations/subclass), dry, as records
   (lab/measure/loud.py) and their drums alone
D  real excerpts without labels, of authors that are held out (lab/material/real_bands.py)
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Activations, Listening
from drumscribe.hearing.averaging import averaged
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.hearing.manifest import DetectorManifest
from drumscribe.pipeline.context import LocalContext
from lab.measure import cells
from lab.measure.evaluate import read_audio, read_reference
from lab.measure.onsets import Strokes
from lab.measure.validation import run
from lab.render import cache as cached
from lab.render.labels import Label


class Recording(NamedTuple):
    """One recording of a set: its name, what the network says, the strokes that are in it."""

    name: str
    said: Activations
    true: Strokes


class Pair(NamedTuple):
    """A real excerpt heard twice."""

    name: str
    mix: Activations
    drums: Activations


class Heard(NamedTuple):
    """Everything: cells with their labels, annotated sets by name, pairs, music without drums."""

    cells: dict[str, list[tuple[Activations, list[Label]]]]
    sets: dict[str, list[Recording]]
    pairs: list[Pair]
    drum_free: dict[str, Activations]
    drum_free_minutes: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the material is."""
    parser.add_argument("--cells", type=Path, default=Path("runs/cells.npz"))
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--free", type=Path, required=True, help="audio/*.opus, ref/*.txt")
    parser.add_argument("--annotated", type=Path, required=True, help="mix_proxy, drum_stem, ...")
    parser.add_argument("--loud", type=Path, required=True, help="written by lab.measure.loud")
    parser.add_argument("--separated", type=Path, help="free/, loud/, dry/: drums by separation")
    parser.add_argument("--keep", type=Path, default=Path("runs/heard"), help="kept between calls")


def fit_on_material(
    description: str | None, fit: Callable[[DetectorManifest, Heard], Mapping[str, object]]
) -> None:
    """A program that fits something of a set of weights to the material and writes it as JSON.

    fit: is given the manifest of the weights and what they say; returns what is written.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    add_arguments(parser)
    args = parser.parse_args()
    rules = load_detector(args.manifest).manifest
    content = fit(rules, hear(args.manifest, args))
    args.out.write_text(json.dumps(content, indent=1) + "\n")


def _recordings(
    detector: Detector, audio: list[Path], reference: Path, context: LocalContext
) -> list[Recording]:
    return [
        Recording(
            path.stem,
            detect(read_audio(path), detector, context),
            read_reference(reference / f"{path.stem}.txt"),
        )
        for path in audio
        if (reference / f"{path.stem}.txt").exists()
    ]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in (".flac", ".opus", ".wav"))


def _real(
    detector: Detector, cache: cached.Cache, context: LocalContext
) -> tuple[list[Pair], dict[str, Activations], float]:
    pairs, drum_free, minutes = [], {}, 0.0
    for one in cache.real:
        back = cache.sum_of(one.back)
        if one.drums is None:
            minutes += len(back) / cached.SAMPLE_RATE / 60
            drum_free[one.name] = detect(Audio(back[None], cached.SAMPLE_RATE), detector, context)
            continue
        drums = cache.sum_of(one.drums)
        mix, alone = (
            detect(Audio(sound[None], cached.SAMPLE_RATE), detector, context)
            for sound in (back + drums, drums)
        )
        pairs.append(Pair(one.name, mix, replace(alone, listening=Listening.STEM)))
    return pairs, drum_free, minutes


def hear(manifest: Path, args: argparse.Namespace) -> Heard:
    """What the weights of a manifest say to the material; read from --keep if it is there."""
    detector = load_detector(manifest)
    kept: Path = args.keep / f"{detector.manifest.sha256[:12]}.pickle"
    if kept.exists():
        with kept.open("rb") as file:
            known: Heard = pickle.load(file)
        return known
    reference = args.annotated / "annotations" / "subclass"
    with LocalContext() as context:
        sets = {
            name: _recordings(detector, _files(folder), of, context)
            for name, folder, of in _folders(args, reference)
        }
        _add_both(sets)
        pairs, drum_free, minutes = _real(detector, cached.load(args.cache, "val"), context)
    groups = {
        name: [(run(detector, example), example.labels) for example in group]
        for name, group in cells.load(args.cells).items()
    }
    everything = Heard(groups, sets, pairs, drum_free, minutes)
    args.keep.mkdir(parents=True, exist_ok=True)
    with kept.open("wb") as file:
        pickle.dump(everything, file)
    return everything


def _add_both(sets: dict[str, list[Recording]]) -> None:
    """Marks drums alone as such, and adds what is heard in mix and separated drums together."""
    for name, recordings in sets.items():
        if name == "stems" or name.endswith(" separated"):
            sets[name] = [
                one._replace(said=replace(one.said, listening=Listening.STEM)) for one in recordings
            ]
    for name in ("free", "loud", "dry"):
        drums = {one.name: one for one in sets.get(f"{name} separated", [])}
        if drums:
            sets[f"{name} both"] = [
                one._replace(said=averaged(one.said, drums[one.name].said))
                for one in sets[name]
                if one.name in drums
            ]


def _folders(args: argparse.Namespace, reference: Path) -> Iterator[tuple[str, Path, Path]]:
    yield "free", args.free / "audio", args.free / "ref"
    yield "loud", args.loud, reference
    yield "dry", args.annotated / "mix_proxy", reference
    yield "stems", args.annotated / "drum_stem", reference
    if args.separated:
        yield "free separated", args.separated / "free", args.free / "ref"
        yield "loud separated", args.separated / "loud", reference
        yield "dry separated", args.separated / "dry", reference
