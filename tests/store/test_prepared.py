"""Statements that run on the driver's own cursor say the same as through SQLAlchemy."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import BigInteger, Text, bindparam, event, insert, select, text
from sqlalchemy.exc import IntegrityError

from jupyterlab_al.domain.errors import UnavailableError
from jupyterlab_al.store.database import Database, open_engine
from jupyterlab_al.store.prepared import Prepared
from jupyterlab_al.store.statements import leasing, projects
from jupyterlab_al.store.tables import annotation, member
from tests.factories import ANN, NOON, OLGA, a_labeled_sample, a_pool


def test_rows_are_those_of_sqlalchemy(database: Database) -> None:
    """Values of every type come as SQLAlchemy gives them: JSON, truth, time, nothing."""
    project = a_pool(database, classes=["ä", "b"])
    a_labeled_sample(database, label="b")
    for statement, given in (
        (projects.project_by_name, {"name": project.name, "annotator": OLGA.id}),
        (
            leasing.entries_of([bindparam("sample")]),
            {"project": project.id, "sample": 0, "now": NOON},
        ),
        (select(annotation), {}),
    ):
        expected = database.read(
            lambda tx, s=statement, g=given: [dict(row) for row in tx.execute(s, g).mappings()]
        )

        actual = database.read(Prepared(statement).rows, given)

        assert expected
        assert expected == actual
        assert [type(v) for row in expected for v in row.values()] == [
            type(v) for row in actual for v in row.values()
        ]


def test_a_missing_parameter_is_noticed(database: Database) -> None:
    """What a statement needs must be given; nothing stands in for it."""
    with pytest.raises(KeyError, match="annotator"):
        database.read(Prepared(projects.project_by_name).rows, {"name": "reviews"})


def test_a_broken_rule_is_sqlalchemys_error(database: Database) -> None:
    """Whoever catches an IntegrityError catches it whichever way the statement went."""
    project = a_pool(database)
    adding = Prepared(
        insert(member).values(
            project_id=bindparam("project"), annotator=bindparam("annotator"), role="viewer"
        )
    )

    with pytest.raises(IntegrityError):
        database.write(adding.rows, {"project": project.id, "annotator": OLGA.id})


def test_a_transaction_that_failed_takes_no_statement_with_it(database: Database) -> None:
    """After a rollback the same connection runs what it ran before, many times over."""
    project = a_pool(database)
    finding = Prepared(projects.project_by_name)
    who = {"name": project.name, "annotator": OLGA.id}

    for _ in range(20):
        with pytest.raises(ZeroDivisionError):
            database.write(lambda tx: (finding.rows(tx, who), 1 // 0))
        assert len(database.write(finding.rows, who)) == 1


@pytest.mark.parametrize("number", [0, 2**15, 2**31, -(2**62)])
def test_numbers_of_any_size_fit_one_statement(database: Database, number: int) -> None:
    """A statement that was first run with a small number takes a large one."""
    doubled = Prepared(select((bindparam("n", type_=BigInteger) + 0).label("n")))

    assert [row for n in (1, number) for row in database.read(doubled.rows, {"n": n})] == [
        {"n": 1},
        {"n": number},
    ]


def test_words_come_back_as_they_went(database: Database) -> None:
    """Quotes, backslashes, signs of parameters and of other alphabets are values, nothing more."""
    said = Prepared(select(bindparam("said", type_=Text).label("said")))

    for words in ("", "'; --", "\\x00", "$1 %s %(said)s", "ÄÖ 日本語 🙂", None):
        assert database.read(said.rows, {"said": words}) == [{"said": words}]


def test_a_lost_connection_is_replaced(postgresql_url: str) -> None:
    """Where the database dropped the connection, a later write gets a new one."""
    database = Database(open_engine(postgresql_url))
    finding, who = Prepared(projects.project_by_name), {"name": "reviews", "annotator": ANN.id}
    end = text("SELECT pg_terminate_backend(:pid)")
    pid = database.write(lambda tx: tx.execute(text("SELECT pg_backend_pid()")).scalar_one())
    database.read(lambda tx: tx.execute(end, {"pid": pid}))

    # Twice at most: within the group, and alone.
    outcomes = [_outcome(database, finding, who) for _ in range(3)]
    database.dispose()

    assert outcomes[-1] == []
    assert set(map(str, outcomes)) <= {"[]", "unavailable"}


def _outcome(database: Database, statement: Prepared, given: dict[str, Any]) -> Any:
    try:
        return database.write(statement.rows, given)
    except UnavailableError as error:
        return error.word


def test_who_listens_sees_every_statement(database: Database) -> None:
    """An operator's tracing, and the tests that count statements, see these as well."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        seen.append(sql)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        database.read(Prepared(projects.project_by_name).rows, {"name": "x", "annotator": ANN.id})
    finally:
        event.remove(database.engine, "before_cursor_execute", note)

    assert ["al_project" in sql for sql in seen] == [True]
