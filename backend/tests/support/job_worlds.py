"""Everything that a step needs, built around one job store, for tests of the life of jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import soundfile

from drumscribe.audio.decode import DecodeLimits
from drumscribe.domain.artifacts import ArtifactKind
from drumscribe.domain.jobs import Claim, InputType, Job, JobRequest, Step
from drumscribe.domain.service.retention import Retention
from drumscribe.domain.wishes import Wishes
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline.decoding.confined import ConfinedDecoder
from drumscribe.pipeline.files.formats import Engravers
from drumscribe.pipeline.models import ModelSet
from drumscribe.ports import ArtifactStorage, JobStore, SourceFetcher
from drumscribe.services.steps.run_step import StepOptions, StepReport, run_step
from drumscribe.services.submit_job import SubmitOptions, submit_job
from drumscribe.storage.local import LocalStorage
from drumscribe.testing import FakeDoorbell, MovableClock
from stores import new_stores

OWNER = "session:tester"


def clock_of_today() -> MovableClock:
    """The services give real times to the store, so the store's clock stands beside them."""
    return MovableClock(datetime.now(UTC))


def short_song(song: Path, target: Path, *, seconds: float = 5.5) -> Path:
    """The beginning of a recording as WAV."""
    with soundfile.SoundFile(song) as file:
        rate = file.samplerate
        samples = file.read(int(seconds * rate))
    soundfile.write(target, samples, rate)
    return target


@dataclass
class World:
    """A store, a storage, a doorbell and models.

    clock: of the store; moving it lets leases end.
    """

    jobs: JobStore
    storage: ArtifactStorage
    clock: MovableClock
    folder: Path
    doorbell: FakeDoorbell = field(default_factory=FakeDoorbell)
    max_attempts: int = 3
    pdf_backend: str = "none"
    fetcher: SourceFetcher | None = None
    models: ModelSet = field(init=False)

    def __post_init__(self) -> None:
        # An empty cache and no network: every machine hears the same.
        self.models = ModelSet(ModelStore(self.folder / "models", offline=True), threads=1)

    @property
    def options(self) -> StepOptions:
        return StepOptions(
            limits=DecodeLimits(min_seconds=5.0),
            engravers=Engravers(pdf_backend=self.pdf_backend),
            scratch_root=self.folder / "scratch",
            lease_seconds=30,
            max_attempts=self.max_attempts,
            retention=Retention(24),
            time_limit_seconds=600,
            light_time_limit_seconds=600,
        )

    def submit(
        self,
        song: Path | None,
        *,
        max_active: int = 100,
        said: Mapping[str, Any] = MappingProxyType({}),
        **request: Any,
    ) -> Job:
        """Queue a job; song None: a link. said: wishes."""
        upload = None if song is None else song.open("rb")
        filled = {
            "input_type": InputType.YOUTUBE if song is None else InputType.UPLOAD,
            "title": "Song",
            "original_filename": None if song is None else song.name,
            "wishes": Wishes.of({"separation": "never", **said}),
            **request,
        }
        try:
            job, _ = submit_job(
                self.jobs,
                self.storage,
                self.doorbell,
                owner=OWNER,
                request=JobRequest(**filled),
                upload=upload,
                options=SubmitOptions(max_active=max_active, max_upload_bytes=50_000_000),
            )
        finally:
            if upload is not None:
                upload.close()
        return job

    def run(self, job_id: UUID, step: Step, **changes: Any) -> StepReport:
        """run_step with the ports of this world, but for the changes."""
        ports = {
            "jobs": self.jobs,
            "storage": self.storage,
            "doorbell": self.doorbell,
            "models": self.models,
            "fetcher": self.fetcher,
            "options": self.options,
        }
        return run_step(job_id, step, **{**ports, **changes})

    def run_until(self, job_id: UUID, last: Step) -> None:
        """Do the steps before `last`."""
        for step in Step:
            if step is last:
                return
            self.run(job_id, step)

    def job(self, job_id: UUID) -> Job:
        job = self.jobs.get(job_id)
        assert job is not None
        return job

    def kinds(self, job_id: UUID) -> set[ArtifactKind]:
        return {artifact.kind for artifact in self.jobs.artifacts(job_id)}

    def stored_files(self, job_id: UUID) -> set[str]:
        """All files of a job that lie in a local storage, recorded or not."""
        root = self.folder / "artifacts"
        found = (root / "jobs" / str(job_id)).rglob("*")
        return {path.relative_to(root).as_posix() for path in found if path.is_file()}

    def recorded_files(self, job_id: UUID) -> set[str]:
        return {artifact.stored.key for artifact in self.jobs.artifacts(job_id)}


@contextmanager
def new_world(folder: Path) -> Iterator[World]:
    """A world of files in this folder."""
    clock = clock_of_today()
    with new_stores(folder / "database", clock) as stores:
        yield World(stores.jobs, LocalStorage(folder / "artifacts"), clock, folder)


def after_claim(act: Callable[[Claim], object]) -> Callable[[Claim], Any]:
    """An `around` that does something as soon as the step is claimed."""

    @contextmanager
    def around(claim: Claim) -> Iterator[None]:
        act(claim)
        yield

    return around


def with_lease(options: StepOptions, seconds: float) -> StepOptions:
    return replace(options, lease_seconds=seconds)


def with_decoder(options: StepOptions, decoder: ConfinedDecoder) -> StepOptions:
    return replace(options, decoder=decoder)
