"""The tasks: names and a line each; the work is done by the services."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from drumscribe.bootstrap import Service
from drumscribe.domain.jobs import Step
from drumscribe.errors import Unavailable
from drumscribe.queue.celery import DELIVER, ORPHANS, RECONCILE, SWEEP, step_task_name

if TYPE_CHECKING:
    from celery import Celery

logger = logging.getLogger(__name__)


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
        _unless_away(service().reconcile, "Reconciling")

    @app.task(name=SWEEP)  # type: ignore[untyped-decorator]
    def _sweep() -> None:
        _unless_away(service().sweep, "Sweeping")

    @app.task(name=ORPHANS)  # type: ignore[untyped-decorator]
    def _orphans() -> None:
        _unless_away(service().remove_orphans, "Looking for orphans")

    @app.task(name=DELIVER)  # type: ignore[untyped-decorator]
    def _deliver() -> None:
        _unless_away(service().deliver_webhooks, "Delivering webhooks")


def _unless_away(work: Callable[[], object], name: str) -> None:
    """Database, storage or broker that are away are no fault of a task: the next one tries again.

    A task that ends by an error is a traceback in the log, several times a second in an outage.
    """
    try:
        work()
    except Unavailable as error:
        logger.warning("%s has to wait: %s", name, error.message)


def _register_step(
    app: Celery, step: Step, service: Callable[[], Service], should_stop: Callable[[], bool]
) -> None:
    @app.task(name=step_task_name(step))  # type: ignore[untyped-decorator]
    def _run(job_id: str) -> None:
        _unless_away(
            lambda: service().run_step(UUID(job_id), step, should_stop=should_stop), step.value
        )
