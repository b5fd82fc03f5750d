"""The settings of the service: one frozen class, read from the environment and from `.env`.

The name of a variable is the name of the field in capitals. docs/reference/configuration.md and
.env.example are generated from this class.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from drumscribe.domain.webhook_signing import signing_key
from drumscribe.errors import InvalidOption

DEVELOPMENT_SECRET_KEY = "development-only-secret-key"  # noqa: S105
# Base64, as Standard Webhooks wants it.
DEVELOPMENT_WEBHOOK_SECRET = "whsec_ZGV2ZWxvcG1lbnQtb25seS13ZWJob29rLXNlY3JldA=="  # noqa: S105
_KNOWN_PASSWORDS = frozenset({"", "changeme", "drumscribe", "password", "postgres"})
_MIN_SECRET_LENGTH = 32

Seconds = Annotated[float, Field(gt=0)]


def _in(group: str) -> dict[str, Any]:
    return {"group": group}


_GENERAL = _in("General")
_HTTP = _in("HTTP")
_LIMITS = _in("Limits")
_DATABASE = _in("Database")
_WORK = _in("Queue and workers")
_STORAGE = _in("Storage")
_MODELS = _in("Models")
_PAGES = _in("Pages")
_YOUTUBE = _in("Video links")
_WEBHOOKS = _in("Webhooks")
_TELEMETRY = _in("Telemetry")


class Settings(BaseSettings):
    """Everything that can be set. Units stand in the names; `None` means not set."""

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
        description="Signs anonymous sessions and cursors. At least 32 characters in production.",
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
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        ("http://localhost:3000",),
        description="Origins whose pages may call the API, separated by commas.",
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
    session_days: int = Field(
        365,
        gt=0,
        description="How long an anonymous session lasts.",
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

    max_file_size_mb: float = Field(
        50, gt=0, description="Largest upload, in 10^6 bytes.", json_schema_extra=_LIMITS
    )
    max_json_body_kb: float = Field(
        4096,
        gt=0,
        description="Largest JSON body (edited hits), in 10^3 bytes.",
        json_schema_extra=_LIMITS,
    )
    min_duration_seconds: Seconds = Field(
        5, description="Shortest recording.", json_schema_extra=_LIMITS
    )
    max_duration_seconds: Seconds = Field(
        900, description="Longest recording.", json_schema_extra=_LIMITS
    )
    max_concurrent_jobs_per_user: int = Field(
        3, gt=0, description="Active jobs of one owner.", json_schema_extra=_LIMITS
    )
    artifact_ttl_hours: float = Field(
        24,
        gt=0,
        description="How long files are kept after their job has ended.",
        json_schema_extra=_LIMITS,
    )

    database_url: str | None = Field(
        None,
        description="`postgresql://user:password@host/name`. Not set: SQLite in DATA_DIR.",
        json_schema_extra=_DATABASE,
    )
    database_pool_size: int = Field(
        10, gt=0, description="Connections per process.", json_schema_extra=_DATABASE
    )
    database_timeout_seconds: Seconds = Field(
        10,
        description="How long to wait for a connection or a lock.",
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
        1, ge=0, description="Local queue: processes for light steps.", json_schema_extra=_WORK
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
    sweep_interval_seconds: Seconds = Field(
        3600, description="How often expired files are deleted.", json_schema_extra=_WORK
    )
    step_time_limit_seconds: Seconds = Field(
        3600,
        description="Celery: a step that runs for longer is killed and tried again.",
        json_schema_extra=_WORK,
    )
    shutdown_grace_seconds: Seconds = Field(
        20,
        description="How long a stopping worker waits for the next checkpoint of its step.",
        json_schema_extra=_WORK,
    )

    storage_backend: Literal["local", "s3"] = Field(
        "local", description="Where files are kept.", json_schema_extra=_STORAGE
    )
    artifacts_dir: Path | None = Field(
        None,
        description="Folder of the local storage. Not set: `artifacts` in DATA_DIR.",
        json_schema_extra=_STORAGE,
    )
    s3_bucket: str | None = Field(None, description="Bucket.", json_schema_extra=_STORAGE)
    s3_prefix: str = Field(
        "artifacts", description="What all keys begin with.", json_schema_extra=_STORAGE
    )
    s3_region: str = Field("us-east-1", description="Region.", json_schema_extra=_STORAGE)
    s3_endpoint_url: str | None = Field(
        None,
        description="Address of an S3 store that is not Amazon's (R2, MinIO).",
        json_schema_extra=_STORAGE,
    )
    s3_public_endpoint_url: str | None = Field(
        None,
        description="How clients reach that store, if they use another address.",
        json_schema_extra=_STORAGE,
    )
    s3_access_key_id: SecretStr | None = Field(
        None,
        description="Not set: found where boto3 looks (role, profile).",
        json_schema_extra=_STORAGE,
    )
    s3_secret_access_key: SecretStr | None = Field(
        None, description="Belongs to S3_ACCESS_KEY_ID.", json_schema_extra=_STORAGE
    )
    s3_presigned_seconds: int = Field(
        300,
        ge=0,
        le=604800,
        description="Downloads are redirected to the store by links that last so long; 0: the API "
        "passes the files through.",
        json_schema_extra=_STORAGE,
    )

    model_uri: str | None = Field(
        None,
        description="Address of another transcription model. This version refuses it: only the one "
        "that ships with DrumScribe can be used.",
        json_schema_extra=_MODELS,
    )
    model_version: str | None = Field(
        None, description="Version of the model at MODEL_URI.", json_schema_extra=_MODELS
    )
    model_sha256: str | None = Field(
        None,
        pattern="^[0-9a-f]{64}$",
        description="Of the file at MODEL_URI; mandatory with it.",
        json_schema_extra=_MODELS,
    )
    model_cache_dir: Path | None = Field(
        None,
        description="Where fetched models are kept. Not set: the user's cache folder.",
        json_schema_extra=_MODELS,
    )
    drumscribe_offline: bool = Field(
        False, description="Never fetch a model.", json_schema_extra=_MODELS
    )
    inference_threads: int | None = Field(
        None,
        gt=0,
        description="Threads of one network. Not set: the usable cores, at most 4.",
        json_schema_extra=_MODELS,
    )

    pdf_backend: Literal["auto", "lilypond", "musescore", "verovio", "none"] = Field(
        "auto", description="Which engraver makes the PDF.", json_schema_extra=_PAGES
    )
    lilypond_bin: str | None = Field(
        None,
        description="Path of the lilypond program. Not set: the one that came with DrumScribe.",
        json_schema_extra=_PAGES,
    )
    lilypond_timeout_seconds: Seconds = Field(
        60, description="Time limit of one engraving.", json_schema_extra=_PAGES
    )
    drum_style: str = Field(
        "weinberg", description="Drum key of the page.", json_schema_extra=_PAGES
    )

    youtube_enabled: bool = Field(
        True, description="Whether links are accepted.", json_schema_extra=_YOUTUBE
    )
    youtube_timeout_seconds: Seconds = Field(
        300, description="Time limit of one download.", json_schema_extra=_YOUTUBE
    )
    youtube_max_size_mb: float = Field(
        200, gt=0, description="Largest download, in 10^6 bytes.", json_schema_extra=_YOUTUBE
    )
    youtube_cookies_file: Path | None = Field(
        None,
        description="Cookies in Netscape form, where the site asks for a login.",
        json_schema_extra=_YOUTUBE,
    )
    youtube_proxy: str | None = Field(
        None, description="Proxy of the downloads.", json_schema_extra=_YOUTUBE
    )

    webhook_secret: SecretStr = Field(
        SecretStr(DEVELOPMENT_WEBHOOK_SECRET),
        description="Signs webhooks (Standard Webhooks): `whsec_` and 24 to 64 bytes in base64.",
        json_schema_extra=_WEBHOOKS,
    )
    webhook_timeout_seconds: Seconds = Field(
        10, description="Time limit of one attempt.", json_schema_extra=_WEBHOOKS
    )
    webhook_max_attempts: int = Field(
        8, gt=0, description="Attempts, over about a day.", json_schema_extra=_WEBHOOKS
    )
    webhook_allow_http: bool = Field(
        False, description="Also send to http addresses.", json_schema_extra=_WEBHOOKS
    )
    webhook_allow_private_addresses: bool = Field(
        False,
        description="Also send inside your own network. Then whoever may create jobs can make this "
        "server call its neighbours.",
        json_schema_extra=_WEBHOOKS,
    )

    prometheus_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="Port on which a worker shows its metrics; 0: none. (The API has /metrics.)",
        json_schema_extra=_TELEMETRY,
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        None,
        description="Where traces go, over OTLP/HTTP, such as `http://localhost:4318`.",
        json_schema_extra=_TELEMETRY,
    )
    otel_service_name: str = Field(
        "drumscribe", description="Name in traces.", json_schema_extra=_TELEMETRY
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("webhook_secret")
    @classmethod
    def _usable(cls, value: SecretStr) -> SecretStr:
        try:
            signing_key(value.get_secret_value())
        except InvalidOption as error:
            raise ValueError(error.message) from None
        return value

    @model_validator(mode="after")
    def _check(self) -> Settings:
        if self.min_duration_seconds >= self.max_duration_seconds:
            raise ValueError("MIN_DURATION_SECONDS must be below MAX_DURATION_SECONDS.")
        if self.storage_backend == "s3" and not self.s3_bucket:
            raise ValueError("STORAGE_BACKEND=s3 needs S3_BUCKET.")
        if (self.s3_access_key_id is None) != (self.s3_secret_access_key is None):
            raise ValueError("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together.")
        if self.model_uri is not None and self.model_sha256 is None:
            raise ValueError("MODEL_URI needs MODEL_SHA256: no model is used unchecked.")
        if self.environment == "production":
            self._refuse_known_secrets()
        return self

    def _refuse_known_secrets(self) -> None:
        secret = self.secret_key.get_secret_value()
        if secret == DEVELOPMENT_SECRET_KEY or len(secret) < _MIN_SECRET_LENGTH:
            raise ValueError(
                f"ENVIRONMENT=production needs a SECRET_KEY of its own, {_MIN_SECRET_LENGTH} "
                "characters or more (openssl rand -hex 32)."
            )
        if self.webhook_secret.get_secret_value() == DEVELOPMENT_WEBHOOK_SECRET:
            raise ValueError(
                "ENVIRONMENT=production needs a WEBHOOK_SECRET of its own "
                "(echo whsec_$(openssl rand -base64 32))."
            )
        if self.database_url is not None and not self.database_url.startswith("sqlite"):
            parts = urlsplit(self.database_url)
            # Without a password the server trusts the peer (socket, certificate).
            if parts.password is not None and parts.password in _KNOWN_PASSWORDS:
                raise ValueError("ENVIRONMENT=production needs another password in DATABASE_URL.")

    @property
    def effective_database_url(self) -> str:
        """An SQLAlchemy address with the driver that DrumScribe uses (psycopg 3, SQLite)."""
        if self.database_url is None:
            return f"sqlite:///{self.data_dir.absolute() / 'drumscribe.db'}"
        scheme, separator, rest = self.database_url.partition("://")
        if scheme.partition("+")[0] in ("postgres", "postgresql"):
            return f"postgresql+psycopg{separator}{rest}"
        return self.database_url

    @property
    def effective_artifacts_dir(self) -> Path:
        return (self.artifacts_dir or self.data_dir / "artifacts").absolute()

    @property
    def effective_scratch_dir(self) -> Path:
        return (self.scratch_dir or self.data_dir / "scratch").absolute()

    @property
    def max_file_size_bytes(self) -> int:
        return round(self.max_file_size_mb * 1e6)

    @property
    def youtube_max_size_bytes(self) -> int:
        return round(self.youtube_max_size_mb * 1e6)

    @property
    def max_json_body_bytes(self) -> int:
        return round(self.max_json_body_kb * 1e3)

    @property
    def logs_json(self) -> bool:
        if self.log_format == "auto":
            return self.environment == "production"
        return self.log_format == "json"


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process; what is given here wins over the environment.

    Raises InvalidOption with one line per wrong setting, its value left out: it may be a secret.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_url=False, include_input=False, include_context=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            reason = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {reason}" if name else reason)
        raise InvalidOption("The settings cannot be used. " + " ".join(lines)) from None
