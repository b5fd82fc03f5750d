"""What stands in and between the frames of MP3 files: info frames, tags, the bit reservoir.

Encoders put an info frame first; where files are joined, one stands in the middle, too. Layout:
Xing's magic word, flags, frames, bytes, table, quality; then LAME's extension
(gabriel.mp3-tech.org/mp3infotag). The frame header: ISO/IEC 11172-3, 2.4.1.3 and 2.4.1.7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_MAGIC_WORDS: Final = (b"Xing", b"Info")
# Bytes of each field, if its flag is set, in order.
_FIELDS: Final = ((1, 4), (2, 4), (4, 100), (8, 4))
_DELAY_AT: Final = 21  # behind the beginning of LAME's extension
# Samples by which every decoder of layer III is late: 528 + 1, as LAME counts them.
DECODER_DELAY: Final = 529
# What a frame can ask back for, at most: 9 bits.
RESERVOIR_BYTES: Final = 511


@dataclass(frozen=True, slots=True)
class InfoFrame:
    """frames: announced, None if not. delay_samples: of encoder and decoder, None if not told."""

    frames: int | None
    delay_samples: int | None


def info_frame(data: bytes) -> InfoFrame | None:
    """The info frame in some bytes of an MP3 file, or None."""
    at = max(data.find(word) for word in _MAGIC_WORDS)
    if at < 0 or len(data) < at + 8:
        return _vbri(data)
    flags = int.from_bytes(data[at + 4 : at + 8], "big")
    position = at + 8
    frames = None
    for flag, size in _FIELDS:
        if flags & flag:
            if flag == 1:
                frames = int.from_bytes(data[position : position + size], "big")
            position += size
    extension = data[position : position + _DELAY_AT + 3]
    delay = None
    if len(extension) == _DELAY_AT + 3 and extension[:4].isalnum():
        delay = (int.from_bytes(extension[_DELAY_AT:], "big") >> 12) + DECODER_DELAY
    return InfoFrame(frames, delay)


def _vbri(data: bytes) -> InfoFrame | None:
    at = data.find(b"VBRI")
    if at < 0 or len(data) < at + 18:
        return None
    return InfoFrame(int.from_bytes(data[at + 14 : at + 18], "big"), None)


def without_tags(data: bytes) -> bytes:
    """What stands behind the tags at the beginning of some bytes."""
    while size := _tag_bytes(data):
        data = data[size:]
    return data


def _tag_bytes(data: bytes) -> int:
    """How long the tag is that begins here; 0 if none does."""
    if data.startswith(b"ID3") and len(data) >= 10:
        # Seven bits in each of four bytes; a flag announces ten more bytes at the end.
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 0x7F
        return 10 + size + (10 if data[5] & 0x10 else 0)
    if data.startswith(b"TAG"):
        return 128
    if data.startswith(b"APETAGEX") and len(data) >= 32:
        return 32 + int.from_bytes(data[12:16], "little")
    return 0


def reservoir(frame: bytes) -> tuple[int, int]:
    """(bytes that a frame of layer III needs of those before it, bytes that it gives)."""
    if len(frame) < 6:
        return 0, 0
    is_first_version = frame[1] >> 3 & 3 == 3
    is_mono = frame[3] >> 6 == 3
    check = 0 if frame[1] & 1 else 2
    start = 4 + check
    back = int.from_bytes(frame[start : start + 2].ljust(2, b"\0"), "big")
    if is_first_version:
        return back >> 7, max(0, len(frame) - start - (17 if is_mono else 32))
    return back >> 8, max(0, len(frame) - start - (9 if is_mono else 17))
