"""Statements on PostgreSQL by the driver's own functions of libpq.

A cursor plans, waits and converts in Python, and lets other threads run several times meanwhile:
each time it may wait for as long as one of these likes. Here a statement is one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from psycopg import Connection, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

_GOOD = {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}


def fetch(
    connection: Connection[Any], known: dict[str, bytes], sql: str, values: Sequence[Any]
) -> tuple[list[int], list[tuple[Any, ...]]]:
    """Run a statement in the connection's transaction; return types (OIDs) and rows.

    `known`: what the connection has prepared, by its text; grows.

    Raises
    ------
    psycopg.Error
        As a cursor would.
    """
    pgconn = connection.pgconn
    transformer = Transformer(connection)
    # Text, whatever the size of a number: a statement is prepared for one type of each value.
    dumped = transformer.dump_sequence(values, [PyFormat.TEXT] * len(values))
    # NULL is None, which the driver's annotation leaves out.
    parameters = cast("Sequence[bytes]", dumped)
    if pgconn.transaction_status == TransactionStatus.IDLE:
        _good(pgconn, pgconn.exec_(b"BEGIN"), transformer.encoding)
    name = known.get(sql)
    if name is None:
        name = b"al_%d" % len(known)
        _good(pgconn, pgconn.prepare(name, sql.encode()), transformer.encoding)
        known[sql] = name
    result = pgconn.exec_prepared(name, parameters, result_format=Format.TEXT)
    _good(pgconn, result, transformer.encoding)
    if result.nfields == 0:
        return [], []
    transformer.set_pgresult(result)
    types = [result.ftype(i) for i in range(result.nfields)]
    return types, transformer.load_rows(0, result.ntuples, tuple)


def _good(pgconn: PGconn, result: PGresult, encoding: str) -> None:
    if result.status in _GOOD:
        return
    if pgconn.status != ConnStatus.OK:
        raise OperationalError(pgconn.get_error_message(encoding))
    raise errors.error_from_result(result, encoding)
