"""Whether a file is as long as it says, where FFmpeg keeps that to itself: WAV and Ogg.

FFmpeg takes a WAV file that is cut off, or an Ogg file that ends within a page, for one that was
meant to be so.
"""

from __future__ import annotations

from typing import BinaryIO, Final

# Encoders that write into a pipe cannot know the length and put a very large number there, or 0.
_LENGTH_UNKNOWN: Final = 0x7FFF_0000
_MOST_CHUNKS: Final = 1000
_LARGEST_PAGE_BYTES: Final = 65_307  # RFC 3533, section 6


def missing_share(file: BinaryIO) -> float:
    """How much of the samples that a WAV file announces are not there: 0..1; 0 for other files."""
    file.seek(0)
    form = file.read(12)
    if form[:4] not in (b"RIFF", b"RF64", b"BW64") or form[8:] != b"WAVE":
        return 0.0
    end = file.seek(0, 2)
    long_size = 0
    position = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(position)
        header = file.read(8)
        if len(header) < 8:
            break
        name, size = header[:4], int.from_bytes(header[4:], "little")
        if name == b"ds64":
            long_size = int.from_bytes(file.read(16)[8:], "little")
        if name == b"data":
            if size == 0xFFFF_FFFF and long_size:
                size = long_size
            elif size >= _LENGTH_UNKNOWN:
                break
            there = end - position - 8
            return 1.0 - there / size if 0 <= there < size else 0.0
        position += 8 + size + size % 2
    return 0.0


def ends_within_a_page(file: BinaryIO) -> bool:
    """Whether an Ogg file stops in the middle of its last page."""
    file.seek(0)
    if file.read(4) != b"OggS":
        return False
    end = file.seek(0, 2)
    start = max(0, end - 2 * _LARGEST_PAGE_BYTES)
    file.seek(start)
    tail = file.read()
    page = tail.rfind(b"OggS")
    if page < 0:
        return False
    segments = tail[page + 27 : page + 27 + (tail[page + 26] if len(tail) > page + 26 else 0)]
    is_header_whole = len(tail) > page + 26 and len(segments) == tail[page + 26]
    return not is_header_whole or page + 27 + len(segments) + sum(segments) > len(tail)
