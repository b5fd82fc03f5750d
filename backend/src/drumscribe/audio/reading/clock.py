"""When each frame of a track is heard, counted from where players begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from drumscribe.audio.reading.mpeg_info import DECODER_DELAY, InfoFrame
from drumscribe.audio.reading.pieces import Piece, floats

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container.input import InputContainer
    from av.packet import Packet

    AudioPacket = Packet[AudioStream]

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

# Streams of frames without a clock. FFmpeg counts each lump between two frames as one frame.
_CLOCKLESS: Final = frozenset({"aac", "ac3", "dts", "eac3", "loas", "mp3"})
# Frames of one stream, whose bit rate may vary, do not grow so much on average.
_ANOTHER_STREAM: Final = 2.0


class Clock:
    """The times of one track, as it is read."""

    def __init__(self, opened: InputContainer, stream: AudioStream) -> None:
        self._tick = float(stream.time_base or 0)
        self._codec = stream.codec_context.name
        self._origin = _origin(opened)
        self._is_counted_by_frames = opened.format.name in _CLOCKLESS
        self._shift = 0.0  # seconds, added to the file's own times
        self._skip = 0  # samples that are no sound
        self._has_begun = False
        self._is_late = False
        self._packets = self._bytes = 0
        self._places: dict[str, tuple[str, ...]] = {}  # of the channels, by the layout's name
        self._lumps: list[tuple[int, float]] = []  # lost: bytes, seconds that FFmpeg counted

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
        self._shift -= (packet.duration or 0) * float(packet.time_base or 0)
        if info is not None and info.delay_samples:
            self._skip = info.delay_samples

    def count(self, packet: AudioPacket) -> None:
        """A packet that was decoded."""
        if not packet.size:
            return
        if self._lumps and self._packets:
            frame_bytes = self._bytes / self._packets
            # Far larger frames behind a lump are those of another stream that was joined here.
            if packet.size > _ANOTHER_STREAM * frame_bytes:
                frame_bytes = packet.size
            for size, seconds in self._lumps:
                self._shift += seconds * (max(1, round(size / frame_bytes)) - 1)
        self._lumps.clear()
        self._packets += 1
        self._bytes += packet.size

    def lose(self, packet: AudioPacket) -> None:
        """A packet that could not be decoded: a lump of several frames is one to FFmpeg."""
        if self._is_counted_by_frames and packet.size:
            seconds = (packet.duration or 0) * float(packet.time_base or 0)
            self._lumps.append((packet.size, seconds))

    def piece(self, frame: AudioFrame) -> Piece | None:
        """A decoded frame with its time, without what is no sound; None if nothing is left."""
        rate = frame.sample_rate
        if not rate or not frame.samples:
            return None
        if not self._has_begun and self._is_late:
            by_a_frame = frame.samples if self._codec in _DELAYED_BY_A_FRAME else 0
            self._shift -= _DELAYS.get(self._codec, by_a_frame) / rate
            self._is_late = False
        at = None
        if frame.pts is not None:
            at = frame.pts * float(frame.time_base or self._tick) - self._origin + self._shift
        samples = floats(frame)
        skipped = min(self._skip, len(samples))
        self._skip -= skipped
        self._shift -= skipped / rate
        if not self._has_begun and at is not None and at < 0:
            skipped = min(round(-at * rate), len(samples))
            at += skipped / rate
        samples = samples[skipped:]
        if not len(samples):
            return None
        self._has_begun = True
        layout = frame.layout.name
        if layout not in self._places:
            self._places[layout] = tuple(channel.name for channel in frame.layout.channels)
        return Piece(samples, rate, self._places[layout], at, self._tick)


def _origin(opened: InputContainer) -> float:
    """The time at which players begin: where the first track of sound or pictures does."""
    import av

    covers = av.stream.Disposition.attached_pic | av.stream.Disposition.still_image
    starts = [
        other.start_time * float(other.time_base)
        for other in opened.streams
        if other.start_time is not None
        and other.time_base
        and (other.type == "audio" or (other.type == "video" and not other.disposition & covers))
    ]
    return min(starts, default=0.0)
