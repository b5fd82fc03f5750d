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
            assert isinstance(track, av.AudioStream)
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
    found = heard_seconds(b"".join(stream(*piece) for piece in joined), joined)
    expected = SECONDS * len(joined)
    assert found is None or abs(found - expected) <= SLACK_SECONDS * len(joined)


# A cut frame of the largest size swallows so much of the stream with the lowest rate behind it.
SWALLOWED_SECONDS = 0.6


@settings(max_examples=60)
@given(
    joined=st.lists(
        st.tuples(st.sampled_from(PIECES), st.floats(0.0, 0.3), st.floats(0.7, 1.0)),
        min_size=1,
        max_size=4,
    )
)
def test_streams_cut_inside_a_frame_are_heard_without_false_silence(
    joined: list[tuple[Piece, float, float]],
) -> None:
    content, expected = b"", 0.0
    for piece, begin, end in joined:
        whole = stream(*piece)
        content += whole[int(begin * len(whole)) : int(end * len(whole))]
        expected += SECONDS * (end - begin)
    found = heard_seconds(content, [piece for piece, _, _ in joined])
    if found is not None:
        slack = SLACK_SECONDS * len(joined)
        assert found <= expected + slack
        assert found >= expected - slack - SWALLOWED_SECONDS * (len(joined) - 1)


def heard_seconds(content: bytes, pieces: list[Piece]) -> float | None:
    """How long a file is heard to be; None if it is rightly refused for its sample rate."""
    with tempfile.TemporaryDirectory() as folder, LocalContext() as context:
        path = Path(folder) / "joined.mp3"
        path.write_bytes(content)
        limits = DecodeLimits(min_seconds=0.1)
        try:
            found = decode(path, context=context, limits=limits, accept_damaged=True)
        except SampleRateTooLow:
            assert min(piece.rate for piece in pieces) < LOWEST_RATE
            return None
    return found.audio.duration_seconds
