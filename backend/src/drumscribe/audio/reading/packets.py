"""Packets of a file, and what is decoded from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

from drumscribe.audio.reading.clock import Clock
from drumscribe.audio.reading.mpeg_info import RESERVOIR_BYTES, info_frame, reservoir, without_tags

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container.input import InputContainer
    from av.packet import Packet

    AudioPacket = Packet[AudioStream]

# A demuxer that fails this often in a row, without a packet in between, has nothing more to give.
_MOST_FAILURES: Final = 8
# Of an info frame, up to the end of its delays, whatever the version and the number of channels.
_INFO_FRAME_BYTES: Final = 192


def packets(opened: InputContainer, stream: AudioStream) -> Iterator[AudioPacket]:
    """All packets of a track, also those behind a spot that the demuxer cannot read."""
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


class Decoder(Protocol):
    """What makes frames of packets."""

    def frames(self, packet: AudioPacket) -> list[AudioFrame] | None:
        """What a packet holds; None if it is lost."""
        ...


def decoder_of(stream: AudioStream, clock: Clock, *, is_mp3_file: bool) -> Decoder:
    """The decoder of a track. MP3 files have more between their frames than packets say."""
    return Mp3FileDecoder(stream, clock) if is_mp3_file else TrackDecoder(stream, clock)


class TrackDecoder:
    """Any codec in any container."""

    def __init__(self, stream: AudioStream, clock: Clock) -> None:
        self._context = stream.codec_context
        self._clock = clock
        self._is_first = True
        self._last_pts: int | None = None

    def frames(self, packet: AudioPacket) -> list[AudioFrame] | None:
        # A stream that was chained to the first knows nothing of what was before it.
        if not self._is_first and (_skipped_at_start(packet) or self._begins_anew(packet)):
            self._context.flush_buffers()
        self._is_first = False
        self._last_pts = packet.pts
        return _decoded(packet, self._clock)

    def _begins_anew(self, packet: AudioPacket) -> bool:
        """Whether a chained stream of Vorbis, which names no delay, begins here."""
        if self._context.name != "vorbis" or packet.pts is None or self._last_pts is None:
            return False
        return packet.pts < self._last_pts


class Mp3FileDecoder:
    """Layer III with what stands between its frames.

    Tags are passed. An info frame in the middle is that of a file joined to the first. Behind a
    lost frame the next ones ask for bytes of it, without which noise would come out: they are lost,
    too.
    """

    def __init__(self, stream: AudioStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock
        self._collected = RESERVOIR_BYTES

    def frames(self, packet: AudioPacket) -> list[AudioFrame] | None:
        if not packet.size:
            return _decoded(packet, self._clock)
        content = bytes(packet)
        sound = without_tags(content)
        info = info_frame(sound[:_INFO_FRAME_BYTES])
        if info is not None or not sound:
            self._clock.join(packet, info)
            return []
        bare = None if len(sound) == len(content) else sound
        frames = _decoded(packet, self._clock, bare=bare)
        if frames is None:
            self._collected = 0
            return None
        wanted, given = reservoir(sound)
        is_noise = wanted > self._collected
        self._collected = min(RESERVOIR_BYTES, self._collected + given)
        return None if is_noise else frames


def _decoded(
    packet: AudioPacket, clock: Clock, *, bare: bytes | None = None
) -> list[AudioFrame] | None:
    """bare: the content without what is no sound."""
    import av

    try:
        if bare is None:
            frames = packet.decode()
        else:
            rest = av.Packet(bare)
            rest.pts, rest.dts, rest.time_base = packet.pts, packet.dts, packet.time_base
            frames = packet.stream.codec_context.decode(rest)
    except MemoryError:
        raise
    except (av.error.FFmpegError, ValueError):
        clock.lose(packet)
        return None
    clock.count(packet)
    return frames


def _skipped_at_start(packet: AudioPacket) -> int:
    """Samples; AV_PKT_DATA_SKIP_SAMPLES begins with them as 32 bits."""
    if not packet.has_sidedata("skip_samples"):
        return 0
    return int.from_bytes(bytes(packet.get_sidedata("skip_samples"))[:4], "little")
