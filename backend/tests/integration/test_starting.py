"""`drumscribe serve` where something stands in its way: a line and what to do, no traceback."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import pytest

from service_fixtures import free_port
from service_processes import Command, wait_for


def _serve(folder: Path, log: Path, port: int) -> Command:
    environment = {
        "DATA_DIR": str(folder),
        "WEB_ROOT": str(folder / "no-page"),
        "API_PORT": str(port),
    }
    return Command("serve", "--no-workers", environment=environment, log=log)


def _said_in_a_line(command: Command, pattern: str) -> None:
    assert command.process.wait(120) == 1
    output = command.output()
    assert "Traceback" not in output
    assert re.search(pattern, output.replace("\n", " ")), output
    assert output.count("\n") <= 4


def test_second_service_on_a_folder_leaves_the_first_one_and_its_metrics_alone(
    tmp_path: Path,
) -> None:
    port = free_port()
    first = _serve(tmp_path / "data", tmp_path / "1.log", port)
    try:
        wait_for(lambda: "DrumScribe runs on" in first.output(), "the first")
        urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/limits", timeout=30).close()

        def counted() -> bytes:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
                content: bytes = answer.read()
                return content

        assert b'route="/api/v1/limits"' in counted()
        second = _serve(tmp_path / "data", tmp_path / "2.log", free_port())
        _said_in_a_line(second, r"Another DrumScribe serves from the data folder .*--data-dir")
        assert b'route="/api/v1/limits"' in counted()
    finally:
        first.kill()


@pytest.mark.parametrize("content", [b"this is no database " * 500, b"SQLite format 3\0" * 300])
def test_damaged_database_is_named_with_its_runbook(tmp_path: Path, content: bytes) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "drumscribe.db").write_bytes(content)
    command = _serve(data, tmp_path / "log", free_port())
    _said_in_a_line(command, r"database is damaged .* docs/runbooks/disaster-recovery.md")


def test_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    command = _serve(tmp_path / "file" / "data", tmp_path / "log", free_port())
    _said_in_a_line(command, r"data folder .* cannot be written: Not a directory")
