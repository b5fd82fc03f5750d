"""A recording opened by FFmpeg's libraries: its tracks, and the pieces of sound in one of them.

One reader for every kind of file. What cannot be decoded is stepped over and told; the rest comes
with its time. The content decides: FFmpeg's own probing finds the demuxer, among those of kinds.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from drumscribe.audio.endings import ends_within_a_page, missing_share
from drumscribe.audio.kinds import DEMUXERS, KIND_OF_DEMUXER, refuse_unreadable
from drumscribe.audio.mpeg_info import (
    DECODER_DELAY,
    RESERVOIR_BYTES,
    InfoFrame,
    info_frame,
    reservoir,
    without_tags,
)
from drumscribe.errors import NotAudio

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container.input import InputContainer
    from av.packet import Packet

    AudioPacket = Packet[AudioStream]

# A demuxer that fails this often in a row, without a packet in between, has nothing more to give.
_MOST_FAILURES: Final = 8

# What decoders delay their sound by, in samples, for files that do not name it; by how much the
# encoder has delayed it before, nobody can know. Layers II and III: their filter bank (481) and
# overlap; AC-3: half a block of its transform.
_DELAYS: Final = {
    "mp3": DECODER_DELAY,
    "mp3float": DECODER_DELAY,
    "mp2": 481,
    "mp2float": 481,
    "ac3": 256,
    "eac3": 256,
}
# Here it is one frame, which overlaps with nothing.
_DELAYED_BY_A_FRAME: Final = frozenset({"aac", "aac_latm", "wmav1", "wmav2"})

# Their frames carry check sums; without a look at those, damage comes out as full-scale noise.
_CHECKED: Final = frozenset({"flac", "mlp", "tak", "truehd", "tta", "wavpack"})

# The durations that these demuxers give stand in the file; others guess from bit rates.
_ANNOUNCING: Final = frozenset(
    {
        "aiff", "ape", "asf", "au", "caf", "dsf", "flac", "iff", "matroska,webm",
        "mov,mp4,m4a,3gp,3g2,mj2", "mpc", "mpc8", "tak", "tta", "w64", "wav", "wv",
    }
)  # fmt: skip
# Clocks of these count on while there is no sound.
_PAUSING: Final = frozenset(
    {
        "asf", "avi", "flv", "gxf", "matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2", "mpeg", "mpegts",
        "mxf", "nut", "rm", "wtv",
    }
)  # fmt: skip
# Streams of frames without a clock. FFmpeg counts each lump between two frames as one frame.
_CLOCKLESS: Final = frozenset({"aac", "ac3", "dts", "eac3", "loas", "mp3"})
# An info frame lies within so much before the first frame of sound.
_INFO_WITHIN_BYTES: Final = 4096
# Up to the end of its delays, whatever the version and the number of channels.
_INFO_FRAME_BYTES: Final = 192


@dataclass(frozen=True, slots=True)
class Track:
    """One of the tracks of sound in a file. number: from 1."""

    number: int
    codec: str
    sample_rate: int
    channels: int
    is_default: bool
    language: str | None
    title: str | None

    def __str__(self) -> str:
        said = ", ".join(word for word in (self.title, self.language) if word)
        return f"{self.number} ({said})" if said else f"{self.number}"


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Sound that was decoded.

    samples: (n, channels) float32. places: of the channels, as FFmpeg names them ("FL", ...).
    at_seconds: when it is heard, from the beginning of the file; None: right after the last one.
    clock_seconds: how finely the file's clock counts.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    places: tuple[str, ...]
    at_seconds: float | None
    clock_seconds: float


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that could not be decoded stood here."""


class Recording:
    """An open file, as a context manager; raises NotAudio if there is no sound in it.

    kind: of file, for messages.
    may_pause: True if files of this kind can leave out sound on purpose.
    ends_abruptly: True if the file stops in the middle of something.
    announced_seconds: how long the file says it is; None where only decoding can tell. Known for
        certain when a track has been read.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._missing_share = missing_share(file)
        self.ends_abruptly = ends_within_a_page(file)
        self._opened = _open(file)
        self.kind = KIND_OF_DEMUXER[self._opened.format.name]
        self._streams = {
            track.number: stream
            for number, stream in enumerate(self._opened.streams.audio, start=1)
            if (track := _track(number, stream)) is not None
        }
        self.tracks = tuple(
            track for number, stream in self._streams.items() if (track := _track(number, stream))
        )
        self.announced_seconds: float | None = None
        self.may_pause = self._opened.format.name in _PAUSING
        if not self.tracks:
            has_sound = bool(self._opened.streams.audio)
            self.close()
            raise NotAudio(
                f"the sound in this {self.kind} file is packed in a way that nobody here can read"
                if has_sound
                else f"it is a {self.kind} file with pictures in it, but without sound"
            )

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file, which stays open."""
        self._opened.close()

    def pieces(self, track: Track) -> Iterator[Piece | Lost]:
        """The sound of a track, in the file's order; once for each open recording."""
        import av

        stream = self._streams[track.number]
        clock = _Clock(self._opened, stream)
        is_mp3 = self._opened.format.name == "mp3" and track.codec.startswith("mp3")
        frames_of = _mp3_frames(stream, clock) if is_mp3 else _frames(stream, clock)
        is_first = True
        for packet in _packets(self._opened, stream):
            if is_first and packet.size:
                self.announced_seconds = self._announced(stream, packet)
                clock.begin(packet)
                is_first = False
            try:
                frames = frames_of(packet)
            except (av.error.FFmpegError, ValueError):
                clock.lose(packet)
                frames = None
            if frames is None:
                yield Lost()
                continue
            for frame in frames:
                piece = clock.piece(frame)
                if piece is not None:
                    yield piece

    def _announced(self, stream: AudioStream, first: AudioPacket) -> float | None:
        demuxer = self._opened.format.name
        seconds = None
        if stream.duration and stream.time_base:
            seconds = float(stream.duration * stream.time_base)
        if demuxer == "mp3":
            info = self._info_before(first)
            # FFmpeg guesses where there is no count, or one that does not fit the size.
            if info is None or info.frames is None or seconds is None:
                return None
            counted = float(info.frames * (first.duration or 0) * (first.time_base or 0))
            return seconds if abs(counted - seconds) < _MOST_PADDING_SECONDS else None
        if demuxer not in _ANNOUNCING:
            return None
        # The whole file's duration may be that of a longer picture track.
        if seconds is None and self._opened.duration and len(self._opened.streams) == 1:
            return self._opened.duration / 1_000_000
        return None if seconds is None else seconds / (1.0 - self._missing_share)

    def _info_before(self, first: AudioPacket) -> InfoFrame | None:
        if not first.pos:
            return None
        position = self._file.tell()
        start = max(0, first.pos - _INFO_WITHIN_BYTES)
        self._file.seek(start)
        before = self._file.read(first.pos - start)
        self._file.seek(position)
        return info_frame(before)


# Encoder's delay and padding together: some frames at the lowest rate.
_MOST_PADDING_SECONDS: Final = 0.5


class _Patient:
    """A file that answers with -1 where damaged sizes make FFmpeg seek to no place at all."""

    def __init__(self, file: BinaryIO) -> None:
        self.read = file.read
        self.tell = file.tell
        self._seek = file.seek

    def seek(self, offset: int, whence: int = 0) -> int:
        try:
            return self._seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -1


def _open(file: BinaryIO) -> InputContainer:
    import av

    file.seek(0)
    options = {"format_whitelist": DEMUXERS, "protocol_whitelist": "none"}
    try:
        opened = av.open(_Patient(file), mode="r", options=options, metadata_errors="replace")
    except MemoryError:  # FFmpeg's own is one of its errors, too; it says nothing about the file
        raise
    except (av.error.FFmpegError, ValueError):
        refuse_unreadable(file)
    for stream in opened.streams.audio:
        context = stream.codec_context
        if context is not None:
            # With more of them errors would come with the wrong packet.
            context.thread_count = 1
            if context.name in _CHECKED:
                context.options = {"err_detect": "crccheck+explode"}
    return opened


def _track(number: int, stream: AudioStream) -> Track | None:
    import av

    context = stream.codec_context
    # A codec that FFmpeg does not know has no context at all.
    if context is None or not context.sample_rate or not context.channels:
        return None
    return Track(
        number=number,
        codec=context.name,
        sample_rate=int(context.sample_rate),
        channels=int(context.channels),
        is_default=bool(stream.disposition & av.stream.Disposition.default),
        language=_known(stream.metadata.get("language")),
        title=stream.metadata.get("title"),
    )


def _known(language: str | None) -> str | None:
    return None if language == "und" else language


def _packets(opened: InputContainer, stream: AudioStream) -> Iterator[AudioPacket]:
    """All packets; behind a spot that the demuxer cannot read it goes on where it can."""
    import av

    failures = 0
    while failures < _MOST_FAILURES:
        try:
            for packet in opened.demux(stream):
                failures = 0
                yield packet
            return
        except av.error.EOFError:
            return
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError):
            failures += 1


def _frames(stream: AudioStream, clock: _Clock) -> Callable[[AudioPacket], list[AudioFrame] | None]:
    """Decodes a packet."""
    is_first = True

    def decoded(packet: AudioPacket) -> list[AudioFrame]:
        nonlocal is_first
        # A stream that was chained to the first knows nothing of what was before it.
        if not is_first and packet.has_sidedata("skip_samples") and _skipped_at_start(packet):
            stream.codec_context.flush_buffers()
        is_first = False
        frames = packet.decode()
        clock.count(packet)
        return frames

    return decoded


def _skipped_at_start(packet: AudioPacket) -> int:
    """Samples; AV_PKT_DATA_SKIP_SAMPLES begins with them as 32 bits."""
    return int.from_bytes(bytes(packet.get_sidedata("skip_samples"))[:4], "little")


def _mp3_frames(
    stream: AudioStream, clock: _Clock
) -> Callable[[AudioPacket], list[AudioFrame] | None]:
    """Decodes a packet of an MP3 file, or knows that it is no sound.

    Tags between frames are passed. An info frame in the middle is that of a file joined to the
    first. Behind a lost frame the next ones ask for bytes of it, without which noise would come
    out; they are lost, too: None.
    """
    import av

    collected = RESERVOIR_BYTES

    def decoded(packet: AudioPacket) -> list[AudioFrame] | None:
        nonlocal collected
        if not packet.size:
            return packet.decode()
        content = bytes(packet)
        sound = without_tags(content)
        info = info_frame(sound[:_INFO_FRAME_BYTES])
        if info is not None or not sound:
            clock.join(packet, info)
            return []
        if len(sound) < len(content):
            bare = av.Packet(sound)
            bare.pts, bare.dts, bare.time_base = packet.pts, packet.dts, packet.time_base
            frames = stream.codec_context.decode(bare)
        else:
            frames = packet.decode()
        clock.count(packet)
        wanted, given = reservoir(sound)
        is_noise = wanted > collected
        collected = min(RESERVOIR_BYTES, collected + given)
        return None if is_noise else frames

    def decoded_or_lost(packet: AudioPacket) -> list[AudioFrame] | None:
        nonlocal collected
        try:
            return decoded(packet)
        except (av.error.FFmpegError, ValueError):
            collected = 0
            raise

    return decoded_or_lost


class _Clock:
    """When each frame of a track is heard, counted from where players begin."""

    def __init__(self, opened: InputContainer, stream: AudioStream) -> None:
        self._tick = Fraction(stream.time_base or 0)
        self._codec = stream.codec_context.name
        self._origin = _origin(opened)
        self._is_counted_by_frames = opened.format.name in _CLOCKLESS
        self._shift = Fraction(0)  # seconds, added to the file's own times
        self._skip = 0  # samples that are no sound
        self._has_begun = False
        self._is_late = False
        self._packets = self._bytes = 0

    def begin(self, first: AudioPacket) -> None:
        """Whether the decoder's delay is to be taken off here, as the file does not name it."""
        names_delay = first.has_sidedata("skip_samples") or (first.pts or 0) < 0
        is_at_origin = first.pts is None or first.pts * self._tick <= self._origin + self._tick
        self._is_late = is_at_origin and not names_delay
        # FFmpeg's decoder of layer III reads layer II, too, and is called by its own name then.
        if self._codec.startswith("mp3") and bytes(first)[1:2] and bytes(first)[1] & 6 == 4:
            self._codec = "mp2"

    def join(self, packet: AudioPacket, info: InfoFrame | None) -> None:
        """A packet that is no sound; behind an info frame the encoder's delay begins anew."""
        self._shift -= (packet.duration or 0) * Fraction(packet.time_base or 0)
        if info is not None and info.delay_samples:
            self._skip = info.delay_samples

    def count(self, packet: AudioPacket) -> None:
        """A packet that was decoded."""
        if packet.size:
            self._packets += 1
            self._bytes += packet.size

    def lose(self, packet: AudioPacket) -> None:
        """A packet that could not be decoded."""
        if not self._is_counted_by_frames or not packet.size:
            return
        if self._packets:
            # A lump of several frames was one frame's time to FFmpeg.
            frames = round(packet.size * self._packets / self._bytes)
            seconds = (packet.duration or 0) * Fraction(packet.time_base or 0)
            self._shift += seconds * (max(1, frames) - 1)

    def piece(self, frame: AudioFrame) -> Piece | None:
        """A decoded frame with its time, without what is no sound; None if nothing is left."""
        rate = frame.sample_rate
        if not rate or not frame.samples:
            return None
        if not self._has_begun and self._is_late:
            by_a_frame = frame.samples if self._codec in _DELAYED_BY_A_FRAME else 0
            self._shift -= Fraction(_DELAYS.get(self._codec, by_a_frame), rate)
            self._is_late = False
        at = None
        if frame.pts is not None:
            at = frame.pts * Fraction(frame.time_base or self._tick) - self._origin + self._shift
        samples = _floats(frame)
        skipped = min(self._skip, len(samples))
        self._skip -= skipped
        self._shift -= Fraction(skipped, rate)
        if not self._has_begun and at is not None and at < 0:
            skipped = min(round(-at * rate), len(samples))
            at += Fraction(skipped, rate)
        samples = samples[skipped:]
        if not len(samples):
            return None
        self._has_begun = True
        places = tuple(channel.name for channel in frame.layout.channels)
        seconds = None if at is None else float(at)
        return Piece(samples, rate, places, seconds, float(self._tick))


def _origin(opened: InputContainer) -> Fraction:
    """The time at which players begin: where the first track of sound or pictures does."""
    import av

    covers = av.stream.Disposition.attached_pic | av.stream.Disposition.still_image
    starts = [
        other.start_time * Fraction(other.time_base)
        for other in opened.streams
        if other.start_time is not None
        and other.time_base
        and (other.type == "audio" or (other.type == "video" and not other.disposition & covers))
    ]
    return min(starts, default=Fraction(0))


# Sample formats -> (type, what full scale is, what silence is).
_FULL_SCALE: Final = {"u8": (128.0, 128.0), "s16": (2.0**15, 0.0), "s32": (2.0**31, 0.0)}


def _floats(frame: AudioFrame) -> NDArray[np.float32]:
    """(n, channels), full scale at 1."""
    import av

    if frame.format.name.startswith("s64"):
        (frame,) = av.AudioResampler(format="dbl").resample(frame)
    values = frame.to_ndarray()
    values = values.T if frame.format.is_planar else values.reshape(frame.samples, -1)
    scale, middle = _FULL_SCALE.get(frame.format.name.removesuffix("p"), (1.0, 0.0))
    samples = values.astype(np.float32)
    if middle:
        samples -= middle
    if scale != 1.0:
        samples /= scale
    return samples
