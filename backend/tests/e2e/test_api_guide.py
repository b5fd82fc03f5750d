"""docs/how-to/api.md, run line by line with curl as a newcomer would."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from api_client import short_recording
from places import ROOT
from service_fixtures import free_port
from service_processes import Command, wait_for

PAGE = ROOT / "docs" / "how-to" / "api.md"


def test_every_command_of_the_guide_works_as_it_stands(example_song: Path, tmp_path: Path) -> None:
    assert shutil.which("curl"), "the guide is about curl: install it to run this test"
    port = free_port()
    environment = {
        "DATA_DIR": str(tmp_path / "data"),
        "MODEL_CACHE_DIR": str(tmp_path / "models"),
        "DRUMSCRIBE_OFFLINE": "true",
        "PDF_BACKEND": "none",
        "API_PORT": str(port),
    }
    folder = tmp_path / "desk"
    folder.mkdir()
    short_recording(example_song, folder / "song.flac", 8.0)
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) > 8
    serve = Command("serve", environment=environment, log=tmp_path / "serve.log")
    try:
        wait_for(lambda: "DrumScribe runs on" in serve.output(), "the start")
        done = subprocess.run(
            ["sh", "-eux", "-c", "\n".join(blocks)],
            cwd=folder,
            env={**os.environ, "BASE": f"http://127.0.0.1:{port}"},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        serve.kill()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "event: end" in done.stdout
    assert '"code":"not_audio"' in done.stdout
    assert '"code":"format_not_available"' in done.stdout
    written = {path.name for path in folder.iterdir()}
    assert {"My song.musicxml", "My song.mid", "beginning.flac"} <= written
    assert (folder / "beginning.flac").stat().st_size == 1000
    result = json.loads((folder / "result.json").read_text())
    assert (result["title"], result["is_edited"], result["version"]) == ("My song", False, 5)
    changed = json.loads((folder / "changed.json").read_text())
    assert changed["title"] == "In time"
    assert changed["settings"]["tempo_factor"] == 0.5
