"""The settings of the service: one frozen class, read from the environment and from `.env`.

The name of a variable is the name of the field in capitals. docs/reference/configuration.md and
.env.example are generated from this class.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator

from drumscribe.core.server_settings import (
    DEVELOPMENT_SECRET_KEY,
    Seconds,
    ServerSettings,
    in_group,
)
from drumscribe.domain.service.retention import FOR_GOOD, Retention
from drumscribe.domain.service.webhook_signing import signing_key
from drumscribe.domain.wishes import Style
from drumscribe.errors import InvalidOption
from drumscribe.models.execution import Provider

# What the specification gives results on a machine that many share.
SHARED_RETENTION_HOURS = 24.0
# Base64, as Standard Webhooks wants it.
DEVELOPMENT_WEBHOOK_SECRET = "whsec_ZGV2ZWxvcG1lbnQtb25seS13ZWJob29rLXNlY3JldA=="  # noqa: S105
_KNOWN_PASSWORDS = frozenset({"", "changeme", "drumscribe", "password", "postgres"})
_MIN_SECRET_LENGTH = 32

# Where Compose and Kubernetes put secrets: a file per setting, named like it (`secret_key`).
SECRETS_DIR_VARIABLE: Final = "SECRETS_DIR"
_DEFAULT_SECRETS_DIR = "/run/secrets"

_STORAGE = in_group("Storage")
_MODELS = in_group("Models")
_PAGES = in_group("Pages")
_YOUTUBE = in_group("Video links")
_WEBHOOKS = in_group("Webhooks")
_TELEMETRY = in_group("Telemetry")


class Settings(ServerSettings):
    """Everything that can be set. Units stand in the names; `None` means not set."""

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
        description="Address of another transcription model than the one that ships: a bundle "
        "(`drumscribe models bundle`) at https:, s3:, gs:, npm:, pypi:, file: or an absolute path.",
        json_schema_extra=_MODELS,
    )
    model_version: str | None = Field(
        None,
        description="Version that the model at MODEL_URI must have. Another one is fetched anew.",
        json_schema_extra=_MODELS,
    )
    model_sha256: str | None = Field(
        None,
        pattern="^[0-9a-f]{64}$",
        description="Of the file at MODEL_URI, as 64 hexadecimal digits; mandatory with it.",
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

    inference_provider: Provider = Field(
        "cpu",
        description="What the networks run on. An accelerator needs an ONNX Runtime that was built "
        "for it (docs/how-to/gpu.md); one that is not there is an error at the start.",
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
    musescore_bin: str | None = Field(
        None,
        description="Path of the MuseScore program. Not set: the one on the PATH.",
        json_schema_extra=_PAGES,
    )
    lilypond_timeout_seconds: Seconds = Field(
        60, description="Time limit of one engraving.", json_schema_extra=_PAGES
    )
    drum_style: Style = Field(
        Style.WEINBERG,
        description="Drum key of the page where nobody asks for another one.",
        json_schema_extra=_PAGES,
    )

    youtube_enabled: bool = Field(
        True,
        description="Whether links are accepted, to videos and to sound files.",
        json_schema_extra=_YOUTUBE,
    )
    youtube_timeout_seconds: Seconds = Field(
        300,
        description="Time limit of one download, of a sound file too.",
        json_schema_extra=_YOUTUBE,
    )
    youtube_max_size_mb: float = Field(
        200,
        gt=0,
        description="Largest download of a video, in 10^6 bytes.",
        json_schema_extra=_YOUTUBE,
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
            given = self.database_password
            password = given.get_secret_value() if given else urlsplit(self.database_url).password
            # Without a password the server trusts the peer (socket, certificate).
            if password is not None and password in _KNOWN_PASSWORDS:
                raise ValueError(
                    "ENVIRONMENT=production needs another password of the database (in "
                    "DATABASE_URL or DATABASE_PASSWORD)."
                )

    @property
    def effective_database_url(self) -> str:
        """An SQLAlchemy address with the driver that DrumScribe uses (psycopg 3, SQLite)."""
        if self.database_url is None:
            return f"sqlite:///{self.data_dir.absolute() / 'drumscribe.db'}"
        scheme, separator, rest = self.database_url.partition("://")
        if scheme.partition("+")[0] not in ("postgres", "postgresql"):
            return self.database_url
        address = f"postgresql+psycopg{separator}{rest}"
        if self.database_password is None:
            return address
        parts = urlsplit(address)
        server = parts.netloc.rpartition("@")[2]
        password = quote(self.database_password.get_secret_value(), safe="")
        return urlunsplit(parts._replace(netloc=f"{parts.username or ''}:{password}@{server}"))

    @property
    def effective_artifacts_dir(self) -> Path:
        return (self.artifacts_dir or self.data_dir / "artifacts").absolute()

    @property
    def effective_scratch_dir(self) -> Path:
        return (self.scratch_dir or self.data_dir / "scratch").absolute()

    @property
    def retention(self) -> Retention:
        """How long files are kept: on a machine of one's own for good, unless it is said."""
        if self.artifact_ttl_hours is not None:
            return Retention(self.artifact_ttl_hours)
        return FOR_GOOD if self.queue_backend == "local" else Retention(SHARED_RETENTION_HOURS)

    @property
    def max_file_size_bytes(self) -> int:
        return round(self.max_file_size_mb * 1e6)

    @property
    def decode_memory_bytes(self) -> int | None:
        return None if self.decode_memory_mb is None else round(self.decode_memory_mb * 1e6)

    @property
    def youtube_max_size_bytes(self) -> int:
        return round(self.youtube_max_size_mb * 1e6)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be seen by anybody: for the log, which leaves it out."""
        given = [
            value.get_secret_value() for _, value in self if isinstance(value, SecretStr) and value
        ]
        for address in (
            self.database_url,
            self.redis_url,
            self.youtube_proxy,
            self.s3_endpoint_url,
            self.otel_exporter_otlp_endpoint,
        ):
            given.append(unquote(_password_of(address)))
        # What everybody knows is none, and would take ordinary words out of every line.
        return tuple(s for s in dict.fromkeys(given) if s not in _KNOWN_PASSWORDS)

    @property
    def logs_json(self) -> bool:
        if self.log_format == "auto":
            return self.environment == "production"
        return self.log_format == "json"


def _password_of(address: str | None) -> str:
    try:
        return urlsplit(address or "").password or ""
    except ValueError:  # not an address; whoever uses it says so
        return ""


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process; what is given here wins over the environment, which wins over
    the files of SECRETS_DIR (/run/secrets).

    Raises InvalidOption with one line per wrong setting, its value left out: it may be a secret.
    """
    folder = Path(os.environ.get(SECRETS_DIR_VARIABLE) or _DEFAULT_SECRETS_DIR)
    try:
        return Settings(**{"_secrets_dir": folder if folder.is_dir() else None, **overrides})
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_url=False, include_input=False, include_context=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            reason = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {reason}" if name else reason)
        raise InvalidOption("The settings cannot be used. " + " ".join(lines)) from None
