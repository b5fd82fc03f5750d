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


class DecoderCrashed(InputError):
    """The decoder broke down over the recording; the service decodes in a child, which died."""

    code = "decoder_crashed"


class DecoderLimitExceeded(InputError):
    """Decoding took more memory or time than a recording of the accepted length should."""

    code = "decoder_limit_exceeded"


class NoDrumsFound(DrumScribeError):
    """The recording is fine, but no drum hit was heard in it."""

    code = "no_drums_found"


# --- a score that is brought back ---------------------------------------------------------------


class ScoreFileError(DrumScribeError):
    """Base of everything that is wrong with a score that was brought back to a song."""

    code = "bad_score_file"


class NotAScore(ScoreFileError):
    """The file is no MusicXML, no MIDI file and no JSON document of ours, whatever its name is."""

    code = "not_a_score"


class ScoreFileTooLarge(ScoreFileError):
    """The score is larger, packed or unpacked, than that of any song."""

    code = "score_file_too_large"


class ScoreFileUnreadable(ScoreFileError):
    """The file claims to be a score, but cannot be read as one, or not safely."""

    code = "score_file_unreadable"


class NoDrumPart(ScoreFileError):
    """The score has no notes for drums."""

    code = "no_drum_part"


# --- models -------------------------------------------------------------------------------------


class ModelError(DrumScribeError):
    """Base of everything about model files."""

    code = "model_error"


class ModelUnavailable(ModelError):
    """A model is not in the cache and cannot be fetched (offline, unreachable, no client)."""

    code = "model_unavailable"


class ProviderUnavailable(ModelError):
    """The networks shall run on an accelerator that is not here."""

    code = "provider_unavailable"


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


# --- the service --------------------------------------------------------------------------------


class ServiceError(DrumScribeError):
    """Base of what only the service can answer."""

    code = "service_error"


class JobNotFound(ServiceError):
    """There is no such job, or it is not the caller's."""

    code = "job_not_found"


class SetListNotFound(ServiceError):
    """There is no such set list, or it is not the caller's."""

    code = "set_list_not_found"


class JobNotReady(ServiceError):
    """The job has no result yet, or never will have one."""

    code = "job_not_ready"


class ResultExpired(ServiceError):
    """The files of the job were deleted after their time."""

    code = "result_expired"


class RefinementRunning(ServiceError):
    """The song is being heard again already."""

    code = "refinement_running"


class AlreadyRefined(ServiceError):
    """The song was heard with its drums alone already, by the model that is in use."""

    code = "already_refined"


class RefinementNotFound(ServiceError):
    """The song is not being heard again, and was not."""

    code = "refinement_not_found"


class FormatNotAvailable(ServiceError):
    """The job has no file of that format."""

    code = "format_not_available"


class EditConflict(ServiceError):
    """The score was edited by somebody else in between; read it again before editing it."""

    code = "edit_conflict"


class QuotaExceeded(ServiceError):
    """The owner has as many active jobs as allowed."""

    code = "quota_exceeded"


class IdempotencyConflict(ServiceError):
    """The Idempotency-Key was used before with another request."""

    code = "idempotency_conflict"


class InvalidCursor(ServiceError):
    """The cursor of a list is not one of ours."""

    code = "invalid_cursor"


class PayloadTooLarge(ServiceError):
    """The upload is larger than allowed."""

    code = "payload_too_large"


class UnsupportedLink(ServiceError):
    """The link is not to one video of a site that is supported."""

    code = "unsupported_link"


class LinksDisabled(ServiceError):
    """Links are switched off on this server."""

    code = "links_disabled"


class InvalidRequest(ServiceError):
    """The request is not what the contract says."""

    code = "invalid_request"


class NotAuthenticated(ServiceError):
    """The API key is missing, unknown or revoked."""

    code = "not_authenticated"


class BackupUnusable(ServiceError):
    """A backup cannot be taken or brought back."""

    code = "backup_unusable"


class DataFolderInUse(ServiceError):
    """Another process serves from the same data folder."""

    code = "data_folder_in_use"


class DataFolderUnusable(ServiceError):
    """Nothing can be written where data is to be kept."""

    code = "data_folder_unusable"


class HostNotAllowed(ServiceError):
    """The server was called by a name that is not one of its own (PUBLIC_URL, ALLOWED_HOSTS)."""

    code = "host_not_allowed"


class OriginNotAllowed(ServiceError):
    """A page of another site tried to change something (CORS_ORIGINS)."""

    code = "origin_not_allowed"


class RateLimited(ServiceError):
    """Too many requests in a short time."""

    code = "rate_limited"


class RangeNotSatisfiable(ServiceError):
    """The part of the file that was asked for does not exist."""

    code = "range_not_satisfiable"


class DeliveryNotFound(ServiceError):
    """The job has no such webhook delivery."""

    code = "delivery_not_found"


class AddressNotPublic(ServiceError):
    """An address that somebody gave is not on the public internet."""

    code = "address_not_public"


class AddressUnreachable(ServiceError):
    """Nobody answers at an address that somebody gave."""

    code = "address_unreachable"


class FetchError(ServiceError):
    """Base of why the sound of a link cannot be had; each cause has a class and code of its own."""

    code = "link_failed"


class LinkPrivate(FetchError):
    """The video is private or for members only."""

    code = "link_private"


class LinkRemoved(FetchError):
    """The video does not exist any more, or never did."""

    code = "link_removed"


class LinkGeoBlocked(FetchError):
    """The video cannot be seen from where this server stands."""

    code = "link_geo_blocked"


class LinkBotCheck(FetchError):
    """The site takes this server for a robot and wants somebody to sign in."""

    code = "link_bot_check"


class LinkLive(FetchError):
    """The link is to a live stream, or to one that has not begun."""

    code = "link_live"


class LinkTooLong(FetchError):
    """The video is longer than the maximum duration."""

    code = "link_too_long"


class LinkTooLarge(FetchError):
    """The download is larger than allowed."""

    code = "link_too_large"


class LinkAgeRestricted(FetchError):
    """The video is for adults who have signed in."""

    code = "link_age_restricted"


class LinkUnreachable(FetchError):
    """The site could not be reached, or the connection broke."""

    code = "link_unreachable"


class LinkTimeout(FetchError):
    """The download took longer than allowed."""

    code = "link_timeout"


class ArtifactMissing(ServiceError):
    """A stored file is not there."""

    code = "artifact_missing"


class Unavailable(ServiceError):
    """Base of passing trouble with what the service stands on; trying again may help."""

    code = "unavailable"


class StoreUnavailable(Unavailable):
    """The database does not answer."""

    code = "store_unavailable"


class StorageUnavailable(Unavailable):
    """The file storage does not answer."""

    code = "storage_unavailable"


class StorageFull(Unavailable):
    """The file storage has no room left."""

    code = "storage_full"


class QueueUnavailable(Unavailable):
    """The message queue does not answer."""

    code = "queue_unavailable"


class DecoderKilled(Unavailable):
    """The decoding of the recording was ended from outside: out of memory, or by somebody."""

    code = "decoder_killed"


class LeaseLost(ServiceError):
    """Another worker has taken the step over; what this one made is discarded."""

    code = "lease_lost"


class WorkerStopping(ServiceError):
    """The worker was asked to stop; the step goes back to the queue. Raised by a checkpoint."""

    code = "worker_stopping"


class StepTimeout(ServiceError):
    """A step ran for longer than allowed."""

    code = "step_timeout"


# --- control ------------------------------------------------------------------------------------


class Cancelled(DrumScribeError):
    """Somebody asked to stop; raised by a checkpoint."""

    code = "cancelled"
