"""Hits that are heard where nobody plays drums."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from drumscribe.cli import exit_codes
from drumscribe.cli.main import invoke
from drumscribe.domain.drums import Instrument
from drumscribe.domain.transcription import ModelRef
from drumscribe.evaluation.phantoms import PhantomReport, PhantomTrack, to_dict, to_text
from drumscribe.library import transcribe

RATE = 44_100
SECONDS = 6


def pad(*notes_hz: float) -> NDArray[np.float64]:
    """A chord of a few harmonics that swells and fades, without any attack."""
    t = np.arange(SECONDS * RATE) / RATE
    tone = sum(np.sin(2 * np.pi * f * k * t) / k**2 for f in notes_hz for k in (1, 2, 3, 4))
    return np.asarray(0.1 * tone * np.sin(np.pi * t / SECONDS) ** 2)


def sine() -> NDArray[np.float64]:
    t = np.arange(SECONDS * RATE) / RATE
    return 0.3 * np.sin(2 * np.pi * 440 * t) * np.minimum(1, np.minimum(t, SECONDS - t))


def phantoms(*arguments: object) -> int:
    return invoke(["evaluate", "phantoms", *(str(argument) for argument in arguments)])


def test_phantoms_of_pads_and_sines_are_none(
    tmp_path: Path, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(tmp_path / "pad.flac", pad(110, 165, 220, 277), RATE)
    soundfile.write(tmp_path / "sine.wav", sine(), RATE)
    assert phantoms(tmp_path, "--json") == exit_codes.OK
    document = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in document["recordings"]] == ["pad.flac", "sine.wav"]
    assert document["duration_seconds"] == 2 * SECONDS
    assert document["hits_per_minute"] == 0.0
    assert document["hits_per_minute_by_class"] == {one.value: 0.0 for one in Instrument}


def test_phantoms_of_a_song_with_drums_are_all_its_hits(
    tmp_path: Path,
    example_song: Path,
    empty_cache: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    samples, rate = soundfile.read(example_song, frames=6 * RATE, dtype="float32")
    soundfile.write(tmp_path / "song.wav", samples, rate, subtype="FLOAT")
    heard = transcribe(tmp_path / "song.wav", separation="never", offline=True)
    assert phantoms(tmp_path / "song.wav", "--json") == exit_codes.OK
    (recording,) = json.loads(capsys.readouterr().out)["recordings"]
    assert recording["hits"] == {k: n for k, n in heard.transcript.hit_summary.items() if n}
    assert recording["hits_per_minute"] == pytest.approx(len(heard.hits) * 10)


def test_phantoms_of_a_folder_without_audio_is_bad_input(tmp_path: Path) -> None:
    assert phantoms(tmp_path) == exit_codes.BAD_INPUT


def test_phantom_report_weighs_recordings_by_their_length() -> None:
    tracks = (
        PhantomTrack("long.wav", 90.0, {Instrument.KICK: 1}),
        PhantomTrack("short.wav", 30.0, {Instrument.KICK: 1, Instrument.RIDE: 2}),
    )
    report = PhantomReport(tracks, ModelRef("net", "1", "0" * 64))
    assert report.per_minute_by_class[Instrument.KICK] == 1.0
    assert report.per_minute_by_class[Instrument.SNARE] == 0.0
    assert report.per_minute == 2.0
    assert [track.per_minute for track in report.tracks] == pytest.approx([2 / 3, 6.0])
    assert to_dict(report)["hits_per_minute"] == 2.0
    text = to_text(report)
    assert "short.wav     30.0 s    6.00  kick 1, ride 2" in text
    assert "ride" in text.splitlines()[-1]
