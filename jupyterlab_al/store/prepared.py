"""Statements of the hot path: compiled once a database, then run on the driver's own cursor.

A statement's way through SQLAlchemy costs six times what SQLite needs for it, and a label is
eight statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

Row = dict[str, Any]
#: Rows by column.
Columns = dict[str, list[Any]]
#: Codes of the result's types as the driver names them, and the rows; no types without rows.
Found = tuple[Sequence[Any], Sequence[tuple[Any, ...]]]


class Prepared:
    """One statement, written for both databases in SQLAlchemy's language."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}

    def rows(self, tx: Connection, parameters: Mapping[str, Any]) -> list[Row]:
        """Run it and return what it finds; the same as `tx.execute(...).mappings()`, but sooner."""
        if tx.engine.dispatch.before_cursor_execute:
            # Somebody wants to see every statement: the long way tells them.
            result = tx.execute(self._statement, dict(parameters))
            return [dict(row) for row in result.mappings()] if result.returns_rows else []
        return self._form(tx).rows(tx, parameters)

    def row(self, tx: Connection, parameters: Mapping[str, Any]) -> Row | None:
        """Run it and return the first row, or None."""
        return next(iter(self.rows(tx, parameters)), None)

    def columns(self, tx: Connection, parameters: Mapping[str, Any]) -> Columns:
        """Run it and return what it finds by column, each of them empty where it finds nothing."""
        return self._form(tx).by_column(tx, parameters)

    def _form(self, tx: Connection) -> _Form:
        form = self._forms.get(tx.dialect.name)
        if form is None:
            form = self._forms[tx.dialect.name] = _Form(self._statement, tx.dialect)
        return form


class _Form:
    """A statement as one database takes it."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        is_postgresql = dialect.name == "postgresql"
        compiled = statement.compile(dialect=_numbered(dialect) if is_postgresql else dialect)
        self._sql = str(compiled)
        self._fetch = self._by_libpq if is_postgresql else self._by_cursor
        #: Name, value unless one is given, whether it must be given, and how to convert it.
        self._parameters = [
            (name, bound.value, bound.required, _to_database(bound.type, dialect))
            for name in compiled.positiontup
            for bound in (compiled.binds[name],)
        ]
        columns = getattr(statement, "exported_columns", None) or ()
        self._columns = [column.key for column in columns]
        self._types = [column.type.dialect_impl(dialect) for column in columns]
        #: Column and conversion of those values that the driver gives in another form.
        self._conversions: list[tuple[str, Callable[[Any], Any]]] | None = None

    def rows(self, tx: Connection, parameters: Mapping[str, Any]) -> list[Row]:
        found, conversions = self._found(tx, parameters)
        return [self._row(values, conversions) for values in found]

    def by_column(self, tx: Connection, parameters: Mapping[str, Any]) -> Columns:
        found, conversions = self._found(tx, parameters)
        values = map(list, zip(*found, strict=True)) if found else ([] for _ in self._columns)
        columns = dict(zip(self._columns, values, strict=True))
        for name, convert in conversions:
            columns[name] = list(map(convert, columns[name]))
        return columns

    def _found(
        self, tx: Connection, parameters: Mapping[str, Any]
    ) -> tuple[Sequence[tuple[Any, ...]], Sequence[tuple[str, Callable[[Any], Any]]]]:
        values = self._bound(parameters)
        try:
            types, found = self._fetch(tx, values)
        except tx.dialect.loaded_dbapi.Error as error:
            raise self._as_sqlalchemy_does(tx, error, values) from error
        if not self._columns:
            return (), ()
        if self._conversions is None:
            self._conversions = self._converted(tx.dialect, types)
        return found, self._conversions

    def _by_cursor(self, tx: Connection, values: list[Any]) -> Found:
        cursor = tx.connection.cursor()
        try:
            cursor.execute(self._sql, values)
            if not self._columns:
                return (), ()
            return [told[1] for told in cursor.description], cursor.fetchall()
        finally:
            cursor.close()

    def _by_libpq(self, tx: Connection, values: list[Any]) -> Found:
        # SQLite alone is usually installed.
        from jupyterlab_al.store import libpq

        connection: Any = tx.connection.driver_connection
        known = tx.connection.info.setdefault("prepared", {})
        return libpq.fetch(connection, known, self._sql, values)

    def _converted(
        self, dialect: Dialect, types: Sequence[Any]
    ) -> list[tuple[str, Callable[[Any], Any]]]:
        conversions = []
        for name, kind, told in zip(self._columns, self._types, types, strict=True):
            convert = kind.result_processor(dialect, told)
            if convert is not None:
                conversions.append((name, convert))
        return conversions

    def _bound(self, given: Mapping[str, Any]) -> list[Any]:
        values = []
        for name, default, is_required, convert in self._parameters:
            value = given[name] if is_required else given.get(name, default)
            values.append(value if convert is None else convert(value))
        return values

    def _row(self, values: Any, conversions: Sequence[tuple[str, Callable[[Any], Any]]]) -> Row:
        row = dict(zip(self._columns, values, strict=True))
        for name, convert in conversions:
            row[name] = convert(row[name])
        return row

    def _as_sqlalchemy_does(self, tx: Connection, error: Any, values: Any) -> BaseException:
        is_lost = tx.dialect.is_disconnect(error, tx.connection.driver_connection, None)
        if is_lost:
            tx.invalidate(error)
        as_known: BaseException = DBAPIError.instance(
            self._sql,
            values,
            error,
            tx.dialect.loaded_dbapi.Error,
            connection_invalidated=is_lost,
            dialect=tx.dialect,
        )
        return as_known


@cache
def _numbered(dialect: Dialect) -> Dialect:
    """Return the same dialect, writing parameters as libpq wants them: $1, $2."""
    kind: Any = type(dialect)
    return cast("Dialect", kind(paramstyle="numeric_dollar"))


def _to_database(of: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    convert: Callable[[Any], Any] | None = of.dialect_impl(dialect).bind_processor(dialect)
    return convert
