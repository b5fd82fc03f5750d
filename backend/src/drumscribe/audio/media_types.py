"""What a recording is called on the web, by its first bytes."""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "application/octet-stream"

# Types that browsers and players know, registered or in common use. Never anything that a browser
# runs or draws: the files are strangers'.
_BEGINNINGS: Final = (
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"caff", "audio/x-caf"),
    (b".snd", "audio/basic"),
    (b"wvpk", "audio/x-wavpack"),
    (b"\x30\x26\xb2\x75", "audio/x-ms-wma"),
)
_WITHIN_RIFF: Final = {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_WITHIN_FORM: Final = {b"AIFF": "audio/aiff", b"AIFC": "audio/aiff"}
_BRANDS: Final = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime"}
# Where EBML's header names the kind of document, it does so at once.
_EBML_WITHIN_BYTES: Final = 64


def media_type_of(head: bytes) -> str:
    """The media type of a file that begins so; UNKNOWN for what browsers have no word for."""
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return _WITHIN_RIFF.get(head[8:12], UNKNOWN)
    if head[:4] == b"FORM":
        return _WITHIN_FORM.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"\x1a\x45\xdf\xa3":
        is_webm = b"webm" in head[:_EBML_WITHIN_BYTES]
        return "video/webm" if is_webm else "video/x-matroska"
    for signature, media_type in _BEGINNINGS:
        if head.startswith(signature):
            return media_type
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # Frames of MPEG sound; of AAC, where the two bits of the layer are 0.
        return "audio/aac" if head[1] & 0x06 == 0 else "audio/mpeg"
    return UNKNOWN
