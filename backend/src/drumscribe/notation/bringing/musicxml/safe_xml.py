"""MusicXML out of a file that anybody may have written: compressed or not, and nothing else."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from drumscribe.errors import ScoreFileTooLarge, ScoreFileUnreadable

MAX_XML_BYTES: Final = 24_000_000
# A score of fifty thousand notes has a million and a half.
MAX_TAGS: Final = 2_000_000
MAX_ENTRIES: Final = 2_000
_CONTAINER: Final = "META-INF/container.xml"
_ZIP: Final = b"PK\x03\x04"
# The two ways of packing that the format knows; others may ask for any amount of memory.
_PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_compressed(content: bytes) -> bool:
    """Whether it is a ZIP archive, as .mxl files are."""
    return content.startswith(_ZIP)


def read_score(content: bytes) -> ET.Element:
    """The root of a MusicXML document, compressed (.mxl) or not.

    Entities are refused and nothing outside the document is ever looked at.
    Raises ScoreFileUnreadable or ScoreFileTooLarge.
    """
    return _root(_uncompressed(content) if is_compressed(content) else content)


def _root(content: bytes) -> ET.Element:
    if len(content) > MAX_XML_BYTES or content.count(b"<") > MAX_TAGS:
        raise ScoreFileTooLarge(
            f"The score is larger than {MAX_XML_BYTES / 1e6:.0f} MB of MusicXML; no drum part is."
        )
    try:
        root: ET.Element = fromstring(content, forbid_dtd=False)
    except DefusedXmlException:
        raise ScoreFileUnreadable(
            "The file declares entities or asks for other files. Nothing of that is read; export "
            "the score as plain MusicXML."
        ) from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ScoreFileUnreadable(f"The file cannot be read as MusicXML: {error}.") from None
    return root


def _uncompressed(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise ScoreFileTooLarge(
                    f"The archive has more than {MAX_ENTRIES} files; a compressed score has a few."
                )
            return _unpacked(archive, _name_of_score(archive))
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
        OverflowError,
    ) as error:
        raise ScoreFileUnreadable(f"The compressed score cannot be unpacked: {error}.") from None
    except RuntimeError:  # zipfile's own where a password is wanted
        raise ScoreFileUnreadable("The compressed score is locked with a password.") from None


def _name_of_score(archive: zipfile.ZipFile) -> str:
    if _CONTAINER not in archive.namelist():
        raise ScoreFileUnreadable(
            "The archive is no compressed MusicXML: it does not say which of its files is the "
            f"score ({_CONTAINER})."
        )
    container = _root(_unpacked(archive, _CONTAINER))
    for element in container.iter():
        if element.tag.rpartition("}")[2] == "rootfile":
            return element.get("full-path", "")
    raise ScoreFileUnreadable("The archive does not say which of its files is the score.")


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        raise ScoreFileUnreadable(f"The archive lacks the score that it names ({name!r}).")
    if archive.getinfo(name).compress_type not in _PACKED:
        raise ScoreFileUnreadable("The archive is packed in a way that MusicXML does not know.")
    with archive.open(name) as file:
        # What the archive says of its own sizes may be wrong.
        unpacked = file.read(MAX_XML_BYTES + 1)
    if len(unpacked) > MAX_XML_BYTES:
        raise ScoreFileTooLarge(
            f"The score is larger than {MAX_XML_BYTES / 1e6:.0f} MB when it is unpacked."
        )
    return unpacked
