"""The job store: results are replaced and rendered, finished jobs copied."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from drumscribe.domain.artifacts import ArtifactKind, NewArtifact
from drumscribe.domain.jobs import Edits, JobFacts, JobStatus, Step
from stores import (
    PDF,
    Stores,
    a_file,
    claim,
    complete,
    finish,
    seen,
    submit,
)

NOTHING = JobFacts()


def replace_results(
    stores: Stores,
    job_id: UUID,
    *artifacts: NewArtifact,
    facts: JobFacts = NOTHING,
    edits: Edits | None = None,
    if_version: int = 1,
) -> bool:
    return stores.jobs.replace_results(
        job_id, artifacts=artifacts, facts=facts, edits=edits, if_version=if_version
    )


def test_replace_results_of_a_completed_job_swaps_files_and_facts(stores: Stores) -> None:
    job = complete(stores, submit(stores, webhook_url="https://example.org/").id, PDF)
    number = stores.jobs.events(job.id, after=0, limit=100)[-1].number
    new = a_file(ArtifactKind.PDF, "jobs/x/pdf-2")
    facts = JobFacts(detected_bpm=99)
    edits = Edits(
        said={"bpm": 99.0, "sensitivity_by_instrument": {"kick": 0.0}}, has_edited_hits=True
    )
    stores.clock.advance(5)
    assert replace_results(stores, job.id, new, facts=facts, edits=edits)
    edited = seen(stores, job.id)
    assert (edited.version, edited.edited_at, edited.edits) == (2, stores.clock(), edits)
    assert [a.stored.key for a in stores.jobs.artifacts(job.id)] == ["jobs/x/pdf-2"]
    assert [a.stored.key for a in stores.jobs.sweepable(limit=5)] == ["jobs/x/pdf"]
    assert seen(stores, job.id).facts.detected_bpm == 99
    assert len(stores.jobs.events(job.id, after=number, limit=5)) == 1
    assert len(stores.deliveries.deliveries(job.id)) == 1


def test_replace_results_of_other_jobs_is_refused(stores: Stores) -> None:
    job = submit(stores)
    assert not replace_results(stores, job.id, PDF)
    assert not replace_results(stores, uuid4(), PDF)
    assert stores.jobs.artifacts(job.id) == []
    done = complete(stores, job.id)
    stores.clock.advance(2 * 86_400)
    stores.jobs.sweepable(limit=5)
    assert not replace_results(stores, done.id, PDF)


def test_completed_job_gives_back_what_only_its_steps_have_read(stores: Stores) -> None:
    audio = a_file(ArtifactKind.AUDIO, "jobs/x/audio")
    stem = a_file(ArtifactKind.STEM, "jobs/x/stem")
    job = submit(stores, source=a_file())
    steps = list(Step)
    assert finish(stores, claim(stores, job.id, steps[0]), audio)
    assert finish(stores, claim(stores, job.id, steps[1]), stem)
    assert finish(stores, claim(stores, job.id, steps[2]))
    assert stores.jobs.sweepable(limit=5) == []
    last = claim(stores, job.id, steps[3])
    assert finish(stores, last, PDF)
    kept = {artifact.kind for artifact in stores.jobs.artifacts(job.id)}
    assert kept == {ArtifactKind.SOURCE, ArtifactKind.PDF}
    swept = {artifact.kind for artifact in stores.jobs.sweepable(limit=5)}
    assert swept == {ArtifactKind.AUDIO, ArtifactKind.STEM}


def test_replace_results_of_another_version_is_refused(stores: Stores) -> None:
    job = complete(stores, submit(stores).id, PDF)
    assert not replace_results(stores, job.id, PDF, if_version=2)
    assert seen(stores, job.id) == job
    assert replace_results(stores, job.id, PDF, edits=Edits(said={"title": "A"}))
    again = a_file(ArtifactKind.PDF, "jobs/x/pdf-3")
    assert not replace_results(stores, job.id, again)
    assert [a.stored.key for a in stores.jobs.artifacts(job.id)] == ["jobs/x/pdf"]


def test_replace_results_drops_what_is_outdated(stores: Stores) -> None:
    score = a_file(ArtifactKind.MUSICXML, "jobs/x/musicxml")
    midi = a_file(ArtifactKind.MIDI, "jobs/x/midi")
    job = complete(stores, submit(stores).id, PDF, score, midi)
    new = a_file(ArtifactKind.MUSICXML, "jobs/x/musicxml-2")
    assert stores.jobs.replace_results(
        job.id,
        artifacts=[new],
        facts=NOTHING,
        edits=Edits(said={"title": "A"}),
        if_version=1,
        outdated=(ArtifactKind.PDF, ArtifactKind.MUSICXML),
    )
    kept = {a.kind: a.stored.key for a in stores.jobs.artifacts(job.id)}
    assert kept == {
        ArtifactKind.MUSICXML: "jobs/x/musicxml-2",
        ArtifactKind.MIDI: "jobs/x/midi",
    }
    swept = {a.stored.key for a in stores.jobs.sweepable(limit=5)}
    assert swept == {"jobs/x/pdf", "jobs/x/musicxml"}


def test_rendering_of_the_results_that_stand_is_kept(stores: Stores) -> None:
    job = complete(stores, submit(stores).id)
    assert stores.jobs.add_rendering(job.id, PDF, if_version=1)
    assert [a.stored.key for a in stores.jobs.artifacts(job.id)] == ["jobs/x/pdf"]
    assert seen(stores, job.id) == job


def test_rendering_of_outdated_results_is_refused(stores: Stores) -> None:
    job = complete(stores, submit(stores).id)
    assert replace_results(stores, job.id, edits=Edits(said={"title": "A"}))
    assert not stores.jobs.add_rendering(job.id, PDF, if_version=1)
    assert not stores.jobs.add_rendering(uuid4(), PDF, if_version=1)
    assert stores.jobs.artifacts(job.id) == []
    stores.clock.advance(2 * 86_400)
    stores.jobs.sweepable(limit=5)
    assert not stores.jobs.add_rendering(job.id, PDF, if_version=2)


def test_replace_results_without_edits_says_that_the_machine_made_them(stores: Stores) -> None:
    job = complete(stores, submit(stores).id, PDF)
    assert replace_results(stores, job.id, PDF, edits=Edits(said={"shift_beats": 0}))
    assert seen(stores, job.id).edits.said == {"shift_beats": 0}
    assert replace_results(stores, job.id, PDF, if_version=2)
    back = seen(stores, job.id)
    assert (back.version, back.edited_at, back.edits) == (3, None, Edits())


def test_copy_is_a_finished_job_of_another_owner_and_tells_nobody(stores: Stores) -> None:
    request: dict[str, Any] = {"webhook_url": "https://example.org/", "metadata": {"set": 2}}
    job = complete(stores, submit(stores, idempotency_key="k", **request).id, PDF)
    told = len(stores.deliveries.deliveries(job.id))
    stores.clock.advance(5)
    new, file = uuid4(), a_file(ArtifactKind.PDF, "jobs/y/pdf")
    copied = stores.jobs.copy(job.id, new, "bert", [file], expires_at=None, if_version=1)
    assert copied == stores.jobs.get(new)
    assert copied is not None
    assert (copied.owner, copied.status, copied.version) == ("bert", JobStatus.COMPLETED, 1)
    assert (copied.facts, copied.created_at) == (job.facts, stores.clock())
    assert (copied.request.webhook_url, copied.request.metadata) == (None, {})
    assert [a.stored.key for a in stores.jobs.artifacts(new)] == ["jobs/y/pdf"]
    assert stores.deliveries.deliveries(new) == []
    assert len(stores.deliveries.deliveries(job.id)) == told
    assert [page.id for page in stores.jobs.list_jobs("bert", cursor=None, limit=5).jobs] == [new]
    assert stores.jobs.mark_for_deletion(new)
    assert [a.stored.key for a in stores.jobs.sweepable(limit=5)] == ["jobs/y/pdf"]
    assert len(stores.jobs.artifacts(job.id)) == 1


def test_copy_of_another_version_or_of_a_job_under_way_is_refused(stores: Stores) -> None:
    running, done = submit(stores), complete(stores, submit(stores).id, PDF)
    for job_id, version in ((running.id, 1), (done.id, 2), (uuid4(), 1)):
        copied = stores.jobs.copy(
            job_id, uuid4(), "bert", [PDF], expires_at=None, if_version=version
        )
        assert copied is None
    assert not stores.jobs.list_jobs("bert", cursor=None, limit=5).jobs
