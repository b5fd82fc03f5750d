"""Where things lie in the repository."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
EXAMPLES = REPOSITORY / "examples"
# What the tests start and make; benches and sweeps start and make the same.
SUPPORT = REPOSITORY / "backend" / "tests" / "support"
