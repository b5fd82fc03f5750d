"""One song in some hundred kinds of files: as programs write them, and odd ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from lab.bench.sound.files import RATE, Sound, mp3, stereo, with_av, with_soundfile

EXACT_MS = 0.5
# LAME's delay of 576 samples stands nowhere in a file without an info frame.
UNNAMED_MP3_MS = 13.1
# Up to this rate cymbals lose much of their sound.
LOW_RATE = 32_000


@dataclass(frozen=True, slots=True)
class Variant:
    """One file.

    expected: (from, to, at): stretches of the song in seconds and where they are heard; none: the
        whole song at 0.
    allowed_ms: how far off it may be.
    is_lossy: whether so much of the sound is taken away (a low rate, four bits a sample, FFmpeg's
        own encoders of Vorbis and the first WMA) that other hits are heard, whoever reads it. Where
        an encoder is weak, bits are given until its sound is not what differs.
    """

    name: str
    suffix: str
    make: Callable[[Sound], bytes]
    allowed_ms: float = EXACT_MS
    expected: tuple[tuple[float, float, float], ...] = ()
    is_lossy: bool = False


def healthy() -> list[Variant]:
    """Files as programs write them."""
    return [
        _sf("wav-u8", ".wav", "WAV", "PCM_U8"),
        _sf("wav-16", ".wav", "WAV", "PCM_16"),
        _sf("wav-24", ".wav", "WAV", "PCM_24"),
        _sf("wav-32", ".wav", "WAV", "PCM_32"),
        _sf("wav-float", ".wav", "WAV", "FLOAT"),
        _sf("wav-double", ".wav", "WAV", "DOUBLE"),
        _sf("wav-alaw", ".wav", "WAV", "ALAW"),
        _sf("wav-ulaw", ".wav", "WAV", "ULAW"),
        _sf("wav-ima", ".wav", "WAV", "IMA_ADPCM"),
        _sf("wav-ms-adpcm", ".wav", "WAV", "MS_ADPCM"),
        _sf("wav-extensible", ".wav", "WAVEX", "PCM_24"),
        _sf("rf64", ".wav", "RF64", "PCM_24"),
        _sf("w64", ".w64", "W64", "PCM_16"),
        _sf("aiff-16", ".aiff", "AIFF", "PCM_16"),
        _sf("aiff-24", ".aif", "AIFF", "PCM_24"),
        _sf("aifc-float", ".aifc", "AIFF", "FLOAT"),
        _sf("caf-16", ".caf", "CAF", "PCM_16"),
        _sf("caf-alac", ".caf", "CAF", "ALAC_16"),
        _sf("au", ".au", "AU", "PCM_16"),
        _sf("au-ulaw", ".au", "AU", "ULAW"),
        _sf("voc", ".voc", "VOC", "PCM_16"),
        _sf("ircam", ".sf", "IRCAM", "PCM_16"),
        _sf("nist", ".nist", "NIST", "PCM_16"),
        _sf("iff-8svx", ".iff", "SVX", "PCM_S8"),
        _sf("flac-16", ".flac", "FLAC", "PCM_16"),
        _sf("flac-24", ".flac", "FLAC", "PCM_24"),
        _sf("ogg-vorbis", ".ogg", "OGG", "VORBIS"),
        _sf("ogg-vorbis-48", ".ogg", "OGG", "VORBIS", rate=48_000),
        _sf("ogg-opus", ".opus", "OGG", "OPUS", rate=48_000),
        _sf("mp3-soundfile", ".mp3", "MP3", "MPEG_LAYER_III"),
        *(
            _sf(f"wav-{rate}", ".wav", "WAV", "PCM_16", rate=rate)
            for rate in (16_000, 22_050, 32_000, 48_000, 88_200, 96_000, 192_000)
        ),
        _sf("flac-96", ".flac", "FLAC", "PCM_24", rate=96_000),
        Variant("flac-stereo", ".flac", lambda s: with_soundfile(stereo(s), "FLAC", "PCM_16")),
        Variant("flac-5.1", ".flac", lambda s: with_av(np.tile(s, (1, 6)), "flac", "flac")),
        Variant("wav-5.1", ".wav", lambda s: with_soundfile(np.tile(s, (1, 6)), "WAVEX", "PCM_16")),
        Variant(
            "wav-16-tracks", ".wav", lambda s: with_soundfile(np.tile(s, (1, 16)), "WAV", "PCM_16")
        ),
        _ff("flac-in-ogg", ".oga", "ogg", "flac"),
        _ff("flac-in-mka", ".mka", "matroska", "flac"),
        _ff("flac-in-mp4", ".mp4", "mp4", "flac", muxing={"strict": "-2"}),
        *(
            Variant(f"mp3-{kbps}", ".mp3", partial(mp3, bit_rate=kbps * 1000))
            for kbps in (64, 128, 320)
        ),
        Variant("mp3-stereo", ".mp3", lambda s: mp3(stereo(s))),
        Variant(
            "mp3-vbr",
            ".mp3",
            lambda s: with_av(
                s,
                "mp3",
                "libmp3lame",
                coding={"compression_level": "5"},
                muxing={"id3v2_version": "4"},
            ),
        ),
        *(
            Variant(
                f"mp3-{rate}",
                ".mp3",
                partial(mp3, rate=rate, bit_rate=64_000),
                is_lossy=rate <= LOW_RATE,
            )
            for rate in (16_000, 22_050, 24_000, 32_000, 48_000)
        ),
        # The encoder's delay, 576 samples, stands nowhere.
        Variant("mp3-no-count", ".mp3", partial(mp3, counted=False), allowed_ms=UNNAMED_MP3_MS),
        _ff("mp3-in-wav", ".wav", "wav", "libmp3lame", bit_rate=128_000, allowed_ms=UNNAMED_MP3_MS),
        _ff(
            "mp3-in-mka",
            ".mka",
            "matroska",
            "libmp3lame",
            bit_rate=128_000,
            allowed_ms=UNNAMED_MP3_MS,
        ),
        _ff("mp3-in-mp4", ".mp4", "mp4", "libmp3lame", bit_rate=128_000, allowed_ms=UNNAMED_MP3_MS),
        _ff(
            "mp3-in-avi",
            ".avi",
            "avi",
            "libmp3lame",
            bit_rate=128_000,
            picture=True,
            allowed_ms=UNNAMED_MP3_MS,
        ),
        _ff("mp3-in-flv", ".flv", "flv", "libmp3lame", bit_rate=128_000, allowed_ms=UNNAMED_MP3_MS),
        _ff("mp2", ".mp2", "mp2", "mp2", bit_rate=384_000),
        _ff("mp2-in-mpg", ".mpg", "mpeg", "mp2", bit_rate=384_000, picture=True),
        _ff("mp2-in-ts", ".ts", "mpegts", "mp2", bit_rate=384_000, picture=True),
        _ff("mp2-in-ts-alone", ".ts", "mpegts", "mp2", bit_rate=384_000),
        _ff("m4a-aac", ".m4a", "ipod", "aac", bit_rate=128_000),
        _ff("m4a-aac-48", ".m4a", "ipod", "aac", rate=48_000, bit_rate=128_000),
        _ff(
            "m4a-fragments",
            ".m4a",
            "ipod",
            "aac",
            bit_rate=128_000,
            muxing={"movflags": "empty_moov+default_base_moof", "frag_duration": "1000000"},
        ),
        _ff(
            "m4a-fragments-listed",
            ".m4a",
            "ipod",
            "aac",
            bit_rate=128_000,
            muxing={"movflags": "delay_moov+frag_keyframe", "frag_duration": "1000000"},
        ),
        _ff(
            "mp4-no-edit-list", ".mp4", "mp4", "aac", bit_rate=128_000, muxing={"use_editlist": "0"}
        ),
        _ff("mp4-film", ".mp4", "mp4", "aac", bit_rate=128_000, picture=True),
        _ff("mov-aac", ".mov", "mov", "aac", bit_rate=128_000, picture=True),
        _ff("mov-pcm", ".mov", "mov", "pcm_s16le"),
        _ff("mov-pcm-24", ".mov", "mov", "pcm_s24be"),
        Variant("mov-no-ftyp", ".mov", _without_ftyp),
        _ff("3gp-aac", ".3gp", "3gp", "aac", bit_rate=128_000),
        _ff("alac", ".m4a", "ipod", "alac"),
        _ff("alac-24", ".m4a", "ipod", "alac", sample_format="s32p"),
        _ff("aac-raw", ".aac", "adts", "aac", bit_rate=128_000),
        _ff("aac-latm", ".loas", "latm", "aac", bit_rate=128_000),
        _ff("aac-in-ts", ".ts", "mpegts", "aac", bit_rate=128_000, picture=True),
        _ff("aac-in-mkv", ".mkv", "matroska", "aac", bit_rate=128_000, picture=True),
        _ff("aac-in-flv", ".flv", "flv", "aac", bit_rate=128_000),
        _ff("aac-in-avi", ".avi", "avi", "aac", bit_rate=128_000, picture=True),
        _ff("opus-in-webm", ".webm", "webm", "libopus", rate=48_000),
        _ff("opus-in-mka", ".mka", "matroska", "libopus", rate=48_000),
        _ff("opus-in-mp4", ".mp4", "mp4", "libopus", rate=48_000),
        _ff("opus-in-ts", ".ts", "mpegts", "libopus", rate=48_000, allowed_ms=6.6),
        Variant(
            "vorbis-in-webm",
            ".webm",
            lambda s: with_av(stereo(s), "webm", "vorbis", coding={"strict": "-2"}),
            is_lossy=True,
        ),
        _ff("ac3", ".ac3", "ac3", "ac3", rate=48_000, bit_rate=192_000),
        _ff("eac3", ".eac3", "eac3", "eac3", rate=48_000, bit_rate=192_000),
        _ff("ac3-in-mkv", ".mkv", "matroska", "ac3", rate=48_000, picture=True),
        _ff("ac3-in-vob", ".vob", "vob", "ac3", rate=48_000, picture=True),
        _ff("wma-2", ".wma", "asf", "wmav2", bit_rate=320_000),
        _ff("wma-1", ".wma", "asf", "wmav1", bit_rate=320_000, is_lossy=True),
        _ff("wavpack", ".wv", "wv", "wavpack", sample_format="s16p"),
        _ff("tta", ".tta", "tta", "tta", sample_format="s16"),
        _ff("avi-pcm", ".avi", "avi", "pcm_s16le", picture=True),
        _ff("mkv-pcm", ".mkv", "matroska", "pcm_s24le"),
        _ff("nut", ".nut", "nut", "pcm_s16le"),
        _ff("wav-ima-ffmpeg", ".wav", "wav", "adpcm_ima_wav"),
    ]


def _without_ftyp(sound: Sound) -> bytes:
    content = with_av(sound, "mov", "pcm_s16le")
    size = int.from_bytes(content[:4], "big")
    # Offsets of the samples stay right: the box becomes an empty one of the same size.
    return content[:4] + b"wide" + content[8:size] + content[size:]


def odd() -> list[Variant]:
    """Files that are odd and not broken; each is to be heard whole."""
    # QuickTime counts the beginnings of tracks in ms.
    late, gap = 1.476, (4.0, 3.0)
    halves = ((0.0, 5.0, 0.0), (5.0, 10.0, 5.0))
    later = ((0.0, 10.0, late),)
    parted = ((0.0, 4.0, 0.0), (4.2, 10.0, 7.2))

    def ff(name: str, suffix: str, muxer: str, codec: str, **more: Any) -> Variant:
        expected = more.pop("expected", ())
        return _ff(name, suffix, muxer, codec, expected=expected, **more)

    def joined(name: str, first: int, second: int, allowed_ms: float = 70.0) -> Variant:
        # The silence at the end of the first part stands nowhere once another one follows.
        return Variant(
            name,
            ".mp3",
            lambda s: mp3(s[: 5 * RATE], rate=first) + mp3(s[5 * RATE :], rate=second),
            allowed_ms,
            halves,
        )

    return [
        *(
            ff(
                f"late-{suffix}",
                f".{suffix}",
                muxer,
                "aac",
                picture=True,
                delay=late,
                expected=later,
                allowed_ms=1.0,
            )
            for suffix, muxer in (
                ("mp4", "mp4"),
                ("mov", "mov"),
                ("mkv", "matroska"),
                ("ts", "mpegts"),
            )
        ),
        ff(
            "gap-mka",
            ".mka",
            "matroska",
            "libopus",
            rate=48_000,
            gap=gap,
            expected=parted,
            allowed_ms=2.0,
        ),
        ff("gap-m4a", ".m4a", "ipod", "aac", gap=gap, expected=parted, allowed_ms=25.0),
        ff(
            "gap-webm",
            ".webm",
            "webm",
            "libopus",
            rate=48_000,
            gap=gap,
            expected=parted,
            allowed_ms=2.0,
        ),
        joined("joined-44-44", 44_100, 44_100),
        joined("joined-44-48", 44_100, 48_000),
        joined("joined-48-22", 48_000, 22_050),
        Variant("chained-opus", ".opus", partial(_chained, kind="OPUS", rate=48_000), 2.0, halves),
        # FFmpeg keeps the padding of the first link, up to a block.
        Variant(
            "chained-vorbis", ".ogg", partial(_chained, kind="VORBIS", rate=RATE), 11.0, halves
        ),
        Variant("piped-flac", ".flac", _piped_flac),
        Variant("piped-wav", ".wav", _piped_wav),
        Variant("two-tags", ".mp3", lambda s: _id3(60) + _id3(70_000) + mp3(s)),
        Variant("text-behind", ".mp3", lambda s: mp3(s) + b"Words of the song. " * 600),
        Variant("hole", ".mp3", _holed, 2.0, ((0.0, 4.5, 0.0), (6.0, 10.0, 6.0))),
        Variant("antiphase", ".mp3", lambda s: mp3(np.concatenate([s, -s], axis=1))),
        ff("silent-first-track", ".mp4", "mp4", "aac", before=True),
    ]


def _sf(
    name: str, suffix: str, kind: str, subtype: str, *, allowed_ms: float = EXACT_MS, **more: Any
) -> Variant:
    return Variant(
        name,
        suffix,
        lambda s: with_soundfile(s, kind, subtype, **more),
        allowed_ms,
        is_lossy=more.get("rate", RATE) <= LOW_RATE or subtype == "MS_ADPCM",
    )


def _ff(
    name: str,
    suffix: str,
    muxer: str,
    codec: str,
    *,
    allowed_ms: float = EXACT_MS,
    expected: tuple[tuple[float, float, float], ...] = (),
    before: bool = False,
    is_lossy: bool = False,
    **more: Any,
) -> Variant:
    """before: a silent track comes first."""

    def make(sound: Sound) -> bytes:
        if before:
            return with_av(0 * sound, muxer, codec, more=(sound,), default=0, **more)
        return with_av(sound, muxer, codec, **more)

    return Variant(name, suffix, make, allowed_ms, expected, is_lossy)


def _chained(sound: Sound, *, kind: str, rate: int) -> bytes:
    middle = len(sound) // 2
    return b"".join(
        with_soundfile(part, "OGG", kind, rate=rate) for part in (sound[:middle], sound[middle:])
    )


def _piped_flac(sound: Sound) -> bytes:
    content = bytearray(with_soundfile(sound, "FLAC", "PCM_16"))
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    return bytes(content)


def _piped_wav(sound: Sound) -> bytes:
    content = bytearray(with_soundfile(sound, "WAV", "PCM_16"))
    content[40:44] = b"\xff\xff\xff\xff"
    return bytes(content)


def _id3(size: int) -> bytes:
    head = b"ID3\x03\0\0" + bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
    return head + (b"APIC" + (size - 10).to_bytes(4, "big") + b"\0\0").ljust(size, b"\xff")


def _holed(sound: Sound) -> bytes:
    content = bytearray(mp3(sound))
    middle = len(content) // 2
    content[middle : middle + 5000] = bytes(5000)
    return bytes(content)
