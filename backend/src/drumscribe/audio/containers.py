"""Which kind of file this is, by its content, and whether it is as long as it says.

A name or a MIME type is never asked. Only kinds that are known here go on to a decoder, so that
playlists or scripts in disguise never reach one.
"""

from __future__ import annotations

import codecs
import mmap
from enum import StrEnum
from typing import BinaryIO, Final, Literal

from drumscribe.audio.mp3_frames import Mp3Scan, find_first_frame, scan
from drumscribe.errors import NotAudio

_HEAD_BYTES: Final = 4096
# Encoders that write into a pipe cannot know the length and put a very large number there.
_LENGTH_UNKNOWN: Final = 0x7FFF_0000
# A stereo sample or a padding byte less is nobody's loss.
_MISSING_TOLERANCE_BYTES: Final = 4096


class Container(StrEnum):
    """Kinds of files that can hold a recording."""

    WAV = "WAV"
    AIFF = "AIFF"
    FLAC = "FLAC"
    MP3 = "MP3"
    OGG = "Ogg"
    MP4 = "MP4/M4A"
    MATROSKA = "WebM/Matroska"
    AAC = "AAC"
    CAF = "CAF"
    AU = "AU"
    W64 = "W64"
    ASF = "WMA"


_OTHER_KINDS: Final = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a compressed archive (gzip)"),
    (b"7z\xbc\xaf", "a compressed archive (7z)"),
    (b"Rar!", "a compressed archive (RAR)"),
    (b"MThd", "a MIDI file, which holds notes and no sound"),
)


def sniff(file: BinaryIO) -> Container:
    """The kind of file, by its first bytes; raises NotAudio with what it looks like instead."""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if not head:
        raise NotAudio("the file is empty")
    start = id3_size(head)
    if start:
        file.seek(start)
        head = file.read(_HEAD_BYTES)
    container = _by_signature(head)
    if container is not None:
        return container
    for signature, description in _OTHER_KINDS:
        if head.startswith(signature):
            raise NotAudio(f"it is {description}")
    file.seek(start)
    # Two frames of MPEG audio in a row, perhaps behind some padding.
    if find_first_frame(file.read(_HEAD_BYTES * 16), 0) is not None:
        return Container.MP3
    if start:
        raise NotAudio("there is a title tag as MP3 files have it, but no sound behind it")
    if _looks_like_text(head):
        raise NotAudio("it is text")
    raise NotAudio("its content is no known kind of recording")


def _by_signature(head: bytes) -> Container | None:
    form = head[8:12]
    if head[:4] in (b"RIFF", b"RF64") and form == b"WAVE":
        return Container.WAV
    if head[:4] == b"FORM" and form in (b"AIFF", b"AIFC"):
        return Container.AIFF
    if head[4:8] == b"ftyp":
        return Container.MP4
    # ADTS: twelve bits of sync, layer 0.
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return Container.AAC
    signatures = {
        b"fLaC": Container.FLAC,
        b"OggS": Container.OGG,
        b"\x1a\x45\xdf\xa3": Container.MATROSKA,
        b"caff": Container.CAF,
        b".snd": Container.AU,
        b"riff": Container.W64,
        b"\x30\x26\xb2\x75": Container.ASF,
    }
    return signatures.get(head[:4])


def id3_size(head: bytes) -> int:
    """How many bytes an ID3v2 tag takes at the beginning of the file; 0 without one."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    # Seven bits in each of four bytes; a flag announces ten more at the end.
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _looks_like_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        # Incrementally, as the last character may be cut in two.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def scan_mp3(file: BinaryIO) -> Mp3Scan | None:
    """Walk the frames of an MP3 file; None if there are none."""
    file.seek(0)
    start = id3_size(file.read(10))
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return scan(data, start)


def missing_bytes(file: BinaryIO, container: Container) -> int:
    """How many bytes less the file has than its own structure announces; 0 if it is whole.

    Knows WAV, AIFF (the sample chunk), MP4 (the boxes), Ogg (the last page). FLAC and the others
    announce samples, not bytes: there the decoder has to tell.
    """
    file.seek(0, 2)
    size = file.tell()
    match container:
        case Container.WAV:
            missing = _chunk_end(file, b"data", "little") - size
        case Container.AIFF:
            missing = _chunk_end(file, b"SSND", "big") - size
        case Container.MP4:
            return max(0, _boxes_end(file, size) - size)
        case Container.OGG:
            return max(0, _last_page_end(file, size) - size)
        case _:
            return 0
    return missing if missing > _MISSING_TOLERANCE_BYTES else 0


def _chunk_end(file: BinaryIO, name: bytes, order: Literal["little", "big"]) -> int:
    """Where the chunk of that name should end in a RIFF or IFF file; 0 if it does not say so."""
    file.seek(0)
    is_rf64 = file.read(4) == b"RF64"
    size_64 = 0
    file.seek(12)
    while len(header := file.read(8)) == 8:
        chunk, size = header[:4], int.from_bytes(header[4:], order)
        if chunk == b"ds64":
            size_64 = int.from_bytes(file.read(16)[8:], "little")
            file.seek(-16, 1)
        if chunk == name:
            if is_rf64 and size_64:
                return file.tell() + size_64
            return file.tell() + size if size < _LENGTH_UNKNOWN else 0
        file.seek(size + size % 2, 1)
    return 0


def _boxes_end(file: BinaryIO, size: int) -> int:
    """Where the last top-level box of an MP4 file should end."""
    position = 0
    has_index = False
    while position < size:
        file.seek(position)
        header = file.read(16)
        if len(header) < 8:
            return position + 8
        box_size, box = int.from_bytes(header[:4], "big"), header[4:8]
        if box_size == 1:
            box_size = int.from_bytes(header[8:16], "big")
        if box_size == 0:
            return size  # "up to the end of the file"
        if box_size < 8:
            return 0  # Rubbish behind the last box.
        has_index = has_index or box == b"moov"
        position += box_size
    # Without its index (moov, often written last) nothing can be read: a file cut between boxes.
    return position if has_index else max(position, size + 1)


def _last_page_end(file: BinaryIO, size: int) -> int:
    """Where the last page of an Ogg file should end (RFC 3533, section 6)."""
    tail_bytes = min(size, 2 * 65_536)  # A page has at most 65307 bytes.
    file.seek(size - tail_bytes)
    tail = file.read(tail_bytes)
    page = tail.rfind(b"OggS")
    if page < 0:
        return 0
    count_at = page + 26
    if count_at >= len(tail):
        return size + 1
    segments = tail[count_at + 1 : count_at + 1 + tail[count_at]]
    end = size - tail_bytes + count_at + 1 + tail[count_at] + sum(segments)
    return max(end, size + 1) if len(segments) < tail[count_at] else end
