"""Celery as the doorbell: messages carry a step and the id of a job, nothing else.

The database knows what is due, who works on it and how often it was tried; Celery's own means for
that (chains, results, retries, rejecting) are off. See docs/explanation/jobs.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from drumscribe.domain.jobs import Step
from drumscribe.errors import QueueUnavailable

if TYPE_CHECKING:
    from celery import Celery

QUEUES: Final = ("default", "heavy-compute")
# Tells the children of a worker's pool what they are for.
QUEUES_VARIABLE: Final = "DRUMSCRIBE_WORKER_QUEUES"
RECONCILE: Final = "drumscribe.reconcile"
SWEEP: Final = "drumscribe.sweep_artifacts"
ORPHANS: Final = "drumscribe.remove_orphans"
DELIVER: Final = "drumscribe.deliver_webhooks"

# Every file that is stored is looked at.
SWEEP_EVERY_SECONDS: Final = 60.0
ORPHANS_EVERY_SECONDS: Final = 3600.0
_SOCKET_SECONDS = 5.0
_DELIVER_SECONDS = 5.0
# Above our own limit, which stops a step at a checkpoint; a step that hangs inside a native call
# meets the hard limit, and its lease then runs out.
_SOFT_MARGIN_SECONDS = 60.0
HARD_MARGIN_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CeleryOptions:
    """See drumscribe.core.config.Settings for the meanings."""

    redis_url: str
    step_time_limit_seconds: float
    light_step_time_limit_seconds: float
    shutdown_grace_seconds: float
    worker_max_memory_mb: float
    reconcile_interval_seconds: float


def step_task_name(step: Step) -> str:
    """The name of the task of a step, part of the contract between API and workers."""
    return f"drumscribe.{step.value}"


def create_celery_app(options: CeleryOptions) -> Celery:
    """The app, configured; its tasks are registered by drumscribe.worker.tasks."""
    from celery import Celery

    from drumscribe.queue.lost_acks import mend_lost_acks

    mend_lost_acks()
    app = Celery("drumscribe", broker=options.redis_url, set_as_current=False)
    app.conf.update(celery_settings(options))
    return app


def celery_settings(options: CeleryOptions) -> dict[str, Any]:
    """All of Celery's settings, each with its reason where it has one."""
    from kombu import Exchange, Queue

    # The exchange without a name needs no bindings in Redis: a flush cannot break the routing.
    exchange = Exchange("", type="direct")
    longest = max(options.step_time_limit_seconds, options.light_step_time_limit_seconds)
    hard_limit = longest + HARD_MARGIN_SECONDS
    return {
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "task_acks_late": True,
        # A task that kills its worker would come again for ever; attempts are counted by claims,
        # and the lease brings the step back.
        "task_reject_on_worker_lost": False,
        "worker_prefetch_multiplier": 1,
        "task_queues": [Queue(name, exchange, routing_key=name) for name in QUEUES],
        "task_default_queue": "default",
        "task_default_exchange": "",
        "task_default_routing_key": "default",
        "task_create_missing_queues": False,
        "task_routes": {
            **{step_task_name(step): {"queue": step.queue} for step in Step},
            **{name: {"queue": "default"} for name in (RECONCILE, SWEEP, ORPHANS, DELIVER)},
        },
        "task_soft_time_limit": options.step_time_limit_seconds + _SOFT_MARGIN_SECONDS,
        "task_time_limit": hard_limit,
        "task_annotations": {
            step_task_name(step): {
                "soft_time_limit": options.light_step_time_limit_seconds + _SOFT_MARGIN_SECONDS,
                "time_limit": options.light_step_time_limit_seconds + HARD_MARGIN_SECONDS,
            }
            for step in Step
            if not step.is_heavy
        },
        "broker_connection_retry_on_startup": True,
        "broker_connection_timeout": _SOCKET_SECONDS,
        "broker_transport_options": {
            # Must outlast the longest step, or a step would be delivered to a second worker while
            # the first is at it. (The claim would refuse it; it is only noise.)
            "visibility_timeout": hard_limit + 600,
            "socket_timeout": _SOCKET_SECONDS,
            "socket_connect_timeout": _SOCKET_SECONDS,
        },
        # Nobody waits long for a broker: the reconciler publishes again what was not heard.
        "task_publish_retry": True,
        "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0.1},
        # SIGTERM (a warm shutdown) waits for tasks, which give their steps back at the next
        # checkpoint: see drumscribe.worker.app. This is for SIGQUIT.
        "worker_soft_shutdown_timeout": options.shutdown_grace_seconds,
        "worker_max_memory_per_child": round(options.worker_max_memory_mb * 1e6 / 1024),
        # A child may load (and fetch) its models before it reports.
        "worker_proc_alive_timeout": 300.0,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "timezone": "UTC",
        # Intervals only, so beat keeps no file: it runs on a read-only root.
        "beat_scheduler": "celery.beat:Scheduler",
        "beat_schedule": {
            name: {
                "task": name,
                "schedule": seconds,
                # One that nobody took before the next one comes is of no use.
                "options": {"expires": seconds},
            }
            for name, seconds in (
                (RECONCILE, options.reconcile_interval_seconds),
                (SWEEP, SWEEP_EVERY_SECONDS),
                (ORPHANS, ORPHANS_EVERY_SECONDS),
                (DELIVER, _DELIVER_SECONDS),
            )
        },
    }


class CeleryDoorbell:
    """Doorbell that publishes a message."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def ring(self, step: Step, job_id: UUID) -> None:
        from kombu.exceptions import OperationalError
        from redis.exceptions import RedisError

        try:
            self._app.send_task(step_task_name(step), args=[str(job_id)], queue=step.queue)
        except (OperationalError, RedisError, OSError) as error:
            raise QueueUnavailable("The message queue does not answer.") from error

    def ping(self) -> None:
        self._ask("ping")

    def waiting(self, queue: str) -> int | None:
        return int(self._ask("llen", queue))

    def _ask(self, command: str, *arguments: str) -> Any:
        from redis import Redis
        from redis.exceptions import RedisError

        client = Redis.from_url(
            self._app.conf.broker_url,
            socket_timeout=_SOCKET_SECONDS,
            socket_connect_timeout=_SOCKET_SECONDS,
        )
        try:
            return getattr(client, command)(*arguments)
        except (RedisError, OSError) as error:
            raise QueueUnavailable("The message queue does not answer.") from error
        finally:
            client.close()
