"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSE = "annotations and undos are only ever added"
#: Facts are never changed, and deleted only together with what they hang on.
FACTS = {
    "al_annotation": "SELECT 1 FROM al_project WHERE id = OLD.project_id",
    "al_undo": "SELECT 1 FROM al_annotation WHERE id = OLD.annotation_id",
}


def upgrade() -> None:
    """Create all tables, and the triggers that keep facts as they were made."""
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION al_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSE}'; END $$"
        )
    for table, owner in FACTS.items():
        _refuse(table, "UPDATE", "")
        _refuse(table, "DELETE", owner)


def _refuse(table: str, change: str, while_there: str) -> None:
    trigger = f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table} FOR EACH ROW"
    if op.get_bind().dialect.name == "sqlite":
        when = f"WHEN EXISTS ({while_there})" if while_there else ""
        op.execute(f"{trigger} {when} BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END")
        return
    function = "al_refuse"
    if while_there:
        # PostgreSQL takes no subquery in WHEN.
        function = f"{table}_refuse_delete"
        op.execute(
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF EXISTS ({while_there}) THEN RAISE EXCEPTION '{REFUSE}'; END IF; "
            "RETURN OLD; END $$"
        )
    op.execute(f"{trigger} EXECUTE FUNCTION {function}()")


def _create_tables() -> None:
    op.create_table(
        "al_project",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("n_samples", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("n_reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("labels_at_round", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("order_round", sa.BigInteger(), nullable=True),
        sa.Column("order_labels", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("order_high_water", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('preparing', 'active', 'paused', 'archived', 'failed')",
            name="ck_project_state",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "al_annotation",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("sample_id", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("annotator", sa.String(length=255), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("utility", sa.Float(), nullable=True),
        sa.Column("draw_probability", sa.Float(), nullable=True),
        sa.Column("round_id", sa.BigInteger(), nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["al_project.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("project_id", "key", name="uq_annotation_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_annotation_arrival", "al_annotation", ["project_id", "id"], unique=False)
    op.create_index(
        "ix_annotation_sample", "al_annotation", ["project_id", "sample_id"], unique=False
    )
    op.create_table(
        "al_job",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("phase", sa.String(length=32), nullable=True),
        sa.Column("progress", sa.Float(), server_default="0", nullable=False),
        sa.Column("worker", sa.String(length=64), nullable=True),
        sa.Column("lease_expires_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "cancel_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("n_labels", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("high_water", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("kind IN ('prepare', 'round')", name="ck_job_kind"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'finished', 'failed', 'cancelled')", name="ck_job_state"
        ),
        sa.ForeignKeyConstraint(["project_id"], ["al_project.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_project", "al_job", ["project_id", "kind", "id"], unique=False)
    op.create_index(
        "uq_job_queued",
        "al_job",
        ["project_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "uq_job_running",
        "al_job",
        ["project_id"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "al_member",
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("annotator", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["al_project.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "annotator"),
    )
    op.create_table(
        "al_queue_entry",
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sample_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("utility", sa.Float(), nullable=True),
        sa.Column("draw_probability", sa.Float(), nullable=True),
        sa.Column("round_id", sa.BigInteger(), nullable=True),
        sa.Column("lease_annotator", sa.String(length=255), nullable=True),
        sa.Column("lease_client", sa.String(length=36), nullable=True),
        sa.Column("lease_token", sa.String(length=32), nullable=True),
        sa.Column("lease_expires_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("project_id", "sample_id", "slot"),
        postgresql_with={"fillfactor": 50},
    )
    op.create_index(
        "ix_queue_holder",
        "al_queue_entry",
        ["project_id", "lease_annotator"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND lease_annotator IS NOT NULL"),
        postgresql_where=sa.text("done_at IS NULL AND lease_annotator IS NOT NULL"),
    )
    op.create_index(
        "ix_queue_open",
        "al_queue_entry",
        ["project_id", "rank"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "al_skip",
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("annotator", sa.String(length=255), nullable=False),
        sa.Column("sample_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["al_project.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "annotator", "sample_id"),
    )
    op.create_table(
        "al_tally",
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["al_project.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "kind", "value"),
    )
    op.create_table(
        "al_undo",
        sa.Column(
            "annotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("annotator", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["annotation_id"], ["al_annotation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("annotation_id"),
    )
