"""8 and 32 annotators at once, on SQLite and PostgreSQL, one by one and 5 ahead."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from benchmarks.accounts import Account, account
from benchmarks.annotators import Orders, Work, label_together
from benchmarks.echo import JUPYTER
from benchmarks.machine import cpu_seconds, percentile
from benchmarks.pools import CLASSES, add_project, opened, table_project, write_table
from benchmarks.report import Report, Table, Target, at_least, at_most
from benchmarks.servers import Place, RunningServer, running_server
from tests.postgresql import running_server as running_postgresql

ONE_BY_ONE, AHEAD = 1, 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    databases: tuple[str, ...] = ("sqlite", "postgresql")
    annotators: tuple[int, ...] = (8, 32)
    pool: int = 10_000
    #: Labels given in each run, by all annotators together.
    labels: int = 1_600


TINY = Size(annotators=(3,), pool=60, labels=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One run."""

    database: str
    n: int
    ahead: int
    per_second: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    #: Labels/s that the same clients reach with two echoes of a bare handler for each.
    bare: float
    account: Account

    @property
    def row(self) -> list[str]:
        """Return a row of the table."""
        of = self.account
        return [
            self.database,
            str(self.n),
            "one by one" if self.ahead == ONE_BY_ONE else f"{self.ahead} ahead",
            f"{self.per_second:.0f}",
            f"{self.bare:.0f}",
            f"{self.per_second / self.bare:.2f}",
            f"{self.p50_ms:.1f}",
            f"{self.p95_ms:.1f}",
            f"{self.cpu_ms:.2f}",
            f"{of.acknowledged:,}",
            str(of.duplicates),
            str(of.lost),
            str(of.errors),
        ]


def run(size: Size = Size()) -> Report:
    """Measure it."""
    results: list[Result] = []
    for database in size.databases:
        with tempfile.TemporaryDirectory(prefix="al-bench-") as folder, url_of(database) as db_url:
            place = Place.in_folder(Path(folder), db_url)
            results += _on(place, database, size)
    return _report(results)


@contextmanager
def url_of(database: str) -> Iterator[str | None]:
    """Yield the address of an empty PostgreSQL database that writes durably; None for SQLite."""
    if database == "sqlite":
        yield None
        return
    with running_postgresql(durable=True) as server:
        yield server.url(server.create())


def _on(place: Place, database: str, size: Size) -> Iterator[Result]:
    runs = list(product(size.annotators, (ONE_BY_ONE, AHEAD)))
    write_table(place.root / "pool.parquet", size.pool)
    with opened(place) as (store, settings):
        for n, ahead in runs:
            add_project(store, settings, table_project(f"p-{n}-{ahead}", "pool.parquet"))
    with running_server(place) as server:
        for n, ahead in runs:
            yield _measure(server, database, n, ahead, size)


def _measure(server: RunningServer, database: str, n: int, ahead: int, size: Size) -> Result:
    project = f"p-{n}-{ahead}"
    orders = Orders(
        port=server.address.port,
        token=server.address.token,
        project=project,
        classes=CLASSES,
        ahead=ahead,
        labels=size.labels // n,
    )
    # The bare limit before and after, so that all three have the same bad luck.
    bare = [label_together(replace(orders, echo_at=JUPYTER, labels=orders.labels // 2), n)]
    cpu = cpu_seconds(server.pid)
    works = label_together(orders, n)
    cpu = cpu_seconds(server.pid) - cpu
    bare.append(label_together(replace(orders, echo_at=JUPYTER, labels=orders.labels // 2), n))
    seconds = [each for work in works for each in work.seconds]
    return Result(
        database=database,
        n=n,
        ahead=ahead,
        per_second=len(seconds) / _span(works),
        p50_ms=percentile(seconds, 50) * 1000,
        p95_ms=percentile(seconds, 95) * 1000,
        cpu_ms=cpu / len(seconds) * 1000,
        bare=sum(len(w.seconds) for b in bare for w in b) / sum(map(_span, bare)),
        account=account(works, server.client().annotations(project)),
    )


def _span(works: list[Work]) -> float:
    """Return seconds from the first beginning to the last end; one machine has one clock."""
    return max(work.ended for work in works) - min(work.began for work in works)


def _report(results: list[Result]) -> Report:
    targets: list[Target] = []
    for of in results:
        where = f"{of.n} annotators on {of.database}, "
        if of.n == 8:
            limit, mode = (300, "one by one") if of.ahead == ONE_BY_ONE else (500, "5 ahead")
            targets.append(at_least(f"{where}{mode}", of.per_second, limit, unit=" labels/s"))
        if of.n == 32:
            mode = "one by one" if of.ahead == ONE_BY_ONE else "5 ahead"
            targets.append(at_most(f"{where}{mode}, p95", of.p95_ms, 150, unit=" ms", digits=0))
    wrong = [of for of in results if not of.account.is_exact]
    targets.append(
        Target(
            what="labeled twice, lost, unasked or refused",
            wanted="0",
            measured="0" if not wrong else f"in {len(wrong)} runs",
            is_met=not wrong,
        )
    )
    return Report(
        title="concurrent: several annotators at once over HTTP",
        tables=[
            Table(
                head=(
                    "database",
                    "annotators",
                    "claiming",
                    "labels/s",
                    "bare echoes/s ÷ 2",
                    "ratio",
                    "p50 ms",
                    "p95 ms",
                    "server CPU ms a label",
                    "labels",
                    "twice",
                    "lost",
                    "errors",
                ),
                rows=[of.row for of in results],
            )
        ],
        targets=targets,
        figures={
            "acknowledged": sum(of.account.acknowledged for of in results),
            "stored": sum(of.account.stored for of in results),
            "wrong": len(wrong),
        },
    )
