"""Put a new order of 10,000 samples into the queue, against bare SQL of the same driver."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, text

from benchmarks.concurrent import url_of
from benchmarks.machine import seconds_of
from benchmarks.pools import add_project, opened, table_project, write_table
from benchmarks.report import Report, Table, at_most
from benchmarks.servers import Place
from jupyterlab_al.domain.models import Draw, Project
from jupyterlab_al.store import queue
from jupyterlab_al.store.database import Database

#: Seconds that superintendent 0.6.0 took to reorder 100,000 samples, on such a machine.
SUPERINTENDENT = {"sqlite": 57.6, "postgresql": 118.0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    databases: tuple[str, ...] = ("sqlite", "postgresql")
    #: The time must not depend on them; bare SQL knows of none.
    pools: tuple[int, ...] = (100_000, 1_000_000)
    order: int = 10_000
    repeats: int = 9


TINY = Size(pools=(60, 120), order=20, repeats=2)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    rows, targets, figures = [], [], {}
    for name in size.databases:
        ratios, wrong = [], 0
        for pool in size.pools:
            with tempfile.TemporaryDirectory(prefix="al-bench-") as folder, url_of(name) as db_url:
                place = Place.in_folder(Path(folder), db_url)
                bare, ours, found = _measure(place, size, pool)
            wrong += found
            ratios.append(median(b / a for a, b in zip(bare, ours, strict=True)))
            rows.append(
                [
                    name,
                    f"{pool:,}",
                    f"{median(bare):.3f}",
                    f"{median(ours):.3f}",
                    f"{ratios[-1]:.2f}",
                    f"{SUPERINTENDENT[name] / median(ours):.0f}" if pool == size.pools[0] else "",
                ]
            )
            if pool == size.pools[0]:
                share = 100 * median(ours) / SUPERINTENDENT[name]
                targets.append(at_most(f"{name}: of superintendent's reorder", share, 1, unit=" %"))
        grown = ratios[-1] / ratios[0]
        what = f"{name}: {size.pools[-1]:,} / {size.pools[0]:,}, each in units of bare SQL"
        targets.append(at_most(what, grown, 1.2, unit=" ×"))
        figures[f"wrong_{name}"] = wrong
    return Report(
        title=f"publish: a new order of {size.order:,}, whatever the pool",
        tables=[
            Table(
                head=(
                    "database",
                    "pool",
                    "bare SQL s",
                    "ours s",
                    "ratio (median of pairs)",
                    "superintendent / ours",
                ),
                rows=rows,
            )
        ],
        targets=targets,
        notes=[
            "Bare SQL: DELETE of the queue and one INSERT of many rows, in one transaction; it "
            "knows of no pool.",
            "superintendent reorders the whole pool (57.6 s on SQLite, 118 to 342 s on PostgreSQL "
            "for 100,000, measured on a machine of the same kind): it has no shorter queue.",
        ],
        figures=figures,
    )


def _measure(place: Place, size: Size, pool: int) -> tuple[list[float], list[float], int]:
    """Return seconds of bare SQL, seconds of ours, and how many places came out wrong."""
    write_table(place.root / "pool.parquet", pool)
    bare: list[float] = []
    ours: list[float] = []
    with opened(place) as (database, settings):
        description = table_project("p", "pool.parquet", queue_size=size.order)
        project = add_project(database, settings, description)
        columns = ", ".join(["project_id", *NAMES])
        marks = ", ".join(["1", *(f":{name}" for name in NAMES)])
        with database.engine.begin() as tx:
            tx.execute(
                text(f"CREATE TABLE bare AS SELECT {columns} FROM al_queue_entry LIMIT 0")  # noqa: S608
            )
            tx.execute(text("CREATE UNIQUE INDEX bare_key ON bare (project_id, sample_id, slot)"))
            tx.execute(text("CREATE INDEX bare_rank ON bare (project_id, rank)"))
        statement = text(f"INSERT INTO bare ({columns}) VALUES ({marks})")  # noqa: S608
        for repeat in range(size.repeats):
            order = _order(size, pool, repeat)
            rows = [_row(draw) for draw in order]
            bare.append(_timed(database, lambda tx, rows=rows: _bare(tx, statement, rows)))
            ours.append(_timed(database, _publishing(project, order)))
        wrong = _wrong(database, project, order)
    return bare, ours, wrong


#: Columns of a place in the queue.
NAMES = ("sample_id", "slot", "rank", "source", "utility", "draw_probability", "lease_expires_at")


def _row(draw: Draw) -> dict[str, object]:
    return {
        "sample_id": draw.sample_id,
        "slot": 0,
        "rank": draw.rank,
        "source": draw.source,
        "utility": draw.utility,
        "draw_probability": draw.draw_probability,
        "lease_expires_at": 0,
    }


def _bare(tx: Connection, statement: object, rows: Sequence[dict[str, object]]) -> None:
    tx.execute(text("DELETE FROM bare"))
    tx.execute(statement, rows)  # type: ignore[call-overload]


def _publishing(project: Project, order: Sequence[Draw]) -> Callable[[Connection], None]:
    return lambda tx: queue.publish(tx, project, order)


def _timed(database: Database, func: Callable[[Connection], None]) -> float:
    return seconds_of(lambda: database.write(func))


def _order(size: Size, pool: int, repeat: int) -> list[Draw]:
    """Return another order of other samples each time."""
    return [
        Draw(
            sample_id=(rank * 7 + repeat * 13) % pool,
            rank=rank,
            source="query",
            utility=1.0 - rank / size.order,
            draw_probability=1.0,
            round_id=None,
        )
        for rank in range(size.order)
    ]


def _wrong(database: Database, project: Project, order: Sequence[Draw]) -> int:
    """Return how many places of the queue are not as ordered."""
    found = text(
        "SELECT sample_id, rank FROM al_queue_entry WHERE project_id = :project AND done_at IS NULL"
    )
    there = {
        tuple(row)
        for row in database.read(lambda tx: tx.execute(found, {"project": project.id}).all())
    }
    return len(there ^ {(draw.sample_id, draw.rank) for draw in order})
