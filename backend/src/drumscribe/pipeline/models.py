"""The models of a run: found or fetched when a stage first needs them, then kept."""

from __future__ import annotations

import logging
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drumscribe.domain.transcription import ModelRef
from drumscribe.errors import DrumScribeError, ModelUnavailable
from drumscribe.models.execution import Provider, check_built_in
from drumscribe.models.known_models import HTDEMUCS, MODEL_GROUPS
from drumscribe.models.registry import ModelSpec, ModelState, ModelStore

if TYPE_CHECKING:
    from drumscribe.beats.sound.networks import BeatNetworks
    from drumscribe.hearing.detection import Detector
    from drumscribe.separation.stems import Separator

logger = logging.getLogger(__name__)

BEAT_MODELS = MODEL_GROUPS["beats"]
# A worker that began while the network was down shall not do without for ever.
FETCH_AGAIN_SECONDS: Final = 3600.0

DownloadProgress = Callable[[str, int, int], None]


class ModelSet:
    """Loaded once per process and shared by all its runs; not for use by threads at once.

    store: where fetched models are kept.
    detector_spec: a bundle to use in the place of the transcriber that ships.
    threads: of ONNX Runtime; None takes the number of cores, at most 4 (more does not help).
    provider: what the detector and the separator run on; the small beat networks need none.
    on_download: called as on_download(model_name, done_bytes, total_bytes).
    """

    def __init__(
        self,
        store: ModelStore,
        *,
        threads: int | None = None,
        on_download: DownloadProgress | None = None,
        detector_spec: ModelSpec | None = None,
        provider: Provider = "cpu",
    ) -> None:
        self.store = store
        self.detector_spec = detector_spec
        self.provider = provider
        self.threads = threads or min(4, _usable_cores())
        self.on_download = on_download
        self._detector: Detector | None = None
        self._separator: Separator | None = None
        self._beat_networks: BeatNetworks | None = None
        self._fetch_beats_from = -math.inf
        self._watch: Callable[[float], None] | None = None

    @contextmanager
    def watched_by(self, on_fetched: Callable[[float], None]) -> Iterator[None]:
        """While this is open, whatever is fetched tells how much of it is here, 0..1.

        on_fetched: may raise to stop it.
        """
        before, self._watch = self._watch, on_fetched
        try:
            yield
        finally:
            self._watch = before

    def detector(self) -> Detector:
        """The drum detector: the one that ships inside the package, or the chosen one.

        Raises ModelUnavailable, ModelCorrupt or OutputError if that cannot be fetched.
        """
        if self._detector is None:
            self._detector = self._load_detector()
            self._detector.provider = self.provider
        return self._detector

    def _load_detector(self) -> Detector:
        from drumscribe.hearing.bundle import load_bundle
        from drumscribe.hearing.detection import load_detector

        spec = self.detector_spec
        if spec is None:
            return load_detector(threads=self.threads)
        bundle = self.store.ensure(spec, self._progress(spec.group))
        return load_bundle(bundle, version=said_version(spec), threads=self.threads)

    def check_provider(self) -> None:
        """Start the detector, so that an accelerator that is not there is noticed at once.

        Raises ProviderUnavailable; nothing is done for the processor, which is always there.
        """
        if self.provider != "cpu":
            check_built_in(self.provider)
            self.detector().start()

    def prepare(self) -> None:
        """Load now what the first recording would load, and tell of what is missing.

        For a process that will work on recordings: not before it forks. Raises nothing: what cannot
        be loaded now is tried again by whoever needs it.
        """
        try:
            self.detector().start()
        except DrumScribeError as error:
            logger.error("The transcriber cannot be loaded yet: %s", error.message)
        if self.beat_networks() is None:
            logger.warning("The beat networks are not here; the built-in tracker stands in.")
        if not self.separator_is_cached:
            logger.info("The separation model is not here; drums are heard in the mix.")

    def detector_ref(self) -> ModelRef | None:
        """Which transcriber is used; None if it is not here yet. Fetches nothing.

        Raises ModelUnavailable or ModelCorrupt if what is here cannot be read.
        """
        from drumscribe.hearing.bundle import read_bundle_manifest
        from drumscribe.hearing.detection import shipped_model

        spec = self.detector_spec
        if spec is None:
            return shipped_model()
        path = self.store.path_if_cached(spec)
        return None if path is None else read_bundle_manifest(path, version=said_version(spec)).ref

    @property
    def separator_is_cached(self) -> bool:
        """Whether separation needs no download; a damaged file is told of in the log."""
        if self._separator is not None:
            return True
        state = self.store.state(HTDEMUCS)
        if state is ModelState.CORRUPT:
            logger.warning(
                "The drums are heard in the mix: the model %s in the cache is damaged. "
                "`drumscribe models download %s` replaces it.",
                HTDEMUCS,
                HTDEMUCS.group,
            )
        return state is ModelState.CACHED

    def separator(self) -> Separator:
        """The source separator; fetched if it is not in the cache. Raises ModelUnavailable."""
        if self._separator is None:
            from drumscribe.separation.stems import load_separator

            path = self.store.ensure(HTDEMUCS, self._progress(HTDEMUCS.group))
            self._separator = load_separator(path, threads=self.threads, provider=self.provider)
        return self._separator

    def beat_networks(self) -> BeatNetworks | None:
        """The beat networks; None where they cannot be had, which the log says.

        They are fetched again after an hour at the earliest, but found at once when somebody puts
        them into the cache.
        """
        if self._beat_networks is None:
            from drumscribe.beats.sound.networks import BeatNetworks

            paths = self._beat_paths()
            if paths:
                self._beat_networks = BeatNetworks.load(paths)
        return self._beat_networks

    def _beat_paths(self) -> list[Path]:
        """The files of the beat networks; empty where one is missing."""
        if time.monotonic() < self._fetch_beats_from:
            cached = [self.store.path_if_cached(spec) for spec in BEAT_MODELS]
            found = [path for path in cached if path is not None]
            return found if len(found) == len(BEAT_MODELS) else []
        try:
            return [self.store.ensure(spec, self._progress(spec.group)) for spec in BEAT_MODELS]
        except ModelUnavailable as error:
            self._fetch_beats_from = time.monotonic() + FETCH_AGAIN_SECONDS
            logger.warning(
                "The beat is found without its networks, which is less exact: %s", error.message
            )
            return []

    @property
    def beat_refs(self) -> tuple[ModelRef, ...]:
        """The beat networks that are in use; empty where they are not."""
        return tuple(spec.ref for spec in BEAT_MODELS) if self._beat_networks else ()

    def _progress(self, name: str) -> Callable[[int, int], None]:
        def report(done_bytes: int, total_bytes: int) -> None:
            if self._watch is not None:
                self._watch(done_bytes / total_bytes if total_bytes else 0.0)
            if self.on_download is not None:
                self.on_download(name, done_bytes, total_bytes)

        return report


def said_version(spec: ModelSpec) -> str | None:
    """The version that was asked for; None where the hash stands in its place."""
    return None if spec.sha256.startswith(spec.version) else spec.version


def _usable_cores() -> int:
    """Cores that this process may run on, which a container may have limited."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
