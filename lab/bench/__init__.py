"""Speed, memory and endurance of what ships; nothing here is a test."""

import sys

from lab.places import SUPPORT

sys.path.insert(0, str(SUPPORT))
