"""Hearing: runs the network over a recording of any length."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.domain.audio import Audio
from drumscribe.domain.context import RunContext
from drumscribe.domain.drums import Activations, Listening
from drumscribe.domain.transcription import ModelRef
from drumscribe.errors import ModelCorrupt, ModelUnavailable
from drumscribe.hearing.chunking import chunks, rounded_up
from drumscribe.hearing.features import frame_count, gated_rms, log_spectrogram
from drumscribe.hearing.manifest import (
    DetectorManifest,
    released_manifest,
    released_weights,
    weights_digest,
)
from drumscribe.hearing.picking import PickingOptions
from drumscribe.hearing.recurrence import remembered
from drumscribe.hearing.toms.pitch import tom_pitches
from drumscribe.models.execution import Provider, start_session

CHUNK_FRAMES: Final = 1000
# Silence that is heard before and after a recording.
SILENCE_FRAMES: Final = 52

Columns = NDArray[np.float32]


class Detector:
    """The network and its manifest. The sessions start when they are first needed.

    The first and the last stage look a few frames to either side and are run chunk by chunk. The
    recurrent layers between them, at a quarter of the frame rate, remember without limit: they run
    piece by piece over the whole recording, see recurrence.py.

    Start it in the process that uses it, never before a fork.
    """

    def __init__(
        self,
        manifest: DetectorManifest,
        read_weights: Callable[[], Mapping[str, bytes]],
        *,
        threads: int = 1,
    ) -> None:
        self.manifest = manifest
        self._read_weights = read_weights
        self._threads = threads
        # May be set before the first use.
        self.provider: Provider = "cpu"
        self._sessions: dict[str, Any] = {}

    @property
    def model(self) -> ModelRef:
        """Exactly which weights these are."""
        return self.manifest.ref

    @property
    def picking(self) -> PickingOptions:
        """The released thresholds and calibration, for a recording as it is."""
        return self.manifest.picking

    def picking_for(self, listening: Listening) -> PickingOptions:
        """Those for activations that were heard this way."""
        return self.manifest.picking_for(listening)

    def run_stage(self, stage: str, **inputs: Columns) -> list[Columns]:
        """One stage on inputs (frames, columns), all outputs likewise.

        Raises ModelCorrupt if the weights are not those of the manifest, ModelUnavailable if they
        are missing.
        """
        self.start()
        fed = {name: values[None] for name, values in inputs.items()}
        return [output[0] for output in self._sessions[stage].run(None, fed)]

    def start(self) -> None:
        """Read the weights and start the sessions, unless that has been done."""
        if not self._sessions:
            self._sessions = self._started()

    def _started(self) -> dict[str, Any]:
        stages = self._read_weights()
        found = weights_digest(stages)
        if found != self.manifest.sha256:
            raise ModelCorrupt(
                f"The weights of {self.manifest.name} have sha256 {found}, "
                f"their manifest says {self.manifest.sha256}"
            )
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # The arena keeps the largest chunk's memory for ever.
        options.enable_cpu_mem_arena = False
        # Threads that wait must not burn the cores that other jobs need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        return {
            stage: start_session(content, options, self.provider)
            for stage, content in stages.items()
        }


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
    return Detector(manifest, lambda: _read_beside(manifest_path, manifest), threads=threads)


def _read_beside(manifest_path: Path, manifest: DetectorManifest) -> dict[str, bytes]:
    try:
        return {
            stage: (manifest_path.parent / name).read_bytes()
            for stage, name in manifest.files.items()
        }
    except OSError as error:
        raise ModelUnavailable(f"The weights cannot be read: {error}") from error


def detect(
    audio: Audio,
    detector: Detector,
    context: RunContext,
    *,
    listening: Listening = Listening.MIX,
    chunk_frames: int = CHUNK_FRAMES,
) -> Activations:
    """What the network hears, frame by frame.

    Half a second of silence is heard before and after the recording, so that a stroke at 0.0 s
    has something to stand out from.

    audio: any number of channels at the detector's sample rate (44.1 kHz).
    listening: what audio is, a mix or drums alone.
    chunk_frames: frames per pass, a multiple of the manifest's pool; it changes the memory that is
    needed, not the result.
    Raises ValueError if the sample rate differs; whatever context.checkpoint() raises.
    """
    manifest = detector.manifest
    params = manifest.features
    if audio.sample_rate != params.sample_rate:
        raise ValueError(f"expected {params.sample_rate} Hz, got {audio.sample_rate} Hz")
    n_frames = frame_count(audio.n_samples, params)
    level = gated_rms(audio.samples, params)
    if level == 0.0:
        nothing = np.zeros((n_frames, len(manifest.classes)), np.float32)
        return Activations(nothing, nothing, manifest.fps, manifest.classes, listening=listening)
    scale = params.target_rms / level
    n_run = rounded_up(n_frames + 2 * SILENCE_FRAMES, manifest.pool)
    fronts = chunks(
        n_run, length=chunk_frames, context=manifest.front_context_frames, multiple=manifest.pool
    )
    heads = chunks(
        n_run, length=chunk_frames, context=manifest.heads_context_frames, multiple=manifest.pool
    )
    n_steps = len(fronts) + len(heads)

    local, pooled = np.empty((0, 0), np.float16), np.empty((0, 0), np.float32)
    for i, span in enumerate(fronts):
        context.checkpoint()
        spectrogram = log_spectrogram(
            audio.samples,
            params,
            scale=scale,
            first_frame=span.context_start - SILENCE_FRAMES,
            n_frames=span.n_frames,
        )
        near, pools = detector.run_stage("front", spectrogram=spectrogram)
        if i == 0:
            # Half precision halves the largest array of all (77 kB per second otherwise).
            local = np.empty((n_run, near.shape[1]), np.float16)
            pooled = np.empty((n_run // manifest.pool, pools.shape[1]), np.float32)
        kept = slice(span.start, span.stop)
        local[kept] = near[span.kept]
        pooled[_pools(kept, manifest.pool)] = pools[_pools(span.kept, manifest.pool)]
        context.progress((i + 1) / n_steps)
    far = remembered(
        detector.run_stage, pooled, units=manifest.units, checkpoint=context.checkpoint
    )
    del pooled

    onsets = np.empty((n_run, len(manifest.classes)), np.float32)
    velocities = np.empty_like(onsets)
    for i, span in enumerate(heads):
        context.checkpoint()
        run = slice(span.context_start, span.context_stop)
        heard, loudness = detector.run_stage(
            "heads", local=local[run].astype(np.float32), context=far[_pools(run, manifest.pool)]
        )
        onsets[span.start : span.stop] = heard[span.kept]
        velocities[span.start : span.stop] = loudness[span.kept]
        context.progress((len(fronts) + i + 1) / n_steps)
    inside = slice(SILENCE_FRAMES, SILENCE_FRAMES + n_frames)
    onsets, velocities = onsets[inside], velocities[inside]
    pitches = tom_pitches(audio.samples, audio.sample_rate, onsets, manifest.classes, manifest.fps)
    return Activations(
        onsets, velocities, manifest.fps, manifest.classes, pitches, listening=listening
    )


def _pools(frames: slice, pool: int) -> slice:
    """The pools that make up these frames."""
    return slice(frames.start // pool, frames.stop // pool)
