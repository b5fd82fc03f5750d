"""Files with spots that cannot be decoded: heard around them, or refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drumscribe.domain.transcription import WarningCode
from drumscribe.errors import TruncatedAudio
from odd_files import codes, mp3, read, times, written
from recordings import clicks, write_recording


def test_hole_in_an_mp3_is_silence_and_its_place_is_told(tmp_path: Path) -> None:
    content = bytearray(mp3(tmp_path, 8.0))
    middle = len(content) // 2
    content[middle : middle + 3000] = bytes(3000)

    found = read(written(tmp_path / "hole.mp3", content))

    heard = times(found)
    np.testing.assert_allclose(heard[heard > 4.4], np.arange(9, 16) * 0.5, atol=0.03)
    assert codes(found) == [WarningCode.SOUND_MISSING]
    assert "from 0:04.0 to 0:04.5" in found.notices[0].message


def test_tag_between_frames_takes_no_time(tmp_path: Path) -> None:
    content = mp3(tmp_path, 6.0, counted=False)
    at = content.index(content[:4], len(content) // 2)
    tag = b"ID3\x04\0\0\0\0\0\x64" + b"TIT2" + bytes(96)

    found = read(written(tmp_path / "tagged.mp3", content[:at] + tag + content[at:]))

    whole = read(written(tmp_path / "whole.mp3", content))
    np.testing.assert_allclose(times(found), times(whole), atol=0.002)


@pytest.mark.parametrize("behind", [b"A letter to the drummer. " * 450, bytes(11_000)])
def test_text_behind_the_sound_is_no_sound(tmp_path: Path, behind: bytes) -> None:
    found = read(written(tmp_path / "song.mp3", mp3(tmp_path, 3.0) + behind))

    assert found.audio.duration_seconds == pytest.approx(3.0, abs=0.03)
    assert len(times(found)) == 5


def test_count_of_frames_that_is_too_high_is_told(tmp_path: Path) -> None:
    content = bytearray(mp3(tmp_path, 6.0))
    at = content.index(b"Info") + 8
    count = int.from_bytes(content[at : at + 4], "big")
    content[at : at + 4] = (count + 10).to_bytes(4, "big")

    found = read(written(tmp_path / "count.mp3", content))

    assert len(times(found)) == 11
    assert codes(found) == [WarningCode.SOUND_MISSING]


def test_tags_and_a_large_picture_before_the_sound_are_passed(tmp_path: Path) -> None:
    title = b"ID3\x03\0\0\0\0\0\x11TIT2\0\0\0\x07\0\0\0A Song"
    size = 70_000
    picture = b"ID3\x03\0\0" + bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
    picture += (b"APIC" + (size - 10).to_bytes(4, "big") + b"\0\0\0image/jpeg\0\3\0\xff\xd8").ljust(
        size, b"\xff"
    )

    found = read(written(tmp_path / "tags.mp3", title + picture + mp3(tmp_path, 3.0)))

    np.testing.assert_allclose(times(found), np.arange(1, 6) * 0.5, atol=0.002)


CUT = ["wav", "aiff", "flac", "mp3", "webm", "mkv"]


@pytest.mark.parametrize("kind", CUT)
def test_cut_off_file_is_refused_and_heard_if_that_is_accepted(tmp_path: Path, kind: str) -> None:
    path = write_recording(tmp_path / f"song.{kind}", clicks(8.0))
    written(path, path.read_bytes()[: int(path.stat().st_size * 0.5)])

    with pytest.raises(TruncatedAudio, match=r"announces 8.*ends after [34].*--accept-damaged"):
        read(path)
    found = read(path, accept_damaged=True)
    assert found.audio.duration_seconds == pytest.approx(4.0, abs=0.4)
    assert codes(found) == [WarningCode.SOUND_MISSING]


@pytest.mark.parametrize("kind", [*CUT, "ogg", "opus"])
def test_file_that_lacks_less_than_two_seconds_is_heard(tmp_path: Path, kind: str) -> None:
    path = write_recording(tmp_path / f"song.{kind}", clicks(8.0))
    written(path, path.read_bytes()[: int(path.stat().st_size * 0.93)])

    found = read(path)

    assert found.audio.duration_seconds == pytest.approx(7.4, abs=0.4)
    assert codes(found) == [WarningCode.SOUND_MISSING]


@pytest.mark.parametrize("kind", ["m4a", "alac"])
def test_mp4_that_is_cut_off_before_its_index_is_refused(tmp_path: Path, kind: str) -> None:
    path = write_recording(tmp_path / f"song.{kind}", clicks(8.0))
    written(path, path.read_bytes()[: int(path.stat().st_size * 0.9)])

    with pytest.raises(TruncatedAudio, match=r"index.*copied or downloaded completely"):
        read(path, accept_damaged=True)


@pytest.mark.parametrize("kind", ["flac", "m4a", "ogg", "opus", "mp3", "webm"])
def test_damage_in_the_middle_is_heard_around(tmp_path: Path, kind: str) -> None:
    path = write_recording(tmp_path / f"song.{kind}", clicks(8.0))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = bytes(2000)

    found = read(written(path, content), accept_damaged=True)

    assert found.audio.duration_seconds == pytest.approx(8.0, abs=0.1)
    assert codes(found) == [WarningCode.SOUND_MISSING]
    assert np.abs(found.audio.samples).max() < 1.2
    heard = times(found)
    np.testing.assert_allclose(heard[heard > 5.2], np.arange(11, 16) * 0.5, atol=0.03)


def test_damage_over_more_than_two_seconds_is_refused(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "song.flac", clicks(30.0, seed=3))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + len(content) // 10] = bytes(len(content) // 10)

    with pytest.raises(TruncatedAudio, match=r"is damaged: there is no sound from 0:1"):
        read(written(path, content))
    assert read(path, accept_damaged=True).audio.duration_seconds == pytest.approx(30.0)
