"""All pages of a score as one picture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drumscribe.errors import EngravingFailed
from drumscribe.notation.engravers.svg_tree import root_of, start_tag

_VIEW_BOX = re.compile(r"0 0 ([0-9.]+) ([0-9.]+)")


def stack_pages(pages: Sequence[bytes]) -> bytes:
    """SVG documents (UTF-8, with a viewBox that begins at 0 0) one below the other.

    Every page stays an <svg> of its own inside. A single page comes back as it is.
    Raises EngravingFailed where a page has no such viewBox, or nothing on it.
    """
    if len(pages) == 1:
        return pages[0]
    parts = []
    top = 0.0
    widest = 0.0
    for page in pages:
        root = root_of(page)
        box = _VIEW_BOX.fullmatch(root.attributes.get("viewBox", ""))
        if box is None or root.inside == root.begin:
            raise EngravingFailed("A page of the SVG has no size, or nothing on it.")
        width, height = box.groups()
        place = {"x": "0", "y": f"{top:g}", "width": width, "height": height}
        rest = page[root.inside :].decode().rstrip()
        parts.append(start_tag("svg", {**place, **root.attributes}) + rest)
        top += float(height)
        widest = max(widest, float(width))
    head = (
        f'<svg class="score" data-pages="{len(pages)}" version="1.1" '
        f'viewBox="0 0 {widest:g} {top:g}" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return "\n".join([head, *parts, "</svg>\n"]).encode()
