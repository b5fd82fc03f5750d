"""Tags of songs, and set lists.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """To this revision."""
    op.add_column("jobs", sa.Column("tags", DOCUMENT, nullable=True))
    op.create_table(
        "set_lists",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("songs", DOCUMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_set_lists"),
    )
    op.create_index("ix_set_lists_owner_created_at", "set_lists", ["owner", "created_at"])


def downgrade() -> None:
    """Back to the revision before."""
    op.drop_table("set_lists")
    op.drop_column("jobs", "tags")
