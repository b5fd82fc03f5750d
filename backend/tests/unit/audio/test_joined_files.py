"""Files joined to one, and files whose length nobody wrote down, are heard whole."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from odd_files import mp3, read, times, written
from recordings import clicks, write_recording

VERSIONS = [44_100, 48_000, 32_000, 22_050, 24_000, 16_000]


@pytest.mark.parametrize(("first", "second"), [*pairwise(VERSIONS), (44_100, 44_100)])
@pytest.mark.parametrize("counted", [True, False])
def test_mp3_files_joined_to_one_are_heard_whole(
    tmp_path: Path, first: int, second: int, counted: bool
) -> None:
    parts = [mp3(tmp_path, 3.0, rate=rate, counted=counted) for rate in (first, second)]

    found = read(written(tmp_path / "joined.mp3", b"".join(parts)))

    assert found.audio.duration_seconds == pytest.approx(6.0, abs=0.3)
    # Encoders' silence between the parts: up to three frames.
    heard = times(found)
    assert len(heard) == 10
    np.testing.assert_allclose(heard[:5], np.arange(1, 6) * 0.5, atol=0.07)
    np.testing.assert_allclose(heard[5:], 3.0 + np.arange(1, 6) * 0.5, atol=0.15)


def test_mono_and_stereo_mp3_joined_are_heard_whole(tmp_path: Path) -> None:
    parts = mp3(tmp_path, 3.0) + mp3(tmp_path, 3.0, channels=2)

    found = read(written(tmp_path / "joined.mp3", parts))

    assert (found.audio.channels, len(times(found))) == (1, 10)


@pytest.mark.parametrize("kind", ["opus", "ogg"])
def test_chained_ogg_is_heard_whole(tmp_path: Path, kind: str) -> None:
    part = write_recording(tmp_path / f"part.{kind}", clicks(3.0, channels=1)).read_bytes()
    # Each link of a chain has a serial number of its own (RFC 3533, section 4).
    found = read(written(tmp_path / f"chained.{kind}", part + other_serial(part)))

    assert found.audio.duration_seconds == pytest.approx(6.0, abs=0.03)
    expected = [*np.arange(1, 6) * 0.5, *(3.0 + np.arange(1, 6) * 0.5)]
    np.testing.assert_allclose(times(found), expected, atol=0.02)


def other_serial(content: bytes) -> bytes:
    """The same Ogg stream under another serial number, its check sums put right."""
    out, position = bytearray(), 0
    while position < len(content):
        count = content[position + 26]
        end = position + 27 + count + sum(content[position + 27 : position + 27 + count])
        page = bytearray(content[position:end])
        page[14:18] = (int.from_bytes(page[14:18], "little") ^ 1).to_bytes(4, "little")
        page[22:26] = bytes(4)
        page[22:26] = ogg_sum(page).to_bytes(4, "little")
        out += page
        position = end
    return bytes(out)


def ogg_sum(page: bytes | bytearray) -> int:
    """CRC-32 with polynomial 0x04c11db7, unreflected (RFC 3533, section 6)."""
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1 ^ (0x04C11DB7 if register & 1 << 31 else 0)) & 0xFFFFFFFF
    return register


def test_flac_written_into_a_pipe_is_heard_whole(tmp_path: Path) -> None:
    content = bytearray(write_recording(tmp_path / "song.flac", clicks(3.0)).read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)

    found = read(written(tmp_path / "piped.flac", content))

    assert found.audio.duration_seconds == pytest.approx(3.0)
    assert not found.notices


def test_ogg_without_its_last_flag_is_heard_whole(tmp_path: Path) -> None:
    content = bytearray(write_recording(tmp_path / "song.opus", clicks(3.0)).read_bytes())
    last = content.rfind(b"OggS")
    content[last + 5] &= ~4
    content[last + 22 : last + 26] = bytes(4)
    content[last + 22 : last + 26] = ogg_sum(content[last:]).to_bytes(4, "little")

    found = read(written(tmp_path / "no-eos.opus", content))

    assert found.audio.duration_seconds == pytest.approx(3.0, abs=0.02)
    assert not found.notices
