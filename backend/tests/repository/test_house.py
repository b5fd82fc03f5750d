"""No room is crowded: a package has at most twelve files at its root."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ROOTS = (ROOT / "backend" / "src" / "drumscribe", ROOT / "lab")
MOST_FILES = 12


def test_no_package_has_more_than_twelve_files_at_its_root() -> None:
    crowded = {}
    for root in ROOTS:
        for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
            files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
            if len(files) > MOST_FILES:
                crowded[str(folder.relative_to(ROOT))] = len(files)
    assert crowded == {}
