"""Files that are odd and not broken: phase, tracks, kinds."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from drumscribe.audio.decode import DecodeLimits, tracks_of
from drumscribe.domain.transcription import WarningCode
from drumscribe.errors import InvalidOption, NotAudio, SilentAudio
from odd_files import codes, film, read, times, written
from recordings import clicks, write_recording


def wide_record() -> NDArray[np.float32]:
    """Clicks in the middle, noise at the sides."""
    sound = clicks(3.0, channels=1)
    sides = 0.02 * np.random.default_rng(8).standard_normal((len(sound), 2))
    return (sound + sides).astype(np.float32)


def test_channel_with_swapped_poles_is_turned_round(tmp_path: Path) -> None:
    sound = wide_record()
    sound[:, 1] *= -1

    found = read(write_recording(tmp_path / "antiphase.wav", sound, format="f32"))

    assert codes(found) == [WarningCode.PHASE_INVERTED]
    np.testing.assert_array_equal(found.audio.samples, (sound * [1, -1]).T.astype(np.float32))


@pytest.mark.parametrize("kind", ["as it is", "one side", "noise", "mono"])
def test_healthy_channels_are_left_alone(tmp_path: Path, kind: str) -> None:
    sound = wide_record()
    if kind == "one side":
        sound[:, 1] = 0
    elif kind == "noise":
        sound = 0.3 * np.random.default_rng(1).standard_normal(sound.shape).astype(np.float32)
    elif kind == "mono":
        sound = sound[:, :1]

    found = read(write_recording(tmp_path / "song.wav", sound, format="f32"))

    assert not found.notices
    np.testing.assert_array_equal(found.audio.samples, sound.T)


def test_default_track_is_heard_and_the_others_are_told(tmp_path: Path) -> None:
    loud, soft = clicks(3.0, channels=1), clicks(3.0, channels=1, seed=1) * 0.1
    path = tmp_path / "two.mp4"
    film(path, muxer="mp4", sounds=[soft, loud], default=1)

    found = read(path)

    assert [track.number for track in tracks_of(path)] == [1, 2]
    assert len(times(found)) == 5
    assert codes(found) == [WarningCode.SEVERAL_TRACKS]
    assert "Track 2 was heard" in found.notices[0].message


def test_silent_default_track_gives_way_to_the_next(tmp_path: Path) -> None:
    loud = clicks(3.0, channels=1)
    path = film(tmp_path / "two.mkv", muxer="matroska", sounds=[loud * 0, loud], default=0)

    found = read(path)

    assert len(times(found)) == 5
    assert "Track 2 was heard" in found.notices[0].message
    with pytest.raises(SilentAudio):
        read(path, audio_track=1)
    with pytest.raises(InvalidOption, match="has no track 3 of sound; there is 1, 2"):
        read(path, audio_track=3)


def test_chosen_track_is_heard_without_a_word(tmp_path: Path) -> None:
    loud = clicks(3.0, channels=1)
    path = film(tmp_path / "two.mkv", muxer="matroska", sounds=[loud * 0.1, loud], default=1)

    found = read(path, audio_track=1)

    assert not found.notices
    assert np.abs(found.audio.samples).max() < 0.1


def test_film_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w", format="mp4") as out:
        picture = out.add_stream("mpeg4", rate=25)
        picture.width, picture.height, picture.pix_fmt = 32, 32, "yuv420p"
        for number in range(50):
            image = av.VideoFrame.from_ndarray(np.zeros((48, 32), np.uint8), "yuv420p")
            image.pts = number
            out.mux(picture.encode(image))
        out.mux(picture.encode(None))

    with pytest.raises(NotAudio, match="with pictures in it, but without sound"):
        read(path)


def test_quicktime_without_ftyp_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "old.mov"
    sounds = [clicks(3.0, channels=1)]
    film(path, muxer="mov", sounds=sounds, codec="pcm_s16le", has_pictures=False)
    content = path.read_bytes()
    size = int.from_bytes(content[:4], "big")

    found = read(written(path, content[:4] + b"wide" + content[8:size] + content[size:]))

    assert len(times(found)) == 5


def test_playlist_is_never_followed(tmp_path: Path) -> None:
    write_recording(tmp_path / "secret.wav", clicks(3.0))
    lists = {
        "list.m3u8": b"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nsecret.wav\n#EXT-X-ENDLIST\n",
        "list.txt": b"ffconcat version 1.0\nfile secret.wav\n",
        "list.sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=audio 5004 RTP/AVP 0\n",
    }
    for name, content in lists.items():
        with pytest.raises(NotAudio, match="it is text"):
            read(written(tmp_path / name, content))


def test_silence_that_goes_on_for_ever_is_too_long_and_not_too_large(tmp_path: Path) -> None:
    path = tmp_path / "gap.mka"
    sounds = [clicks(4.0, channels=1)]
    film(path, muxer="matroska", sounds=sounds, gap_seconds=500.0, has_pictures=False)

    found = read(path, limits=DecodeLimits(min_seconds=1.0, max_seconds=600))
    assert found.audio.duration_seconds == pytest.approx(504.0, abs=0.1)
