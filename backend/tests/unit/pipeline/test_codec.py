"""What a step writes, the next step reads back exactly."""

import dataclasses
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumscribe.domain.audio import Audio
from drumscribe.domain.drums import (
    Activations,
    Articulation,
    Hit,
    Instrument,
    Listening,
    Sticking,
)
from drumscribe.domain.rhythm import BeatGrid, Metre, OtherCount
from drumscribe.domain.transcription import ModelRef, Transcript, WarningCode
from drumscribe.errors import InvalidHits
from drumscribe.pipeline.files import arrays, codec

HITS = st.builds(
    Hit,
    time=st.floats(0, 900),
    instrument=st.sampled_from(Instrument),
    velocity=st.floats(0, 1),
    confidence=st.floats(0, 1),
    articulation=st.none() | st.sampled_from(Articulation),
    sticking=st.none() | st.sampled_from(Sticking),
)


def transcript_of(hits: list[Hit]) -> Transcript:
    beats = np.array([0.25, 0.7500000001, 1.3, 1.8])
    return Transcript(
        hits=tuple(sorted(hits)),
        grid=BeatGrid(
            beats,
            np.array([3, 1, 2, 3]),
            Metre(3, 4),
            reliable=False,
            bar_confidences=(0.25,),
            bar_metres=(Metre(6, 8),),
            alternatives=(OtherCount(Metre(6, 8), 240.0, 0.75, 0.3),),
        ),
        duration_seconds=2.5,
        confidence=0.75,
        warnings=(WarningCode.BPM_UNRELIABLE,),
        models=(ModelRef("drumscribe-crnn", "0.1", "ab" * 32),),
        title='Say "Ho\\"',
        artist="Ünï",
        source="song.mp3",
        compute_time_ms=12,
        candidates=(Hit(1.1, Instrument.RIDE, 0.5, 0.3, id=90),),
    )


@given(hits=st.lists(HITS, max_size=20))
def test_transcript_written_and_read_is_the_same(hits: list[Hit]) -> None:
    before = transcript_of(hits)
    content = codec.transcript_to_json(before)
    after = codec.transcript_from_json(content)
    assert sorted(after.hits, key=repr) == sorted(before.hits, key=repr)
    assert after.grid.beat_times.tolist() == before.grid.beat_times.tolist()
    assert after.grid.beat_numbers.tolist() == [3, 1, 2, 3]
    assert (after.grid.metre, after.grid.reliable) == (Metre(3, 4), False)
    assert after.grid.bar_confidences == before.grid.bar_confidences
    assert after.grid.bar_metres == before.grid.bar_metres
    assert after.grid.alternatives == before.grid.alternatives
    assert after.first_hits == before.first_hits == before.hits
    for name in ("duration_seconds", "confidence", "warnings", "models", "title", "artist"):
        assert getattr(after, name) == getattr(before, name)
    assert codec.transcript_to_json(after) == content


@pytest.mark.parametrize(("is_said", "time_signature"), [(False, "4/4"), (True, "8/8")])
def test_common_time_counted_in_eighths_is_read_as_written(
    is_said: bool, time_signature: str
) -> None:
    numbers = np.array([*range(1, 9), *range(1, 8), 1])
    grid = BeatGrid(0.25 * np.arange(16.0), numbers, Metre(8, 8), metre_is_said=is_said)
    before = dataclasses.replace(transcript_of([]), grid=grid)
    content = codec.transcript_to_json(before)
    assert json.loads(content)["time_signature"] == time_signature
    after = codec.transcript_from_json(content).grid
    assert (after.metre, after.metre_is_said) == (Metre(8, 8), is_said)
    assert after.beat_numbers.tolist() == numbers.tolist()


def test_document_has_every_field_of_the_specification() -> None:
    document = json.loads(codec.transcript_to_json(transcript_of([Hit(0.5, Instrument.KICK)])))
    assert document["hits"] == [
        {
            "id": None,
            "time": 0.5,
            "instrument": "kick",
            "velocity": 0.8,
            "confidence": 1.0,
            "articulation": None,
            "sticking": None,
        }
    ]
    assert document["hit_summary"]["kick"] == 1
    assert set(document["hit_summary"]) == {str(instrument) for instrument in Instrument}
    assert document["downbeats"] == [0.7500000001]
    assert document["detected_bpm"] == 120
    assert document["bpm_unreliable"] is True
    assert document["warnings"] == ["bpm_unreliable"]
    assert document["confidence_score"] == 0.75
    assert document["time_signature"] == "3/4"
    assert document["model_version"] == "drumscribe-crnn 0.1"
    assert document["bar_confidences"] == [0.25]
    assert document["bar_time_signatures"] == ["6/8"]
    assert document["alternatives"] == [
        {
            "time_signature": "6/8",
            "bpm": 240.0,
            "tempo_ratio": pytest.approx(2.0, rel=0.01),
            "bar_one_at_seconds": 0.75,
            "chance": 0.3,
        }
    ]
    assert document["tempo_map"][0] == {"time": 0.25, "bpm": pytest.approx(120.0)}


def test_hits_from_json_takes_a_bare_list_and_sorts_it() -> None:
    content = b'[{"time": 2, "instrument": "snare"}, {"time": 1.5, "instrument": "kick"}]'
    hits = codec.hits_from_json(content)
    assert [(hit.time, hit.instrument) for hit in hits] == [
        (1.5, Instrument.KICK),
        (2.0, Instrument.SNARE),
    ]
    assert codec.grid_from_json(content) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not json", "not a JSON"),
        (b"\xff\xfe", "not a JSON"),
        (b"3", "list of hits"),
        (b"[" * 100_000, "nested too deeply"),
        (b'[{"time": 1' + b"0" * 5000 + b', "instrument": "kick"}]', "not a JSON"),
        (b'[{"time": 1' + b"0" * 400 + b', "instrument": "kick"}]', "finite"),
        (b"[3]", r"hits\[0\]"),
        (b'[{"time": 1, "instrument": "cowbell"}]', "cowbell"),
        (b'[{"instrument": "kick"}]', "time"),
        (b'[{"time": "1", "instrument": "kick"}]', "time"),
        (b'[{"time": true, "instrument": "kick"}]', "time"),
        (b'[{"time": NaN, "instrument": "kick"}]', "time"),
        (b'[{"time": -1, "instrument": "kick"}]', "time"),
        (b'[{"time": 1, "instrument": "kick", "velocity": 3}]', "velocity"),
        (b'[{"time": 1, "instrument": "kick", "articulation": "loud"}]', "loud"),
        (b'[{"time": 1, "instrument": "kick", "sticking": "R"}]', "'R' is not a valid Sticking"),
    ],
)
def test_hits_from_json_of_bad_content_says_where(content: bytes, message: str) -> None:
    with pytest.raises(InvalidHits, match=message):
        codec.hits_from_json(content)


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": 99},
        {"beats": []},
        {"beats": [2.0, 1.0]},
        {"beats": "x"},
        {"time_signature": "4/5"},
        {"duration_seconds": None},
        {"warnings": ["unheard_of"]},
        {"models": [{}]},
        {"models": 3},
        {"title": 5},
        {"artist": ["Band"]},
        {"source": {}},
        {"duration_seconds": -1.0},
        {"duration_seconds": float("nan")},
        {"confidence_score": float("inf")},
        {"confidence_score": 1.5},
        {"compute_time_ms": "soon"},
        {"bar_confidences": [1.5]},
        {"bar_confidences": "high"},
        {"bar_time_signatures": ["six"]},
        {"bar_time_signatures": 6},
        {"alternatives": [{}]},
        {"alternatives": [3]},
        {"beats": [0.0, 10**400]},
        {"first_hits": [1.0]},
        {"first_hits": {"times": [1.0]}},
        {"first_hits": {"times": 1.0}},
    ],
)
def test_transcript_from_damaged_document_is_refused(change: dict[str, object]) -> None:
    document = codec.transcript_to_dict(transcript_of([])) | change
    with pytest.raises(InvalidHits):
        codec.transcript_from_json(json.dumps(document).encode())


def test_what_is_known_of_bars_that_are_not_there_any_more_is_left_out() -> None:
    document = codec.transcript_to_dict(transcript_of([])) | {
        "bar_confidences": [0.1, 0.2],
        "bar_time_signatures": [None, "6/8"],
    }
    grid = codec.transcript_from_json(json.dumps(document).encode()).grid
    assert (grid.bar_confidences, grid.bar_metres) == ((), ())


def test_transcript_with_a_name_that_is_no_text_is_written() -> None:
    named = dataclasses.replace(transcript_of([]), title=os.fsdecode(b"song \xff"))
    assert codec.transcript_from_json(codec.transcript_to_json(named)).title == "song ?"


def test_grid_without_beat_numbers_counts_from_its_downbeats() -> None:
    content = json.dumps(
        {"hits": [], "beats": [1, 2, 3, 4, 5, 6], "downbeats": [3.0], "time_signature": "4/4"}
    ).encode()
    grid = codec.grid_from_json(content)
    assert grid is not None
    assert grid.beat_numbers.tolist() == [3, 4, 1, 2, 3, 4]


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), channels=st.integers(1, 2))
def test_audio_written_and_read_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, seed: int, channels: int
) -> None:
    samples = np.random.default_rng(seed).normal(0, 2, (channels, 999)).astype(np.float32)
    path = tmp_path_factory.mktemp("codec") / "audio.wav"
    arrays.write_audio(path, Audio(samples, 22050))
    back = arrays.read_audio(path)
    assert back.sample_rate == 22050
    assert np.array_equal(back.samples, samples)


def test_flac_of_too_loud_samples_is_clipped_not_wrapped(tmp_path: Path) -> None:
    path = tmp_path / "loud.flac"
    arrays.write_flac(path, Audio(np.array([[0.5, 1.5, -1.5]], np.float32), 44100))
    back = arrays.read_audio(path).samples[0]
    assert back == pytest.approx([0.5, 1.0, -1.0], abs=1e-6)


def test_activations_written_and_read_are_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    before = Activations(
        rng.random((50, 2), dtype=np.float32),
        rng.random((50, 2), dtype=np.float32),
        100.0,
        ("kick", "snare"),
        listening=Listening.BOTH,
    )
    arrays.write_activations(tmp_path / "activations.npz", before)
    after = arrays.read_activations(tmp_path / "activations.npz")
    assert np.array_equal(after.onsets, before.onsets)
    assert np.array_equal(after.velocities, before.velocities)
    assert (after.fps, after.classes) == (100.0, ("kick", "snare"))
    assert after.listening is Listening.BOTH


def test_activations_that_do_not_say_how_they_were_heard_are_of_a_mix(tmp_path: Path) -> None:
    nothing = np.zeros((3, 1), np.float32)
    np.savez(
        tmp_path / "activations.npz",
        onsets=nothing, velocities=nothing, fps=100.0, classes=np.array(["kick"]),
    )  # fmt: skip
    assert arrays.read_activations(tmp_path / "activations.npz").listening is Listening.MIX
