"""The tasks: names and a line each; the work is done by the services."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import Step
from drumscribe.queue.celery import DELIVER, RECONCILE, SWEEP, step_task_name

if TYPE_CHECKING:
    from celery import Celery


def register_tasks(
    app: Celery, service: Callable[[], Service], *, should_stop: Callable[[], bool]
) -> None:
    """Give the app its tasks: one per step, and the periodic ones.

    service: the ports of the process that asks.
    """
    for step in Step:
        _register_step(app, step, service, should_stop)

    @app.task(name=RECONCILE)  # type: ignore[untyped-decorator]
    def _reconcile() -> None:
        service().reconcile()

    @app.task(name=SWEEP)  # type: ignore[untyped-decorator]
    def _sweep() -> None:
        service().sweep()

    @app.task(name=DELIVER)  # type: ignore[untyped-decorator]
    def _deliver() -> None:
        service().deliver_webhooks()


def _register_step(
    app: Celery, step: Step, service: Callable[[], Service], should_stop: Callable[[], bool]
) -> None:
    @app.task(name=step_task_name(step))  # type: ignore[untyped-decorator]
    def _run(job_id: str) -> None:
        service().run_step(UUID(job_id), step, should_stop=should_stop)
