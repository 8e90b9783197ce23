"""The database door: durable settings, group commit, and what happens when a write fails."""

from __future__ import annotations

import sys
import threading

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from jupyterlab_al.domain.errors import ConflictError, InvalidLabelError, UnavailableError
from jupyterlab_al.services import labeling, projects
from jupyterlab_al.store import annotation_log, queue
from jupyterlab_al.store.database import Database, open_engine
from tests.factories import ANN, CONFIG, NOON, OLGA, a_pool, an_annotation, an_answer, the_project


class TestDurability:
    def test_an_acknowledged_write_is_on_disk(self, database: Database) -> None:
        """Every connection, of readers and of the writer, commits in the durable way."""
        names = {
            "sqlite": {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1},
            "postgresql": {"synchronous_commit": "on"},
        }[database.kind]
        ask = "PRAGMA {}" if database.kind == "sqlite" else "SHOW {}"

        def settings(tx: Connection) -> dict[str, object]:
            return {name: tx.execute(text(ask.format(name))).scalar() for name in names}

        assert database.read(settings) == names
        assert database.write(settings) == names

    @pytest.mark.postgresql
    def test_a_database_that_is_set_to_lose_commits_is_overruled(self, postgresql_url: str) -> None:
        """An operator's default of `synchronous_commit = off` does not reach our sessions."""
        careless = Database(open_engine(postgresql_url))
        name = postgresql_url.rsplit("/", 1)[0] and careless.engine.url.database
        careless.write(
            lambda tx: tx.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
        )
        careless.dispose()

        opened = Database(open_engine(postgresql_url))
        found = opened.write(lambda tx: tx.execute(text("SHOW synchronous_commit")).scalar())
        opened.dispose()

        assert found == "on"

    def test_a_write_takes_the_lock_at_its_beginning(self, sqlite_url: str) -> None:
        """A transaction that reads first and writes later can't lose a race on SQLite."""
        first, second = (Database(open_engine(sqlite_url)) for _ in range(2))
        inside, leave = threading.Event(), threading.Event()

        def hold(tx: Connection) -> None:
            inside.set()
            leave.wait(5)

        held = first.submit(hold)
        assert inside.wait(5)
        other = second.submit(lambda tx: tx.execute(text("SELECT 1")).scalar())

        assert not other.done()
        leave.set()
        held.result(5)
        assert other.result(5) == 1
        first.dispose()
        second.dispose()

    def test_other_databases_are_refused(self) -> None:
        """Only SQLite and PostgreSQL are known; the message names them."""
        with pytest.raises(UnavailableError, match="sqlite or postgresql"):
            open_engine("mysql://localhost/al")


class TestGroupCommit:
    def _a_full_group(self, database: Database) -> threading.Event:
        """Keep the writing thread busy, so that what follows waits and becomes one group."""
        busy, go = threading.Event(), threading.Event()

        def wait(tx: Connection) -> None:
            busy.set()
            go.wait(10)

        database.submit(wait)
        assert busy.wait(5)
        return go

    def test_a_failing_write_does_not_harm_its_neighbors(self, database: Database) -> None:
        """Of a group only the write that is wrong fails; the others are stored once."""
        a_pool(database, n=20)
        go = self._a_full_group(database)
        futures = [
            database.submit(
                labeling.annotate,
                "reviews",
                ANN,
                [an_answer(i, "unheard of" if i == 4 else "positive")],
                at=NOON,
            )
            for i in range(9)
        ]
        go.set()

        errors = [future.exception(10) for future in futures]

        assert [type(error) for error in errors if error] == [InvalidLabelError]
        assert errors[4] is not None
        stored = database.read(labeling.page, "reviews", OLGA, after=0, size=100)[1]
        assert [fact.sample_id for fact in stored] == [0, 1, 2, 3, 5, 6, 7, 8]
        assert the_project(database).n_annotations == 8

    def test_a_broken_statement_does_not_harm_its_neighbors(self, database: Database) -> None:
        """An error of the database itself, which ends the transaction, is one write's own."""
        a_pool(database, n=20)
        go = self._a_full_group(database)
        before = database.submit(labeling.annotate, "reviews", ANN, [an_answer(0)], at=NOON)
        broken = database.submit(lambda tx: tx.execute(text("SELECT no_such_column")))
        after = database.submit(labeling.annotate, "reviews", ANN, [an_answer(1)], at=NOON)
        go.set()

        assert isinstance(broken.exception(10), (DBAPIError, UnavailableError))
        assert before.result(10).annotations[0].sample_id == 0
        assert after.result(10).annotations[0].sample_id == 1
        assert the_project(database).n_annotations == 2

    def test_a_group_is_one_transaction(self, database: Database) -> None:
        """Writes that wait together are committed together, each with its own reply."""
        a_pool(database, n=40)
        go = self._a_full_group(database)
        seen: list[int] = []

        def remember(tx: Connection, i: int) -> int:
            seen.append(id(tx.get_transaction()))
            return i

        futures = [database.submit(remember, i) for i in range(30)]
        go.set()

        assert [future.result(10) for future in futures] == list(range(30))
        assert len(set(seen)) == 1

    def test_a_write_is_done_only_when_committed(self, database: Database) -> None:
        """Another connection sees a write as soon as its future is done."""
        a_pool(database)
        other = Database(open_engine(database.engine.url.render_as_string(hide_password=False)))

        made = an_annotation(database, ANN, 0)
        listed = other.read(labeling.page, "reviews", OLGA, after=0, size=10)[1]
        other.dispose()

        assert listed == [made]

    def test_the_name_of_a_project_is_unique(self, database: Database) -> None:
        """Two requests for one name in one group: one gets it, the other a conflict."""
        go = self._a_full_group(database)
        fields = {"title": None, "config": CONFIG, "classes": []}
        futures = [
            database.submit(projects.create, OLGA, name="same", **fields)  # type: ignore[arg-type]
            for _ in range(2)
        ]
        go.set()

        errors = [future.exception(10) for future in futures]

        assert [error and type(error) for error in errors] == [None, ConflictError]


class TestEnd:
    def test_waiting_writes_are_finished(self, db_url: str) -> None:
        """Closing the database writes what was accepted before."""
        database = Database(open_engine(db_url))
        a_pool(database, n=50)
        futures = [
            database.submit(labeling.annotate, "reviews", ANN, [an_answer(i)], at=NOON)
            for i in range(50)
        ]

        database.dispose()

        assert all(future.done() and future.exception() is None for future in futures)

    def test_a_closed_database_takes_no_writes(self, db_url: str) -> None:
        """A write after the end is refused at once instead of waiting for ever."""
        database = Database(open_engine(db_url))
        a_pool(database)
        database.dispose()

        with pytest.raises(UnavailableError):
            database.submit(labeling.annotate, "reviews", ANN, [an_answer(0)]).result(5)

    def test_an_unreachable_database_says_so(self, tmp_path: object) -> None:
        """Errors of the connection become one error with a message that helps."""
        database = Database(open_engine(f"sqlite:///{tmp_path}/missing/al.sqlite"))

        with pytest.raises(UnavailableError, match="database"):
            database.read(the_one)
        with pytest.raises(UnavailableError, match="database"):
            database.write(the_one)
        database.dispose()

    def test_mistakes_in_the_code_are_not_hidden(self, database: Database) -> None:
        """Only errors of the connection are called unavailable; a bug stays a bug."""
        from sqlalchemy.exc import NoResultFound

        with pytest.raises(NoResultFound):
            database.read(lambda tx: tx.execute(text("SELECT 1 WHERE 1 = 0")).one())


def the_one(tx: Connection) -> object:
    """Return 1."""
    return tx.execute(text("SELECT 1")).scalar()


class TestAppendOnly:
    @pytest.mark.parametrize(
        "change", ["UPDATE al_annotation SET label = '0'", "DELETE FROM al_annotation"]
    )
    def test_annotations_can_not_be_changed(self, database: Database, change: str) -> None:
        """The database itself refuses to change or delete an annotation."""
        a_pool(database)
        made = an_annotation(database, ANN, 0)

        with pytest.raises((DBAPIError, UnavailableError)):
            database.write(lambda tx: tx.execute(text(change)))

        project = the_project(database)
        rows = database.read(annotation_log.page, project.id, after=0, size=10)
        assert [row["label"] for row in rows] == ["1"]
        assert made.label == "positive"

    @pytest.mark.parametrize("change", ["UPDATE al_undo SET created_at = 0", "DELETE FROM al_undo"])
    def test_undos_can_not_be_changed(self, database: Database, change: str) -> None:
        """An undo is a fact like any other."""
        a_pool(database)
        made = an_annotation(database, ANN, 0)
        database.write(labeling.undo, "reviews", ANN, made.id, lease_ms=1000, at=NOON)

        with pytest.raises((DBAPIError, UnavailableError)):
            database.write(lambda tx: tx.execute(text(change)))

        [undone] = database.read(labeling.page, "reviews", ANN, after=0, size=10)[1]
        assert undone.undone_at is not None

    def test_a_deleted_project_takes_its_facts_along(self, database: Database) -> None:
        """Deleting a project on purpose forgets everything of it, and nothing of others."""
        a_pool(database, "kept", n=5)
        kept = an_annotation(database, ANN, 0, name="kept")
        a_pool(database)
        made = an_annotation(database, ANN, 0)
        database.write(labeling.undo, "reviews", ANN, made.id, lease_ms=1000, at=NOON)

        database.write(projects.delete, "reviews", OLGA, confirm="reviews")

        tables = ("annotation", "queue_entry", "tally", "job", "member", "project")
        left = {
            table: database.read(
                lambda tx, table=table: tx.execute(
                    text(f"SELECT count(*) FROM al_{table}")  # noqa: S608 - our own names
                ).scalar()
            )
            for table in tables
        }
        undos = database.read(lambda tx: tx.execute(text("SELECT count(*) FROM al_undo")).scalar())
        assert (left["project"], left["annotation"], undos) == (1, 1, 0)
        assert left["queue_entry"] == 5
        assert database.read(labeling.page, "kept", OLGA, after=0, size=10)[1] == [kept]

    def test_the_id_of_a_deleted_project_is_not_given_again(self, database: Database) -> None:
        """A new project never finds the files or the worker of an old one under its id."""
        first = a_pool(database)
        database.write(projects.delete, "reviews", OLGA, confirm="reviews")

        assert a_pool(database).id != first.id
        assert queue.NO_CLIENT == ""


def test_postgresql_without_its_driver_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The driver is an extra; whoever names PostgreSQL without it is told its name."""
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(UnavailableError, match=r"pip install 'jupyterlab_al\[postgres\]'"):
        open_engine("postgresql://ann@nowhere/al")
