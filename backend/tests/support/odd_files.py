"""Odd files, and how they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from drumscribe.audio.decode import Decoded, DecodeLimits, decode
from drumscribe.domain.transcription import WarningCode
from drumscribe.pipeline.context import LocalContext
from recordings import click_times, clicks, write_recording

RATE = 44_100
PLAIN_MP3 = {"id3v2_version": "0"}
UNCOUNTED_MP3 = {"id3v2_version": "0", "write_xing": "0"}


def read(path: Path, **options: object) -> Decoded:
    options.setdefault("limits", DecodeLimits(min_seconds=1.0))
    with LocalContext() as context:
        return decode(path, context=context, **options)  # type: ignore[arg-type]


def times(found: Decoded) -> NDArray[np.float64]:
    return click_times(found.audio.samples[0], RATE)


def codes(found: Decoded) -> list[WarningCode]:
    return [notice.code for notice in found.notices]


def written(path: Path, content: bytes | bytearray) -> Path:
    path.write_bytes(content)
    return path


def film(
    path: Path,
    *,
    muxer: str,
    sounds: list[NDArray[np.float32]],
    delay: float = 0.0,
    gap_seconds: float = 0.0,
    default: int = 0,
    codec: str = "aac",
    has_pictures: bool = True,
) -> Path:
    """Pictures from 0 on, sound from `delay` on, a pause without packets behind its first half."""
    with av.open(str(path), "w", format=muxer) as out:
        picture = out.add_stream("mpeg4", rate=25) if has_pictures else None
        streams = [out.add_stream(codec, rate=RATE, layout="mono") for _ in sounds]
        packets: list[Any] = []
        for number, (stream, sound) in enumerate(zip(streams, sounds, strict=True)):
            is_default = av.stream.Disposition.default if number == default else 0
            assert isinstance(stream, av.AudioStream)
            stream.disposition = av.stream.Disposition(is_default)
            for begin in range(0, len(sound), 1024):
                part = sound[begin : begin + 1024]
                kind = "fltp" if codec == "aac" else "s16"
                full = part if kind == "fltp" else (part * 32_767).astype(np.int16)
                turned: Any = np.ascontiguousarray(full.T)
                frame = av.AudioFrame.from_ndarray(turned, kind, "mono")
                at = delay + (gap_seconds if begin >= len(sound) // 2 else 0.0)
                frame.sample_rate, frame.pts = RATE, begin + round(at * RATE)
                packets += stream.encode(frame)
            packets += stream.encode(None)
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 32, 32, "yuv420p"
            for number in range(round(25 * (delay + len(sounds[0]) / RATE))):
                image = av.VideoFrame.from_ndarray(
                    np.full((48, 32), number % 200, np.uint8), "yuv420p"
                )
                image.pts = number
                packets += picture.encode(image)
            packets += picture.encode(None)
        packets.sort(key=lambda packet: packet.dts * packet.time_base)
        out.mux(packets)
    return path


def mp3(
    folder: Path, seconds: float, *, rate: int = RATE, channels: int = 1, counted: bool = True
) -> bytes:
    sound = clicks(seconds, sample_rate=rate, channels=channels)
    options = PLAIN_MP3 if counted else UNCOUNTED_MP3
    return write_recording(
        folder / "part.mp3", sound, sample_rate=rate, options=options
    ).read_bytes()
