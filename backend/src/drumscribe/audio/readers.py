"""Decoders behind one face: blocks of float samples from soundfile or from PyAV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from drumscribe.audio.containers import Container
from drumscribe.errors import NotAudio

if TYPE_CHECKING:
    import av
    import soundfile

_BLOCK_FRAMES: Final = 1 << 17

_SOUNDFILE_CONTAINERS: Final = frozenset(
    {
        Container.WAV,
        Container.AIFF,
        Container.FLAC,
        Container.MP3,
        Container.OGG,
        Container.CAF,
        Container.AU,
        Container.W64,
    }
)
# The demuxer is named, not guessed: ffmpeg must not take the content for a playlist.
_DEMUXERS: Final = {
    Container.WAV: "wav",
    Container.AIFF: "aiff",
    Container.FLAC: "flac",
    Container.MP3: "mp3",
    Container.OGG: "ogg",
    Container.MP4: "mov",
    Container.MATROSKA: "matroska",
    Container.AAC: "aac",
    Container.CAF: "caf",
    Container.AU: "au",
    Container.W64: "w64",
    Container.ASF: "asf",
}


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a file says of itself before it is decoded.

    container: the kind of file; codec: how the sound is packed in it.
    duration_seconds: None where only decoding can tell.
    """

    container: str
    codec: str
    duration_seconds: float | None
    sample_rate: int
    channels: int


class DecodingFailed(Exception):
    """The decoder met something that it cannot decode; never leaves drumscribe.audio."""


class Reader(Protocol):
    """An open recording."""

    @property
    def info(self) -> AudioInfo: ...

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """The samples in order: (n, 1 or 2 channels), at info.sample_rate.

        Raises DecodingFailed where the content is damaged.
        """
        ...

    def close(self) -> None: ...


def open_reader(file: BinaryIO, container: Container) -> Reader:
    """Open a recording of that kind.

    soundfile is asked first where it knows the kind, PyAV otherwise and where soundfile gives up
    (WAV with an unusual codec, Ogg with Speex, ...). Raises NotAudio if neither can read it.
    """
    if container in _SOUNDFILE_CONTAINERS:
        import soundfile

        file.seek(0)
        try:
            sound = soundfile.SoundFile(file)
        except soundfile.LibsndfileError:
            pass
        else:
            # libsndfile does not say in which order more than two channels of an Ogg file are,
            # and takes the 0 in the header of an unfinished WAV file for its length.
            is_unclear = container is Container.OGG and sound.channels > 2
            if sound.frames > 0 and not is_unclear:
                return SoundfileReader(sound, container)
            sound.close()
    return _open_av(file, container)


class SoundfileReader:
    """Reads through libsndfile."""

    def __init__(self, sound: soundfile.SoundFile, container: Container) -> None:
        self._sound = sound
        self._info = AudioInfo(
            container=container.value,
            codec=str(sound.subtype),
            duration_seconds=sound.frames / sound.samplerate,
            sample_rate=int(sound.samplerate),
            channels=int(sound.channels),
        )

    @property
    def info(self) -> AudioInfo:
        return self._info

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        import soundfile

        while True:
            try:
                block = self._sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
            except soundfile.LibsndfileError as error:
                raise DecodingFailed(str(error)) from error
            if not len(block):
                return
            yield fold_to_stereo(block)

    def close(self) -> None:
        self._sound.close()


def _open_av(file: BinaryIO, container: Container) -> AvReader:
    import av

    file.seek(0)
    try:
        opened = av.open(file, mode="r", format=_DEMUXERS[container], metadata_errors="replace")
    except MemoryError:  # FFmpeg's own is one of its errors, too; it says nothing about the file
        raise
    except (av.error.FFmpegError, ValueError) as error:
        raise NotAudio(
            f"it begins like {container.value}, but cannot be read (is it complete?)"
        ) from error
    if not opened.streams.audio:
        opened.close()
        raise NotAudio("there are pictures in it, but no sound")
    return AvReader(opened, container)


class AvReader:
    """Reads through FFmpeg's libraries."""

    def __init__(self, opened: av.container.InputContainer, container: Container) -> None:
        self._opened = opened
        self._stream = opened.streams.audio[0]
        context = self._stream.codec_context
        # A codec that FFmpeg does not know has no context at all.
        if context is None or not context.sample_rate or not context.channels:
            opened.close()
            raise NotAudio(f"the sound in this {container.value} file has an unknown form")
        self._info = AudioInfo(
            container=container.value,
            codec=context.name,
            duration_seconds=self._duration_seconds(container),
            sample_rate=int(context.sample_rate),
            channels=int(context.channels),
        )

    @property
    def info(self) -> AudioInfo:
        return self._info

    def _duration_seconds(self, container: Container) -> float | None:
        stream = self._stream
        if container is Container.AAC:
            return None  # A raw stream announces nothing; FFmpeg only guesses from its bit rate.
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
        # The whole file's duration may be that of a longer picture track.
        if self._opened.duration and len(self._opened.streams) == 1:
            return float(self._opened.duration / 1_000_000)
        return None

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        import av

        # FFmpeg knows what each channel of the file's layout is, and folds them down by that.
        layout = "mono" if self._info.channels == 1 else "stereo"
        resampler = av.AudioResampler(format="flt", layout=layout, rate=self._info.sample_rate)
        waiting: list[NDArray[np.float32]] = []
        n_waiting = 0
        try:
            for frame in self._opened.decode(self._stream):
                for part in resampler.resample(frame):
                    waiting.append(_interleaved(part))
                    n_waiting += len(waiting[-1])
                if n_waiting >= _BLOCK_FRAMES:
                    yield np.concatenate(waiting)
                    waiting, n_waiting = [], 0
            waiting += [_interleaved(part) for part in resampler.resample(None)]
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError) as error:
            raise DecodingFailed(str(error)) from error
        if waiting:
            yield np.concatenate(waiting)

    def close(self) -> None:
        self._opened.close()


def _interleaved(frame: av.AudioFrame) -> NDArray[np.float32]:
    """(n, channels) of a frame in FFmpeg's packed float format."""
    samples = np.asarray(frame.to_ndarray(), dtype=np.float32)
    return samples.reshape(-1, len(frame.layout.channels))


# Gains of the usual speaker orders of WAV and FLAC files (RFC 9639, section 9.1.3) for the left
# side; the right side is its mirror. Centre and surround at -3 dB (ITU-R BS.775); the bass
# channel takes part, as a kick drum may be there.
_HALF_POWER: Final = 0.5**0.5
_LEFT_GAINS: Final = {
    3: (1, 0, _HALF_POWER),
    4: (1, 0, _HALF_POWER, 0),
    5: (1, 0, _HALF_POWER, _HALF_POWER, 0),
    6: (1, 0, _HALF_POWER, _HALF_POWER, _HALF_POWER, 0),
    7: (1, 0, _HALF_POWER, _HALF_POWER, 0.5, _HALF_POWER, 0),
    8: (1, 0, _HALF_POWER, _HALF_POWER, _HALF_POWER, 0, _HALF_POWER, 0),
}
_RIGHT_GAINS: Final = {
    3: (0, 1, _HALF_POWER),
    4: (0, 1, 0, _HALF_POWER),
    5: (0, 1, _HALF_POWER, 0, _HALF_POWER),
    6: (0, 1, _HALF_POWER, _HALF_POWER, 0, _HALF_POWER),
    7: (0, 1, _HALF_POWER, _HALF_POWER, 0.5, 0, _HALF_POWER),
    8: (0, 1, _HALF_POWER, _HALF_POWER, 0, _HALF_POWER, 0, _HALF_POWER),
}


def fold_to_stereo(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, channels) -> (n, at most 2 channels); one or two channels stay as they are.

    Three to eight channels are taken for the usual speaker layouts, more for tracks of a
    recording session, which are averaged. The gains sum to 1, so nothing can clip.
    """
    channels = block.shape[1]
    if channels <= 2:
        return block
    if channels in _LEFT_GAINS:
        gains = np.array([_LEFT_GAINS[channels], _RIGHT_GAINS[channels]], dtype=np.float32).T
    else:
        gains = np.ones((channels, 2), dtype=np.float32)
    return np.asarray(block @ (gains / gains.sum(axis=0)), dtype=np.float32)
