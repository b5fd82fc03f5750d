"""Several files from one sheet, those that take long at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from drumscribe.errors import EngravingFailed
from drumscribe.pipeline.files.formats import FORMATS, Format, Sheet

# Drawn by programs in processes of their own: here one only waits for them.
_DRAWN_ELSEWHERE: Final = ("pdf", "svg", "svg-narrow")


def write_formats(
    sheet: Sheet, names: Sequence[str]
) -> Iterator[tuple[Format, list[bytes] | EngravingFailed]]:
    """The parts of every format in the order asked for, or why there are none.

    PDF and SVGs are drawn at the same time, from the start. A caller that stops early waits for
    what is being drawn.
    names: keys of FORMATS.
    """
    slow = [name for name in names if name in _DRAWN_ELSEWHERE]
    if len(names) < 2 or not slow:
        for name in names:
            yield FORMATS[name], _parts(sheet, name)
        return
    pool = ThreadPoolExecutor(len(slow), thread_name_prefix="engrave")
    try:
        drawn = {name: pool.submit(_parts, sheet, name) for name in slow}
        for name in names:
            yield FORMATS[name], drawn[name].result() if name in drawn else _parts(sheet, name)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _parts(sheet: Sheet, name: str) -> list[bytes] | EngravingFailed:
    try:
        return FORMATS[name].write(sheet)
    except EngravingFailed as error:
        return error
