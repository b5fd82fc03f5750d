"""MPEG audio (MP3) frame by frame, headers only: how long it really is, and whether it is whole.

Layouts: ISO/IEC 11172-3 section 2.4.2.3 and 13818-3 for the frame header; the Xing/Info header
as its encoders write it (a magic word, flags, frame count, byte count).
"""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from typing import Final

Bytes = bytes | mmap.mmap

# kbit/s by the index in the header; 0 is "free format", which nobody writes.
_BITRATES_1_LAYER2: Final = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
_BITRATES_1_LAYER3: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES_1: Final = (44_100, 48_000, 32_000)

# How far to look for the next frame where rubbish stands between two.
_RESYNC_BYTES: Final = 65_536
# Info headers count with or without themselves; encoders differ by a frame or two.
_COUNT_TOLERANCE: Final = 4


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """What the four bytes at the beginning of a frame say."""

    version: int  # 1 = MPEG-1; 2 = MPEG-2; 3 = MPEG-2.5
    layer: int
    sample_rate: int
    channels: int
    samples: int
    size_bytes: int

    def is_like(self, other: FrameHeader) -> bool:
        """True if both can stand in one stream."""
        mine = (self.version, self.layer, self.sample_rate)
        return mine == (other.version, other.layer, other.sample_rate)


@dataclass(frozen=True, slots=True)
class Mp3Scan:
    """A stream of MPEG audio frames.

    frames: whole audio frames that are there (an info frame not counted).
    announced_frames: how many the encoder has written down, None if it has not.
    ends_inside_frame: True if the file stops in the middle of a frame.
    """

    first: FrameHeader
    frames: int
    announced_frames: int | None
    ends_inside_frame: bool

    @property
    def duration_seconds(self) -> float:
        return self.frames * self.first.samples / self.first.sample_rate

    @property
    def announced_seconds(self) -> float | None:
        if self.announced_frames is None:
            return None
        return self.announced_frames * self.first.samples / self.first.sample_rate

    @property
    def is_truncated(self) -> bool:
        """True if frames are missing for certain.

        Without the encoder's count only a broken last frame can tell; a cut that falls exactly
        between two frames leaves no trace.
        """
        if self.announced_frames is None:
            return self.ends_inside_frame
        return self.announced_frames - self.frames > _COUNT_TOLERANCE


def frame_header(data: Bytes, position: int) -> FrameHeader | None:
    """The MPEG audio frame header (layer II or III) at that position, or None."""
    four = data[position : position + 4]
    if len(four) < 4 or four[0] != 0xFF or four[1] & 0xE0 != 0xE0:
        return None
    version = {0b00: 3, 0b10: 2, 0b11: 1}.get(four[1] >> 3 & 0b11)
    layer = {0b01: 3, 0b10: 2}.get(four[1] >> 1 & 0b11)
    bitrate_index, rate_index = four[2] >> 4, four[2] >> 2 & 0b11
    if version is None or layer is None or bitrate_index in (0, 15) or rate_index == 3:
        return None
    if version > 1:
        bitrates = _BITRATES_2
    else:
        bitrates = _BITRATES_1_LAYER3 if layer == 3 else _BITRATES_1_LAYER2
    sample_rate = _SAMPLE_RATES_1[rate_index] >> (version - 1)
    samples = 576 if layer == 3 and version > 1 else 1152
    padding = four[2] >> 1 & 1
    size_bytes = samples // 8 * bitrates[bitrate_index] * 1000 // sample_rate + padding
    channels = 1 if four[3] >> 6 == 0b11 else 2
    return FrameHeader(version, layer, sample_rate, channels, samples, size_bytes)


def find_first_frame(data: Bytes, start: int) -> int | None:
    """Where the first frame begins that is followed by another of its kind."""
    position = start
    limit = min(len(data), start + _RESYNC_BYTES)
    while (position := data.find(b"\xff", position, limit)) >= 0:
        header = frame_header(data, position)
        if header is not None:
            following = frame_header(data, position + header.size_bytes)
            if following is not None and header.is_like(following):
                return position
        position += 1
    return None


def scan(data: Bytes, start: int) -> Mp3Scan | None:
    """Walk all frames from start on; None if there is no stream of frames."""
    position = find_first_frame(data, start)
    if position is None:
        return None
    first = frame_header(data, position)
    assert first is not None
    announced = _announced_frames(data[position : position + first.size_bytes], first)
    if announced is not None:
        position += first.size_bytes
    size = len(data)
    frames = 0
    ends_inside_frame = False
    while position < size:
        header = frame_header(data, position)
        if header is None or not header.is_like(first):
            resumed = find_first_frame(data, position)
            if resumed is None:
                break
            position = resumed
            continue
        if position + header.size_bytes > size:
            ends_inside_frame = True
            break
        frames += 1
        position += header.size_bytes
    return Mp3Scan(first, frames, announced, ends_inside_frame)


def _announced_frames(frame: bytes, header: FrameHeader) -> int | None:
    """The frame count of a Xing, Info or VBRI header inside the first frame, or None."""
    if header.version == 1:
        side_info_bytes = 17 if header.channels == 1 else 32
    else:
        side_info_bytes = 9 if header.channels == 1 else 17
    xing = 4 + side_info_bytes
    if frame[xing : xing + 4] in (b"Xing", b"Info"):
        has_count = int.from_bytes(frame[xing + 4 : xing + 8], "big") & 1
        return int.from_bytes(frame[xing + 8 : xing + 12], "big") if has_count else None
    if frame[36:40] == b"VBRI":
        return int.from_bytes(frame[50:54], "big")
    return None
