"""Statements of the hot path: compiled once a database, then run on the driver's own cursor.

A statement's way through SQLAlchemy costs six times what SQLite needs for it, and a label is
eight statements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

Row = dict[str, Any]


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
        form = self._forms.get(tx.dialect.name)
        if form is None:
            form = self._forms[tx.dialect.name] = _Form(self._statement, tx.dialect)
        return form.run(tx, parameters)

    def row(self, tx: Connection, parameters: Mapping[str, Any]) -> Row | None:
        """Run it and return the first row, or None."""
        return next(iter(self.rows(tx, parameters)), None)


class _Form:
    """A statement as one database takes it."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._is_positional = bool(compiled.positional)
        #: Name, value unless one is given, whether it must be given, and how to convert it.
        self._parameters = [
            (name, bound.value, bound.required, _to_database(bound.type, dialect))
            for name in (compiled.positiontup if self._is_positional else compiled.params)
            for bound in (compiled.binds[name],)
        ]
        columns = getattr(statement, "exported_columns", None) or ()
        self._columns = [column.key for column in columns]
        self._types = [column.type.dialect_impl(dialect) for column in columns]
        #: Column and conversion of those values that the driver gives in another form.
        self._conversions: list[tuple[str, Callable[[Any], Any]]] | None = None

    def run(self, tx: Connection, parameters: Mapping[str, Any]) -> list[Row]:
        values = self._bound(parameters)
        cursor = tx.connection.cursor()
        try:
            cursor.execute(self._sql, values)
            if not self._columns:
                return []
            if self._conversions is None:
                self._conversions = self._converted(tx.dialect, cursor.description)
            return [self._row(row, self._conversions) for row in cursor.fetchall()]
        except tx.dialect.loaded_dbapi.Error as error:
            raise self._as_sqlalchemy_does(tx, error, values) from error
        finally:
            cursor.close()

    def _converted(
        self, dialect: Dialect, description: Any
    ) -> list[tuple[str, Callable[[Any], Any]]]:
        conversions = []
        for name, kind, told in zip(self._columns, self._types, description, strict=True):
            convert = kind.result_processor(dialect, told[1])
            if convert is not None:
                conversions.append((name, convert))
        return conversions

    def _bound(self, given: Mapping[str, Any]) -> Any:
        values = []
        for name, default, is_required, convert in self._parameters:
            value = given[name] if is_required else given.get(name, default)
            values.append(value if convert is None else convert(value))
        if self._is_positional:
            return values
        return {name: value for (name, *_), value in zip(self._parameters, values, strict=True)}

    def _row(self, values: Any, conversions: list[tuple[str, Callable[[Any], Any]]]) -> Row:
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


def _to_database(of: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    convert: Callable[[Any], Any] | None = of.dialect_impl(dialect).bind_processor(dialect)
    return convert
