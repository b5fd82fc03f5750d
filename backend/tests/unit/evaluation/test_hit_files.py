"""Strokes from annotations, MIDI files, lists and documents; files and folders as tracks."""

import json
from pathlib import Path

import mido
import numpy as np
import pytest

from drumscribe.domain.drums import Articulation, Hit, Instrument
from drumscribe.domain.rhythm import BeatGrid, Metre
from drumscribe.domain.transcription import Transcript
from drumscribe.errors import InvalidHits, InvalidOption, SourceNotFound
from drumscribe.evaluation.hit_files import read_pair, read_strokes, track_name
from drumscribe.evaluation.labels import SIDE_STICK
from drumscribe.pipeline.files.codec import transcript_to_json


def midi(path: Path, notes: list[tuple[float, int, int]], *, channel: int = 9) -> Path:
    """Notes as (seconds, key, velocity): two tempi, the second from 1 s on."""
    file = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack()
    file.tracks.append(track)
    events = [
        # 120 beats per minute for the first second (960 ticks), then 60.
        (0, mido.MetaMessage("set_tempo", tempo=500_000)),
        (960, mido.MetaMessage("set_tempo", tempo=1_000_000)),
    ]
    for seconds, key, velocity in notes:
        tick = round(960 * seconds) if seconds <= 1 else 960 + round(480 * (seconds - 1))
        events.append((tick, mido.Message("note_on", channel=channel, note=key, velocity=velocity)))
        events.append((tick + 40, mido.Message("note_off", channel=channel, note=key)))
    now = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=tick - now))
        now = tick
    file.save(path)
    return path


def write(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_read_strokes_of_subclass_annotations_gives_fine_names(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "0.5 \t KD \n\n1.25\tSST\n1.5 TMB\n2.0 HFT\n2.5 SPC\n3 PHH\n")
    strokes = read_strokes(path)
    assert [(s.time, s.name, s.label) for s in strokes] == [
        (0.5, "kick", "KD"),
        (1.25, SIDE_STICK, "SST"),
        (2.0, "tom_low", "HFT"),
        (2.5, "crash", "SPC"),
        (3.0, "hihat_closed", "PHH"),
    ]
    assert {s.velocity for s in strokes} == {s.confidence for s in strokes} == {None}


def test_read_strokes_of_class_annotations_gives_coarse_names(tmp_path: Path) -> None:
    strokes = read_strokes(write(tmp_path / "a.txt", "1 HH\n2 CY\n3 TT\n4 OT\n5 SD\n"))
    assert [s.name for s in strokes] == ["hihat", "cymbal", "tom", "snare"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.0 XX", "line 1.*'XX'"),
        ("1.0 KD\nabc", "line 2"),
        ("1.0", "line 1"),
        ("nan KD", "finite"),
    ],
)
def test_read_strokes_of_broken_annotations_says_where(
    text: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidHits, match=said):
        read_strokes(write(tmp_path / "a.txt", text))


def test_read_strokes_of_midi_follows_the_tempo_and_the_drum_channel(tmp_path: Path) -> None:
    path = midi(tmp_path / "a.mid", [(0.5, 36, 127), (1.5, 46, 64), (2.0, 37, 1), (2.5, 39, 90)])
    strokes = read_strokes(path)
    assert [s.time for s in strokes] == pytest.approx([0.5, 1.5, 2.0])
    assert [s.name for s in strokes] == ["kick", "hihat_open", SIDE_STICK]
    assert [s.velocity for s in strokes] == [1.0, 64 / 127, 1 / 127]


def test_read_strokes_of_midi_without_a_drum_channel_takes_all_notes(tmp_path: Path) -> None:
    path = midi(tmp_path / "a.mid", [(0.5, 36, 127), (0.75, 50, 64)], channel=0)
    assert [s.name for s in read_strokes(path)] == ["kick", "tom_high"]


def test_read_strokes_of_midi_with_drums_leaves_melodies_out(tmp_path: Path) -> None:
    file = mido.MidiFile(midi(tmp_path / "a.mid", [(0.5, 36, 127)]))
    file.tracks.append(mido.MidiTrack([mido.Message("note_on", channel=0, note=38, velocity=9)]))
    file.save(tmp_path / "b.mid")
    assert [s.name for s in read_strokes(tmp_path / "b.mid")] == ["kick"]


def test_read_strokes_of_a_file_that_is_no_midi_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"MThd", b"RIFF....", b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0MTrk"):
        (tmp_path / "a.mid").write_bytes(content)
        with pytest.raises(InvalidHits, match="MIDI"):
            read_strokes(tmp_path / "a.mid")


def test_read_strokes_of_our_document_keeps_what_it_says(tmp_path: Path) -> None:
    hits = (
        Hit(0.5, Instrument.KICK, 0.25, 0.75),
        Hit(1.0, Instrument.SNARE, 1.0, 0.5, Articulation.CROSS_STICK),
    )
    grid = BeatGrid(np.arange(8) / 2, np.arange(8) % 4 + 1, Metre(4, 4))
    document = transcript_to_json(Transcript(hits, grid, duration_seconds=4.0, confidence=0.6))
    (tmp_path / "a.json").write_bytes(document)
    kick, stick = read_strokes(tmp_path / "a.json")
    assert (kick.name, kick.velocity, kick.confidence, kick.label) == ("kick", 0.25, 0.75, "kick")
    assert (stick.name, stick.velocity, stick.label) == (SIDE_STICK, 1.0, "snare/cross-stick")


def test_read_strokes_of_a_list_knows_velocities_of_midi(tmp_path: Path) -> None:
    rows = [
        {"time": 1, "instrument": "kick", "velocity": 127},
        {"time": 2, "instrument": "hihat", "velocity": 1},
        {"time": 3, "instrument": "snare"},
    ]
    strokes = read_strokes(write(tmp_path / "a.json", rows))
    assert [s.velocity for s in strokes] == [1.0, 1 / 127, None]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "JSON"),
        ({"beats": []}, "hits"),
        ([3], r"hits\[0\]"),
        ([{"instrument": "kick"}], "no time"),
        ([{"time": "1", "instrument": "kick"}], "number"),
        ([{"time": 1, "instrument": "kazoo"}], r"hits\[0\].*'kazoo'"),
        ([{"time": 1, "instrument": "kick", "velocity": 200}], r"hits\[0\].*velocity"),
        ([{"time": 1, "instrument": "kick", "confidence": 2}], r"hits\[0\].*confidence"),
    ],
)
def test_read_strokes_of_a_broken_document_says_where(
    document: object, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidHits, match=said):
        read_strokes(write(tmp_path / "a.json", document))


def test_read_strokes_of_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidHits, match=r"\.txt, \.mid, \.json"):
        read_strokes(write(tmp_path / "a.csv", "1,KD"))
    with pytest.raises(SourceNotFound):
        read_strokes(tmp_path / "none.json")


@pytest.mark.parametrize(
    "name",
    [
        "Song.json",
        "Song.hits.json",
        "Song_sep.json",
        "Song_class.txt",
        "MusicDelta_Song_subclass.txt",
        "MusicDelta_Song_Drum.mid",
        "MusicDelta_Song_MIX.json",
    ],
)
def test_track_name_drops_what_data_sets_add(name: str) -> None:
    assert track_name(Path("somewhere") / name) == "Song"


def test_read_pair_of_two_files_is_one_track_whatever_they_are_called(tmp_path: Path) -> None:
    reference = write(tmp_path / "truth.txt", "1 KD\n")
    estimate = write(tmp_path / "guess.json", [{"time": 1, "instrument": "kick"}])
    true, said = read_pair(reference, estimate)
    assert list(true) == list(said) == ["truth"]


def test_read_pair_of_folders_prefers_documents_and_reads_only_what_it_needs(
    tmp_path: Path,
) -> None:
    references, estimates = tmp_path / "r", tmp_path / "e"
    references.mkdir()
    estimates.mkdir()
    write(references / "a_subclass.txt", "1 KD\n")
    write(references / "b.txt", "this is no annotation")
    write(references / "notes.md", "neither is this")
    write(estimates / "a.json", [{"time": 1, "instrument": "snare"}])
    write(estimates / "a.mid", "not read")
    write(estimates / "c.json", "not read")
    true, said = read_pair(references, estimates)
    assert (sorted(true), sorted(said)) == (["a", "b"], ["a", "c"])
    assert [s.name for s in said["a"] if not isinstance(s, Hit)] == ["snare"]
    with pytest.raises(InvalidHits, match=r"b\.txt"):
        read_pair(references, estimates, reads_all_references=True)


def test_read_pair_with_chosen_tracks_keeps_only_those(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / f"{name}.json", [{"time": 1, "instrument": "kick"}])
    true, said = read_pair(tmp_path, tmp_path, only=["b"])
    assert list(true) == list(said) == ["b"]
    with pytest.raises(InvalidOption, match="No reference for c"):
        read_pair(tmp_path, tmp_path, only=["c"])


def test_read_pair_that_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    with pytest.raises(SourceNotFound, match="in this folder"):
        read_pair(folder, folder)
    write(folder / "a_class.txt", "1 KD\n")
    estimate = write(tmp_path / "b.json", [])
    with pytest.raises(InvalidOption, match="No track"):
        read_pair(folder, estimate)
    write(folder / "a_subclass.txt", "1 KD\n")
    with pytest.raises(InvalidOption, match="More than one reference for track a"):
        read_pair(folder, estimate)
    with pytest.raises(SourceNotFound):
        read_pair(tmp_path / "none", estimate)
