"""Damaged copies of good files: what a decoder meets some day, and what an attacker sends."""

from __future__ import annotations

import random
from pathlib import Path

from recordings import clicks, write_recording

FORMATS = (
    "wav", "flac", "ogg", "opus", "mp3", "aiff", "m4a", "aac", "webm", "mkv", "alac", "ts", "avi",
    "wma", "wv", "flv",
)  # fmt: skip
_EDGES = (0, 1, 0x7F, 0x80, 0xFF)
# Most fields that decide over sizes lie at the beginning.
_HEAD_BYTES = 512


def good_files(folder: Path, *, seconds: float = 1.5) -> dict[str, bytes]:
    """A short recording in each format that is taken."""
    sound = clicks(seconds)
    return {
        name: write_recording(folder / f"seed.{name}", sound, format=name).read_bytes()
        for name in FORMATS
    }


def damaged(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """A copy with one to eight kinds of damage: flips, runs, cuts, repeats, lies, transplants."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if not data:
            break
        at = chance.randrange(min(len(data), _HEAD_BYTES) if chance.random() < 0.6 else len(data))
        length = min(chance.choice((1, 2, 4, 8, 64, 1024)), len(data) - at)
        match chance.randrange(7):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + length] = chance.randbytes(length)
            case 2:
                data[at : at + length] = bytes([chance.choice(_EDGES)]) * length
            case 3:
                del data[at : at + length]
            case 4:
                data[at:at] = data[at : at + length] * chance.randint(1, 8)
            case 5:
                del data[at + length :]
            case _:
                other = chance.choice(others)
                start = chance.randrange(len(other))
                data[at : at + length] = other[start : start + length]
    return bytes(data)
