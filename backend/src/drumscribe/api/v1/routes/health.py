"""How the service is, for people and load balancers; and anonymous sessions."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Request, Response

import drumscribe
from drumscribe.api.caller import start_session
from drumscribe.api.errors import declared
from drumscribe.api.v1.deps import CallerDep, ServiceDep
from drumscribe.api.v1.schemas.service import CheckOut, HealthOut, LimitsOut
from drumscribe.bootstrap import Service
from drumscribe.errors import DrumScribeError
from drumscribe.models.known_models import HTDEMUCS

# Below it, jobs are taken in that cannot be done.
_UPLOADS_THAT_MUST_FIT = 4

router = APIRouter(tags=["health"])
root_router = APIRouter(tags=["health"])


@router.get(
    "/health",
    response_model=HealthOut,
    responses={**declared(), 503: {"model": HealthOut, "description": "Something is broken."}},
    summary="State of everything that the service stands on",
)
def health(response: Response, service: ServiceDep) -> HealthOut:
    """Database, storage, disk, queue, model and PDF engine. 503 if jobs cannot be taken in."""
    checks = {
        "database": _check(service.jobs.ping),
        "storage": _check(service.storage.ping),
        "disk": _disk(service),
        "queue": _check(service.doorbell.ping),
        "model": _model(service),
        "pdf": _pdf(service),
    }
    response.headers["Cache-Control"] = "no-store"
    if any(checks[name].status == "failed" for name in ("database", "storage", "disk")):
        response.status_code = 503
        return HealthOut(status="failed", version=drumscribe.__version__, checks=checks)
    degraded = any(check.status != "ok" for check in checks.values())
    return HealthOut(
        status="degraded" if degraded else "ok", version=drumscribe.__version__, checks=checks
    )


def _check(look: Callable[[], str | None]) -> CheckOut:
    try:
        return CheckOut(status="ok", detail=look() or "answers")
    except DrumScribeError as error:
        return CheckOut(status="failed", detail=error.message)


def _disk(service: Service) -> CheckOut:
    """Room where uploads are spooled and, with local storage, kept."""
    settings = service.settings
    folders = {"scratch": settings.effective_scratch_dir}
    if settings.storage_backend == "local":
        folders["artifacts"] = settings.effective_artifacts_dir
    needed = _UPLOADS_THAT_MUST_FIT * settings.max_file_size_bytes
    told = []
    is_full = False
    for name, folder in folders.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(folder).free
        except OSError as error:
            return CheckOut(status="failed", detail=f"{name}: {error.strerror}")
        is_full = is_full or free < needed
        told.append(f"{name}: {free / 1e9:.1f} GB free")
    return CheckOut(status="failed" if is_full else "ok", detail=", ".join(told))


def _model(service: Service) -> CheckOut:
    try:
        known = service.models.detector_ref()
    except DrumScribeError as error:
        return CheckOut(status="failed", detail=error.message)
    if known is None:
        return CheckOut(status="missing", detail="will be fetched by the first job that needs it")
    return CheckOut(status="ok", detail=str(known))


def _pdf(service: Service) -> CheckOut:
    from drumscribe.notation.engravers.pdf import available_pdf_backends

    backends = available_pdf_backends(
        lilypond_bin=service.settings.lilypond_bin, musescore_bin=service.settings.musescore_bin
    )
    if service.settings.pdf_backend == "none":
        return CheckOut(status="ok", detail="switched off")
    if not backends:
        return CheckOut(status="missing", detail="no engraver is installed")
    return CheckOut(status="ok", detail=", ".join(backends))


@router.get("/limits", response_model=LimitsOut, responses=declared(), summary="What is accepted")
def limits(service: ServiceDep) -> LimitsOut:
    """Size, duration and number of recordings, and how long they are kept."""
    settings = service.settings
    return LimitsOut(
        max_file_size_bytes=settings.max_file_size_bytes,
        min_duration_seconds=settings.min_duration_seconds,
        max_duration_seconds=settings.max_duration_seconds,
        max_active_jobs=settings.max_concurrent_jobs_per_user,
        retention_hours=settings.retention.hours,
        share_by_link=settings.share_by_link,
        links_enabled=service.fetches_videos,
        sound_links_enabled=service.fetcher is not None,
        separation=_separation(service),
        separation_download_bytes=HTDEMUCS.size_bytes or 0,
        separation_licence=HTDEMUCS.licence,
    )


def _separation(service: Service) -> Literal["ready", "after_download", "off"]:
    if service.models.separator_is_cached:
        return "ready"
    return "off" if service.models.store.offline else "after_download"


@router.post("/session", status_code=204, responses=declared(), summary="Start a session")
def create_session(
    request: Request, response: Response, service: ServiceDep, caller: CallerDep
) -> None:
    """Gives the browser a signed cookie that its jobs belong to; keeps the one it has."""
    start_session(request, response, service.settings)


@root_router.get("/livez", include_in_schema=False)
async def livez() -> dict[str, str]:
    """The process answers; nothing else is touched."""
    return {"status": "ok"}


@root_router.get("/readyz", include_in_schema=False)
def readyz(service: ServiceDep) -> dict[str, str]:
    """Jobs can be taken in; 503 otherwise."""
    service.jobs.ping()
    service.storage.ping()
    return {"status": "ok"}
