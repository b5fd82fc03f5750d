"""Pages of SVG as one picture."""

import re
from xml.etree import ElementTree

import pytest

from drumscribe.errors import EngravingFailed
from drumscribe.notation.engravers.svg_stack import stack_pages

PAGE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><g id="{name}"/></svg>\n'
)


def page(name: str, width: int = 200, height: int = 300) -> bytes:
    return PAGE.format(name=name, width=width, height=height).encode()


def test_one_page_comes_back_as_it_is() -> None:
    assert stack_pages([page("a")]) == page("a")


def test_pages_lie_one_below_the_other() -> None:
    stacked = stack_pages([page("a"), page("b", width=250), page("c")])
    root = ElementTree.fromstring(stacked)
    assert root.get("viewBox") == "0 0 250 900"
    inner = list(root)
    assert [part.get("y") for part in inner] == ["0", "300", "600"]
    assert [part.get("height") for part in inner] == ["300"] * 3
    assert re.findall(rb'id="(.)"', stacked) == [b"a", b"b", b"c"]


def test_page_without_a_size_is_refused() -> None:
    with pytest.raises(EngravingFailed):
        stack_pages([page("a"), b"<svg/>"])
