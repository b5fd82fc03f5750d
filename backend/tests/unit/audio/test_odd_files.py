"""Files that are odd and not broken are heard whole, their hits where players play them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from drumscribe.audio.decode import Decoded, DecodeLimits, decode, tracks_of
from drumscribe.domain.transcription import WarningCode
from drumscribe.errors import InvalidOption, NotAudio, SilentAudio, TruncatedAudio
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


def mp3(
    folder: Path, seconds: float, *, rate: int = RATE, channels: int = 1, counted: bool = True
) -> bytes:
    sound = clicks(seconds, sample_rate=rate, channels=channels)
    options = PLAIN_MP3 if counted else UNCOUNTED_MP3
    return write_recording(
        folder / "part.mp3", sound, sample_rate=rate, options=options
    ).read_bytes()


def written(path: Path, content: bytes) -> Path:
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
        packets = []
        for number, (stream, sound) in enumerate(zip(streams, sounds, strict=True)):
            is_default = av.stream.Disposition.default if number == default else 0
            stream.disposition = av.stream.Disposition(is_default)
            for begin in range(0, len(sound), 1024):
                part = sound[begin : begin + 1024]
                kind = "fltp" if codec == "aac" else "s16"
                full = part if kind == "fltp" else (part * 32_767).astype(np.int16)
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(full.T), kind, "mono")
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


# --- joined files -------------------------------------------------------------------------------

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


def ogg_sum(page: bytes) -> int:
    """CRC-32 with polynomial 0x04c11db7, unreflected (RFC 3533, section 6)."""
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1 ^ (0x04C11DB7 if register & 1 << 31 else 0)) & 0xFFFFFFFF
    return register


# --- lengths that are not known -----------------------------------------------------------------


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


# --- times --------------------------------------------------------------------------------------


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


# --- spots that cannot be decoded ---------------------------------------------------------------


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


# --- phase --------------------------------------------------------------------------------------


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


# --- several tracks -----------------------------------------------------------------------------


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


# --- kinds of files -----------------------------------------------------------------------------


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
