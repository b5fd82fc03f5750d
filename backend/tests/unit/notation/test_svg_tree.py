"""SVG is read and written as it is, and cut without a byte of it changed."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumscribe.errors import EngravingFailed
from drumscribe.notation.engravers.svg_tree import LINK, cut_out, read_svg, root_of, write_svg

NAMES = st.text("abcxyz-", min_size=1, max_size=6).map(lambda name: f"e{name}")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8) | (
    st.sampled_from(['-page-0"', "</g>", '<g class="strip">', "a\nb", "\t", '"<&>'])
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> ET.Element:
    """Elements with attributes, texts, children and texts after these."""
    element = ET.Element(draw(NAMES), draw(st.dictionaries(NAMES, TEXTS, max_size=3)))
    element.text = draw(TEXTS)
    element.extend(draw(st.lists(elements(depth=depth - 1), max_size=3)) if depth else [])
    for child in element:
        child.tail = draw(TEXTS)
    return element


@given(element=elements())
def test_any_elements_are_read_again_as_they_were_written(element: ET.Element) -> None:
    written = write_svg(element)
    assert write_svg(read_svg(written)) == written
    assert ET.canonicalize(written) == ET.canonicalize(ET.tostring(element, encoding="unicode"))


@given(element=elements())
def test_a_quotation_mark_ends_nothing_but_values(element: ET.Element) -> None:
    n_values = sum(len(one.attrib) for one in element.iter())
    assert write_svg(element).count('"') == 2 * n_values


@given(pieces=st.lists(st.tuples(TEXTS, elements()), max_size=4), last=TEXTS)
def test_elements_are_cut_out_as_they_stand(
    pieces: list[tuple[str, ET.Element]], last: str
) -> None:
    root = ET.Element("svg")
    for text, inside in pieces:
        wanted = ET.SubElement(root, "g", {"class": "wanted"})
        wanted.text = text
        wanted.append(inside)
        ET.SubElement(inside, "use", {LINK: "#a"})
        # One inside another is part of it.
        ET.SubElement(inside, "g", {"class": "wanted"})
    root.text = last
    document = write_svg(root).encode()
    found = cut_out(document, lambda name, attributes: attributes.get("class") == "wanted")
    assert [one.whole(document) for one in found] == [write_svg(one) for one in root]
    tag = '<g class="wanted">'
    assert [f"{tag}{one.content(document)}</g>" for one in found] == [write_svg(g) for g in root]
    assert [one.links for one in found] == [["#a"] for _ in pieces]


@given(element=elements())
def test_the_root_is_found_without_reading_on(element: ET.Element) -> None:
    element.text = "inside"
    written = write_svg(element)
    head, _, rest = written.partition(">")
    document = f'<?xml version="1.0"?>\n{written[: len(head) + 1]}{rest[:6]}</not closed'.encode()
    root = root_of(document)
    assert root.attributes == element.attrib
    assert document[root.inside :].startswith(b"inside")


@pytest.mark.parametrize("document", ["", "<svg>", "<svg></g>", "text", "<svg/><svg/>", "<svg"])
def test_what_is_no_document_is_refused(document: str) -> None:
    with pytest.raises(EngravingFailed):
        read_svg(document)
    with pytest.raises(EngravingFailed):
        cut_out(document.encode(), lambda *_: True)


@pytest.mark.parametrize("document", ["", "<svg>", "text", '<svg viewBox="0'])
def test_what_has_no_root_is_refused(document: str) -> None:
    with pytest.raises(EngravingFailed):
        root_of(document.encode())
