"""The tables. Migrations lead to exactly this; a test compares the two.

`jobs` has every field of the specification's data model: its user_identifier is `owner` here,
and its status is split into status and step. That column is called stage in the database, where
names stay so that the version before still runs (docs/how-to/upgrade.md).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from drumscribe.db.types import JsonDocument, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up INTEGER keys only

jobs = Table(
    "jobs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("stage", String(32), key="step", nullable=False),
    Column("progress", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    # --- times
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    Column("cancel_requested_at", UtcDateTime),
    Column("swept_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    # --- who works on it
    Column("lease_token", Uuid),
    Column("lease_expires_at", UtcDateTime),
    # --- what was asked for
    Column("input_type", String(16), nullable=False),
    # Of any link. It keeps the name of its first days, since migrations only add.
    Column("youtube_url", Text),
    Column("original_filename", Text),
    Column("title", Text, nullable=False),
    Column("bpm", Float),
    Column("time_signature", Text),
    Column("separation", Text, nullable=False),
    Column("sensitivity", Float, nullable=False),
    Column("model", Text),
    Column("webhook_url", Text),
    Column("metadata", JsonDocument, nullable=False),
    Column("idempotency_key", Text),
    Column("request_hash", Text),
    Column("trace_context", JsonDocument, nullable=False),
    # --- what was found out
    Column("found_title", Text),
    Column("duration_seconds", Float),
    Column("detected_bpm", Integer),
    Column("bpm_unreliable", Boolean, nullable=False, server_default=false()),
    Column("hit_summary", JsonDocument),
    Column("confidence_score", Float),
    Column("warnings", JsonDocument),
    Column("model_version", Text),
    Column("compute_time_ms", BigInteger),
    Column("result_musicxml_path", Text),
    Column("result_pdf_path", Text),
    Column("error_code", Text),
    Column("error_message", Text),
    # --- since revision 0002
    Column("step_started_at", UtcDateTime),
    Column("wishes", JsonDocument),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("edits", JsonDocument),
    Column("edited_at", UtcDateTime),
    # --- since revision 0003
    Column("notices", JsonDocument),
    # --- since revision 0004
    Column("tags", JsonDocument),
    # --- since revision 0005. No foreign key, which SQLite cannot add: songs wait until the rows of
    # their refinements are gone.
    Column("refines", Uuid),
    Column("refined", JsonDocument),
    Column("step_seconds", JsonDocument),
    CheckConstraint(
        "status IN ('queued', 'running', 'completed', 'failed', 'cancelled')", name="status"
    ),
    CheckConstraint(
        "stage IN ('ingest_audio', 'separate_drums', 'predict_hits', 'transcribe_and_export')",
        name="stage",
    ),
    CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
    CheckConstraint("(status = 'running') = (lease_token IS NOT NULL)", name="lease"),
    UniqueConstraint("owner", "idempotency_key"),
    Index(
        "ix_jobs_active", "created_at", "id",
        postgresql_where=text("status IN ('queued', 'running')"),
        sqlite_where=text("status IN ('queued', 'running')"),
    ),
    Index("ix_jobs_owner_created_at_id", "owner", "created_at", "id"),
    Index(
        "ix_jobs_expires_at", "expires_at", postgresql_where=text("swept_at IS NULL"),
        sqlite_where=text("swept_at IS NULL"),
    ),
    Index("ix_jobs_status_stage", "status", "step"),
    Index(
        "ix_jobs_refines", "refines",
        postgresql_where=text("refines IS NOT NULL"), sqlite_where=text("refines IS NOT NULL"),
    ),
    # One at a time, whoever asks.
    Index(
        "uq_jobs_refines", "refines", unique=True,
        postgresql_where=text("status IN ('queued', 'running')"),
        sqlite_where=text("status IN ('queued', 'running')"),
    ),
)  # fmt: skip

artifacts = Table(
    "artifacts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("job_id", Uuid, ForeignKey("jobs.id"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("key", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
    Column("handed_out_at", UtcDateTime),
    Index("ix_artifacts_job_id", "job_id"),
    Index(
        "uq_artifacts_job_id_kind", "job_id", "kind", unique=True,
        postgresql_where=text("deleted_at IS NULL"), sqlite_where=text("deleted_at IS NULL"),
    ),
    Index(
        "ix_artifacts_deleted_at", "deleted_at",
        postgresql_where=text("deleted_at IS NOT NULL"),
        sqlite_where=text("deleted_at IS NOT NULL"),
    ),
)  # fmt: skip

job_events = Table(
    "job_events",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("data", JsonDocument, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_job_events_job_id_number", "job_id", "number"),
    # Without it SQLite would use the number of a deleted last event again.
    sqlite_autoincrement=True,
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("event", String(32), nullable=False),
    Column("url", Text, nullable=False),
    Column("payload", JsonDocument, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_attempt_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("last_status_code", Integer),
    Column("last_error", Text),
    CheckConstraint("status IN ('pending', 'delivered', 'failed')", name="status"),
    UniqueConstraint("job_id", "event"),
    Index(
        "ix_webhook_deliveries_due", "next_attempt_at",
        postgresql_where=text("status = 'pending'"), sqlite_where=text("status = 'pending'"),
    ),
)  # fmt: skip

set_lists = Table(
    "set_lists",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    # Ids of jobs in their order: the list outlives songs that are deleted.
    Column("songs", JsonDocument, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_set_lists_owner_created_at", "owner", "created_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("key_hash", String(128), nullable=False),
    Column("owner", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    UniqueConstraint("key_hash"),
)
