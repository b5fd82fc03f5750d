"""MusicXML documents are written as ElementTree writes them, only sooner."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from drumscribe.notation.writers.musicxml.frame import as_document, as_text

NAMES = st.text("abcxyz-", min_size=1, max_size=6).map(lambda name: f"e{name}")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> ET.Element:
    """Elements with attributes, and either a text or children."""
    attributes = draw(
        st.dictionaries(NAMES, TEXTS | st.sampled_from(["a\nb", "\t\r", '"<&>']), max_size=3)
    )
    element = ET.Element(draw(NAMES), attributes)
    children = draw(st.lists(elements(depth=depth - 1), max_size=3)) if depth else []
    element.extend(children)
    if not children:
        element.text = draw(st.none() | TEXTS)
    return element


@given(root=elements())
def test_a_document_of_any_elements_is_as_elementtree_writes_it(root: ET.Element) -> None:
    written = as_document(root)
    ET.indent(root, space=" ")
    _, _, body = written.partition(b'partwise.dtd">\n')
    assert body.decode() == ET.tostring(root, encoding="unicode") + "\n"


@given(shared=elements(depth=2), apart=elements(depth=1))
def test_an_element_that_stands_in_several_places_is_written_in_each(
    shared: ET.Element, apart: ET.Element
) -> None:
    root = ET.Element("score")
    for children in ([shared, apart], [shared], [apart, shared]):
        ET.SubElement(root, "note").extend(children)
    known = {shared: as_text(shared, depth=2)}
    assert as_document(root, known) == as_document(root)
