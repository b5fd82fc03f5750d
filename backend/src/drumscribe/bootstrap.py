"""The only place where adapters are built from settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from drumscribe.audio.decode import DecodeLimits
from drumscribe.core.config import Settings
from drumscribe.core.tracing import Tracing, create_tracing
from drumscribe.domain.jobs import Claim, Step
from drumscribe.models.registry import ModelStore
from drumscribe.pipeline.decoding.confined import ConfinedDecoder
from drumscribe.pipeline.files.formats import Engravers, Format
from drumscribe.pipeline.models import ModelSet
from drumscribe.ports import (
    ApiKeyStore,
    ArtifactStorage,
    DeliveryStore,
    Doorbell,
    JobStore,
    SetListStore,
    SourceFetcher,
    WebhookTransport,
)
from drumscribe.services.deliver_webhook import (
    ATTEMPT_SECONDS,
    DeliveryOptions,
    deliver_webhooks,
)
from drumscribe.services.reconcile import reconcile
from drumscribe.services.songs.edit_score import EditOptions
from drumscribe.services.songs.render_format import RenderOptions
from drumscribe.services.songs.result_files import formats_of
from drumscribe.services.steps.run_step import StepOptions, StepReport, run_step
from drumscribe.services.steps.songs_in_between import SongsInBetween
from drumscribe.services.submit_job import SubmitOptions
from drumscribe.services.sweep_artifacts import remove_orphans, sweep_artifacts

if TYPE_CHECKING:
    from celery import Celery
    from sqlalchemy import Engine


@dataclass(frozen=True)
class Service:
    """The ports of one process, connected when they are first used, and what is done over them.

    Build one per process, after any fork.
    """

    settings: Settings

    @cached_property
    def engine(self) -> Engine:
        from drumscribe.db.engine import create_database_engine

        settings = self.settings
        return create_database_engine(
            settings.effective_database_url,
            pool_size=settings.database_pool_size,
            timeout_seconds=settings.database_timeout_seconds,
        )

    @cached_property
    def jobs(self) -> JobStore:
        from drumscribe.db.job_store.store import SqlJobStore

        return SqlJobStore(self.engine, retention=self.settings.retention)

    @cached_property
    def deliveries(self) -> DeliveryStore:
        from drumscribe.db.deliveries import SqlDeliveryStore

        return SqlDeliveryStore(self.engine)

    @cached_property
    def keys(self) -> ApiKeyStore:
        from drumscribe.db.keys import SqlApiKeyStore

        return SqlApiKeyStore(self.engine)

    @cached_property
    def set_lists(self) -> SetListStore:
        from drumscribe.db.set_lists import SqlSetListStore

        return SqlSetListStore(self.engine)

    @cached_property
    def storage(self) -> ArtifactStorage:
        return build_storage(self.settings)

    @cached_property
    def celery(self) -> Celery:
        from drumscribe.queue.celery import CeleryOptions, create_celery_app

        settings = self.settings
        return create_celery_app(
            CeleryOptions(
                redis_url=settings.redis_url,
                step_time_limit_seconds=settings.step_time_limit_seconds,
                light_step_time_limit_seconds=settings.light_step_time_limit_seconds,
                shutdown_grace_seconds=settings.shutdown_grace_seconds,
                worker_max_memory_mb=settings.worker_max_memory_mb,
                reconcile_interval_seconds=settings.reconcile_interval_seconds,
            )
        )

    @cached_property
    def doorbell(self) -> Doorbell:
        if self.settings.queue_backend == "celery":
            from drumscribe.queue.celery import CeleryDoorbell

            return CeleryDoorbell(self.celery)
        from drumscribe.queue.local import LocalDoorbell

        return LocalDoorbell(self.sign_of_life)

    @cached_property
    def models(self) -> ModelSet:
        from drumscribe.hearing.bundle import chosen_detector

        settings = self.settings
        store = ModelStore(settings.model_cache_dir, offline=settings.drumscribe_offline)
        chosen = None
        if settings.model_uri is not None:
            chosen = chosen_detector(
                settings.model_uri, sha256=settings.model_sha256, version=settings.model_version
            )
        return ModelSet(
            store,
            threads=settings.inference_threads,
            detector_spec=chosen,
            provider=settings.inference_provider,
        )

    @cached_property
    def fetches_videos(self) -> bool:
        """False if links are switched off, or the downloader is not installed."""
        return self.settings.youtube_enabled and find_spec("yt_dlp") is not None

    @cached_property
    def fetcher(self) -> SourceFetcher | None:
        """None if links are switched off."""
        settings = self.settings
        if not settings.youtube_enabled:
            return None
        from drumscribe.core.traced import TracedFetcher
        from drumscribe.egress.client import Egress, EgressOptions
        from drumscribe.fetch.links import LinkFetcher
        from drumscribe.fetch.sound_file import IDLE_SECONDS, SoundFileFetcher
        from drumscribe.fetch.youtube import FetchOptions, VideoFetcher

        videos = VideoFetcher(
            FetchOptions(
                timeout_seconds=settings.youtube_timeout_seconds,
                max_bytes=settings.youtube_max_size_bytes,
                max_duration_seconds=settings.max_duration_seconds,
                cookies_file=settings.youtube_cookies_file,
                proxy=settings.youtube_proxy,
            )
        )
        egress = Egress(
            EgressOptions(
                timeout_seconds=settings.youtube_timeout_seconds, idle_seconds=IDLE_SECONDS
            )
        )
        sound_files = SoundFileFetcher(egress, max_bytes=settings.max_file_size_bytes)
        fetcher = LinkFetcher(videos if self.fetches_videos else None, sound_files)
        return TracedFetcher(fetcher, self.tracing)

    @cached_property
    def webhook_transport(self) -> WebhookTransport:
        from drumscribe.core.traced import TracedTransport
        from drumscribe.egress.client import Egress, EgressOptions
        from drumscribe.webhooks.sender import SignedWebhooks

        settings = self.settings
        egress = Egress(
            EgressOptions(
                timeout_seconds=ATTEMPT_SECONDS,
                allow_http=settings.webhook_allow_http,
                allow_private_addresses=settings.webhook_allow_private_addresses,
            )
        )
        sender = SignedWebhooks(
            egress,
            secret=settings.webhook_secret.get_secret_value(),
            public_url=settings.public_url,
        )
        return TracedTransport(sender, self.tracing, self._trace_context)

    def _trace_context(self, job_id: UUID) -> Mapping[str, str]:
        if self.settings.otel_exporter_otlp_endpoint is None:
            return {}
        job = self.jobs.get(job_id)
        return {} if job is None else job.request.trace_context

    @cached_property
    def tracing(self) -> Tracing:
        settings = self.settings
        return create_tracing(
            settings.otel_exporter_otlp_endpoint, service_name=settings.otel_service_name
        )

    @property
    def sign_of_life(self) -> Path:
        """Touched by the supervisor of local workers."""
        return self.settings.data_dir.absolute() / "workers.alive"

    @property
    def engravers(self) -> Engravers:
        settings = self.settings
        return Engravers(
            pdf_backend=settings.pdf_backend,
            lilypond_bin=settings.lilypond_bin,
            musescore_bin=settings.musescore_bin,
            timeout_seconds=settings.lilypond_timeout_seconds,
        )

    @property
    def submit_options(self) -> SubmitOptions:
        settings = self.settings
        return SubmitOptions(
            max_active=settings.max_concurrent_jobs_per_user,
            max_upload_bytes=settings.max_file_size_bytes,
            allow_http_webhooks=settings.webhook_allow_http,
        )

    @cached_property
    def formats(self) -> tuple[Format, ...]:
        """What results can be had as."""
        return formats_of(self.engravers)

    @property
    def render_options(self) -> RenderOptions:
        return RenderOptions(
            engravers=self.engravers, scratch_root=self.settings.effective_scratch_dir
        )

    @property
    def edit_options(self) -> EditOptions:
        return EditOptions(
            engravers=self.engravers, scratch_root=self.settings.effective_scratch_dir
        )

    @property
    def step_options(self) -> StepOptions:
        settings = self.settings
        return StepOptions(
            limits=DecodeLimits(
                min_seconds=settings.min_duration_seconds,
                max_seconds=settings.max_duration_seconds,
            ),
            engravers=self.engravers,
            scratch_root=settings.effective_scratch_dir,
            lease_seconds=settings.lease_seconds,
            max_attempts=settings.max_attempts,
            retention=settings.retention,
            time_limit_seconds=settings.step_time_limit_seconds,
            light_time_limit_seconds=settings.light_step_time_limit_seconds,
            decoder=ConfinedDecoder(memory_bytes=settings.decode_memory_bytes),
        )

    def run_step(
        self,
        job_id: UUID,
        step: Step,
        *,
        should_stop: Callable[[], bool] = lambda: False,
        lets_songs_pass: bool = True,
    ) -> StepReport:
        """services.run_step with the ports of this process, counted and traced.

        lets_songs_pass: a separation makes room for songs that take seconds; see SongsInBetween.
        """
        from drumscribe.core.metrics import count_step

        report = run_step(
            job_id,
            step,
            jobs=self.jobs,
            storage=self.storage,
            doorbell=self.doorbell,
            models=self.models,
            fetcher=self.fetcher,
            options=self.step_options,
            should_stop=should_stop,
            around=self._observed,
            in_between=SongsInBetween(
                self.jobs,
                lambda other_id, other_step: self.run_step(
                    other_id, other_step, should_stop=should_stop, lets_songs_pass=False
                ),
            )
            if lets_songs_pass
            else None,
        )
        count_step(report)
        return report

    @contextmanager
    def _observed(self, claim: Claim) -> Iterator[None]:
        """What surrounds the work on a claimed step: log context and span."""
        from drumscribe.core.logging import log_context

        job, step = claim.job, claim.job.step
        with (
            log_context(job_id=str(job.id), stage=step.stage, attempt=job.attempt),
            self.tracing.span(
                step.value,
                kind="consumer",
                parent=job.request.trace_context,
                attributes={
                    "drumscribe.job_id": str(job.id),
                    "drumscribe.step": step.value,
                    "drumscribe.attempt": job.attempt,
                },
            ),
        ):
            yield

    def reconcile(self) -> int:
        """services.reconcile with the ports of this process."""
        return reconcile(self.jobs, self.doorbell)

    def sweep(self) -> int:
        """services.sweep_artifacts with the ports of this process."""
        return sweep_artifacts(self.jobs, self.storage)

    def remove_orphans(self) -> int:
        """services.remove_orphans with the ports of this process."""
        return remove_orphans(self.jobs, self.storage, now=datetime.now(UTC))

    def deliver_webhooks(self) -> int:
        """Send the webhooks whose time has come; returns how many were tried."""
        return deliver_webhooks(self.deliveries, self.webhook_transport, options=DeliveryOptions())

    def upgrade_database(self) -> None:
        """Bring the database to the tables of this version."""
        from drumscribe.db.schema import upgrade_schema

        upgrade_schema(self.engine)

    def close(self) -> None:
        """Let go of connections."""
        if "engine" in self.__dict__:
            self.engine.dispose()
        if "tracing" in self.__dict__:
            self.tracing.close()


def build_storage(settings: Settings) -> ArtifactStorage:
    """The file storage of the settings."""
    if settings.storage_backend == "local":
        from drumscribe.storage.local import LocalStorage

        return LocalStorage(settings.effective_artifacts_dir)
    from drumscribe.storage.s3 import S3Options, S3Storage

    assert settings.s3_bucket is not None, "checked by the settings"
    key_id, secret = settings.s3_access_key_id, settings.s3_secret_access_key
    return S3Storage(
        S3Options(
            bucket=settings.s3_bucket,
            prefix=settings.s3_prefix,
            endpoint_url=settings.s3_endpoint_url,
            public_endpoint_url=settings.s3_public_endpoint_url,
            region=settings.s3_region,
            access_key_id=key_id.get_secret_value() if key_id else None,
            secret_access_key=secret.get_secret_value() if secret else None,
            scratch_folder=settings.effective_scratch_dir,
        )
    )
