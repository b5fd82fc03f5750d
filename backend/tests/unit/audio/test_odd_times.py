"""Files whose sound begins late, pauses or starts at a time of its own."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from drumscribe.domain.transcription import WarningCode
from odd_files import RATE, codes, film, read, times
from recordings import clicks, write_recording


@pytest.mark.parametrize(("muxer", "suffix"), [("mp4", "mp4"), ("matroska", "mkv"), ("mov", "mov")])
def test_sound_that_begins_later_than_the_pictures_is_heard_later(
    tmp_path: Path, muxer: str, suffix: str
) -> None:
    path = tmp_path / f"late.{suffix}"
    film(path, muxer=muxer, sounds=[clicks(3.0, channels=1)], delay=1.48)

    found = read(path)

    np.testing.assert_allclose(times(found), 1.48 + np.arange(1, 6) * 0.5, atol=0.002)
    assert not found.notices


@pytest.mark.parametrize(
    ("muxer", "suffix", "codec"), [("matroska", "mka", "aac"), ("mp4", "m4a", "aac")]
)
def test_pause_without_packets_is_heard_as_silence(
    tmp_path: Path, muxer: str, suffix: str, codec: str
) -> None:
    path = tmp_path / f"gap.{suffix}"
    sounds = [clicks(4.0, channels=1)]
    film(path, muxer=muxer, sounds=sounds, gap_seconds=3.0, codec=codec, has_pictures=False)

    found = read(path)

    expected = [0.5, 1.0, 1.5, *(3.0 + np.arange(5, 8) * 0.5)]
    heard = times(found)
    assert set(np.round(heard, 1)) >= set(np.round(expected, 1))
    later = heard[heard > 5.2]
    np.testing.assert_allclose(later, expected[-len(later) :], atol=0.012)
    assert codes(found) == [WarningCode.SOUND_MISSING]
    assert "from 0:02.0 to 0:05.0" in found.notices[0].message


def test_stream_with_a_start_of_its_own_begins_at_zero(tmp_path: Path) -> None:
    # MPEG-TS counts from 1.4 seconds on.
    path = tmp_path / "recorded.ts"
    with av.open(str(path), "w", format="mpegts") as out:
        stream = out.add_stream("mp2", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            (clicks(3.0, channels=1).T * 32_767).astype(np.int16).copy(), "s16", "mono"
        )
        frame.sample_rate, frame.pts = RATE, 10 * RATE
        for part in av.AudioResampler("s16", "mono", RATE, frame_size=1152).resample(frame):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))

    np.testing.assert_allclose(times(read(path)), np.arange(1, 6) * 0.5, atol=0.003)


def test_raw_aac_is_not_late_by_its_decoders_delay(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "song.aac", clicks(3.0))

    np.testing.assert_allclose(times(read(path)), np.arange(1, 6) * 0.5, atol=0.002)
