"""The command as a process: interrupts, how fast it starts, usage."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from command_line import drumscribe


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("transcribe",), 2),
        (("transcribe", "gone.wav"), 3),
        (("transcribe", "https://www.youtube.com/@somebody"), 3),
        (("transcribe", "https://me:secret@example.org/song.mp3"), 3),
        (("transcribe", "x.wav", "--bpm", "20"), 2),
        (("transcribe", "x.wav", "--time-signature", "4/5"), 2),
        (("transcribe", "x.wav", "-f", "docx"), 2),
        (("transcribe", "x.wav", "--start", "-1"), 2),
        (("transcribe", "x.wav", "--start", "10", "--end", "5"), 2),
        (("transcribe", "x.wav", "--unheard-of"), 2),
        (("models", "download", "nonesuch"), 2),
        (("render", "gone.json"), 3),
    ],
)
def test_wrong_usage_gives_the_exit_code_of_the_contract(
    arguments: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drumscribe(*arguments) == code
    said = capsys.readouterr()
    assert said.err or not arguments
    assert "Traceback" not in said.err


def run_command(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    process: subprocess.Popen[str] = subprocess.Popen(
        [sys.executable, "-m", "drumscribe", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs tests in the background ignores Ctrl-C, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        **options,
    )
    return process


@pytest.mark.parametrize("jobs", [1, 2])
def test_interrupt_answers_130_and_leaves_no_half_written_file(
    jobs: int, example_song: Path, tmp_path: Path
) -> None:
    samples, rate = soundfile.read(example_song, dtype="float32")
    for name in ("a.wav", "b.wav"):
        soundfile.write(
            tmp_path / name, np.tile(samples, (20, 1) if samples.ndim > 1 else 20), rate
        )
    out = tmp_path / "out"
    environment = os.environ | {"MODEL_CACHE_DIR": str(tmp_path / "cache"), "TMPDIR": str(tmp_path)}
    process = run_command(
        "transcribe", tmp_path / "a.wav", tmp_path / "b.wav",
        "-o", out, "-j", jobs, "--offline", "-f", "midi,json",
        env=environment, start_new_session=True,
    )  # fmt: skip
    time.sleep(4.0)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    # A process that died of the signal, as Python lets it where a module was being loaded, is what
    # shells call 130, too.
    assert process.returncode in (130, -signal.SIGINT), err
    assert "Traceback" not in err
    left = list(out.rglob("*")) if out.exists() else []
    assert not [path for path in left if ".tmp" in path.name or not path.stat().st_size]
    assert not list(tmp_path.glob("drumscribe-*"))


def test_import_is_fast_because_it_is_lazy() -> None:
    script = (
        "import sys, drumscribe; drumscribe.__version__; "
        "heavy = {'numpy', 'scipy', 'onnxruntime', 'av', 'soundfile', 'mido'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_version_and_help_answer() -> None:
    assert drumscribe("--version") == 0
    for command in ("", "transcribe", "render", "separate", "models", "doctor"):
        assert drumscribe(*([command] if command else []), "--help") == 0
