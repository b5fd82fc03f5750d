"""What the released network is sure of in real music: labels to go on learning from.

    python -m lab.network.teacher --cache runs/cache

Each excerpt with drums is heard twice, as a mix and as drums alone; the teacher's word is the mean
of both logits. Per frame and class it is one of: a stroke (SURE), none (0), or nothing certain
(IGNORED, no loss). Where it is sure that a cymbal (or a tom) sounds but mix and drums do not agree
on which, the frame says UNNAMED in the columns in question: one of these, whichever. Music that
was said to have no drums is silent but where a separator finds an attack in it
(lab/material/doubtful.py). Writes taught.npz into the cache.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.audio import Audio
from drumscribe.hearing.detection import Detector, detect, load_detector
from drumscribe.pipeline.context import LocalContext
from lab.material.doubtful import codes_of_doubtful
from lab.material.real_bands import NOT_DRUM_FREE
from lab.network.targets import IGNORED, SURE, UNNAMED
from lab.render import cache as cached
from lab.render.cache import SAMPLE_RATE, Backing, Cache
from lab.render.performances import CLASSES

# A mean above SURE_FROM is a stroke; below SILENT_UNTIL in the mean, and in neither view above
# its double, there is none. Cymbals and toms are what a teacher misses in records: it has to be
# surer of their silence, or the student learns to miss them too (LOG.md, run v4).
SURE_FROM, SILENT_UNTIL, SILENT_UNTIL_IN_GROUPS = 0.75, 0.12, 0.03
# A name counts where each view gives it at least so much.
_NAMED_BY_EACH = 0.40
_CANDIDATE = 0.08
_BESIDE = 3
GROUPS = (
    ("hihat_closed", "hihat_open", "ride", "crash"),
    ("tom_high", "tom_mid", "tom_low"),
)

Onsets = NDArray[np.float32]


def _logit(p: Onsets) -> Onsets:
    p = np.clip(p, 1e-5, 1 - 1e-5)
    return np.asarray(np.log(p / (1 - p)), np.float32)


def _mean(mix: Onsets, drums: Onsets) -> Onsets:
    """The probability whose logit is the mean of both."""
    return np.asarray(1 / (1 + np.exp(-(_logit(mix) + _logit(drums)) / 2)), np.float32)


def _peaks(column: Onsets, lowest: float) -> list[int]:
    """Frames that are the largest within two frames and at least `lowest`."""
    padded = np.pad(column, 2, constant_values=-1)
    around = np.lib.stride_tricks.sliding_window_view(padded, 5).max(axis=1)
    return [int(k) for k in np.flatnonzero((column >= lowest) & (column >= around))]


def _near(view: Onsets, frame: int) -> Onsets:
    """The largest of each column within two frames."""
    return np.asarray(view[max(0, frame - 2) : frame + 3].max(axis=0))


def codes(mix: Onsets, drums: Onsets) -> NDArray[np.uint8]:
    """SURE, UNNAMED, 0 or IGNORED per frame and class, from what both views say."""
    n = min(len(mix), len(drums))
    mix, drums = mix[:n], drums[:n]
    mean = _mean(mix, drums)
    width = 2 * _BESIDE + 1

    def widened(view: Onsets) -> Onsets:
        padded = np.pad(view, ((_BESIDE, _BESIDE), (0, 0)))
        views = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)
        return np.asarray(views.max(axis=-1), np.float32)

    grouped = {name for group in GROUPS for name in group}
    until = np.array([
        SILENT_UNTIL_IN_GROUPS if name in grouped else SILENT_UNTIL for name in CLASSES
    ])  # fmt: skip
    silent = (widened(mean) < until) & (np.maximum(widened(mix), widened(drums)) < 2 * until)
    found = np.where(silent, 0, IGNORED).astype(np.uint8)
    for name in CLASSES:
        if name not in grouped:
            column = CLASSES.index(name)
            found[_peaks(mean[:, column], SURE_FROM), column] = SURE
    for group in GROUPS:
        columns = [CLASSES.index(name) for name in group]
        # That it is one of the group, whichever each view thinks it is.
        together = _mean(*(1 - np.prod(1 - view[:, columns], axis=1) for view in (mix, drums)))
        for frame in _peaks(together, SURE_FROM):
            of_mix, of_drums = _near(mix, frame)[columns], _near(drums, frame)[columns]
            of_mean = _near(mean, frame)[columns]
            agreed = (np.minimum(of_mix, of_drums) >= _NAMED_BY_EACH) & (of_mean >= SURE_FROM)
            if agreed.any():
                for column in np.asarray(columns)[agreed]:
                    found[frame, column] = SURE
                continue
            either = np.maximum(of_mix, of_drums) >= _CANDIDATE
            if either.sum() > 1:
                found[frame, np.asarray(columns)[either]] = UNNAMED
    return found


def heard(cache: Cache, parts: list[Backing], detector: Detector, context: LocalContext) -> Onsets:
    """What the network says to the sum of some parts."""
    return detect(Audio(cache.sum_of(*parts)[None], SAMPLE_RATE), detector, context).onsets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    parser.add_argument("--manifest", type=Path, help="default: the shipped weights")
    args = parser.parse_args()
    detector = load_detector(args.manifest)
    cache = cached.load(args.cache, "train")
    taught: dict[str, NDArray[np.uint8]] = {}
    with LocalContext() as context:
        for one in cache.real:
            if one.drums is None:
                continue
            if one.name in NOT_DRUM_FREE:
                # The teacher learnt these as silence: it has nothing to say of them.
                taught[one.name] = codes_of_doubtful(
                    cache.sum_of(one.back), cache.sum_of(one.drums)
                )
                continue
            mix = heard(cache, [one.back, one.drums], detector, context)
            taught[one.name] = codes(mix, heard(cache, [one.drums], detector, context))
    np.savez_compressed(args.cache / "taught.npz", **taught)  # type: ignore[arg-type]
    all_codes = np.concatenate(list(taught.values()))
    for i, name in enumerate(CLASSES):
        column = all_codes[:, i]
        print(
            f"{name}: {np.sum(column == SURE)} sure, {np.sum(column == UNNAMED)} of unsure name, "
            f"{np.mean(column == IGNORED):.3f} of the frames uncertain"
        )


if __name__ == "__main__":
    main()
