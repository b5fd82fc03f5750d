"""Joined pieces of MPEG sound of every layer, version and rate are heard to their end."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drumscribe.audio.decode import DecodeLimits, decode
from drumscribe.errors import SampleRateTooLow
from drumscribe.pipeline.context import LocalContext
from recordings import clicks

SECONDS = 1.5
# MPEG-1, MPEG-2 and MPEG-2.5, which only layer 3 has.
RATES = {
    2: (44_100, 48_000, 32_000, 22_050, 24_000, 16_000),
    3: (44_100, 48_000, 32_000, 22_050, 24_000, 16_000, 11_025, 12_000, 8_000),
}
LOWEST_RATE = 16_000
# Of encoders and decoders at each end.
SLACK_SECONDS = 0.25


class Piece(NamedTuple):
    """What a stream is."""

    layer: int
    rate: int
    channels: int


@cache
def stream(layer: int, rate: int, channels: int) -> bytes:
    """Bare frames: no tag before them, no count of them in the first."""
    codec, muxer = ("mp2", "mp2") if layer == 2 else ("libmp3lame", "mp3")
    options = {"id3v2_version": "0", "write_xing": "0"} if layer == 3 else {}
    layout = "mono" if channels == 1 else "stereo"
    sound = (clicks(SECONDS, sample_rate=rate, channels=channels) * 32_767).astype(np.int16)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"piece.{muxer}"
        with av.open(str(path), "w", format=muxer, options=options) as out:
            track = out.add_stream(codec, rate=rate, layout=layout)
            frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), "s16", layout)
            frame.sample_rate = rate
            for packet in [*track.encode(frame), *track.encode(None)]:
                out.mux(packet)
        return path.read_bytes()


PIECES = [
    Piece(layer, rate, channels)
    for layer, rates in RATES.items()
    for rate in rates
    for channels in (1, 2)
]


@settings(max_examples=60)
@given(joined=st.lists(st.sampled_from(PIECES), min_size=2, max_size=4))
def test_spliced_mpeg_streams_are_heard_to_their_end(joined: list[Piece]) -> None:
    with tempfile.TemporaryDirectory() as folder, LocalContext() as context:
        path = Path(folder) / "joined.mp3"
        path.write_bytes(b"".join(stream(*piece) for piece in joined))
        try:
            found = decode(
                path,
                context=context,
                limits=DecodeLimits(min_seconds=0.5),
            )
        except SampleRateTooLow:
            assert min(piece.rate for piece in joined) < LOWEST_RATE
            return
    expected = SECONDS * len(joined)
    assert abs(found.audio.duration_seconds - expected) <= SLACK_SECONDS * len(joined)
