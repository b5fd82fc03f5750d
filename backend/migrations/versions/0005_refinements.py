"""Refinements of finished songs, and how long steps took.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
REFINES = sa.text("refines IS NOT NULL")
UNDER_WAY = sa.text("status IN ('queued', 'running')")


def upgrade() -> None:
    """To this revision."""
    # No foreign key: SQLite adds none to a table that is there. Songs wait for their refinements.
    op.add_column("jobs", sa.Column("refines", sa.Uuid, nullable=True))
    op.add_column("jobs", sa.Column("refined", DOCUMENT, nullable=True))
    op.add_column("jobs", sa.Column("step_seconds", DOCUMENT, nullable=True))
    op.create_index(
        "ix_jobs_refines", "jobs", ["refines"], postgresql_where=REFINES, sqlite_where=REFINES
    )
    op.create_index(
        "uq_jobs_refines",
        "jobs",
        ["refines"],
        unique=True,
        postgresql_where=UNDER_WAY,
        sqlite_where=UNDER_WAY,
    )


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_index("uq_jobs_refines", "jobs")
    op.drop_index("ix_jobs_refines", "jobs")
    op.drop_column("jobs", "step_seconds")
    op.drop_column("jobs", "refined")
    op.drop_column("jobs", "refines")
