"""All pages of a score as one picture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drumscribe.errors import EngravingFailed

_DECLARATIONS = re.compile(r"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!DOCTYPE[^>]*>\s*)?", re.DOTALL)
_ROOT = re.compile(r"<svg\b[^>]*>")
_VIEW_BOX = re.compile(r'\bviewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def stack_pages(pages: Sequence[bytes]) -> bytes:
    """SVG documents (UTF-8, with a viewBox that begins at 0 0) one below the other.

    Every page stays an <svg> of its own inside. A single page comes back as it is.
    Raises EngravingFailed where a page has no such viewBox.
    """
    if len(pages) == 1:
        return pages[0]
    parts = []
    top = 0.0
    widest = 0.0
    for page in pages:
        text = _DECLARATIONS.sub("", page.decode(), count=1)
        root = _ROOT.match(text)
        box = _VIEW_BOX.search(root.group()) if root else None
        if root is None or box is None:
            raise EngravingFailed("A page of the SVG has no size.")
        width, height = box.groups()
        place = f'<svg x="0" y="{top:g}" width="{width}" height="{height}"'
        parts.append(root.group().replace("<svg", place, 1) + text[root.end() :].rstrip())
        top += float(height)
        widest = max(widest, float(width))
    head = (
        f'<svg class="score" data-pages="{len(pages)}" version="1.1" '
        f'viewBox="0 0 {widest:g} {top:g}" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return "\n".join([head, *parts, "</svg>\n"]).encode()
