"""Excerpts as features and targets, rendered by processes of their own."""

from __future__ import annotations

import itertools
import multiprocessing
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drumscribe.hearing.features import FeatureParams, log_spectrogram
from lab.network.targets import targets, targets_of_codes
from lab.render import cache as cached
from lab.render.excerpt import excerpt
from lab.render.kits import Kit
from lab.render.labels import Label
from lab.render.recipe import RELEASE, Recipe
from lab.render.taught import taught_excerpt

_EXCERPTS_PER_KIT = 4
_KITS_AT_A_TIME = 4


class Example(NamedTuple):
    """One excerpt: features (frames, bands) and targets (frames, classes), and its labels."""

    features: NDArray[np.float16]
    onsets: NDArray[np.uint8]
    velocities: NDArray[np.uint8]
    labels: list[Label]


def excerpts(
    cache: cached.Cache, seed: int, seconds: float, recipe: Recipe
) -> Iterator[tuple[NDArray[np.float32], list[Label]]]:
    """An endless stream of rendered sound and its strokes; the same seed gives the same stream."""
    rng = random.Random(seed)
    kits: list[Kit] = []
    for i in itertools.count():
        if i % _EXCERPTS_PER_KIT == 0:
            kits = [*kits, Kit(cache, rng, recipe)][-_KITS_AT_A_TIME:]
        yield excerpt(cache, rng, rng.choice(kits), seconds, recipe)


def examples(
    cache: cached.Cache,
    seed: int,
    seconds: float,
    params: FeatureParams,
    recipe: Recipe = RELEASE,
) -> Iterator[Example]:
    """`excerpts` as features and targets; a share of them is real music that a teacher labelled."""
    n_frames = round(seconds * params.fps)
    rendered = excerpts(cache, seed, seconds, recipe)
    rng = random.Random(f"taught {seed}")
    for _ in itertools.count():
        if recipe.taught_share and cache.taught and rng.random() < recipe.taught_share:
            real = taught_excerpt(cache, rng, seconds, recipe)
            samples = real.samples
            labels: list[Label] = []
            wanted = targets_of_codes(real.codes, real.start, real.speed, n_frames, params.fps)
        else:
            samples, labels = next(rendered)
            wanted = targets(labels, n_frames, params.fps, between_frames=recipe.between_frames)
        features = log_spectrogram(samples[None], params, n_frames=n_frames)
        yield Example(features.astype(np.float16), *wanted, labels)


def _work(
    queue: multiprocessing.Queue[Example], folder: Path, seed: int, seconds: float,
    params: FeatureParams, recipe: Recipe,
) -> None:  # fmt: skip
    for example in examples(cached.load(folder, "train"), seed, seconds, params, recipe):
        queue.put(example._replace(labels=[]))


class RenderedStream:
    """Examples from several processes, in a fixed order, so that a seed decides everything.

    Every rendered example is handed out `uses` times, far apart: rendering costs as much as
    learning, and a second look with other augmentation is nearly as good as a new excerpt.
    """

    def __init__(
        self, folder: Path, *, seed: int, seconds: float, params: FeatureParams,
        workers: int, uses: int, buffer_seconds: float = 2000.0, recipe: Recipe = RELEASE,
    ) -> None:  # fmt: skip
        context = multiprocessing.get_context("spawn")
        self._queues = [context.Queue(48) for _ in range(workers)]
        self._processes = [
            context.Process(
                target=_work,
                args=(queue, folder, seed * 1000 + i, seconds, params, recipe),
                daemon=True,
            )
            for i, queue in enumerate(self._queues)
        ]
        for process in self._processes:
            process.start()
        self._rng = random.Random(seed)
        # Nothing is met twice before the buffer is full, and until then rendering is what is
        # waited for: so much music, however long its excerpts are.
        self._uses, self._buffer_size = uses, round(buffer_seconds / seconds)
        self._seen: list[tuple[Example, int]] = []
        self._turn = 0

    def next(self) -> Example:
        if len(self._seen) > self._buffer_size:
            i = self._rng.randrange(len(self._seen))
            self._seen[i], self._seen[-1] = self._seen[-1], self._seen[i]
            example, left = self._seen.pop()
            if left > 1:
                self._seen.append((example, left - 1))
            return example
        queue = self._queues[self._turn % len(self._queues)]
        self._turn += 1
        rendered: Example = queue.get()
        if self._uses > 1:
            self._seen.append((rendered, self._uses - 1))
        return rendered

    def close(self) -> None:
        for process in self._processes:
            process.terminate()
