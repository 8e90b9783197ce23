"""Rounds that renew the order and nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark them; all rounds so far were whole ones."""
    op.add_column(
        "al_job",
        sa.Column("early", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
