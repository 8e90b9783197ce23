"""Reviews: what is to be looked at again, who may be asked again, and which label decides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the list of reviews and what entries and annotations say of them."""
    no = sa.text("false")
    op.add_column(
        "al_annotation", sa.Column("decides", sa.Boolean, nullable=False, server_default=no)
    )
    op.add_column(
        "al_queue_entry", sa.Column("again", sa.Boolean, nullable=False, server_default=no)
    )
    op.create_table(
        "al_review",
        sa.Column(
            "project_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey("al_project.id", ondelete="CASCADE"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("sample_id", sa.BigInteger, primary_key=True),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("is_wanted", sa.Boolean, nullable=False, server_default=no),
    )
