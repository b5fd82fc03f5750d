"""Every recording comes out the same whatever its file; everything else is refused in words."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from drumscribe.audio.decode import Decoded, DecodeLimits, decode, tracks_of
from drumscribe.domain.audio import Audio
from drumscribe.domain.transcription import WarningCode
from drumscribe.errors import (
    AudioTooLong,
    AudioTooShort,
    Cancelled,
    InputError,
    InvalidOption,
    InvalidSamples,
    NotAudio,
    SampleRateTooLow,
    SilentAudio,
    SourceNotFound,
    TruncatedAudio,
)
from drumscribe.pipeline.context import LocalContext
from recordings import CLICK_EVERY_SECONDS, click_times, clicks, write_recording

FORMATS = ("wav", "flac", "aiff", "mp3", "ogg", "opus", "m4a", "alac", "webm", "mkv")


_FROM_A_SECOND = DecodeLimits(min_seconds=1.0)


def read(path: Path, **options: object) -> Decoded:
    options.setdefault("limits", DecodeLimits(min_seconds=1.0))
    with LocalContext() as context:
        return decode(path, context=context, **{"limits": _FROM_A_SECOND, **options})  # type: ignore[arg-type]


def decoded(path: Path, **options: object) -> Audio:
    return read(path, **options).audio


@pytest.mark.parametrize("kind", FORMATS)
def test_decode_any_format_gives_the_same_sound_in_place(tmp_path: Path, kind: str) -> None:
    path = write_recording(tmp_path / f"song.{kind}", clicks(3.0))

    audio = decoded(path)

    assert audio.sample_rate == 44_100
    assert audio.samples.dtype == np.float32
    assert audio.channels == 2
    assert audio.duration_seconds == pytest.approx(3.0, abs=0.03)
    # Encoder delays are taken off: a hit stays where it was.
    expected = np.arange(1, 6) * CLICK_EVERY_SECONDS
    np.testing.assert_allclose(click_times(audio.samples[0], 44_100), expected, atol=0.002)


@pytest.mark.parametrize("kind", [*FORMATS, "aac"])
def test_tracks_of_any_format_tells_rate_and_channels(tmp_path: Path, kind: str) -> None:
    (track,) = tracks_of(write_recording(tmp_path / f"song.{kind}", clicks(2.0)))

    assert (track.number, track.channels) == (1, 2)
    assert track.sample_rate == (48_000 if kind in ("webm", "opus") else 44_100)


def test_decode_wrong_extension_is_not_believed(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "song.mp3", clicks(2.0), format="flac")

    assert [track.codec for track in tracks_of(path)] == ["flac"]
    assert decoded(path).duration_seconds == pytest.approx(2.0)


@pytest.mark.parametrize("name", ["a b #%'\" ü 🥁.wav", "-rf.wav", "line\nbreak.wav", "no ending"])
def test_decode_path_with_odd_characters_is_read(tmp_path: Path, name: str) -> None:
    path = write_recording(tmp_path / name, clicks(1.5, channels=1), format="wav")

    assert decoded(path).duration_seconds == pytest.approx(1.5)


def test_decode_lossless_file_keeps_the_samples(tmp_path: Path) -> None:
    sound = clicks(1.2)

    audio = decoded(write_recording(tmp_path / "song.wav", sound, format="f32"))

    np.testing.assert_array_equal(audio.samples, sound.T)


@pytest.mark.parametrize("sample_rate", [16_000, 22_050, 48_000, 96_000, 192_000])
def test_decode_other_sample_rate_equals_resampling_in_one_piece(
    tmp_path: Path, sample_rate: int
) -> None:
    sound = clicks(3.3, sample_rate=sample_rate)
    path = write_recording(tmp_path / "song.wav", sound, sample_rate=sample_rate, format="f32")

    audio = decoded(path)

    whole = Audio(np.ascontiguousarray(sound.T), sample_rate).resampled(44_100)
    assert abs(audio.n_samples - whole.n_samples) <= 1
    n = min(audio.n_samples, whole.n_samples)
    np.testing.assert_allclose(audio.samples[:, :n], whole.samples[:, :n], atol=1e-5)


def test_decode_mono_stays_mono(tmp_path: Path) -> None:
    assert decoded(write_recording(tmp_path / "song.flac", clicks(channels=1))).channels == 1


def test_decode_six_channels_are_folded_by_their_place(tmp_path: Path) -> None:
    # Front left, front right, centre, bass, back left, back right.
    t = np.arange(44_100 * 2) / 44_100
    tones = np.stack([np.sin(2 * np.pi * f * t) for f in (300, 400, 500, 600, 700, 800)], axis=1)
    path = write_recording(tmp_path / "song.wav", tones.astype(np.float32))

    audio = decoded(path)

    assert audio.channels == 2
    assert np.abs(audio.samples).max() <= 1.0
    # One bin is half a hertz.
    strength = np.abs(np.fft.rfft(audio.samples, axis=1))[:, [600, 800, 1000, 1200, 1400, 1600]]
    heard = strength > 0.01 * strength.max()
    assert heard.tolist() == [
        [True, False, True, True, True, False],
        [False, True, True, True, False, True],
    ]


@pytest.mark.parametrize("kind", ["flac", "m4a"])
def test_decode_six_compressed_channels_become_stereo(tmp_path: Path, kind: str) -> None:
    path = write_recording(tmp_path / f"song.{kind}", clicks(2.0, channels=6))

    assert tracks_of(path)[0].channels == 6
    assert decoded(path).channels == 2


def test_decode_sixteen_tracks_are_averaged(tmp_path: Path) -> None:
    sound = clicks(1.5, channels=16)

    audio = decoded(write_recording(tmp_path / "session.wav", sound, format="f32"))

    np.testing.assert_allclose(audio.samples, np.tile(sound.mean(axis=1), (2, 1)), atol=1e-6)


def test_decode_white_noise_is_accepted(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (88_200, 1)).astype(np.float32)

    assert decoded(write_recording(tmp_path / "noise.wav", noise)).n_samples == 88_200


# --- parts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end"), [(None, 1.5), (1.0, None), (0.75, 2.25), (1.0, 99.0)])
def test_decode_part_equals_that_stretch_of_the_whole(
    tmp_path: Path, start: float | None, end: float | None
) -> None:
    path = write_recording(tmp_path / "song.flac", clicks(4.0))

    part = decoded(path, start_seconds=start, end_seconds=end)

    first = round((start or 0) * 44_100)
    last = None if end is None else round(end * 44_100)
    np.testing.assert_array_equal(part.samples, decoded(path).samples[:, first:last])


def test_decode_part_of_a_recording_over_the_limit_is_accepted(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "long.flac", clicks(6.0))
    limits = DecodeLimits(min_seconds=1.0, max_seconds=4.0)

    assert decoded(path, limits=limits, start_seconds=3.0).duration_seconds == pytest.approx(3.0)
    with pytest.raises(AudioTooLong):
        decoded(path, limits=limits)


def test_decode_part_behind_the_limit_of_a_recording_that_announces_nothing(
    tmp_path: Path,
) -> None:
    path = write_recording(tmp_path / "long.aac", clicks(6.0))
    limits = DecodeLimits(min_seconds=1.0, max_seconds=2.0)

    part = decoded(path, limits=limits, start_seconds=3.0, end_seconds=4.5)

    assert part.duration_seconds == pytest.approx(1.5)
    assert decoded(path, limits=limits, start_seconds=4.5).duration_seconds < 2.0
    with pytest.raises(AudioTooLong):
        decoded(path, limits=limits, start_seconds=3.0)
    with pytest.raises(InvalidOption, match=r"6.* seconds long"):
        decoded(path, limits=limits, start_seconds=8.0)


@pytest.mark.parametrize(
    ("start", "end"), [(5.0, None), (-1.0, None), (2.0, 1.0), (1.0, 1.0), (float("nan"), 2.0)]
)
def test_decode_impossible_part_is_refused(tmp_path: Path, start: float, end: float | None) -> None:
    path = write_recording(tmp_path / "song.wav", clicks(3.0))

    with pytest.raises(InvalidOption):
        decoded(path, start_seconds=start, end_seconds=end)


@pytest.mark.parametrize(("low", "high"), [(0.0, 9.0), (9.0, 8.0), (1.0, float("inf"))])
def test_decode_limits_that_make_no_sense_are_refused(low: float, high: float) -> None:
    with pytest.raises(InvalidOption):
        DecodeLimits(min_seconds=low, max_seconds=high)


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        ("Dear drummer, this is no music. ♪\n".encode() * 400, "it is text"),
        (b"#EXTM3U\n#EXTINF:10,\n/etc/hostname\n", "it is text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "a picture"),
        (b"PK\x03\x04" + bytes(500), "a ZIP archive"),
        (b"MThd" + bytes(500), "a MIDI file"),
        (b"RIFF\x24\0\0\0WAVE", "begins like WAV"),
        (b"fLaC" + bytes(50), "begins like FLAC"),
        (b"ID3\x04\0\0\0\0\0\x0a" + bytes(10), "begins like MP3"),
        (bytes(10_000), "no known kind"),
        (np.random.default_rng(3).bytes(100_000), "no known kind"),
        # Two headers of MPEG sound at the distance of a frame do not make a recording.
        (
            np.random.default_rng(3).bytes(999)
            + 2 * (b"\xff\xfb\x90\x00" + np.random.default_rng(4).bytes(413))
            + np.random.default_rng(5).bytes(100_000),
            "no known kind",
        ),
    ],
)
def test_decode_what_is_no_recording_says_what_it_is(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(content)

    for refused in (tracks_of, decoded):
        with pytest.raises(NotAudio, match=words) as caught:
            refused(path)
        assert caught.value.message.startswith("song.mp3 is not a recording")


@pytest.mark.parametrize("length", [0xFFFF_FFFF, 0])
def test_decode_wav_written_into_a_pipe_is_read_to_its_end(tmp_path: Path, length: int) -> None:
    path = write_recording(tmp_path / "piped.wav", clicks(2.0))
    content = bytearray(path.read_bytes())
    content[40:44] = length.to_bytes(4, "little")
    path.write_bytes(content)

    assert decoded(path).duration_seconds == pytest.approx(2.0)


def test_decode_too_short_says_both_durations(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "tick.wav", clicks(0.3))

    with pytest.raises(AudioTooShort, match=r"tick.wav is too short: 0.3 seconds.*1 second"):
        decoded(path)


def test_decode_minimum_and_maximum_themselves_are_accepted(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "song.wav", clicks(2.0))

    assert decoded(path, limits=DecodeLimits(min_seconds=2.0, max_seconds=2.0)).n_samples == 88_200


def test_decode_header_that_promises_too_much_is_not_believed(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "long.flac", clicks(5.0))
    content = bytearray(path.read_bytes())
    content[21:26] = (0xF0_0000_0000 | 1200 * 44_100).to_bytes(5, "big")
    path.write_bytes(content)

    with pytest.raises(TruncatedAudio, match="it announces 20:00, but its sound ends after 5 sec"):
        decoded(path)
    assert decoded(path, accept_damaged=True).duration_seconds == pytest.approx(5.0)


def test_decode_longer_than_its_header_says_is_stopped(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "song.aac", clicks(5.0))

    with pytest.raises(AudioTooLong, match="goes on after 3 seconds"):
        decoded(path, limits=DecodeLimits(min_seconds=1.0, max_seconds=3.0))


def test_decode_low_sample_rate_is_refused(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "phone.wav", clicks(2.0, sample_rate=8000), sample_rate=8000)

    with pytest.raises(SampleRateTooLow, match=r"8 kHz; at least 16 kHz"):
        decoded(path)


@pytest.mark.parametrize("level", [0.0, 1e-4])
def test_decode_silence_is_refused(tmp_path: Path, level: float) -> None:
    sound = np.full((88_200, 2), level, dtype=np.float32)

    with pytest.raises(SilentAudio, match="nothing to hear"):
        decoded(write_recording(tmp_path / "quiet.wav", sound))


def test_decode_quiet_but_audible_is_accepted(tmp_path: Path) -> None:
    assert decoded(write_recording(tmp_path / "soft.wav", clicks() * 0.002)).channels == 2


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30])
def test_decode_samples_that_are_no_sound_become_silence(tmp_path: Path, value: float) -> None:
    sound = clicks(5.0)
    path = write_recording(tmp_path / "song.wav", sound, format="f32")
    sound[200_000, 1] = value
    broken = write_recording(tmp_path / "broken.wav", sound, format="f32")

    found = read(broken)

    expected = decoded(path).samples.copy()
    expected[1, 200_000] = 0.0
    np.testing.assert_array_equal(found.audio.samples, expected)
    assert [notice.code for notice in found.notices] == [WarningCode.SOUND_MISSING]
    assert "from 0:04.5" in found.notices[0].message


@pytest.mark.parametrize("value", [np.nan, 1e30])
def test_decode_file_that_holds_no_sound_at_all_is_refused(tmp_path: Path, value: float) -> None:
    sound = np.full((88_200, 2), value, dtype=np.float32)

    with pytest.raises(InvalidSamples, match="between -1 and 1"):
        decoded(write_recording(tmp_path / "broken.wav", sound, format="f32"))


def test_decode_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    refused = {
        tmp_path / "missing.wav": "There is no file",
        tmp_path: "is a folder",
        pipe: "not an ordinary file",
        tmp_path / ("x" * 300): "cannot be opened",
        tmp_path / "nul\0.wav": "cannot be opened",
        Path(): "is a folder",
    }
    for path, words in refused.items():
        with pytest.raises(SourceNotFound, match=words):
            tracks_of(path)


def test_decode_refusal_shows_no_control_characters_of_the_name(tmp_path: Path) -> None:
    path = tmp_path / "evil\x1b[2J\n.wav"
    path.write_bytes(b"")

    with pytest.raises(InputError) as caught:
        decoded(path)

    assert caught.value.message.startswith("evil?[2J?.wav is not")


# --- the run ------------------------------------------------------------------------------------


def test_decode_reports_progress_to_the_end(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "song.flac", clicks(10.0))
    fractions: list[float] = []

    with LocalContext(on_progress=lambda _, fraction: fractions.append(fraction)) as context:
        decode(path, context=context, limits=_FROM_A_SECOND)

    assert len(fractions) > 2
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_decode_cancelled_run_stops(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "song.flac", clicks(3.0))

    with LocalContext(is_cancelled=lambda: True) as context, pytest.raises(Cancelled):
        decode(path, context=context, limits=_FROM_A_SECOND)
