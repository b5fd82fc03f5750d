"""Kinds of files that hold sound, and what else a file may be.

One list for everything: which demuxers may be used, what a file is called in a message, which
endings are looked for in a folder. The content decides what a file is, never its name.
"""

from __future__ import annotations

import codecs
from typing import BinaryIO, Final, NoReturn

from drumscribe.errors import NotAudio, TruncatedAudio

HEAD_BYTES: Final = 4096

# FFmpeg's demuxer -> (what people call it, endings in folders). Playlists, scripts, devices and
# formats of games stay outside: a demuxer that is not named here is never used.
_KINDS: Final[dict[str, tuple[str, str]]] = {
    "aac": ("AAC", "aac"),
    "ac3": ("AC-3", "ac3"),
    "aiff": ("AIFF", "aiff aif aifc"),
    "amr": ("AMR", "amr"),
    "ape": ("Monkey's Audio", "ape"),
    "asf": ("WMA", "wma wmv asf"),
    "au": ("AU", "au snd"),
    "avi": ("AVI", "avi"),
    "caf": ("CAF", "caf"),
    "dsf": ("DSF", "dsf"),
    "dts": ("DTS", "dts"),
    "dv": ("DV", "dv"),
    "eac3": ("E-AC-3", "eac3 ec3"),
    "flac": ("FLAC", "flac"),
    "flv": ("FLV", "flv f4v"),
    "gxf": ("GXF", "gxf"),
    "iff": ("IFF", "iff 8svx dff"),
    "ircam": ("IRCAM", "sf ircam"),
    "loas": ("AAC (LATM)", "loas latm"),
    "matroska,webm": ("WebM/Matroska", "webm mkv mka"),
    "mlp": ("MLP", "mlp"),
    "mov,mp4,m4a,3gp,3g2,mj2": ("MP4/M4A", "m4a mp4 m4b m4v m4r mov qt 3gp 3g2"),
    "mp3": ("MP3", "mp3 mp2 mp1 mpga"),
    "mpc": ("Musepack", "mpc mp+"),
    "mpc8": ("Musepack", ""),
    "mpeg": ("MPEG", "mpg mpeg vob m2p"),
    "mpegts": ("MPEG-TS", "ts mts m2ts"),
    "mxf": ("MXF", "mxf"),
    "nistsphere": ("NIST SPHERE", "nist sph"),
    "nut": ("NUT", "nut"),
    "ogg": ("Ogg", "ogg oga opus ogv ogx spx"),
    "oma": ("ATRAC", "oma aa3"),
    "paf": ("PAF", "paf"),
    "qoa": ("QOA", "qoa"),
    "rm": ("RealMedia", "rm ra rmvb"),
    "shn": ("Shorten", "shn"),
    "sox": ("SoX", "sox"),
    "tak": ("TAK", "tak"),
    "truehd": ("TrueHD", "thd"),
    "tta": ("True Audio", "tta"),
    "voc": ("VOC", "voc"),
    "w64": ("W64", "w64"),
    "wav": ("WAV", "wav wave rf64 bw64 bwf"),
    "wtv": ("WTV", "wtv"),
    "wv": ("WavPack", "wv"),
    "xwma": ("xWMA", "xwma"),
}
KIND_OF_DEMUXER: Final = {demuxer: kind for demuxer, (kind, _) in _KINDS.items()}
# Each of the names that a demuxer goes by.
DEMUXERS: Final = ",".join(KIND_OF_DEMUXER)
SUFFIXES: Final = frozenset(
    f".{suffix}" for _, suffixes in _KINDS.values() for suffix in suffixes.split()
)

_OTHER_KINDS: Final = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "a text (RTF)"),
    (b"PK\x03\x04", "a ZIP archive, or a document that is one (Word, MuseScore, GarageBand)"),
    (b"\x1f\x8b", "a compressed archive (gzip), as Ableton Live writes its sets"),
    (b"BZh", "a compressed archive (bzip2)"),
    (b"\xfd7zXZ", "a compressed archive (xz)"),
    (b"7z\xbc\xaf", "a compressed archive (7z)"),
    (b"Rar!", "a compressed archive (RAR)"),
    (b"MThd", "a MIDI file, which holds notes and no sound"),
    (b"SQLite format 3", "a database, as Audacity keeps its projects; export the sound there"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"BCFZ", "a Guitar Pro file, which holds notes and no sound"),
    (b"BCFS", "a Guitar Pro file, which holds notes and no sound"),
    (b"\x18FICHIER GUITAR PRO", "a Guitar Pro file, which holds notes and no sound"),
    (b"IMPM", "a tracker module, which holds notes and samples"),
    (b"Extended Module", "a tracker module, which holds notes and samples"),
    (b"REX2", "a REX loop"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)  # fmt: skip
# What protected recordings carry in their headers: iTunes' and others' in MP4, Audible's.
_PROTECTED: Final = (b"drms", b"drmi", b"enca", b"aavd")
_PROTECTED_WITHIN_BYTES: Final = 1 << 20
_AUDIBLE: Final = b"\x57\x90\x75\x36"


def refuse_other_kinds(head: bytes) -> None:
    """Raise NotAudio for a file whose first bytes tell that it is something else.

    Needs no decoder, so a server can ask before it takes an upload in.
    """
    if not head:
        raise NotAudio("the file is empty")
    for signature, description in _OTHER_KINDS:
        if head.startswith(signature):
            raise NotAudio(f"it is {description}")
    if head[4:12] in (b"ftypheic", b"ftypavif", b"ftypmif1"):
        raise NotAudio("it is a picture (HEIC or AVIF)")
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"RMID", b"sfbk"):
        what = {b"WEBP": "a picture (WebP)", b"RMID": "a MIDI file, which holds notes and no sound"}
        raise NotAudio(f"it is {what.get(head[8:12], 'a SoundFont')}")
    if head[:128].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise NotAudio("it is a web page, not the recording behind it")
    if _looks_like_text(head):
        raise NotAudio("it is text")


def refuse_unreadable(file: BinaryIO) -> NoReturn:
    """Say what a file is that FFmpeg cannot read.

    Raises NotAudio, or TruncatedAudio for one that is cut off before its index.
    """
    file.seek(0)
    head = file.read(_PROTECTED_WITHIN_BYTES)
    refuse_other_kinds(head[:HEAD_BYTES])
    if head[4:8] == _AUDIBLE or any(mark in head for mark in _PROTECTED):
        raise NotAudio(
            "it is protected against copying (DRM); only the shop's own player can read it"
        )
    if head[4:8] == b"ftyp" and b"moov" not in head and b"moof" not in head:
        file.seek(-min(file.seek(0, 2), _PROTECTED_WITHIN_BYTES), 2)
        if b"moov" not in file.read():
            raise TruncatedAudio(
                "the index of the MP4/M4A file, which stands at its end, is missing, and without "
                "it nothing can be read. Was it copied or downloaded completely?"
            )
    kind = begins_like(head)
    if kind is not None:
        raise NotAudio(f"it begins like {kind}, but there is nothing in it that can be read")
    raise NotAudio("its content is no known kind of recording")


_BEGINNINGS: Final = (
    (b"RIFF", "WAV"), (b"RF64", "WAV"), (b"BW64", "WAV"), (b"fLaC", "FLAC"), (b"OggS", "Ogg"),
    (b"ID3", "MP3"), (b"FORM", "AIFF"), (b"\x1a\x45\xdf\xa3", "WebM/Matroska"), (b"caff", "CAF"),
    (b"\x30\x26\xb2\x75", "WMA"), (b".snd", "AU"), (b"riff", "W64"),
)  # fmt: skip


def begins_like(head: bytes) -> str | None:
    """The kind of recording that begins with these bytes, whatever comes behind; None: no known."""
    return next((kind for signature, kind in _BEGINNINGS if head.startswith(signature)), None)


def _looks_like_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        # Incrementally, as the last character may be cut in two.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
