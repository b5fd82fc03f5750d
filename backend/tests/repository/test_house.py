"""No room is crowded: a package has at most twelve files at its root."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOTS = (ROOT / "backend" / "src" / "drumscribe", ROOT / "lab")
MOST_FILES = 12
# These still have to be divided; nobody may make them larger.
CROWDED = {"domain": 22, "services": 21, "db": 20, "pipeline": 18}


def test_no_package_has_more_than_twelve_files_at_its_root() -> None:
    for root in ROOTS:
        for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
            files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
            name = str(folder.relative_to(root))
            if len(files) > MOST_FILES:
                assert len(files) == CROWDED.get(name), f"{name} has {len(files)} files"
            else:
                assert name not in CROWDED, f"{name} is no longer crowded"
