"""One format of a result, made when somebody asks for it and kept until the next edit."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drumscribe.domain.artifacts import Artifact, ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Job
from drumscribe.domain.wishes import PageWishes
from drumscribe.domain.wishing.fields import wishes_of
from drumscribe.errors import EditConflict, FormatNotAvailable
from drumscribe.pipeline.files import codec
from drumscribe.pipeline.files.formats import FORMATS, Engravers
from drumscribe.ports import ArtifactStorage, JobIntake
from drumscribe.services.songs.read_job import JobView, find_result, view_job
from drumscribe.services.songs.result_files import formats_of, sheet_of, write_rendering
from drumscribe.services.steps.scratch import scratch_folder
from drumscribe.services.stored_keys import rendering_key

# An edit that comes in between outdates what was being made; then the new page is made.
_TRIES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """scratch_root: room for a file until it is stored."""

    engravers: Engravers
    scratch_root: Path


def find_rendering(view: JobView, kind: ArtifactKind, engravers: Engravers) -> Artifact | None:
    """The file if it lies ready; None if it can be made.

    Raises JobNotReady, ResultExpired, FormatNotAvailable.
    """
    find_result(view)
    found = next((artifact for artifact in view.downloads if artifact.kind is kind), None)
    if found is None and kind.value not in {form.name for form in formats_of(engravers)}:
        raise FormatNotAvailable(f"The job has no {kind.format_name} file.")
    return found


def render_format(
    jobs: JobIntake,
    storage: ArtifactStorage,
    job: Job,
    kind: ArtifactKind,
    options: RenderOptions,
) -> Artifact:
    """The file of a completed job in one format, as its page stands now.

    Raises JobNotReady, ResultExpired, FormatNotAvailable, EngravingFailed, EditConflict,
    Unavailable.
    """
    for _ in range(_TRIES):
        found = find_rendering(view_job(jobs, job), kind, options.engravers)
        if found is not None:
            return found
        _make(jobs, storage, job, kind, options)
        job = jobs.get(job.id) or job
    raise EditConflict("The score is being edited all the time. Try again in a moment.")


def _make(
    jobs: JobIntake, storage: ArtifactStorage, job: Job, kind: ArtifactKind, options: RenderOptions
) -> None:
    source = find_result(view_job(jobs, job)).stored
    transcript = codec.transcript_from_json(b"".join(storage.open(source.key)))
    page = job.wishes.page
    with scratch_folder(options.scratch_root) as folder:
        sheet = sheet_of(transcript, page, options.engravers)
        made = write_rendering(sheet, folder, FORMATS[kind.value])
        digest = rendering_digest(source.sha256, page, kind)
        key = rendering_key(job.id, job.version, digest, made.path.name)
        kept = storage.put_file(key, made.path, media_type=made.media_type)
    rendering = NewArtifact(kind, kept, made.media_type, made.filename)
    if not jobs.add_rendering(job.id, rendering, if_version=job.version):
        storage.delete(key)


def rendering_digest(transcript_sha256: str, page: PageWishes, kind: ArtifactKind) -> str:
    """The same for the same transcript, wishes of the page and format."""
    said = {
        entry.name: entry.write(getattr(page, entry.attribute)) for entry in wishes_of(PageWishes)
    }
    text = json.dumps([transcript_sha256, said, kind.value], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
