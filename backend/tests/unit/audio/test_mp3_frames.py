"""MP3 files tell their true length and whether they are whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drumscribe.audio.mp3_frames import Mp3Scan, scan
from recordings import clicks, write_recording

WITHOUT_COUNT = {"write_xing": "0", "id3v2_version": "0"}


def mp3(tmp_path: Path, seconds: float, *, sample_rate: int = 44_100, counted: bool) -> bytes:
    path = tmp_path / "song.mp3"
    sound = clicks(seconds, sample_rate=sample_rate)
    options = None if counted else WITHOUT_COUNT
    write_recording(path, sound, sample_rate=sample_rate, options=options)
    return path.read_bytes()


def scanned(content: bytes) -> Mp3Scan:
    found = scan(content, 0)
    assert found is not None
    return found


@pytest.mark.parametrize("sample_rate", [44_100, 48_000, 32_000, 22_050, 16_000])
@pytest.mark.parametrize("counted", [True, False])
def test_scan_whole_file_knows_rate_channels_and_duration(
    tmp_path: Path, sample_rate: int, counted: bool
) -> None:
    found = scanned(mp3(tmp_path, 4.0, sample_rate=sample_rate, counted=counted))

    assert found.first.sample_rate == sample_rate
    assert found.first.channels == 2
    assert not found.is_truncated
    # Encoders put silence before and behind: up to four frames.
    frame_seconds = found.first.samples / sample_rate
    assert 4.0 <= found.duration_seconds < 4.0 + 4 * frame_seconds
    assert (found.announced_frames is not None) == counted
    if counted:
        assert found.announced_frames == pytest.approx(found.frames, abs=1)


def test_scan_frames_missing_from_the_count_is_truncated(tmp_path: Path) -> None:
    content = mp3(tmp_path, 4.0, counted=True)
    whole = scanned(content)

    half = scanned(content[: len(content) // 2])

    assert half.is_truncated
    assert half.announced_frames == whole.announced_frames
    assert half.duration_seconds == pytest.approx(2.0, abs=0.3)


def test_scan_without_count_only_a_broken_frame_tells(tmp_path: Path) -> None:
    content = mp3(tmp_path, 4.0, counted=False)
    size = scanned(content).first.size_bytes

    assert scanned(content[:-100]).is_truncated
    # 128 kbit/s at 44.1 kHz: frames have 417 or 418 bytes; one ends within the next 60.
    cuts = [scanned(content[: 50 * size + extra]).is_truncated for extra in range(60)]
    # A cut between frames leaves no trace, nor does one inside the four bytes of a header.
    assert cuts.count(False) == 4


def test_scan_tag_behind_the_sound_is_no_damage(tmp_path: Path) -> None:
    content = mp3(tmp_path, 2.0, counted=False)
    tag = b"TAG" + b"A song".ljust(125, b"\0")

    assert scanned(content + tag) == scanned(content)


def test_scan_rubbish_between_frames_is_stepped_over(tmp_path: Path) -> None:
    content = mp3(tmp_path, 2.0, counted=False)
    first = scanned(content)
    at = first.first.size_bytes * 20
    rubbish = np.random.default_rng(2).integers(0, 255, 300, dtype=np.uint8).tobytes()

    found = scanned(content[:at] + rubbish + content[at:])

    assert found.frames >= first.frames - 2
    assert not found.is_truncated


def test_scan_noise_is_no_stream() -> None:
    assert scan(np.random.default_rng(4).bytes(20_000), 0) is None
    assert scan(b"", 0) is None
