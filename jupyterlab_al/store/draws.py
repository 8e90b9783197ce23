"""Put a whole order into the queue at once: ten thousand rows in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Float,
    Integer,
    Select,
    String,
    bindparam,
    column,
    exists,
    func,
    select,
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
        parameters = [_arranged((project.id, *row)) for row in rows]
        tx.exec_driver_sql(str(_SQLITE), parameters)
    else:
        order = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        tx.execute(_POSTGRESQL, {"project": project.id, "order": order})


_SQLITE = (
    sqlite.insert(queue_entry)
    .on_conflict_do_nothing(index_elements=_KEY)
    .compile(dialect=sqlite.dialect(paramstyle="qmark"), column_keys=_TARGETS)
)
#: Puts a project and a row of its order in the sequence that the statement takes.
_arranged = itemgetter(*map(_TARGETS.index, _SQLITE.positiontup or ()))


def _from_json() -> Select[Any]:
    """Return the rows of a JSON list, without those places that are in the queue already.

    Such a place may be under a claim that is not committed yet; a conflict would wait for it, and
    the claim's transaction may wait for this one.
    """
    given = (
        func.json_to_recordset(bindparam("order", type_=JSON))
        .table_valued(*(column(name, kind) for name, kind in COLUMNS.items()), name="given")
        .render_derived(with_types=True)
    )
    there = exists().where(
        queue_entry.c.project_id == bindparam("project"),
        queue_entry.c.sample_id == given.c.sample_id,
        queue_entry.c.slot == given.c.slot,
    )
    return select(bindparam("project", type_=BigInteger), *given.c).where(~there)


_POSTGRESQL = postgresql.insert(queue_entry).from_select(_TARGETS, _from_json())
