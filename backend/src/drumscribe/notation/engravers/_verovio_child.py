"""Run as a program in a child process: MusicXML in, SVG pages (and a PDF of them) out.

Verovio crashes the whole process if it is used after a document that it could not load; here
that ends a child only.
"""

from __future__ import annotations

import sys

# The start of this program is most of what a changed line costs. So it imports next to nothing (no
# pathlib, no json), and calls the functions of Verovio's library as they are: the class around them
# imports typing and json, and its package looks for its own folder, which together takes twice as
# long as all of Verovio.

# Music letters in running text (the tempo mark) that a plain font has under another number.
_PLAIN_LETTERS = str.maketrans({"\ueca5": "\u2669", "\ueca7": "\u266a", "\uecb7": "."})


def main(folder: str, package: str, documents: str, *pdf_size: str) -> int:
    """Draw score-0.musicxml, score-1.musicxml, ... as score-0-1.svg (page 1 of the first), ...

    options-0.json, ... are Verovio's options for each. package: the folder where Verovio is
    installed. documents: how many. pdf_size: none, or width and height in points of the pages of
    a PDF, pages.pdf, of all documents. Exit code 0: all is drawn. 3: a document is not loadable.
    """
    sys.path.insert(0, package)
    import _verovio

    _verovio.setDefaultResourcePath(f"{package}/data")
    _verovio.enableLog(_verovio.LOG_ERROR)
    toolkit = _verovio.new_toolkit(True)
    pages: list[str] = []
    for document in range(int(documents)):
        _verovio.toolkit_setOptions(toolkit, _read(f"{folder}/options-{document}.json"))
        if not _verovio.toolkit_loadData(toolkit, _read(f"{folder}/score-{document}.musicxml")):
            return 3
        for page in range(1, _verovio.toolkit_getPageCount(toolkit) + 1):
            pages.append(_verovio.toolkit_renderToSVG(toolkit, page, False))
            with open(f"{folder}/score-{document}-{page}.svg", "w", encoding="utf-8") as file:  # noqa: PTH123
                file.write(pages[-1])
    _verovio.delete_toolkit(toolkit)
    if pdf_size:
        _write_pdf(pages, f"{folder}/pages.pdf", *map(float, pdf_size))
    return 0


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


def _write_pdf(pages: list[str], path: str, width: float, height: float) -> None:
    """width, height: of each page, in points."""
    import site

    site.main()  # the environment's packages

    import cairocffi
    from cairosvg.parser import Tree
    from cairosvg.surface import PDFSurface

    document = cairocffi.PDFSurface(path, width, height)

    class Page(PDFSurface):  # type: ignore[misc]
        """Draws into the one document instead of a file of its own."""

        def _create_surface(self, width: float, height: float) -> tuple[object, float, float]:
            return document, width, height

    for svg in pages:
        tree = Tree(bytestring=_fit_page(svg, width, height))
        Page(tree, None, 72)
        document.show_page()
    document.finish()


def _fit_page(svg: str, width: float, height: float) -> bytes:
    """The outermost SVG element in points of the page, with letters that a plain font has."""
    from xml.etree import ElementTree as ET

    root = ET.fromstring(svg)  # noqa: S314  (what this program drew)
    root.set("width", f"{width}pt")
    root.set("height", f"{height}pt")
    for element in root.iter():
        if element.text is not None:
            element.text = element.text.translate(_PLAIN_LETTERS)
    return ET.tostring(root)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
