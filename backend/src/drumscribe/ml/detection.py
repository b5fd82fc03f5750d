"""Hearing: runs the network over a recording, chunk by chunk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Activations
from drumscribe.domain.transcription import ModelRef
from drumscribe.errors import ModelCorrupt, ModelUnavailable
from drumscribe.ml.chunking import chunks
from drumscribe.ml.detector_manifest import DetectorManifest, released_manifest, released_weights
from drumscribe.ml.features import frame_count, gated_rms, log_spectrogram
from drumscribe.ml.picking import PickingOptions

CHUNK_FRAMES = 6000
_SILENCE_FRAMES = 100

Columns = NDArray[np.float32]


class Detector:
    """The network and its manifest. The session starts when it is first needed.

    Start it in the process that uses it, never before a fork.
    """

    def __init__(
        self, manifest: DetectorManifest, read_weights: Callable[[], bytes], *, threads: int = 1
    ) -> None:
        self.manifest = manifest
        self._read_weights = read_weights
        self._threads = threads
        self._session: Any = None

    @property
    def model(self) -> ModelRef:
        """Exactly which weights these are."""
        return self.manifest.ref

    @property
    def picking(self) -> PickingOptions:
        """The released thresholds and calibration."""
        return self.manifest.picking

    def run(self, features: Columns) -> tuple[Columns, Columns]:
        """Features (frames, bands) -> onset probabilities and velocities (frames, classes).

        frames must be a multiple of manifest.pool. Raises ModelCorrupt if the weights are not
        those of the manifest, ModelUnavailable if they are missing.
        """
        if self._session is None:
            self._session = self._start()
        onsets, velocities = self._session.run(None, {"spectrogram": features[None]})
        return onsets[0], velocities[0]

    def _start(self) -> Any:
        content = self._read_weights()
        found = hashlib.sha256(content).hexdigest()
        if found != self.manifest.sha256:
            raise ModelCorrupt(
                f"{self.manifest.file} has sha256 {found}, its manifest says {self.manifest.sha256}"
            )
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # The arena keeps the largest chunk's memory for ever.
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def shipped_model() -> ModelRef:
    """Which weights ship with DrumScribe. Raises ModelUnavailable if they are missing."""
    return released_manifest().ref


def load_detector(manifest_path: Path | None = None, *, threads: int = 1) -> Detector:
    """The detector that ships with DrumScribe, or the one whose manifest is given.

    threads: how many the network may use. Raises ModelUnavailable or ModelCorrupt if the manifest
    is missing or unreadable; the weights are read and checked when they are first used.
    """
    if manifest_path is None:
        released = released_manifest()
        return Detector(released, lambda: released_weights(released), threads=threads)
    try:
        manifest = DetectorManifest.from_json(manifest_path.read_text())
    except OSError as error:
        raise ModelUnavailable(f"{manifest_path} cannot be read: {error}") from error
    weights = manifest_path.parent / manifest.file
    return Detector(manifest, weights.read_bytes, threads=threads)


def detect(
    audio: Audio, detector: Detector, context: RunContext, *, chunk_frames: int = CHUNK_FRAMES
) -> Activations:
    """What the network hears, frame by frame, at any length in flat memory.

    audio: any number of channels at the detector's sample rate (44.1 kHz).
    chunk_frames: frames per pass; it changes memory, not the result.
    Raises ValueError if the sample rate differs; whatever context.checkpoint() raises.
    """
    manifest = detector.manifest
    params = manifest.features
    if audio.sample_rate != params.sample_rate:
        raise ValueError(f"expected {params.sample_rate} Hz, got {audio.sample_rate} Hz")
    n_frames = frame_count(audio.n_samples, params)
    shape = (n_frames, len(manifest.classes))
    onsets, velocities = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    level = gated_rms(audio.samples, params)
    if level > 0.0:
        spans = chunks(
            n_frames,
            length=chunk_frames,
            context=manifest.context_frames,
            silence=_SILENCE_FRAMES,
            multiple=manifest.pool,
        )
        for i, span in enumerate(spans):
            context.checkpoint()
            features = log_spectrogram(
                audio.samples,
                params,
                scale=params.target_rms / level,
                first_frame=span.context_start,
                n_frames=span.n_frames,
            )
            heard, loudness = detector.run(features)
            onsets[span.start : span.stop] = heard[span.kept]
            velocities[span.start : span.stop] = loudness[span.kept]
            context.progress((i + 1) / len(spans))
    return Activations(onsets, velocities, manifest.fps, manifest.classes)
