"""The settings of the process and its surroundings: HTTP, limits, database, queue and workers.

See drumscribe.core.config, which adds the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DEVELOPMENT_SECRET_KEY = "development-only-secret-key"  # noqa: S105

Seconds = Annotated[float, Field(gt=0)]


def in_group(name: str) -> dict[str, Any]:
    """Under which heading of the reference a setting stands."""
    return {"group": name}


_GENERAL = in_group("General")
_HTTP = in_group("HTTP")
_LIMITS = in_group("Limits")
_DATABASE = in_group("Database")
_WORK = in_group("Queue and workers")


class ServerSettings(BaseSettings):
    """Part of Settings."""

    model_config = SettingsConfigDict(
        frozen=True,
        env_file=".env",
        env_file_encoding="utf-8",
        # `S3_ENDPOINT_URL=` in a compose file means: not set.
        env_ignore_empty=True,
        extra="ignore",
        # A field such as model_uri is no attempt to use pydantic's own names.
        protected_namespaces=("model_config", "model_validate", "model_dump", "model_fields"),
    )

    environment: Literal["development", "production"] = Field(
        "development",
        description="`production` refuses to start with the secrets of development.",
        json_schema_extra=_GENERAL,
    )
    data_dir: Path = Field(
        Path("data"),
        description="Where the embedded database, files and scratch space are kept.",
        json_schema_extra=_GENERAL,
    )
    scratch_dir: Path | None = Field(
        None,
        description="Room for work in progress (uploads, decoded audio); a fast disk. Not set: "
        "`scratch` in DATA_DIR.",
        json_schema_extra=_GENERAL,
    )
    secret_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET_KEY),
        description="Signs anonymous sessions. At least 32 characters in production.",
        json_schema_extra=_GENERAL,
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="What is logged.", json_schema_extra=_GENERAL
    )
    log_format: Literal["auto", "json", "console"] = Field(
        "auto",
        description="`auto`: console in development, JSON in production.",
        json_schema_extra=_GENERAL,
    )

    api_host: str = Field(
        "127.0.0.1",
        description="Address that the API listens on; 0.0.0.0 in a container.",
        json_schema_extra=_HTTP,
    )
    api_port: int = Field(
        8000, ge=0, le=65535, description="Port of the API.", json_schema_extra=_HTTP
    )
    public_url: str | None = Field(
        None,
        description="Address that clients see, for links in webhooks. Not set: links are paths.",
        json_schema_extra=_HTTP,
    )
    web_root: Path | None = Field(
        None,
        description="Folder of the web page, a static export. Not set: the one that came with "
        "DrumScribe, if it was built.",
        json_schema_extra=_HTTP,
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        ("http://localhost:3000",),
        description="Origins whose pages may call the API, separated by commas.",
        json_schema_extra=_HTTP,
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Names under which this server may be called, separated by commas; `*` stands "
        "for anything. That of PUBLIC_URL, localhost, and (unless API_HOST is of this machine "
        "only) bare addresses are allowed anyway.",
        json_schema_extra=_HTTP,
    )
    trusted_proxy_hops: int = Field(
        0,
        ge=0,
        description="How many proxies of yours append to X-Forwarded-For; 0 uses the peer address.",
        json_schema_extra=_HTTP,
    )
    api_key_required: bool = Field(
        False,
        description="Refuse requests without an API key (`drumscribe admin keys create`).",
        json_schema_extra=_HTTP,
    )
    share_by_link: bool = Field(
        True,
        description="Whoever knows a job's id may read it; only its owner may change it.",
        json_schema_extra=_HTTP,
    )
    rate_limit_per_minute: int = Field(
        600,
        ge=0,
        description="Requests per caller and minute; 0 is no limit.",
        json_schema_extra=_HTTP,
    )
    create_limit_per_minute: int = Field(
        30,
        ge=0,
        description="New jobs per caller and minute; 0 is no limit.",
        json_schema_extra=_HTTP,
    )

    max_event_streams: int = Field(
        30,
        ge=0,
        description="Event streams that one caller may hold open at an API process; 0 is no limit.",
        json_schema_extra=_HTTP,
    )

    max_file_size_mb: float = Field(
        50, gt=0, description="Largest upload, in 10^6 bytes.", json_schema_extra=_LIMITS
    )
    min_duration_seconds: Seconds = Field(
        5, description="Shortest recording.", json_schema_extra=_LIMITS
    )
    max_duration_seconds: Seconds = Field(
        900, description="Longest recording.", json_schema_extra=_LIMITS
    )
    decode_memory_mb: float | None = Field(
        None,
        gt=0,
        description="Most memory (address space) of the child process that decodes a recording, "
        "in 10^6 bytes. Not set: 1 GB and what the longest recording takes.",
        json_schema_extra=_LIMITS,
    )
    max_concurrent_jobs_per_user: int = Field(
        3, gt=0, description="Active jobs of one owner.", json_schema_extra=_LIMITS
    )
    artifact_ttl_hours: float | None = Field(
        None,
        ge=0,
        description="How many hours files are kept after their job has ended; 0 keeps them until "
        "their owner deletes the job. Not set: 0 with QUEUE_BACKEND=local (your own "
        "machine), 24 with celery.",
        json_schema_extra=_LIMITS,
    )

    database_url: str | None = Field(
        None,
        description="`postgresql://user:password@host/name`. Not set: SQLite in DATA_DIR.",
        json_schema_extra=_DATABASE,
    )
    database_password: SecretStr | None = Field(
        None,
        description="Password for DATABASE_URL, where that has none or another one; made for "
        "secrets that come as files.",
        json_schema_extra=_DATABASE,
    )
    database_pool_size: int = Field(
        10, gt=0, description="Connections per process.", json_schema_extra=_DATABASE
    )
    database_timeout_seconds: Seconds = Field(
        15,
        description="How long to wait for a free connection, and on SQLite for other writers.",
        json_schema_extra=_DATABASE,
    )

    queue_backend: Literal["local", "celery"] = Field(
        "local",
        description="`local`: child processes of `drumscribe serve`. `celery`: workers of their "
        "own, woken through Redis.",
        json_schema_extra=_WORK,
    )
    redis_url: str = Field(
        "redis://localhost:6379/0",
        description="Broker of Celery; not used by the local queue.",
        json_schema_extra=_WORK,
    )
    lease_seconds: Annotated[float, Field(ge=1)] = Field(
        30,
        description="A worker that is silent for so long is thought dead, and its step is given "
        "to another one. It reports three times as often.",
        json_schema_extra=_WORK,
    )
    max_attempts: int = Field(
        3,
        gt=0,
        description="A step that was begun so often without an end fails its job.",
        json_schema_extra=_WORK,
    )
    local_default_workers: int = Field(
        2, ge=0, description="Local queue: processes for light steps.", json_schema_extra=_WORK
    )
    local_heavy_workers: int = Field(
        1,
        ge=0,
        description="Local queue: processes for the networks; each needs the memory of a run.",
        json_schema_extra=_WORK,
    )
    poll_interval_seconds: Seconds = Field(
        0.5, description="Local queue: how often to look for due steps.", json_schema_extra=_WORK
    )
    reconcile_interval_seconds: Seconds = Field(
        15,
        description="How often due steps are published again and due webhooks are sent.",
        json_schema_extra=_WORK,
    )
    step_time_limit_seconds: Seconds = Field(
        3600,
        description="Longest time of a step of the networks. One that takes longer fails; one "
        "that does not hear of it is killed two minutes later, with its worker, and tried again.",
        json_schema_extra=_WORK,
    )
    light_step_time_limit_seconds: Seconds = Field(
        600,
        description="The same for light steps: fetch, decode, engrave.",
        json_schema_extra=_WORK,
    )
    worker_max_memory_mb: float = Field(
        3500,
        gt=0,
        description="A worker process that has ever taken more memory, in 10^6 bytes, is replaced "
        "after its step. Above the peak of any song (2.5 GB with separation), or each song loads "
        "the models anew.",
        json_schema_extra=_WORK,
    )
    worker_deaf_seconds: Annotated[float, Field(ge=5)] = Field(
        120,
        description="Celery: a worker that takes nothing for so long although steps wait for it "
        "and Redis answers ends itself, so that it is started again. Its health check complains "
        "after half of that.",
        json_schema_extra=_WORK,
    )
    shutdown_grace_seconds: Seconds = Field(
        20,
        description="How long a stopping worker waits for the next checkpoint of its step.",
        json_schema_extra=_WORK,
    )

    @field_validator("cors_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value
