"""Files made to exhaust or mislead a decoder are refused, or heard, within small limits."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from typing import Final

import pytest

from recordings import clicks, write_recording

MEMORY_BYTES: Final = 1 << 30
CPU_SECONDS: Final = 120
MIB: Final = 1 << 20

# The child that meets them all: address space and CPU time are what the system allows it.
CHILD: Final = f"""
import json, resource, sys
from pathlib import Path
from drumscribe.audio.decode import DecodeLimits, decode
from drumscribe.errors import DrumScribeError
from drumscribe.pipeline.context import LocalContext
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY_BYTES}, {MEMORY_BYTES}))
resource.setrlimit(resource.RLIMIT_CPU, ({CPU_SECONDS}, {CPU_SECONDS}))
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        with LocalContext() as context:
            found = decode(path, context=context, limits=DecodeLimits(max_seconds=60))
        outcome = "heard"
        if found.audio.duration_seconds > 61:
            outcome = f"{{found.audio.duration_seconds:g}} seconds"
    except DrumScribeError as error:
        outcome = error.code
    except MemoryError:
        outcome = "decoder_limit_exceeded"  # as the service's child calls it
    except BaseException as error:
        outcome = repr(error)
    print(json.dumps([path.name, outcome]), flush=True)
"""

REFUSED_OR_HEARD: Final = {
    "heard", "not_audio", "truncated_audio", "audio_too_long", "audio_too_short",
    "sample_rate_too_low", "silent_audio", "invalid_samples", "decoder_limit_exceeded",
}  # fmt: skip


def chunk(name: bytes, content: bytes, size: int | None = None, *, order: str = "<") -> bytes:
    """A chunk of RIFF (or of FORM with order ">"), which may lie about its size."""
    return name + struct.pack(f"{order}I", len(content) if size is None else size) + content


def wav(*, channels: int = 1, rate: int = 44_100, align: int = 2, bits: int = 16) -> bytes:
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * align & 0xFFFFFFFF, align, bits)
    return b"RIFF\xff\xff\xff\xffWAVE" + chunk(b"fmt ", form)


def aiff(*, frames: int = 1000, rate: bytes = b"\x40\x0e\xac\x44" + bytes(6)) -> bytes:
    common = struct.pack(">hIh", 1, frames, 16) + rate
    sound = chunk(b"SSND", bytes(8 + 2000), order=">")
    return b"FORM\0\0\xff\xffAIFF" + chunk(b"COMM", common, order=">") + sound


def atom(name: bytes, content: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", 8 + len(content) if size is None else size) + name + content


def ebml(name: bytes, content: bytes, size: bytes | None = None) -> bytes:
    """An element of Matroska; size: its coded size, if it lies."""
    coded = struct.pack(">Q", len(content) | 1 << 56) if size is None else size
    return name + coded + content


def matroska_bomb() -> bytes:
    """Blocks that are zlib's: 9 kB that unpack to 9 MB, 400 times: eleven hours of silence."""
    packed = zlib.compress(bytes(9 * MIB), 9)
    encoding = ebml(b"\x62\x40", ebml(b"\x50\x34", ebml(b"\x42\x54", b"\0")))
    track = ebml(
        b"\xae",
        ebml(b"\xd7", b"\x01")
        + ebml(b"\x73\xc5", b"\x01")
        + ebml(b"\x83", b"\x02")
        + ebml(b"\x86", b"A_PCM/INT/LIT")
        + ebml(b"\xe1", ebml(b"\xb5", struct.pack(">d", 44_100.0)) + ebml(b"\x9f", b"\x01"))
        + ebml(b"\x6d\x80", encoding),
    )
    blocks = b"".join(
        ebml(b"\xa3", b"\x81" + struct.pack(">hB", n, 0) + packed) for n in range(400)
    )
    head = ebml(b"\x1a\x45\xdf\xa3", ebml(b"\x42\x82", b"matroska"))
    cluster = ebml(b"\x1f\x43\xb6\x75", ebml(b"\xe7", b"\0") + blocks)
    return head + ebml(b"\x18\x53\x80\x67", ebml(b"\x16\x54\xae\x6b", track) + cluster)


def page(content: bytes, *, serial: int = 1, granule: int = 0, flags: int = 0) -> bytes:
    """A page of Ogg; its check sum is wrong, which FFmpeg does not mind."""
    lacing = bytes([255] * (len(content) // 255) + [len(content) % 255])
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, serial, 0, 0, len(lacing))
    return head + lacing + content


def opus_head(channels: int, family: int) -> bytes:
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, channels, 312, 48_000, 0, family)
    return head + (struct.pack("<BB", channels, 0) + bytes(range(channels)) if family else b"")


def nested(levels: int, name: bytes) -> bytes:
    content = b""
    for _ in range(levels):
        content = atom(name, content)
    return content


def mp4_tables(seed: bytes) -> bytes:
    """All tables of a good file announce four thousand million entries."""
    data = bytearray(seed)
    for name in (b"stts", b"stsz", b"stsc", b"stco"):
        at = data.find(name)
        data[at + 8 : at + 12] = b"\xff" * 4
        if name == b"stsz":
            data[at + 12 : at + 16] = b"\xff" * 4
    return bytes(data)


def mp4_elsewhere(seed: bytes) -> bytes:
    """The sound is said to lie in another file of this machine."""
    at = seed.find(b"url \0\0\0\x01") - 4
    other = atom(b"url ", b"\0\0\0\0file:///etc/passwd\0")
    return seed[:at] + other[: len(seed) - at] + seed[at + 12 :]


def with_bytes(seed: bytes, at: int, new: bytes) -> bytes:
    return seed[:at] + new + seed[at + len(new) :]


def flac_bomb(seed: bytes) -> bytes:
    """One frame of silence, said 200,000 times: nine hours in two megabytes."""
    first = seed.find(b"\xff\xf8")
    second = seed.find(b"\xff\xf8", first + 2)
    return seed[:first] + seed[first:second] * 200_000


SYNCSAFE_256_MIB: Final = b"\x7f\x7f\x7f\x7f"

SOUND: Final = chunk(b"data", bytes(9999))

HOSTILE: Final[dict[str, Callable[[dict[str, bytes]], bytes]]] = {
    "wav-65535-channels": lambda _: wav(channels=65_535, align=65_534) + SOUND,
    "wav-four-gigahertz": lambda _: wav(rate=0xFFFF_FFFF) + SOUND,
    "wav-rate-0": lambda _: wav(rate=0) + SOUND,
    "wav-block-of-0": lambda _: wav(align=0, bits=0) + SOUND,
    "wav-four-gigabytes": lambda _: wav() + chunk(b"data", bytes(9999), 0xFFFF_FFF0),
    "wav-chunks": lambda _: wav() + chunk(b"junk", b"") * 200_000 + SOUND,
    "rf64-huge": lambda _: (
        b"RF64\xff\xff\xff\xffWAVE"
        + chunk(b"ds64", struct.pack("<QQQI", 1 << 63, 1 << 63, 1 << 63, 0))
        + wav()[12:]
        + chunk(b"data", bytes(9999), 0xFFFF_FFFF)
    ),
    "w64-chunk-of-0": lambda _: b"riff" + bytes(12) + bytes(8) + bytes(4096),
    "aiff-frames": lambda _: aiff(frames=0xFFFF_FFFF),
    "aiff-rate-infinite": lambda _: aiff(rate=b"\x7f\xff" + bytes(8)),
    "au-offset": lambda _: (
        b".snd" + struct.pack(">IIIII", 0xFFFF_FFFF, 9, 3, 44_100, 1) + bytes(99)
    ),
    "caf-negative": lambda s: with_bytes(s["caf"], 12, struct.pack(">q", -(1 << 62))),
    "flac-for-hours": lambda s: flac_bomb(s["silent-flac"]),
    "flac-picture": lambda s: b"fLaC\x06\xff\xff\xff" + s["flac"],
    "mp3-tag-of-256-mib": lambda s: b"ID3\x04\0\0" + SYNCSAFE_256_MIB + s["mp3"],
    "mp3-tags": lambda s: b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) * 100_000 + s["mp3"],
    "mp3-info-frames": lambda s: s["mp3"][:500] * 20_000,
    "ogg-streams": lambda _: b"".join(
        page(opus_head(2, 0), serial=n, flags=2) for n in range(20_000)
    ),
    "ogg-granule": lambda s: s["opus"] + page(bytes(50), granule=(1 << 63) - 1, flags=4),
    "opus-255-channels": lambda _: (
        page(opus_head(255, 255), flags=2) + page(b"OpusTags" + bytes(8))
    ),
    "mp4-nested": lambda _: atom(b"ftyp", b"M4A \0\0\0\0") + nested(20_000, b"moov"),
    "mp4-tables": lambda s: mp4_tables(s["m4a"]),
    "mp4-elsewhere": lambda s: mp4_elsewhere(s["m4a"]),
    "mp4-atom-of-16-eib": lambda s: s["m4a"][:32] + struct.pack(">I4sQ", 1, b"moov", (1 << 64) - 1),
    "mkv-bomb": lambda _: matroska_bomb(),
    "mkv-nested": lambda _: (
        ebml(b"\x1a\x45\xdf\xa3", ebml(b"\x42\x82", b"matroska"))
        + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" * 20_000
    ),
    "avi-rate-of-0": lambda s: s["avi"].replace(
        s["avi"][s["avi"].find(b"strh") + 28 : s["avi"].find(b"strh") + 36], bytes(8)
    ),
    "asf-packets-of-0": lambda s: s["wma"][:1200] + bytes(99_999),
    "voc-for-ever": lambda _: (
        b"Creative Voice File\x1a\x1a\0\x0a\x01\x29\x11"
        + b"\x01\x66\0\0\xd2\0"
        + bytes(100)
        + b"\x06\x02\0\0\xff\xff"
        + b"\x07\0\0\0" * 50_000
    ),
    "ts-programs": lambda s: s["ts"][:188] * 50_000,
    "tta-frames": lambda _: b"TTA1" + struct.pack("<HHHIII", 1, 2, 16, 44_100, 0xFFFF_FFFF, 0),
    "ape-frames": lambda _: (
        b"MAC " + struct.pack("<HHIII", 3990, 0, 52, 24, 0xFFFF_FFFF) + bytes(99)
    ),
    "dsf-channels": lambda _: (
        b"DSD " + struct.pack("<QQQ", 28, 1 << 40, 0) + b"fmt "
        + struct.pack("<QIIIIIIQII", 52, 1, 0, 7, 0xFFFF, 2_822_400, 1, 1 << 60, 1 << 31, 0)
        + b"data" + struct.pack("<Q", 1 << 60) + bytes(999)
    ),
    "playlist.m3u8": lambda _: b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n",
    "script.ffconcat": lambda _: b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    "sdp": lambda _: b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("seeds")
    kinds = ("flac", "mp3", "opus", "m4a", "mkv", "avi", "wma", "ts", "caf")
    sound = clicks(1.5)
    made = {
        kind: write_recording(folder / f"seed.{kind}", sound, format=kind).read_bytes()
        for kind in kinds
    }
    silent = write_recording(folder / "silent.flac", 0 * sound, format="flac")
    return {**made, "silent-flac": silent.read_bytes()}


@pytest.fixture(scope="module")
def outcomes(seeds: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each file in a child with little memory and CPU time."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(make(seeds))
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)], capture_output=True, text=True, check=False
    )
    return dict(json.loads(line) for line in child.stdout.splitlines())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_or_heard_within_the_limits(
    name: str, outcomes: dict[str, str]
) -> None:
    assert outcomes.get(name, "the child died") in REFUSED_OR_HEARD


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("flac-for-hours", "audio_too_long"),
        ("mkv-bomb", "audio_too_long"),
        ("mkv-nested", "not_audio"),
        ("mp4-elsewhere", "not_audio"),
        ("playlist.m3u8", "not_audio"),
        ("script.ffconcat", "not_audio"),
        ("sdp", "not_audio"),
    ],
)
def test_bombs_and_what_points_elsewhere_are_refused(
    name: str, outcome: str, outcomes: dict[str, str]
) -> None:
    assert outcomes[name] == outcome
