"""Memory between the passes of a large network: kept instead of given back and asked for again."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

# From glibc's malloc.h.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_MMAP_MAX: Final = -4
NEVER: Final = 2**31 - 1
USUAL_MMAP_MAX: Final = 65_536
# glibc moves these two by itself until somebody sets one; here is how far it goes.
LARGEST_MMAP_THRESHOLD: Final = 32 << 20
LARGEST_TRIM_THRESHOLD: Final = 64 << 20


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """While this is open, what the process frees stays with it; at the end it goes back.

    A network without an arena frees hundreds of megabytes in every pass, and glibc hands them to
    the system at once: the next pass asks for them again, page by page. htdemucs spent a seventh
    of its time on that (a segment of 7.8 s: 582,000 page faults and 2.0 s in the system; kept:
    165,000 and 0.4 s), and the peak is the same (2.49 GB). An arena of ONNX Runtime costs 0.85 GB
    more. Does nothing where the C library is not glibc.
    """
    tune = _mallopt()
    if tune is None:
        yield
        return
    tune(_M_MMAP_MAX, 0)
    tune(_M_TRIM_THRESHOLD, NEVER)
    try:
        yield
    finally:
        tune(_M_MMAP_MAX, USUAL_MMAP_MAX)
        tune(_M_MMAP_THRESHOLD, LARGEST_MMAP_THRESHOLD)
        tune(_M_TRIM_THRESHOLD, LARGEST_TRIM_THRESHOLD)
        _library().malloc_trim(0)


def _mallopt() -> Callable[[int, int], Any] | None:
    if not sys.platform.startswith("linux"):
        return None
    library = _library()
    # musl has neither.
    if not (hasattr(library, "mallopt") and hasattr(library, "malloc_trim")):
        return None
    mallopt: Callable[[int, int], Any] = library.mallopt
    return mallopt


def _library() -> Any:
    return ctypes.CDLL(None)
