"""Every error that DrumScribe raises on purpose, in one tree, each with a stable code.

The code is part of the contract: it appears in the command line's JSON, in problem documents of
the service and in the reference. Nothing here knows of HTTP or of exit codes; each edge (command
line, service) maps the tree in one table of its own.
"""

from __future__ import annotations

from typing import ClassVar


class DrumScribeError(Exception):
    """Base of all expected errors. `message` is written for the person who uses DrumScribe."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


# --- what the caller asked for ------------------------------------------------------------------


class InvalidOption(DrumScribeError):
    """An option has a value that cannot be used."""

    code = "invalid_option"


class InvalidHits(DrumScribeError):
    """A hits document (JSON) cannot be read as a transcription."""

    code = "invalid_hits"


# --- the input ----------------------------------------------------------------------------------


class InputError(DrumScribeError):
    """Base of everything that is wrong with the recording that was given."""

    code = "bad_input"


class SourceNotFound(InputError):
    """The source does not exist or cannot be opened."""

    code = "source_not_found"


class NotAudio(InputError):
    """The content is not audio that can be decoded, whatever its name says."""

    code = "not_audio"


class TruncatedAudio(InputError):
    """The file ends before the audio that its header announces."""

    code = "truncated_audio"


class AudioTooShort(InputError):
    """The recording is shorter than the minimum duration."""

    code = "audio_too_short"


class AudioTooLong(InputError):
    """The recording is longer than the maximum duration."""

    code = "audio_too_long"


class SampleRateTooLow(InputError):
    """The sample rate leaves no room for cymbals."""

    code = "sample_rate_too_low"


class SilentAudio(InputError):
    """There is nothing to hear."""

    code = "silent_audio"


class InvalidSamples(InputError):
    """The samples are not numbers (NaN or infinite)."""

    code = "invalid_samples"


class NoDrumsFound(DrumScribeError):
    """The recording is fine, but no drum hit was heard in it."""

    code = "no_drums_found"


# --- models -------------------------------------------------------------------------------------


class ModelError(DrumScribeError):
    """Base of everything about model files."""

    code = "model_error"


class ModelUnavailable(ModelError):
    """A model is not in the cache and cannot be fetched (offline, unreachable, no client)."""

    code = "model_unavailable"


class ModelCorrupt(ModelError):
    """A model file does not have the content that its manifest promises."""

    code = "model_corrupt"


# --- writing ------------------------------------------------------------------------------------


class EngravingFailed(DrumScribeError):
    """The engraver (LilyPond, MuseScore, Verovio) did not produce a page."""

    code = "engraving_failed"


class PdfBackendUnavailable(EngravingFailed):
    """The chosen PDF backend is not installed."""

    code = "pdf_backend_unavailable"


class OutputError(DrumScribeError):
    """A result cannot be written (permissions, disk full, not a folder)."""

    code = "output_error"


# --- control ------------------------------------------------------------------------------------


class Cancelled(DrumScribeError):
    """Somebody asked to stop; raised by a checkpoint."""

    code = "cancelled"
