"""DrumScribe and its libraries leave nothing behind and call nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# Telemetry of libraries is often silent on build machines; here it shall think itself at home.
BUILD_MACHINE = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "BUILD_ID", "JENKINS_URL")


def test_transcription_leaves_no_files_of_libraries_behind(
    example_song: Path, tmp_path: Path
) -> None:
    home, temporary, out = (tmp_path / name for name in ("home", "tmp", "out"))
    for folder in (home, temporary):
        folder.mkdir()
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in (*BUILD_MACHINE, "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")
    }
    done = subprocess.run(
        [
            *(sys.executable, "-m", "drumscribe", "transcribe", str(example_song)),
            *("--offline", "-o", str(out), "-f", "json"),
        ],
        env={**environment, "HOME": str(home), "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in out.iterdir()] == ["funk-rock.json"]
    left = [path for folder in (home, temporary) for path in folder.rglob("*") if path.is_file()]
    assert left == []
