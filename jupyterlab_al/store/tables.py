"""The tables. Times are milliseconds since 1970, UTC, by the database's clock."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
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
    text,
)

metadata = MetaData()

#: Rowid aliases of SQLite must be INTEGER; elsewhere ids are 64 bits wide.
Id = BigInteger().with_variant(Integer, "sqlite")


def _project_column(*, primary_key: bool = False) -> Column[int]:
    return Column(
        "project_id",
        Id,
        ForeignKey("al_project.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


project = Table(
    "al_project",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("error", Text),
    Column("config", JSON, nullable=False),
    Column("classes", JSON, nullable=False),
    Column("problems", JSON, nullable=False),
    Column("n_samples", BigInteger, nullable=False, server_default="0"),
    Column("n_reserved", BigInteger, nullable=False, server_default="0"),
    Column("labels_at_round", BigInteger, nullable=False, server_default="0"),
    Column("order_round", BigInteger),
    Column("order_labels", BigInteger, nullable=False, server_default="0"),
    Column("order_high_water", BigInteger, nullable=False, server_default="0"),
    Column("created_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    CheckConstraint(
        "state IN ('preparing', 'active', 'paused', 'archived', 'failed')", name="ck_project_state"
    ),
    # The id names the project's folder: a new project must not find an old one's files.
    sqlite_autoincrement=True,
)

member = Table(
    "al_member",
    metadata,
    _project_column(primary_key=True),
    Column("annotator", String(255), primary_key=True),
    Column("role", String(16), nullable=False),
)

#: Append-only: triggers refuse changes. An undo is a row in `undo`, which is append-only, too.
annotation = Table(
    "al_annotation",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    _project_column(),
    Column("key", String(36), nullable=False),
    Column("sample_id", BigInteger, nullable=False),
    #: A class index, or a list of them in multi-label projects, as JSON.
    Column("label", Text, nullable=False),
    Column("annotator", String(255), nullable=False),
    Column("source", String(16), nullable=False),
    Column("utility", Float),
    Column("draw_probability", Float),
    Column("round_id", BigInteger),
    Column("flagged", Boolean, nullable=False),
    Column("comment", Text),
    Column("seconds", Float),
    #: Given in review by somebody who may resolve: it settles what others disagree about.
    Column("decides", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("project_id", "key", name="uq_annotation_key"),
    Index("ix_annotation_arrival", "project_id", "id"),
    Index("ix_annotation_sample", "project_id", "sample_id"),
    sqlite_autoincrement=True,
)

undo = Table(
    "al_undo",
    metadata,
    Column(
        "annotation_id", Id, ForeignKey("al_annotation.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("annotator", String(255), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

skip = Table(
    "al_skip",
    metadata,
    _project_column(primary_key=True),
    Column("annotator", String(255), primary_key=True),
    Column("sample_id", BigInteger, primary_key=True),
    Column("created_at", BigInteger, nullable=False),
)

#: Rank and lease stand in one row: a separate lease table deadlocks. A done row stays, so that
#: publishing an order that was computed earlier can't bring a labeled sample back. There is no
#: foreign key: checking it ten thousand times made half of the time that publishing takes.
queue_entry = Table(
    "al_queue_entry",
    metadata,
    Column("project_id", Id, primary_key=True, autoincrement=False),
    Column("sample_id", BigInteger, primary_key=True),
    #: 0 … overlap-1: each slot is one annotator's; reviews stand behind these.
    Column("slot", Integer, primary_key=True),
    Column("rank", BigInteger, nullable=False),
    Column("source", String(16), nullable=False),
    Column("utility", Float),
    Column("draw_probability", Float),
    Column("round_id", BigInteger),
    Column("lease_annotator", String(255)),
    #: The tab or program; '*' after an undo: any of the annotator's.
    Column("lease_client", String(36)),
    Column("lease_token", String(32)),
    Column("lease_expires_at", BigInteger, nullable=False, server_default="0"),
    Column("done_at", BigInteger),
    #: Of a review: whoever labeled the sample before may be asked, too.
    Column("again", Boolean, nullable=False, server_default=text("false")),
    Index(
        "ix_queue_open",
        "project_id",
        "rank",
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
    Index(
        "ix_queue_holder",
        "project_id",
        "lease_annotator",
        sqlite_where=text("done_at IS NULL AND lease_annotator IS NOT NULL"),
        postgresql_where=text("done_at IS NULL AND lease_annotator IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": 50},
)

#: What the newest round wants to be looked at again; bounded, and renewed by each round. A row goes
#: when its sample gets another label.
review = Table(
    "al_review",
    metadata,
    _project_column(primary_key=True),
    Column("sample_id", BigInteger, primary_key=True),
    Column("reason", String(16), nullable=False),
    #: Most in need of a look first.
    Column("place", Integer, nullable=False),
    #: Somebody asked for it: it goes to the front of the queue.
    Column("is_wanted", Boolean, nullable=False, server_default=text("false")),
)

#: Kept counters, so that no progress figure scans labels: kind 'annotations' (not undone),
#: 'samples' (labeled), 'drawn' (labeled samples that came from the queue), 'checks', 'skips',
#: 'skipped_checks', 'disputed' (samples without a majority), 'class' and 'train' (value = class
#: index; 'train' leaves checks out).
tally = Table(
    "al_tally",
    metadata,
    _project_column(primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("value", Integer, primary_key=True, server_default="0"),
    Column("n", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

job = Table(
    "al_job",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    _project_column(),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("phase", String(32)),
    Column("progress", Float, nullable=False, server_default="0"),
    Column("worker", String(64)),
    Column("lease_expires_at", BigInteger, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("cancel_requested", Boolean, nullable=False, server_default=text("false")),
    Column("error", Text),
    Column("n_labels", BigInteger, nullable=False, server_default="0"),
    Column("high_water", BigInteger, nullable=False, server_default="0"),
    Column("result", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    #: Counts every change of the row: what servers watch to tell their front ends.
    Column("revision", BigInteger, nullable=False, server_default="0"),
    #: A round between two that the project asks for: it renews the order and nothing else.
    Column("early", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("kind IN ('prepare', 'round')", name="ck_job_kind"),
    CheckConstraint(
        "state IN ('queued', 'running', 'finished', 'failed', 'cancelled')", name="ck_job_state"
    ),
    Index("ix_job_project", "project_id", "kind", "id"),
    Index(
        "uq_job_queued",
        "project_id",
        "kind",
        unique=True,
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    Index(
        "uq_job_running",
        "project_id",
        unique=True,
        sqlite_where=text("state = 'running'"),
        postgresql_where=text("state = 'running'"),
    ),
    sqlite_autoincrement=True,
)
