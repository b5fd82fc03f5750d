"""What a fifth more or less overlap of segments gives, on mixes whose drums are known.

    python -m lab.sweeps.separation --recordings FOLDER

FOLDER: mix_proxy, drum_stem and annotations/subclass, as of MDB Drums. The drums are taken out of
each mix with each overlap. Measured: how near they come to the true drums (scale-invariant SDR in
dB, mean), how well they are heard alone and together with the mix (F in nine classes, 50 ms,
pooled), and CPU-seconds for a second of music.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.drums import Activations, Listening
from drumscribe.evaluation.hit_files import read_strokes
from drumscribe.evaluation.hits import HitsOptions, evaluate_hits
from drumscribe.hearing.averaging import averaged
from drumscribe.hearing.detection import detect
from drumscribe.hearing.picking import pick
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline.context import LocalContext
from drumscribe.pipeline.models import ModelSet
from drumscribe.separation import tuning
from drumscribe.separation.stems import separate
from lab.measure.evaluate import read_audio
from lab.sweeps.turning import knobs_of, swept

_PROTOCOL = HitsOptions(label_sets=("9",), tolerances_seconds=(0.05,))


def si_sdr(true: NDArray[np.float32], found: NDArray[np.float32]) -> float:
    """Scale-invariant signal-to-distortion ratio in dB (Le Roux et al. 2019)."""
    a, b = true.astype(np.float64), found.astype(np.float64)
    part = a * (a @ b) / (a @ a)
    return float(10 * np.log10((part @ part) / ((b - part) @ (b - part))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=Path, required=True)
    folder: Path = parser.parse_args().recordings
    models = ModelSet(ModelStore(), threads=1)
    detector, separator = models.detector(), models.separator()
    mixes = {path.stem: read_audio(path) for path in sorted((folder / "mix_proxy").glob("*.flac"))}
    stems = {name: read_audio(folder / "drum_stem" / f"{name}.flac") for name in mixes}
    true = {
        name: read_strokes(folder / "annotations" / "subclass" / f"{name}.txt") for name in mixes
    }
    seconds = sum(mix.duration_seconds for mix in mixes.values())
    with LocalContext() as context:
        said = {name: detect(mix, detector, context) for name, mix in mixes.items()}

        def measured() -> Mapping[str, float]:
            ratios, alone, both, cpu = [], {}, {}, 0.0
            for name, mix in mixes.items():
                begun = time.process_time()
                drums = separate(
                    mix,
                    separator=separator,
                    context=context,
                    overlap=tuning.SEPARATION.overlap,
                ).drums
                cpu += time.process_time() - begun
                ratios.append(si_sdr(stems[name].mono(), drums.mono()))
                of_drums = detect(drums, detector, context)
                of_drums = replace(of_drums, listening=Listening.STEM)
                alone[name] = of_drums
                both[name] = averaged(said[name], of_drums)

            def f_of(heard: Mapping[str, Activations]) -> float:
                hits = {
                    name: pick(one, detector.manifest.picking_for(one.listening))
                    for name, one in heard.items()
                }
                return evaluate_hits(true, hits, _PROTOCOL).scores[0].all.counts.f or 0.0

            return {
                "SDR dB": float(np.mean(ratios)),
                "F drums": f_of(alone),
                "F both": f_of(both),
                "CPU-s": cpu / seconds,
            }

        print(swept(knobs_of({"separation": tuning}), measured))


if __name__ == "__main__":
    main()
