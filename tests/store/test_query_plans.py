"""Plans of the statements that people wait for, and how many statements a label takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, event, text

from jupyterlab_al.domain.models import NewAnnotation, Project
from jupyterlab_al.services import labeling
from jupyterlab_al.store import queue
from jupyterlab_al.store.database import Database, open_engine
from tests.factories import (
    ANN,
    LEASE,
    NOON,
    a_claimed_batch,
    a_labeled_sample,
    a_pool,
    a_project,
    an_answer,
    an_order,
)

ROWS = 10_000
#: Doubles the first project's rows by done ones.
DONE_ROWS = """
INSERT INTO al_queue_entry (project_id, sample_id, slot, rank, source, lease_expires_at, done_at)
SELECT project_id, sample_id + :by, slot, rank, source, 0, 1 FROM al_queue_entry
WHERE project_id = (SELECT min(id) FROM al_project)
"""


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    """Collect every statement that is sent, transactions' beginnings included."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        sent.append(sql)

    def note_begin(_connection: Any) -> None:
        sent.append("BEGIN")

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "begin", note_begin)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "begin", note_begin)


@pytest.fixture
def full_queue(database: Database) -> Project:
    """Return a project with a full queue, some of it held or done, and fresh statistics."""
    project = a_project(database, n=2 * ROWS)
    a_project(database, "other", n=ROWS // 5)
    database.write(queue.publish, project, an_order(range(ROWS)), at=NOON)
    for person in ("ann", "bob"):
        database.write(queue.claim, project.id, person, client="", size=50, lease_ms=LEASE, at=NOON)
    database.write(queue.finish, project.id, "ann", [(i, 0) for i in range(25)], at=NOON)
    database.write(lambda tx: tx.execute(text("ANALYZE")))
    return project


def plans(database: Database, run: Any) -> dict[str, str]:
    """Return the plan of every statement that a function of a transaction sends."""
    found: dict[str, str] = {}
    explain = "EXPLAIN QUERY PLAN " if database.kind == "sqlite" else "EXPLAIN "
    explaining = False

    def note(
        connection: Connection, _cursor: Any, sql: str, parameters: Any, _context: Any, many: Any
    ) -> None:
        nonlocal explaining
        if explaining or many or not re.match(r"WITH|SELECT|UPDATE|DELETE|INSERT", sql):
            return
        explaining = True
        rows = connection.exec_driver_sql(explain + sql, parameters).all()
        explaining = False
        found[sql] = "\n".join(str(row[-1]) for row in rows)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        database.write(run)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return found


def the_plan(found: dict[str, str], *words: str) -> str:
    """Return the plan of the one statement that has all the words."""
    [plan] = [plan for sql, plan in found.items() if all(word in sql for word in words)]
    return plan


class TestPlans:
    def test_a_claim_walks_the_open_part_in_the_order_of_ranks(
        self, database: Database, full_queue: Project
    ) -> None:
        """The best free samples are found by the partial index, without sorting the queue."""
        found = plans(
            database,
            lambda tx: queue.claim(
                tx, full_queue.id, "cat", client="", size=2, lease_ms=LEASE, at=NOON
            ),
        )
        plan = the_plan(found, "WITH free")

        assert "ix_queue_open" in plan
        assert not re.search(r"Seq Scan on al_queue_entry|SCAN al_queue_entry(?! USING)", plan)
        assert not re.search(r"Sort Key|TEMP B-TREE", plan)

    def test_live_leases_are_found_by_their_holder(
        self, database: Database, full_queue: Project
    ) -> None:
        """What a person holds is looked up by person; the rank index is not walked."""
        found = plans(
            database,
            lambda tx: queue.held(tx, full_queue.name, ANN, client="", size=1, at=NOON),
        )
        plan = the_plan(found, "lease_client IN")

        assert "ix_queue_holder" in plan
        assert "ix_queue_open" not in plan

    def test_an_answer_finds_its_place_without_walking_the_queue(
        self, database: Database, full_queue: Project
    ) -> None:
        """What is answered is looked up by its holder or its sample, few rows either way."""
        items = [an_answer(sample_id, token="abc") for sample_id in (30, 31)]
        found = plans(
            database,
            lambda tx: queue.finish_held(tx, full_queue.id, "ann", items, at=NOON),
        )
        plan = the_plan(found, "UPDATE al_queue_entry")

        assert re.search(r"ix_queue_holder|PRIMARY KEY|al_queue_entry_pkey|sqlite_autoindex", plan)
        assert "ix_queue_open" not in plan
        assert not re.search(r"Seq Scan on al_queue_entry|SCAN al_queue_entry", plan)

    def test_publishing_looks_at_the_open_part_of_one_project(
        self, database: Database, full_queue: Project
    ) -> None:
        """Places that were done long ago cost a new order nothing: they are not read."""
        for power in range(3):
            offset = ROWS * 2**power
            database.write(lambda tx, offset=offset: tx.execute(text(DONE_ROWS), {"by": offset}))
        database.write(lambda tx: tx.execute(text("ANALYZE")))
        found = plans(
            database,
            lambda tx: queue.publish(tx, full_queue, an_order(range(10)), at=NOON),
        )
        plan = the_plan(found, "DELETE FROM al_queue_entry")

        assert "ix_queue_open" in plan
        if database.kind == "sqlite":
            # PostgreSQL may read all to join a tenth of it: that depends on the sizes.
            assert "SCAN al_queue_entry" not in plan

    def test_publishing_fits_a_table_that_just_grew(self, database: Database) -> None:
        """Before statistics are taken, the plan is still not quadratic in the queue."""
        project = a_pool(database, n=ROWS)
        found = plans(
            database, lambda tx: queue.publish(tx, project, an_order(range(ROWS)), at=NOON)
        )
        plan = the_plan(found, "DELETE FROM al_queue_entry")

        assert not re.search(r"Join Filter|Nested Loop Semi Join", plan)

    def test_a_label_finds_its_sample_by_key(self, database: Database, full_queue: Project) -> None:
        """Finishing a sample touches its rows only."""
        found = plans(database, lambda tx: queue.entries(tx, full_queue.id, [77], at=NOON))
        plan = the_plan(found, "al_queue_entry")

        assert re.search(r"al_queue_entry_pkey|sqlite_autoindex_al_queue_entry_1", plan)
        assert not re.search(r"Seq Scan|SCAN", plan)


def rows_read(database: Database, table: str, run: Any) -> int:
    """Return how many rows of a table PostgreSQL read for a function of a transaction."""
    counted = text(
        "SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = :table"
    )

    def count(tx: Connection) -> int:
        return int(tx.execute(counted, {"table": table}).scalar_one())

    # What earlier transactions read may not be reported yet, and is counted with this one's.
    before, _, after = database.write(lambda tx: (count(tx), run(tx), count(tx)))
    return after - before


class TestGrowth:
    """PostgreSQL plans while tables are short; until it takes statistics, those plans stay."""

    @pytest.fixture
    def postgresql(self, postgresql_url: str) -> Iterator[Database]:
        """Return a database whose statistics were never taken."""
        database = Database(open_engine(postgresql_url))
        yield database
        database.dispose()

    def test_a_label_reads_no_more_of_many_labels_than_of_few(self, postgresql: Database) -> None:
        """What was planned when a project had no labels does when it has hundreds."""
        project = a_pool(postgresql, n=250)
        for _ in range(200):
            a_labeled_sample(postgresql)
        [held] = a_claimed_batch(postgresql)
        answer = an_answer(held.sample_id, token=held.token)

        read = rows_read(
            postgresql,
            "al_annotation",
            lambda tx: labeling.annotate(tx, project.name, ANN, [answer], at=NOON),
        )

        assert read < 10

    def test_places_for_more_people_are_found_by_sample(self, postgresql: Database) -> None:
        """A sample's other places are looked up by its number, not among those of all samples."""
        project = a_pool(postgresql, n=500)
        for_three = replace(project, config={**project.config, "overlap": 3})

        found = plans(postgresql, lambda tx: queue.open_places(tx, for_three))
        plan = the_plan(found, "INSERT INTO al_queue_entry")

        assert not re.search(r"Filter: .*sample_id", plan)

    def test_several_labels_read_no_more_of_a_queue_that_grew(self, postgresql: Database) -> None:
        """An answer to five samples finds their places by key, as an answer to one does."""
        project = a_pool(postgresql, n=200)

        def answers() -> list[NewAnnotation]:
            held = a_claimed_batch(postgresql, size=5)
            return [an_answer(lease.sample_id, token=lease.token) for lease in held]

        for _ in range(20):
            postgresql.write(labeling.annotate, project.name, ANN, answers(), at=NOON)
        postgresql.write(queue.append, project, an_order(range(200, 5_000)))
        further = answers()

        read = rows_read(
            postgresql,
            "al_queue_entry",
            lambda tx: labeling.annotate(tx, project.name, ANN, further, at=NOON),
        )

        assert read < 100

    def test_a_claim_reads_no_more_of_a_queue_that_grew(self, postgresql: Database) -> None:
        """What was planned for a first order's first places does when all are there."""
        project = a_pool(postgresql, n=200)
        for _ in range(20):
            a_claimed_batch(postgresql, client=str(uuid4()))
        postgresql.write(queue.append, project, an_order(range(200, 5_000)))

        read = rows_read(
            postgresql,
            "al_queue_entry",
            lambda tx: queue.claim(
                tx, project.id, ANN.id, client="", size=5, lease_ms=LEASE, at=NOON
            ),
        )

        assert read < 100


class TestStatements:
    def test_a_label_takes_at_most_ten_statements(self, database: Database) -> None:
        """Claiming and annotating, beginnings of transactions included."""
        a_pool(database, n=100)
        a_labeled_sample(database)

        with statements_of(database.engine) as sent:
            a_labeled_sample(database)

        assert len(sent) <= 10, sent
        assert sent.count("BEGIN") == 2

    def test_a_batch_takes_no_more_than_one(self, database: Database) -> None:
        """Five labels in one request take as many statements as one."""
        a_pool(database, n=100)
        counts = []
        for size in (1, 1, 5):
            leases = a_claimed_batch(database, size=size)
            items = [an_answer(lease.sample_id, token=lease.token) for lease in leases]
            with statements_of(database.engine) as sent:
                database.write(labeling.annotate, "reviews", ANN, items, at=NOON)
            counts.append(len(sent))

        assert counts[1] == counts[2]

    def test_an_order_takes_a_handful_of_statements(self, database: Database) -> None:
        """Publishing does not send a statement a sample."""
        project = a_pool(database, n=2_000)
        order = an_order(range(1_999, -1, -1))

        with statements_of(database.engine) as sent:
            database.write(queue.publish, project, order, at=NOON)

        assert len(sent) <= 5, sent
