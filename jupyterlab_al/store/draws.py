"""Put a whole order into the queue at once: ten thousand rows in one statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Float,
    Integer,
    Select,
    String,
    bindparam,
    exists,
    func,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from jupyterlab_al.domain.models import Draw, Project
from jupyterlab_al.store.tables import queue_entry

#: What an order says of each place, by the names of the columns.
COLUMNS: dict[str, TypeEngine[Any]] = {
    "sample_id": BigInteger(),
    "slot": Integer(),
    "rank": BigInteger(),
    "source": String(),
    "utility": Float(53),
    "draw_probability": Float(53),
    "round_id": BigInteger(),
}
_TARGETS = ["project_id", *COLUMNS]
_KEY = ["project_id", "sample_id", "slot"]


def insert(tx: Connection, project: Project, draws: Sequence[Draw]) -> None:
    """Add places to the queue; a place that is there already stays as it is."""
    rows = [
        (
            draw.sample_id,
            slot,
            draw.rank,
            draw.source,
            draw.utility,
            draw.draw_probability,
            draw.round_id,
        )
        for draw in draws
        for slot in range(project.overlap)
    ]
    if not rows:
        return
    if tx.dialect.name == "sqlite":
        # The driver's own loop: building ten thousand statements' parameters takes longer.
        tx.exec_driver_sql(_SQLITE, [_arranged((*row, project.id)) for row in rows])
    else:
        columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
        tx.execute(_POSTGRESQL, {"project": project.id, **columns})


def _sqlite_statement() -> tuple[str, Callable[[Any], Any]]:
    """Return the SQL of one row, and what puts a row and its project in the order it takes."""
    values = [bindparam(name, type_=kind) for name, kind in COLUMNS.items()]
    row = select(bindparam("project", type_=BigInteger), *values)
    compiled = (
        sqlite.insert(queue_entry)
        .from_select(_TARGETS, row.where(true()))
        .on_conflict_do_nothing(index_elements=_KEY)
        .compile(dialect=sqlite.dialect(paramstyle="qmark"))
    )
    names = [*COLUMNS, "project"]
    return str(compiled), itemgetter(*map(names.index, compiled.positiontup or ()))


_SQLITE, _arranged = _sqlite_statement()


def _from_arrays() -> Select[Any]:
    """Return rows of arrays, without those places that are in the queue already.

    Such a place may be under a claim that is not committed yet; a conflict would wait for it, and
    the claim's transaction may wait for this one.
    """
    arrays = [bindparam(name, type_=ARRAY(kind)) for name, kind in COLUMNS.items()]
    given = func.unnest(*arrays).table_valued(*COLUMNS, name="given").render_derived()
    there = exists().where(
        queue_entry.c.project_id == bindparam("project"),
        queue_entry.c.sample_id == given.c.sample_id,
        queue_entry.c.slot == given.c.slot,
    )
    columns = [given.c[name] for name in COLUMNS]
    return select(bindparam("project", type_=BigInteger), *columns).where(~there)


_POSTGRESQL = (
    postgresql.insert(queue_entry)
    .from_select(_TARGETS, _from_arrays())
    .on_conflict_do_nothing(index_elements=_KEY)
)
