"""What a fifth more or less of each number of hearing costs, on recordings with known strokes.

    python -m lab.sweeps.hearing [--recordings FOLDER] [--only WORD]

The clips of the tests and the example song, and with --recordings those of MDB Drums (mix_proxy,
drum_stem, annotations/subclass), alone and mixes and stems together. The network hears each once;
strokes are picked with each number as it is and with it turned. A line has the change of F in nine
and in five classes (50 ms, pooled, per cent), less first, and how many recordings came out
otherwise.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import Activations, Hit, Listening
from drumscribe.evaluation.hit_files import read_strokes
from drumscribe.evaluation.hits import HitsOptions, evaluate_hits
from drumscribe.evaluation.strokes import Stroke
from drumscribe.evaluation.text_tables import table
from drumscribe.hearing import tuning
from drumscribe.hearing.averaging import averaged
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.hearing.picking import pick
from drumscribe.hearing.toms.pitch import tom_pitches
from drumscribe.pipeline.context import LocalContext
from lab.measure.evaluate import read_audio
from lab.places import EXAMPLES, REPOSITORY
from lab.sweeps.turning import FACTORS, Knob, knobs_of, turned

CLIPS = REPOSITORY / "backend" / "tests" / "regression" / "clips"
PROTOCOL = HitsOptions(label_sets=("9", "5"), tolerances_seconds=(0.05,))


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as the network hears it. beside: its drums alone, heard as well."""

    name: str
    audio: Audio
    said: Activations
    true: Sequence[Stroke]
    beside: tuple[Audio, Activations] | None = None

    def strokes(self, detector: Detector) -> list[Hit]:
        """What is picked, with pitches taken anew."""
        said = _with_pitches(self.audio, self.said)
        if self.beside is not None:
            said = averaged(said, _with_pitches(*self.beside))
        return pick(said, detector.manifest.picking_for(said.listening))


def _with_pitches(audio: Audio, said: Activations) -> Activations:
    pitches = tom_pitches(audio.samples, audio.sample_rate, said.onsets, said.classes, said.fps)
    return replace(said, tom_pitches=pitches)


@dataclass(frozen=True, slots=True)
class Result:
    """F in nine and in five classes, and every recording's hits."""

    nine: float
    five: float
    hits: dict[str, list[Hit]]


def measured(recordings: Sequence[Heard], detector: Detector) -> Result:
    """Pick and compare."""
    hits = {one.name: one.strokes(detector) for one in recordings}
    report = evaluate_hits({one.name: one.true for one in recordings}, hits, PROTOCOL)
    nine, five = (score.all.counts.f or 0.0 for score in report.scores)
    return Result(nine, five, hits)


def hear(detector: Detector, folder: Path | None) -> list[Heard]:
    """Everything once."""
    found = []
    with LocalContext() as context:

        def said(path: Path) -> tuple[Audio, Activations]:
            audio = read_audio(path)
            return audio, detect(audio, detector, context)

        rendered = [EXAMPLES / "funk-rock.flac", *sorted(CLIPS.glob("*.ogg"))]
        for path in rendered:
            true = read_strokes(path.with_name(f"{path.stem}.hits.json"))
            found.append(Heard(path.stem, *said(path), true))
        for path in sorted((folder / "mix_proxy").glob("*.flac")) if folder else []:
            assert folder is not None
            true = read_strokes(folder / "annotations" / "subclass" / f"{path.stem}.txt")
            mix = said(path)
            audio, stem = said(folder / "drum_stem" / path.name)
            drums = audio, replace(stem, listening=Listening.STEM)
            found.append(Heard(f"{path.stem} mix", *mix, true))
            found.append(Heard(f"{path.stem} stem", *drums, true))
            found.append(Heard(f"{path.stem} both", *mix, true, beside=drums))
    return found


def row(knob: Knob, before: Result, after: Sequence[Result]) -> tuple[str, ...]:
    """What was gained or lost, less first."""

    def signed(share: float) -> str:
        return "." if abs(share) < 0.00005 else f"{100 * share:+.2f}"

    return (
        knob.name,
        f"{knob.value:g}",
        " ".join(signed(one.nine - before.nine) for one in after),
        " ".join(signed(one.five - before.five) for one in after),
        " ".join(
            str(sum(one.hits[name] != hits for name, hits in before.hits.items())) for one in after
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=Path)
    parser.add_argument("--only", default="", help="numbers whose name has this word")
    args = parser.parse_args()
    detector = load_detector(threads=1)
    recordings = hear(detector, args.recordings)
    before = measured(recordings, detector)
    print(f"{len(recordings)} recordings: F9 {before.nine:.2%}, F5 {before.five:.2%}")
    rows = []
    for knob in knobs_of({"hearing": tuning}):
        if args.only not in knob.name:
            continue
        after = []
        for factor in FACTORS:
            with turned(knob, factor):
                after.append(measured(recordings, detector))
        rows.append(row(knob, before, after))
        print("  ".join(rows[-1]), file=sys.stderr, flush=True)
    print(table(("number", "is", "F9", "F5", "recordings otherwise"), rows))


if __name__ == "__main__":
    main()
