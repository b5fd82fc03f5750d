"""Plays the part of yt-dlp in tests: takes its options, does what FAKE_PLAN (a JSON file) says.

Run as: python fake_extractor.py PLAN [options of yt-dlp] -- URL
"""

import json
import subprocess
import sys
import time
from pathlib import Path


def value_of(option: str) -> str:
    return sys.argv[sys.argv.index(option) + 1]


def main() -> int:
    plan = json.loads(Path(sys.argv[1]).read_text())
    folder = Path(sys.argv[1]).parent
    (folder / "arguments.json").write_text(json.dumps(sys.argv[2:]))
    if "facts" in plan:
        option = sys.argv.index("--print-to-file")
        Path(sys.argv[option + 2]).write_text(json.dumps(plan["facts"]) + "\n")
    if plan.get("grandchild"):
        command = [sys.executable, "-c", "import time; time.sleep(600)"]
        child = subprocess.Popen(command)
        (folder / "grandchild.pid").write_text(str(child.pid))
    if "bytes" in plan:
        target = Path(value_of("--output").replace("%(ext)s", plan.get("ext", "webm")))
        with target.open("wb") as out:
            for _ in range(0, plan["bytes"], 1000):
                out.write(b"x" * 1000)
                out.flush()
    time.sleep(plan.get("sleep_seconds", 0))
    sys.stderr.write(plan.get("says", "") + "\n")
    return int(plan.get("code", 0))


if __name__ == "__main__":
    sys.exit(main())
