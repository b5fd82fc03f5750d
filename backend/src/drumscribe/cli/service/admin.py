"""drumscribe admin: what operators do, through the same use cases as everybody."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from drumscribe.cli import exit_codes
from drumscribe.cli.common import console, need_server_extra
from drumscribe.domain.jobs import Step
from drumscribe.errors import Unavailable

if TYPE_CHECKING:
    from drumscribe.bootstrap import Service
    from drumscribe.core.config import Settings


@click.group()
def admin() -> None:
    """Look after jobs and API keys (on the machine that has the settings)."""


def _service() -> Service:
    need_server_extra()
    from drumscribe.bootstrap import Service
    from drumscribe.core.config import load_settings

    service = Service(load_settings())
    service.upgrade_database()
    return service


@admin.command()
def migrate() -> None:
    """Bring the database to the tables of this version (`serve` does it too)."""
    from drumscribe.db.schema import newest_revision

    _service()
    click.echo(f"The database is at revision {newest_revision()}.")


@admin.command()
@click.argument("job_ids", nargs=-1, required=True, type=click.UUID, metavar="JOB...")
@click.option(
    "--step",
    type=click.Choice([step.value for step in Step]),
    help="Begin again at this step (default: where it ended).",
)
def requeue(job_ids: tuple[UUID, ...], step: str | None) -> int:
    """Give failed or cancelled jobs another chance."""
    service = _service()
    missed = 0
    for job_id in job_ids:
        job = service.jobs.requeue(job_id, Step(step) if step else None)
        if job is None:
            console.print(f"{job_id}: no such job, or neither failed nor cancelled.", style="red")
            missed += 1
            continue
        try:
            service.doorbell.ring(job.step, job.id)
        except Unavailable as error:
            console.print(f"{error.message} The reconciler will see to it.", style="yellow")
        click.echo(f"{job_id}: queued at {job.step.value}")
    return exit_codes.RUNTIME_ERROR if missed else exit_codes.OK


@admin.command()
@click.argument("job_ids", nargs=-1, required=True, type=click.UUID, metavar="JOB...")
@click.option("--message", default="Ended by the operator.", help="What its owner reads.")
def fail(job_ids: tuple[UUID, ...], message: str) -> int:
    """End queued or running jobs as failed."""
    service = _service()
    expires_at = service.settings.retention.until(datetime.now(UTC))
    missed = 0
    for job_id in job_ids:
        job = service.jobs.fail_by_operator(job_id, message=message, expires_at=expires_at)
        if job is None:
            console.print(f"{job_id}: no such job, or it has ended.", style="red")
            missed += 1
        else:
            click.echo(f"{job_id}: {job.status.value}")
    return exit_codes.RUNTIME_ERROR if missed else exit_codes.OK


@admin.command()
def sweep() -> None:
    """Delete the files of expired jobs now, and files that belong to no job."""
    service = _service()
    files, orphans = service.sweep(), service.remove_orphans()
    click.echo(f"Files deleted: {files}, and those of {orphans} job(s) that are in no row.")


@admin.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON object on stdout.")
def stats(as_json: bool) -> None:
    """Count jobs by status, what waits, and failures by code."""
    found = _service().jobs.stats()
    document = {
        "jobs": {status.value: count for status, count in found.by_status.items()},
        "queued": {step.value: count for step, count in found.queued_by_step.items()},
        "failed": dict(sorted(found.failed_by_code.items())),
        "oldest_queued_seconds": found.oldest_queued_seconds,
        "pending_deliveries": found.pending_deliveries,
    }
    if as_json:
        click.echo(json.dumps(document, indent=1))
        return
    for name, value in document.items():
        if isinstance(value, dict):
            click.echo(f"{name}: " + (", ".join(f"{k} {v}" for k, v in value.items()) or "none"))
        else:
            click.echo(f"{name.replace('_', ' ')}: {'none' if value is None else f'{value:g}'}")


def _embedded() -> tuple[Settings, Path]:
    """The settings, and the SQLite file; ends with advice where data lies elsewhere."""
    need_server_extra()
    from sqlalchemy import make_url

    from drumscribe.core.config import load_settings

    settings = load_settings()
    url = make_url(settings.effective_database_url)
    if (
        url.get_backend_name() != "sqlite"
        or settings.storage_backend != "local"
        or not url.database
    ):
        raise click.ClickException(
            "This is for SQLite and files in a folder. For PostgreSQL and buckets see "
            "docs/runbooks/disaster-recovery.md."
        )
    return settings, Path(url.database)


@admin.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.tar")
def backup(target: Path) -> None:
    """Write database and files into one archive; the service may go on meanwhile.

    For SQLite and files in a folder (`drumscribe serve` without other settings).
    """
    from drumscribe.db.backup import write_backup

    settings, database = _embedded()
    report = write_backup(database, settings.effective_artifacts_dir, target)
    click.echo(f"{target}: the database and {report.files} files")
    if report.missing:
        console.print(f"{report.missing} files were deleted meanwhile.", style="yellow")


@admin.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """Bring back what `backup` wrote, into a data folder that has no database yet.

    The service must not run. Each file is checked.
    """
    from drumscribe.core.data_lock import data_folder_locked
    from drumscribe.db.backup import read_backup

    settings, database = _embedded()
    with data_folder_locked(settings.data_dir, patience_seconds=0):
        report = read_backup(source, database, settings.effective_artifacts_dir)
    _service()  # brings the tables up to date, if the backup is of an older version
    click.echo(f"{database}: the database and {report.files} files are back")
    if report.missing:
        console.print(f"{report.missing} files were not in the backup.", style="yellow")


@admin.group()
def keys() -> None:
    """API keys."""


@keys.command("create")
@click.argument("name")
def create(name: str) -> None:
    """Make a key; the secret is printed once, on stdout."""
    from drumscribe.services.api_keys import create_key

    key, secret = create_key(_service().keys, name=name)
    console.print(f"Key {key.id} for {name}. It is not shown again:", style="dim", markup=False)
    click.echo(secret)


@keys.command("list")
def list_keys() -> None:
    """All keys, revoked ones too."""
    store = _service().keys
    for key in store.keys():  # noqa: SIM118 - a store, not a mapping
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "active"
        used = f"{key.last_used_at:%Y-%m-%d}" if key.last_used_at else "never"
        click.echo(f"{key.id}  {key.prefix}...  {state:18}  used {used:10}  {key.name}")


@keys.command("revoke")
@click.argument("key_id", type=click.UUID)
def revoke(key_id: UUID) -> int:
    """Make a key worthless at once."""
    if _service().keys.revoke_key(key_id):
        click.echo(f"{key_id}: revoked")
        return exit_codes.OK
    console.print(f"There is no active key {key_id}.", style="red")
    return exit_codes.RUNTIME_ERROR
