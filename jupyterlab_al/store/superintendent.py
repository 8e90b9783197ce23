"""The database of superintendent, read and never written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    DateTime,
    Engine,
    Integer,
    Select,
    String,
    create_engine,
    inspect,
    select,
)
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.types import TypeEngine

from jupyterlab_al.domain.errors import InvalidDatasetError

#: Names of the table: since version 0.6, and before.
TABLES = ("superintendentdata", "superintendent")
NEEDED = ("id", "input", "output")
_SQLITE = b"SQLite format 3\0"
#: Rows fetched together.
READ_AHEAD = 1_000


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One sample in the queue of superintendent; input and output are JSON."""

    id: int
    input: str
    output: str | None
    worker_id: str | None
    completed_at: datetime | None


class SuperintendentQueue:
    """A queue that can be read from its start any number of times."""

    def __init__(self, engine: Engine, table: str) -> None:
        self._engine = engine
        self.table = table
        self._statement = self._selected()

    def rows(self) -> Iterator[QueueRow]:
        """Yield all rows in the order in which they were put in; few are in memory."""
        with _in_words(), self._engine.connect() as connection:
            found = connection.execution_options(yield_per=READ_AHEAD).execute(self._statement)
            for row in found.mappings():
                yield QueueRow(
                    row["id"],
                    row["input"],
                    row["output"],
                    row.get("worker_id"),
                    row.get("completed_at"),
                )

    def _selected(self) -> Select[Any]:
        types: dict[str, TypeEngine[Any]] = {"id": Integer(), "completed_at": DateTime()}
        there = {each["name"] for each in inspect(self._engine).get_columns(self.table)}
        missing = [name for name in NEEDED if name not in there]
        if missing:
            raise InvalidDatasetError(
                f"The table {self.table} is none of superintendent's: it has no column "
                f"{missing[0]}."
            )
        names = [name for name in (*NEEDED, "worker_id", "completed_at") if name in there]
        columns = [sql_column(name, types.get(name, String())) for name in names]
        return select(*columns).select_from(sql_table(self.table, *columns)).order_by(columns[0])


@contextmanager
def opened_queue(place: str, table: str | None = None) -> Iterator[SuperintendentQueue]:
    """Yield the queue in a SQLite file or at the address of a database.

    Raises
    ------
    InvalidDatasetError
        There is no such file or database, or no such table in it.
    """
    engine = _engine(place)
    try:
        with _in_words():
            yield SuperintendentQueue(engine, _table(engine, table))
    finally:
        engine.dispose()


def _engine(place: str) -> Engine:
    if "://" not in place:
        return _file(Path(place).expanduser())
    try:
        url = make_url(place)
        if url.get_backend_name() == "sqlite" and url.database:
            return _file(Path(url.database))
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        return create_engine(url).execution_options(postgresql_readonly=True)
    except (ArgumentError, ImportError, SQLAlchemyError) as error:
        # Without the address: it may hold a password.
        raise InvalidDatasetError(
            "The address of the database can't be used: give sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST/DATABASE, and install its driver "
            f"({type(error).__name__})."
        ) from None


def _file(path: Path) -> Engine:
    try:
        with path.open("rb") as file:
            is_sqlite = file.read(len(_SQLITE)) == _SQLITE
    except OSError as error:
        raise InvalidDatasetError(f"{path} can't be read: {error.strerror}.") from None
    if not is_sqlite:
        raise InvalidDatasetError(f"{path} is no SQLite database; name superintendent's file.")
    return create_engine(
        "sqlite://",
        creator=lambda: _connected(path),
    )


def _connected(path: Path) -> object:
    import sqlite3

    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _table(engine: Engine, asked: str | None) -> str:
    there = inspect(engine).get_table_names()
    wanted = (asked,) if asked else TABLES
    for name in wanted:
        if name in there:
            return name
    raise InvalidDatasetError(
        f"The database has no table {' or '.join(wanted)}; there is "
        f"{', '.join(there[:10]) or 'none'}. Name superintendent's with --table."
    )


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, ValueError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()
        raise InvalidDatasetError(
            f"The database of superintendent can't be read: {said[0] if said else ''}"
        ) from error
