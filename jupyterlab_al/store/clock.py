"""The database's clock as an expression that compiles on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, bindparam, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement


class database_now(FunctionElement[int]):  # noqa: N801 - SQL functions are lower case
    """Milliseconds since 1970, UTC; moves on within a transaction."""

    type = BigInteger()
    inherit_cache = True
    name = "database_now"


@compiles(database_now, "sqlite")
def _sqlite_now(_element: Any, _compiler: Any, **_kw: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(database_now, "postgresql")
def _postgresql_now(_element: Any, _compiler: Any, **_kw: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"


#: The time of a statement: the parameter `now` where a test gives one, else the database's clock.
now: ColumnElement[int] = func.coalesce(bindparam("now", None, type_=BigInteger), database_now())
