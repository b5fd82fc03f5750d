"""What a fifth more or less of each number costs that no command fits."""

import sys

from lab.places import SUPPORT

# The pieces of the tests that look at pages.
sys.path.insert(0, str(SUPPORT))
