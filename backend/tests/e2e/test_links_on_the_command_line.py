"""drumscribe transcribe LINK, with a stand-in for the downloader on the module path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from api_client import short_recording

LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
# Takes the options of yt-dlp; SONG is what it "downloads", SAYS what it complains of.
STAND_IN = """
import json, shutil, sys
from pathlib import Path
folder = Path(__file__).parent
(folder / "calls").open("a").write(sys.argv[-1] + "\\n")
facts = Path(sys.argv[sys.argv.index("--print-to-file") + 2])
facts.write_text(json.dumps({"title": "A/Song: live?", "duration": 2}) + "\\n")
says = folder / "says"
if says.exists():
    sys.exit(says.read_text())
target = sys.argv[sys.argv.index("--output") + 1].replace("%(ext)s", "flac")
shutil.copyfile(folder / "song.flac", target)
"""


@pytest.fixture
def stand_in(tmp_path: Path, example_song: Path) -> Path:
    """A folder with a module yt_dlp."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "yt_dlp.py").write_text(STAND_IN)
    short_recording(example_song, folder / "song.flac", 2.0)
    return folder


def transcribe(modules: Path, output: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(modules),
        "MODEL_CACHE_DIR": str(modules / "no-models"),
        "PDF_BACKEND": "none",
    }
    command = [sys.executable, "-m", "drumscribe", "transcribe", LINK, "-o", str(output)]
    return subprocess.run(
        [*command, *options], env=environment, capture_output=True, text=True, check=False
    )


def no_models_are_fetched(modules: Path) -> Path:
    """Beat networks would come from the network; without a client they are just missing."""
    (modules / "pip.py").write_text("raise SystemExit('no network in tests')")
    return modules


def test_link_gives_files_named_after_the_video(stand_in: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    done = transcribe(no_models_are_fetched(stand_in), output, "-f", "json,midi", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["source"] == LINK
    assert said["title"] == "A/Song: live?"
    written = output / "A Song live [dQw4w9WgXcQ].json"
    assert json.loads(written.read_text())["source"] == LINK
    assert written.with_suffix(".mid").is_file()
    again = transcribe(stand_in, output, "-f", "json,midi", "--json", "--skip-existing")
    assert json.loads(again.stdout)["status"] == "skipped"
    assert (stand_in / "calls").read_text().splitlines() == [LINK]


def test_result_of_a_link_that_is_named_keeps_its_name(stand_in: Path, tmp_path: Path) -> None:
    output = tmp_path / "mine.json"
    done = transcribe(no_models_are_fetched(stand_in), output, "-q")
    assert done.returncode == 0, done.stderr
    assert json.loads(output.read_text())["title"] == "A/Song: live?"
    again = transcribe(stand_in, output, "--json", "--skip-existing")
    assert json.loads(again.stdout)["status"] == "skipped"


@pytest.mark.parametrize(
    ("says", "code", "exit_code"),
    [
        ("ERROR: [youtube] x: Private video", "link_private", 3),
        ("ERROR: unable to download webpage: urlopen error", "link_unreachable", 1),
    ],
)
def test_link_that_cannot_be_fetched_says_why(
    stand_in: Path, tmp_path: Path, says: str, code: str, exit_code: int
) -> None:
    (stand_in / "says").write_text(says)
    done = transcribe(stand_in, tmp_path, "--json")
    assert done.returncode == exit_code
    assert json.loads(done.stdout)["code"] == code
    assert "Give the file instead." in done.stderr
    assert "Traceback" not in done.stderr


def test_link_without_network_or_downloader_is_refused_with_advice(tmp_path: Path) -> None:
    offline = transcribe(tmp_path, tmp_path, "--offline")
    assert offline.returncode == 2
    assert "--offline" in offline.stderr
    # As in an installation without the extra.
    (tmp_path / "sitecustomize.py").write_text(
        "from importlib.machinery import PathFinder\n"
        "found = PathFinder.find_spec\n"
        "PathFinder.find_spec = lambda name, *more: None if name == 'yt_dlp' else "
        "found(name, *more)\n"
    )
    missing = transcribe(tmp_path, tmp_path)
    assert missing.returncode == 2
    assert "pip install 'drumscribe[youtube]'" in missing.stderr
