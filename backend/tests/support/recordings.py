"""Recordings made on the spot, in any format, for tests of everything that reads files."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

CLICK_EVERY_SECONDS = 0.5

# Format -> (codec, muxer) for FFmpeg, where libsndfile cannot write it.
_AV_FORMATS = {
    "m4a": ("aac", "ipod"),
    "aac": ("aac", "adts"),
    "webm": ("libopus", "webm"),
    "mkv": ("aac", "matroska"),
    "alac": ("alac", "ipod"),
    "ts": ("mp2", "mpegts"),
    "avi": ("pcm_s16le", "avi"),
    "wma": ("wmav2", "asf"),
    "wv": ("wavpack", "wv"),
    "flv": ("libmp3lame", "flv"),
}


def clicks(
    seconds: float = 3.0, *, sample_rate: int = 44_100, channels: int = 2, seed: int = 0
) -> NDArray[np.float32]:
    """(n, channels): soft noise with a short loud tick every half second from 0.5 s on."""
    generator = np.random.default_rng(seed)
    n = round(seconds * sample_rate)
    sound = 0.01 * generator.standard_normal((n, channels))
    tick_samples = sample_rate // 100
    t = np.arange(tick_samples) / sample_rate
    tick = 0.7 * np.exp(-t * 600) * np.sin(2 * np.pi * 3000 * t)
    for time in np.arange(CLICK_EVERY_SECONDS, seconds - 0.1, CLICK_EVERY_SECONDS):
        start = round(time * sample_rate)
        sound[start : start + tick_samples] += tick[:, np.newaxis]
    return sound.astype(np.float32)


def click_times(mono: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """Where the ticks begin, in seconds: the first sample of each above a tenth of full scale."""
    loud = np.flatnonzero(np.abs(mono) > 0.1)
    is_first = np.diff(loud, prepend=-sample_rate) > sample_rate // 10
    return loud[is_first] / sample_rate


def write_recording(
    path: Path,
    sound: NDArray[np.float32],
    *,
    sample_rate: int = 44_100,
    format: str | None = None,  # noqa: A002
    options: dict[str, str] | None = None,
) -> Path:
    """Write (n, channels) in the format of the path's ending, or the one that is named."""
    format = format or path.suffix.lstrip(".")  # noqa: A001
    if format in ("webm", "opus") and sample_rate == 44_100:
        sound, sample_rate = soxr.resample(sound, 44_100, 48_000), 48_000
    if format in _AV_FORMATS or options is not None:
        codec, muxer = _AV_FORMATS.get(format, ("libmp3lame", "mp3"))
        _write_av(path, sound, sample_rate, codec, muxer, options or {})
        return path
    kinds = {"opus": ("OGG", "OPUS"), "ogg": ("OGG", "VORBIS"), "f32": ("WAV", "FLOAT")}
    kind, subtype = kinds.get(format, (format.upper(), None))
    with soundfile.SoundFile(
        path, "w", sample_rate, sound.shape[1], subtype=subtype, format=kind
    ) as out:
        # libsndfile crashes on long Vorbis in one piece.
        for start in range(0, len(sound), 16_384):
            out.write(sound[start : start + 16_384])
    return path


def _write_av(
    path: Path,
    sound: NDArray[np.float32],
    sample_rate: int,
    codec: str,
    muxer: str,
    options: dict[str, str],
) -> None:
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[sound.shape[1]]
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), "fltp", layout)
    frame.sample_rate, frame.pts = sample_rate, 0
    with av.open(path, "w", format=muxer, options=options) as container:
        stream = container.add_stream(codec, rate=sample_rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        context = stream.codec_context
        if codec.startswith("wma"):  # its usual bit rate is none that it can do
            context.bit_rate = 128_000
        resampler = av.AudioResampler(
            context.format.name if context.format else "fltp",
            layout,
            sample_rate,
            frame_size=context.frame_size or 1024,
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
