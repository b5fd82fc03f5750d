"""One PDF of a set list: a page of contents, then the songs in their order."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import Job
from drumscribe.domain.service.set_lists import SetList
from drumscribe.errors import InvalidRequest, JobNotReady, ResultExpired
from drumscribe.pipeline.files.booklet import Part, bind_booklet
from drumscribe.ports import ArtifactStorage, JobIntake
from drumscribe.services.songs.render_format import RenderOptions, render_format


def own_songs(jobs: JobIntake, songs: Sequence[UUID], *, owner: str) -> list[Job]:
    """The jobs with these ids that are still there and the owner's own, in their order."""
    found = jobs.get_several(set(songs))
    return [found[song] for song in songs if song in found and found[song].owner == owner]


def write_set_list(
    jobs: JobIntake, storage: ArtifactStorage, set_list: SetList, options: RenderOptions
) -> bytes:
    """The PDF of a set list; pages that lie ready are not drawn again.

    Raises InvalidRequest (no song is left), JobNotReady or ResultExpired (naming the song),
    FormatNotAvailable, EngravingFailed, Unavailable.
    """
    songs = own_songs(jobs, set_list.songs, owner=set_list.owner)
    if not songs:
        raise InvalidRequest("There is no song in this set list.")
    return bind_booklet(
        set_list.name,
        [_part(jobs, storage, job, options) for job in songs],
        lilypond_bin=options.engravers.lilypond_bin,
        timeout_seconds=options.engravers.timeout_seconds,
    )


def _part(jobs: JobIntake, storage: ArtifactStorage, job: Job, options: RenderOptions) -> Part:
    title = job.facts.title or job.request.title or "Untitled"
    try:
        artifact = render_format(jobs, storage, job, ArtifactKind.PDF, options)
    except JobNotReady:
        raise JobNotReady(f"“{title}” has no page; take it out of the set list, or wait.") from None
    except ResultExpired:
        raise ResultExpired(f"The files of “{title}” are gone; take it out of the list.") from None
    return Part(title, b"".join(storage.open(artifact.stored.key)))
