"""A recording opened by FFmpeg's libraries: its tracks, and the pieces of sound in one of them.

One reader for every kind of file. What cannot be decoded is stepped over and told; the rest comes
with its time. The content decides: FFmpeg's own probing finds the demuxer, among those of kinds.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from itertools import islice
from typing import TYPE_CHECKING, Final

from drumscribe.audio.kinds import (
    DEMUXERS,
    HEAD_BYTES,
    KIND_OF_DEMUXER,
    begins_like,
    refuse_other_kinds,
    refuse_unreadable,
)
from drumscribe.audio.reading.clock import Clock
from drumscribe.audio.reading.endings import ends_within_a_page, missing_share
from drumscribe.audio.reading.mpeg_info import InfoFrame, info_frame
from drumscribe.audio.reading.packets import decoder_of, packets
from drumscribe.audio.reading.pieces import Lost, Piece
from drumscribe.errors import NotAudio

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container.input import InputContainer
    from av.packet import Packet

    AudioPacket = Packet[AudioStream]

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
# Encoder's delay and padding together: some frames at the lowest rate.
_MOST_PADDING_SECONDS: Final = 0.5
# An info frame lies within so much before the first frame of sound.
_INFO_WITHIN_BYTES: Final = 4096
# Of what is no recording hardly a byte decodes as MPEG sound, of a recording nearly all do.
_LEAST_SHARE: Final = 0.5
_PACKETS_TRIED: Final = 100
_LEAST_FRAMES: Final = 10  # a quarter of a second
_LARGEST_FRAME_BYTES: Final = 2881  # layer II, 160 kbit/s at 8 kHz, padded


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


class Recording:
    """An open file, as a context manager; raises NotAudio if there is no sound in it.

    kind: of file, for messages.
    may_pause: True if files of this kind can leave out sound on purpose.
    ends_abruptly: True if the file stops in the middle of something.
    announced_seconds: how long the file says it is; None where only decoding can tell. Known for
        certain when a track has been read.
    """

    def __init__(self, file: FileIO) -> None:
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
        stream = self._streams[track.number]
        clock = Clock(self._opened, stream)
        is_mp3_file = self._opened.format.name == "mp3" and track.codec.startswith("mp3")
        decoder = decoder_of(stream, clock, is_mp3_file=is_mp3_file)
        is_first = True
        for packet in packets(self._opened, stream):
            if is_first and packet.size:
                self.announced_seconds = self._announced(stream, packet)
                clock.begin(packet)
                is_first = False
            frames = decoder.frames(packet)
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


def _open(file: FileIO) -> InputContainer:
    import av

    try:
        opened = _opened_as(None, file)
    except MemoryError:  # FFmpeg's own is one of its errors, too; it says nothing about the file
        raise
    except (av.error.FFmpegError, ValueError):
        found = _begun_within_a_frame(file)
        if found is None:
            refuse_unreadable(file)
        opened = found
    for stream in opened.streams.audio:
        context = stream.codec_context
        if context is not None:
            # With more of them errors would come with the wrong packet.
            context.thread_count = 1
            if context.name in _CHECKED:
                context.options = {"err_detect": "crccheck+explode"}
    return opened


def _opened_as(demuxer: str | None, file: FileIO) -> InputContainer:
    """Begin anew, with the demuxer that is named or the one that FFmpeg finds.

    FFmpeg reads the descriptor itself: an interrupt in a function that it had to call back could
    only be lost.
    """
    import av

    file.seek(0)
    options = {"fd": str(file.fileno()), "format_whitelist": DEMUXERS, "protocol_whitelist": "fd"}
    return av.open("fd:", "r", format=demuxer, options=options, metadata_errors="replace")


def _begun_within_a_frame(file: FileIO) -> InputContainer | None:
    """MPEG sound whose first frame is cut, which FFmpeg's probing may overlook; None if not.

    Raises NotAudio for what is known to be something else.
    """
    import av

    try:
        file.seek(0)
        head = file.read(HEAD_BYTES)
        refuse_other_kinds(head)
        if begins_like(head):
            return None
        with _opened_as("mp3", file) as opened:
            if _decoding_share(opened) < _LEAST_SHARE:
                return None
        return _opened_as("mp3", file)
    except MemoryError:
        raise
    except (av.error.FFmpegError, ValueError):
        return None


def _decoding_share(opened: InputContainer) -> float:
    """How many of the bytes that a file begins with are frames of sound: 0..1."""
    stream = opened.streams.audio[0]
    decoder = decoder_of(stream, Clock(opened, stream), is_mp3_file=False)
    everything = sound = n_frames = 0
    for packet in islice(packets(opened, stream), _PACKETS_TRIED):
        everything += packet.size
        if packet.size <= _LARGEST_FRAME_BYTES and decoder.frames(packet):
            n_frames += 1
            sound += packet.size
    return sound / everything if n_frames >= _LEAST_FRAMES else 0.0


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
