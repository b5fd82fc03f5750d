"""Warnings about recordings in words.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """To this revision."""
    op.add_column("jobs", sa.Column("notices", DOCUMENT, nullable=True))


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_column("jobs", "notices")
