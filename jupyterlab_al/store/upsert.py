"""Insert-or-else statements: what the two databases name in different modules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite


def insert_for(tx: Connection, table: Table) -> Any:
    """Return the database's own `insert(table)`, which knows ON CONFLICT."""
    return insert_into(tx.dialect.name, table)


@cache
def insert_into(dialect: str, table: Table) -> Any:
    """Return the same for a database by its name."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def numbered(columns: Iterable[Column[Any]], row: int) -> dict[str, Any]:
    """Return parameters for one of several rows of an insert: column → its place holder."""
    return {of.name: bindparam(f"{of.name}_{row}", type_=of.type) for of in columns}


def given(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values of several rows by the names of `numbered`."""
    return {f"{name}_{i}": value for i, row in enumerate(rows) for name, value in row.items()}
