"""Edits of results: their version, what was changed and when; when a step was begun.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
NEW = ("step_started_at", "wishes", "version", "edits", "edited_at")


def upgrade() -> None:
    """To this revision."""
    op.add_column("jobs", sa.Column("step_started_at", TIME, nullable=True))
    op.add_column("jobs", sa.Column("wishes", DOCUMENT, nullable=True))
    op.add_column(
        "jobs", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    op.add_column("jobs", sa.Column("edits", DOCUMENT, nullable=True))
    op.add_column("jobs", sa.Column("edited_at", TIME, nullable=True))


def downgrade() -> None:
    """Back to the revision before."""
    for name in reversed(NEW):
        op.drop_column("jobs", name)
