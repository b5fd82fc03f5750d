"""What the specification tells an operator to type works here, or one page says what to type."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from drumscribe.bootstrap import Service
from places import ROOT
from service_processes import settings_for

PAGE = ROOT / "docs" / "reference" / "from-the-specification.md"
_ROW = re.compile(r"^\|(.+)\|$", flags=re.MULTILINE)

# What is typed there -> what the page must tell instead (test_guides checks that it exists).
TOLD = {
    "celery -A app.worker inspect active": "drumscribe admin stats",
    "celery inspect ping": "http://worker:9100/health",
    "alembic upgrade head": "drumscribe admin migrate",
    "scripts/download_models.sh /data/models": "drumscribe models download",
    "celery-beat": "beat",
    "UPDATE jobs SET status = 'failed' ...": "drumscribe admin requeue ID",
    "celery call app.worker.cleanup_old_artifacts": "drumscribe admin sweep",
    "redis-cli LLEN default": "drumscribe admin stats",
}


def told(name: str) -> str:
    """What the page puts beside a name of the specification."""
    for row in _ROW.findall(PAGE.read_text(encoding="utf-8")):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)]
        if any(f"`{name}`" in cell for cell in cells[:-1]):
            return cells[-1]
    raise AssertionError(f"{PAGE.name} does not say what became of {name!r}")


@pytest.mark.parametrize("name", TOLD)
def test_page_says_what_to_type_instead(name: str) -> None:
    assert f"`{TOLD[name]}`" in told(name).replace("dc exec api ", "").replace(
        "dc run --rm worker-heavy ", ""
    )


def test_alembic_brings_the_tables_up_to_date_as_the_specification_types_it(
    tmp_path: Path,
) -> None:
    """The image of the API has the same file at ALEMBIC_CONFIG."""
    environment = {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/jobs.db"}
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        env={**os.environ, **environment, "ALEMBIC_CONFIG": str(ROOT / "backend" / "alembic.ini")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    service = Service(settings_for(environment))
    try:
        assert service.jobs.stats().by_status is not None
    finally:
        service.close()
    image = (ROOT / "infrastructure" / "api.Dockerfile").read_text(encoding="utf-8")
    assert "COPY backend/alembic.ini /opt/drumscribe/alembic.ini" in image
    assert "ALEMBIC_CONFIG=/opt/drumscribe/alembic.ini" in image


def test_services_keep_the_names_of_the_specification_or_the_page_names_them() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    kept = {"frontend", "api", "worker-default", "worker-heavy", "postgres", "redis", "jaeger"}
    assert kept <= set(compose["services"])
    assert told("celery-beat") == "`beat`"
    assert "beat" in compose["services"]


def test_celery_finds_the_application_that_the_page_names(tmp_path: Path) -> None:
    assert "celery -A drumscribe.worker.app" in PAGE.read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "drumscribe.worker.app", "report"],
        env={**os.environ, "DATA_DIR": str(tmp_path), "QUEUE_BACKEND": "celery"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "enable_remote_control: False" in done.stdout.replace("'", "").replace("worker_", "")


def test_script_that_fetches_models_is_in_the_images_under_its_name() -> None:
    assert (ROOT / "scripts" / "download_models.sh").is_file()
    worker = (ROOT / "infrastructure" / "worker.Dockerfile").read_text(encoding="utf-8")
    assert "scripts/download_models.sh" in worker
