"""Settings: names, defaults, refusals; the generated pages are not stale."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from drumscribe.core.config import Settings, load_settings
from drumscribe.errors import InvalidOption
from places import ROOT

OWN_SECRETS = {"secret_key": "x" * 32, "webhook_secret": "whsec_" + "eA" * 16}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def _generator() -> ModuleType:
    path = ROOT / "docs" / "reference" / "generate_configuration.py"
    spec = importlib.util.spec_from_file_location("generate_configuration", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_settings_without_environment_are_the_embedded_mode(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.queue_backend == "local"
    assert settings.storage_backend == "local"
    assert settings.effective_database_url == f"sqlite:///{tmp_path}/data/drumscribe.db"
    assert settings.effective_artifacts_dir == tmp_path / "data" / "artifacts"
    assert (settings.max_file_size_bytes, settings.max_concurrent_jobs_per_user) == (50_000_000, 3)
    assert (settings.min_duration_seconds, settings.max_duration_seconds) == (5, 900)


def test_settings_of_the_environment_keep_the_specification_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = {
        "DATABASE_URL": "postgresql://a:b@db/c",
        "REDIS_URL": "redis://redis:6379/1",
        "STORAGE_BACKEND": "s3",
        "S3_BUCKET": "drumscribe-artifacts",
        "S3_PREFIX": "artifacts",
        "S3_REGION": "us-east-1",
        "S3_ENDPOINT_URL": "",
        "PDF_BACKEND": "lilypond",
        "LILYPOND_BIN": "/usr/bin/lilypond",
        "LILYPOND_TIMEOUT_SECONDS": "45",
        "MAX_FILE_SIZE_MB": "10",
        "MAX_DURATION_SECONDS": "600",
        "MAX_CONCURRENT_JOBS_PER_USER": "7",
        "ARTIFACT_TTL_HOURS": "48",
        "LOG_LEVEL": "debug",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318",
        "MODEL_URI": "s3://models/hearing.zip",
        "MODEL_VERSION": "v2",
        "MODEL_SHA256": "0" * 64,
        "MODEL_CACHE_DIR": "/data/models",
        "ARTIFACTS_DIR": "/data/artifacts",
        "CORS_ORIGINS": "http://localhost:3000, https://drums.example/",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.effective_database_url == "postgresql+psycopg://a:b@db/c"
    assert settings.redis_url == "redis://redis:6379/1"
    assert (settings.s3_bucket, settings.s3_endpoint_url) == ("drumscribe-artifacts", None)
    assert (settings.lilypond_bin, settings.lilypond_timeout_seconds) == ("/usr/bin/lilypond", 45)
    assert settings.log_level == "DEBUG"
    assert settings.model_cache_dir == Path("/data/models")
    assert settings.cors_origins == ("http://localhost:3000", "https://drums.example")
    assert settings.artifact_ttl_hours == 48


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_database_url_of_any_postgresql_driver_uses_psycopg(scheme: str) -> None:
    settings = load_settings(database_url=f"{scheme}://u:p@h/d")
    assert settings.effective_database_url == "postgresql+psycopg://u:p@h/d"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"secret_key": "development-only-secret-key"}, "SECRET_KEY"),
        ({"database_url": "postgresql://drumscribe:drumscribe@db/d"}, "DATABASE_URL"),
    ],
)
def test_known_secrets_in_production_are_refused(change: dict[str, str], named: str) -> None:
    with pytest.raises(InvalidOption, match=named):
        load_settings(environment="production", **{**OWN_SECRETS, **change})


def test_own_secrets_in_production_are_accepted() -> None:
    assert load_settings(environment="production", **OWN_SECRETS).logs_json


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"min_duration_seconds": 900}, "MIN_DURATION_SECONDS"),
        ({"storage_backend": "s3"}, "S3_BUCKET"),
        ({"model_uri": "https://example.org/m.onnx"}, "MODEL_SHA256"),
        ({"max_file_size_mb": "much"}, "MAX_FILE_SIZE_MB"),
        ({"s3_access_key_id": "abc"}, "S3_SECRET_ACCESS_KEY"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(
    change: dict[str, object], named: str
) -> None:
    with pytest.raises(InvalidOption, match=named):
        load_settings(**change)


def test_settings_shown_hide_their_secrets() -> None:
    settings = load_settings(secret_key="y" * 40, s3_access_key_id="a", s3_secret_access_key="zzz")
    assert "yyy" not in repr(settings)
    assert "zzz" not in repr(settings)


def test_configuration_reference_is_up_to_date() -> None:
    generator = _generator()
    hint = "run: .venv/bin/python docs/reference/generate_configuration.py"
    assert generator.PAGE.read_text() == generator.configuration_page(), hint
    assert generator.EXAMPLE.read_text() == generator.example_file(), hint


def test_example_environment_without_a_change_is_the_default(tmp_path: Path) -> None:
    """Every line is a comment, and taking the comment away still gives the defaults."""
    lines = _generator().example_file().splitlines()
    assert all(not line or line.startswith("#") for line in lines)
    values = [line[2:] for line in lines if line.split("=")[0][2:].lower() in Settings.model_fields]
    assert len(values) == len(Settings.model_fields)
    (tmp_path / ".env").write_text("\n".join(values))
    assert load_settings() == Settings(_env_file=None)  # type: ignore[call-arg]


def test_settings_that_come_as_files_are_read_and_lose_against_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    for name, value in {**OWN_SECRETS, "database_password": "p@ss/word", "s3_bucket": "b"}.items():
        (folder / name).write_text(f"{value}\n")
    monkeypatch.setenv("SECRETS_DIR", str(folder))
    monkeypatch.setenv("DATABASE_URL", "postgresql://drumscribe@postgres:5432/drumscribe")
    monkeypatch.setenv("S3_BUCKET", "other")
    settings = load_settings(environment="production")
    assert settings.secret_key.get_secret_value() == "x" * 32
    assert settings.s3_bucket == "other"
    assert settings.effective_database_url == (
        "postgresql+psycopg://drumscribe:p%40ss%2Fword@postgres:5432/drumscribe"
    )


def test_known_database_password_from_a_file_is_refused_in_production(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "database_password").write_text("drumscribe")
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    with pytest.raises(InvalidOption, match="DATABASE_PASSWORD"):
        load_settings(environment="production", database_url="postgresql://a@db/c", **OWN_SECRETS)


def test_files_stay_on_ones_own_machine_and_a_day_on_a_shared_one() -> None:
    own = Settings(_env_file=None)  # type: ignore[call-arg]
    shared = Settings(_env_file=None, queue_backend="celery")  # type: ignore[call-arg]
    said = Settings(  # type: ignore[call-arg]
        _env_file=None, artifact_ttl_hours=0, queue_backend="celery"
    )
    assert [settings.retention.hours for settings in (own, shared, said)] == [0, 24, 0]
