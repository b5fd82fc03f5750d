"""`drumscribe transcribe` as a user types it: files that appear, words on stderr, exit codes."""

import csv
import json
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from command_line import drumscribe

RATE = 44100


def test_transcribe_writes_the_page_in_every_format(
    song: Path, tmp_path: Path, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert (
        drumscribe("transcribe", song, "-o", out, "-f", "all", "--offline", "--separation", "never")
        == 2
    )
    formats = "musicxml,pdf,midi,midi-performance,svg,json,csv"
    assert drumscribe("transcribe", song, "-o", out, "-f", formats, "--offline") == 0
    names = {path.name for path in out.iterdir()}
    suffixes = (".musicxml", ".pdf", ".mid", ".performance.mid", ".svg", ".json", ".csv")
    assert names == {"My Song" + suffix for suffix in suffixes}
    printed = capsys.readouterr().out.splitlines()
    assert {Path(line).name for line in printed} == names
    document = json.loads((out / "My Song.json").read_text())
    assert document["title"] == "My Song"
    assert document["source"] == "My Song.wav"
    assert document["hit_summary"]["kick"] > 0
    assert document["hit_summary"]["snare"] > 0
    assert (out / "My Song.pdf").read_bytes().startswith(b"%PDF")
    assert mido.MidiFile(out / "My Song.mid").length > 3
    assert (out / "My Song.csv").read_text().count("\n") == len(document["hits"]) + 1


def test_file_that_is_named_is_all_that_is_written(
    song: Path, tmp_path: Path, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "out" / "page.musicxml"
    assert drumscribe("transcribe", song, "-o", page, "--offline") == 0
    assert [path.name for path in page.parent.iterdir()] == ["page.musicxml"]
    assert "<work-title>My Song</work-title>" in page.read_text()
    assert capsys.readouterr().out == f"{page}\n"
    assert drumscribe("transcribe", song, "-o", page, "-f", "pdf", "--offline") == 2
    assert "leave -f out" in capsys.readouterr().err


def test_transcribe_with_metre_and_tempo_of_the_user_writes_them(
    song: Path, tmp_path: Path, empty_cache: Path
) -> None:
    out = tmp_path / "out"
    arguments = ("-o", out, "-f", "json,musicxml", "--bpm", 100, "--time-signature", "3/4")
    assert drumscribe("transcribe", song, *arguments, "--offline", "--title", 'A "b"') == 0
    document = json.loads((out / "My Song.json").read_text())
    assert document["time_signature"] == "3/4"
    assert 92 <= document["bpm"] <= 108
    assert document["title"] == 'A "b"'
    text = (out / "My Song.musicxml").read_text()
    assert "<beats>3</beats>" in text


def test_transcribe_part_of_a_recording_hears_only_that_part(
    song: Path, tmp_path: Path, empty_cache: Path
) -> None:
    out = tmp_path / "out"
    arguments = (
        "-o",
        out,
        "-f",
        "json",
        "--start",
        "0:02",
        "--end",
        "4.5",
        "--offline",
        "--min-duration",
        "1",
    )
    assert drumscribe("transcribe", song, *arguments) == 0
    document = json.loads((out / "My Song.json").read_text())
    assert document["duration_seconds"] == pytest.approx(2.5, abs=0.01)
    assert max(hit["time"] for hit in document["hits"]) <= 2.5


def test_transcribe_json_prints_one_line_per_recording_and_goes_on_after_a_failure(
    song: Path, tmp_path: Path, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "album"
    (folder / "cd2").mkdir(parents=True)
    song.rename(folder / "good.wav")
    (folder / "cd2" / "bad.mp3").write_text("no music")
    out = tmp_path / "out"
    code = drumscribe("transcribe", folder, "-o", out, "-f", "json", "--json", "--offline")
    assert code == 5
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    by_status = {line["status"]: line for line in lines}
    assert by_status["failed"]["code"] == "not_audio"
    assert by_status["failed"]["source"].endswith("bad.mp3")
    assert by_status["completed"]["outputs"] == {"json": [str(out / "good.json")]}
    assert by_status["completed"]["hit_summary"]["kick"] > 0
    assert [path.name for path in out.iterdir()] == ["good.json"]


def test_transcribe_with_two_jobs_gives_the_same_hits_as_one(
    song: Path, tmp_path: Path, empty_cache: Path
) -> None:
    second = tmp_path / "second.wav"
    second.write_bytes(song.read_bytes())
    for jobs in (1, 2):
        code = drumscribe(
            "transcribe",
            song,
            second,
            "-o",
            tmp_path / str(jobs),
            "-f",
            "csv",
            "-j",
            jobs,
            "--offline",
        )
        assert code == 0
    results = [
        heard(tmp_path / str(jobs) / f"{name}.csv")
        for jobs in (1, 2)
        for name in ("My Song", "second")
    ]
    assert results[0] == results[1] == results[2] == results[3]


def heard(path: Path) -> list[tuple[float, str]]:
    """Times and instruments. The last digits depend on how many threads a sum was split over."""
    rows = csv.DictReader(path.read_text().splitlines())
    return [(round(float(row["time"]), 3), row["instrument"]) for row in rows]


def test_transcribe_skip_existing_leaves_finished_results_alone(
    song: Path, tmp_path: Path, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "My Song.csv").write_text("mine")
    arguments = ("transcribe", song, "-o", out, "-f", "csv", "--skip-existing", "--offline")
    assert drumscribe(*arguments) == 0
    assert (out / "My Song.csv").read_text() == "mine"
    assert drumscribe(*arguments, "-j", "2") == 0  # a nightly batch with nothing to do
    assert (out / "My Song.csv").read_text() == "mine"
    assert "skipped" in capsys.readouterr().err
    (out / "My Song.csv").unlink()
    assert drumscribe(*arguments) == 0
    assert (out / "My Song.csv").read_text().startswith("time,instrument")


@pytest.mark.parametrize("job_count", ["1", "2"])
def test_nightly_batch_with_nothing_to_do_ends_well(
    job_count: str, song: Path, tmp_path: Path, empty_cache: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    batch = ("-o", out, "-f", "csv", "--skip-existing", "--offline", "-j", job_count)
    assert drumscribe("transcribe", inbox, *batch) == 0
    assert "nothing to do" in capsys.readouterr().err
    out.mkdir(exist_ok=True)
    for name in ("a", "b", "c"):
        (inbox / f"{name}.flac").write_bytes(song.read_bytes())
        (out / f"{name}.csv").write_text("done")
    assert drumscribe("transcribe", inbox, *batch) == 0
    assert capsys.readouterr().err.count("skipped") == 3
    assert drumscribe("transcribe", inbox, *batch, "--json") == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["status"] for line in said] == ["skipped"] * 3
    (inbox / "d.flac").write_bytes(song.read_bytes())
    assert drumscribe("transcribe", inbox, *batch) == 0
    assert (out / "d.csv").read_text().startswith("time,instrument")
    # Without the option an empty folder is a mistake.
    (tmp_path / "empty").mkdir()
    assert drumscribe("transcribe", tmp_path / "empty", "-o", out) == 3


def test_transcribe_without_pdf_engraver_still_writes_the_rest(
    song: Path, tmp_path: Path, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ("-o", out, "-f", "pdf,musicxml", "--pdf-backend", "none", "--offline")
    assert drumscribe("transcribe", song, *arguments) == 0
    assert [path.name for path in out.iterdir()] == ["My Song.musicxml"]
    assert "pdf" in capsys.readouterr().err.lower()


def test_transcribe_stems_without_model_and_network_says_how_to_get_it(
    song: Path, tmp_path: Path, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert drumscribe("transcribe", song, "-o", out, "-f", "stems", "--offline") == 1
    assert "drumscribe models download htdemucs" in capsys.readouterr().err.replace("\n", " ")
    assert not out.exists() or not list(out.iterdir())


def tone(seconds: float, rate: int = RATE, channels: int = 1) -> np.ndarray:
    t = np.arange(int(seconds * rate)) / rate
    return np.repeat((0.1 * np.sin(2 * np.pi * 440 * t))[:, None], channels, axis=1)


BAD_RECORDINGS = {
    "empty": (3, "empty"),
    "text": (3, "text"),
    "short": (3, "short"),
    "long": (3, "long"),
    "silent": (3, "silen"),
    "low-rate": (3, "8"),
    "nan": (4, "No drum hits"),  # what is no number is silence
    "no-drums": (4, "No drum hits"),
}


@pytest.mark.parametrize("kind", BAD_RECORDINGS)
def test_transcribe_of_bad_recording_says_what_is_wrong_and_writes_nothing(
    kind: str, tmp_path: Path, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"{kind}.wav"
    match kind:
        case "empty":
            path.touch()
        case "text":
            path = path.with_suffix(".mp3")
            path.write_text("la la la " * 1000)
        case "short":
            soundfile.write(path, tone(0.3), RATE)
        case "long":
            soundfile.write(path, np.zeros((20 * 60 * 16000, 1), np.int16), 16000)
        case "silent":
            soundfile.write(path, np.zeros((RATE * 3, 2)), RATE)
        case "low-rate":
            soundfile.write(path, tone(3, 8000), 8000)
        case "nan":
            samples = tone(3)
            samples[1000] = np.nan
            soundfile.write(path, samples, RATE, subtype="FLOAT")
        case "no-drums":
            soundfile.write(path, tone(3), RATE)
    code, word = BAD_RECORDINGS[kind]
    out = tmp_path / "out"
    assert drumscribe("transcribe", path, "-o", out, "--offline") == code
    said = capsys.readouterr()
    assert word.lower() in said.err.lower()
    assert "Traceback" not in said.err
    assert said.out == ""
    assert not out.exists() or not list(out.iterdir())
