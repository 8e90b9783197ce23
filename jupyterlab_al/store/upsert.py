"""Insert-or-else statements: the one construct that the two databases name in different modules."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_for(tx: Connection, table: Table) -> Any:
    """Return the database's own `insert(table)`, which knows ON CONFLICT."""
    return _insert(tx.dialect.name, table)


@cache
def _insert(dialect: str, table: Table) -> Any:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
