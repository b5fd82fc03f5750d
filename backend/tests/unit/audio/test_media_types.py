"""What recordings are called on the web."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
import soundfile

from drumscribe.audio.media_types import UNKNOWN, media_type_of

SOUND = np.zeros(4410, dtype=np.float32)


def written(container: str, subtype: str | None = None) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, SOUND, 44100, format=container, subtype=subtype)
    return file.getvalue()


def muxed(container: str, codec: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as made:
        stream = made.add_stream(codec, rate=48000)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(SOUND[None], "flt", "mono")
        frame.sample_rate = stream.rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            made.mux(packet)
    return file.getvalue()


@pytest.mark.parametrize(
    ("container", "media_type"),
    [
        ("WAV", "audio/wav"), ("RF64", "audio/wav"), ("AIFF", "audio/aiff"),
        ("FLAC", "audio/flac"), ("OGG", "audio/ogg"), ("MP3", "audio/mpeg"),
        ("CAF", "audio/x-caf"), ("AU", "audio/basic"), ("W64", UNKNOWN),
    ],
)  # fmt: skip
def test_file_is_called_what_it_is(container: str, media_type: str) -> None:
    assert media_type_of(written(container)) == media_type


@pytest.mark.parametrize(
    ("container", "codec", "media_type"),
    [
        ("ipod", "aac", "audio/mp4"), ("mp4", "aac", "video/mp4"),
        ("mov", "aac", "video/quicktime"), ("adts", "aac", "audio/aac"),
        ("mp2", "mp2", "audio/mpeg"), ("avi", "mp2", "video/x-msvideo"),
        ("webm", "libopus", "video/webm"), ("matroska", "flac", "video/x-matroska"),
        ("asf", "mp2", "audio/x-ms-wma"), ("wv", "wavpack", "audio/x-wavpack"),
    ],
)  # fmt: skip
def test_container_is_called_what_it_is(container: str, codec: str, media_type: str) -> None:
    assert media_type_of(muxed(container, codec)) == media_type


@pytest.mark.parametrize("head", [b"", b"\xff", b"<svg onload=alert(1)>", b"RIFF", b"FORM\0\0\0\0"])
def test_what_is_no_sound_gets_no_name(head: bytes) -> None:
    assert media_type_of(head) == UNKNOWN
