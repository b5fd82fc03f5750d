"""Speed, memory and endurance of what ships; nothing here is a test."""

import sys

from lab.places import REPOSITORY

# The benches start the same servers and make the same damaged files as the tests.
sys.path.insert(0, str(REPOSITORY / "backend" / "tests" / "support"))
