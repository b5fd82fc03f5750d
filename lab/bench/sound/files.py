"""A song as a file of any kind, made on the spot by FFmpeg's encoders and libsndfile.

Nothing here needs a program beside the Python packages.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE = 44_100


def resampled(sound: Sound, rate: int) -> Sound:
    """The song at another sample rate."""
    return sound if rate == RATE else np.asarray(soxr.resample(sound, RATE, rate), np.float32)


def stereo(sound: Sound) -> Sound:
    """Mono with a little more on the left, so that channels can be told apart."""
    return np.concatenate([sound, 0.7 * sound], axis=1)


def with_av(
    sound: Sound,
    muxer: str,
    codec: str,
    *,
    rate: int = RATE,
    bit_rate: int | None = None,
    layout: str | None = None,
    muxing: dict[str, str] | None = None,
    coding: dict[str, str] | None = None,
    sample_format: str | None = None,
    delay: float = 0.0,
    picture: bool = False,
    gap: tuple[float, float] | None = None,
    more: tuple[Sound, ...] = (),
    default: int | None = None,
) -> bytes:
    """A file of FFmpeg's.

    delay: seconds before the first sample. gap: (at, seconds) of time without packets.
    picture: True for a track of pictures beside it. more: further tracks of sound.
    """
    target = io.BytesIO()
    with av.open(target, "w", format=muxer, options=muxing or {}) as out:
        video = None
        if picture:
            is_mpeg = muxer in ("mpeg", "vob", "mpegts")
            video = out.add_stream("mpeg1video" if is_mpeg else "mpeg4", rate=25)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        streams: list[av.AudioStream] = []
        for _ in range(1 + len(more)):
            layout_name = layout or {1: "mono", 2: "stereo", 6: "5.1"}[sound.shape[1]]
            stream = out.add_stream(codec, rate=rate, layout=layout_name, options=coding or {})
            assert isinstance(stream, av.AudioStream)
            if bit_rate:
                stream.codec_context.bit_rate = bit_rate
            if sample_format:
                stream.codec_context.format = av.AudioFormat(sample_format)
            streams.append(stream)
        if default is not None:
            for number, stream in enumerate(streams):
                stream.disposition = (
                    av.stream.Disposition.default if number == default else av.stream.Disposition(0)
                )
        packets = []
        if video is not None:
            seconds = delay + len(sound) / RATE + (gap[1] if gap else 0)
            for number in range(int(seconds * 25)):
                grey = np.full((72, 64), 16 + number % 200, np.uint8)
                image = av.VideoFrame.from_ndarray(grey, "yuv420p")
                image.pts = number
                packets += list(video.encode(image))
            packets += list(video.encode(None))
        for stream, content in zip(streams, (sound, *more), strict=True):
            packets += list(_encoded(stream, resampled(content, rate), rate, delay, gap))
        packets.sort(key=lambda p: p.dts * p.time_base if p.dts is not None else 0)
        out.mux(packets)
    return target.getvalue()


def _encoded(
    stream: av.AudioStream,
    sound: Sound,
    rate: int,
    delay: float,
    gap: tuple[float, float] | None,
) -> Iterator[Any]:
    context = stream.codec_context
    context.time_base = Fraction(1, rate)
    context.open()
    size = context.frame_size or 1024
    name = context.format.name
    resampler = av.AudioResampler(name, context.layout.name, rate, frame_size=size)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), "fltp", context.layout.name)
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        at = part.pts / rate if part.pts is not None else 0
        shift = delay
        if gap is not None and at >= gap[0]:
            shift += gap[1]
        part.pts = (part.pts or 0) + round(shift * rate)
        part.time_base = Fraction(1, rate)
        yield from stream.encode(part)
    yield from stream.encode(None)


def with_soundfile(sound: Sound, kind: str, subtype: str | None, *, rate: int = RATE) -> bytes:
    """A file of libsndfile's."""
    target = io.BytesIO()
    with soundfile.SoundFile(
        target, "w", rate, sound.shape[1], subtype=subtype, format=kind
    ) as out:
        content = resampled(sound, rate)
        # libsndfile crashes on long Vorbis in one piece.
        for start in range(0, len(content), 16_384):
            out.write(content[start : start + 16_384])
    return target.getvalue()


def mp3(sound: Sound, *, rate: int = RATE, bit_rate: int = 128_000, counted: bool = True) -> bytes:
    """counted: with an info frame, which names the number of frames and the delays."""
    muxing = {"id3v2_version": "0", "write_xing": "1" if counted else "0"}
    return with_av(sound, "mp3", "libmp3lame", rate=rate, bit_rate=bit_rate, muxing=muxing)
