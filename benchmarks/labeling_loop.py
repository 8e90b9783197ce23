"""One annotator, one label after the other over HTTP, on a small and a large pool."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.client import Client
from benchmarks.echo import JUPYTER, TORNADO
from benchmarks.machine import BareDisk, cpu_seconds, percentile, seconds_of
from benchmarks.pools import ANN, CLASSES, add_project, opened, table_project, write_table
from benchmarks.report import Report, Table, Target, at_most
from benchmarks.servers import Place, RunningServer, running_server
from benchmarks.statements import counted
from jupyterlab_al.domain.models import NewAnnotation
from jupyterlab_al.services import labeling, queue
from jupyterlab_al.store.database import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    pools: tuple[int, int] = (10_000, 1_000_000)
    #: Blocks of labels that alternate between the pools.
    blocks: int = 40
    block: int = 25
    warm_up: int = 50
    #: Labels whose statements are counted.
    counted: int = 200


TINY = Size(pools=(50, 100), blocks=2, block=3, warm_up=1, counted=5)
#: What a claim and an annotation look like, for the handlers that only echo.
BODY = {"annotations": [{"key": str(uuid.uuid4()), "sample_id": 1, "token": "t", "label": "a"}]}


@dataclass(slots=True)
class Series:
    """Seconds of each cycle, and processor time of the server for all of them."""

    seconds: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def ms(self, percent: int) -> float:
        """Return a percentile in milliseconds."""
        return percentile(self.seconds, percent) * 1000

    @property
    def cpu_ms(self) -> float:
        """Return the server's processor time for one cycle in milliseconds."""
        return self.cpu / len(self.seconds) * 1000

    def row(self, name: str) -> list[str]:
        """Return a row of the table."""
        figures = [f"{self.ms(percent):.2f}" for percent in (50, 95, 99)]
        return [name, str(len(self.seconds)), *figures, f"{self.cpu_ms:.2f}"]


def run(size: Size = Size()) -> Report:
    """Measure it."""
    with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
        place = Place.in_folder(Path(folder))
        names = [f"pool-{n}" for n in size.pools]
        with opened(place) as (database, settings):
            for name, n in zip(names, size.pools, strict=True):
                write_table(place.root / f"{name}.parquet", n)
                add_project(database, settings, table_project(name, f"{name}.parquet"))
        with running_server(place) as server:
            series = _series(server, names, size, place)
            stored = {name: len(server.client().annotations(name)) for name in names}
        with opened(place) as (database, _settings):
            statements, transactions = _asked(database, names[0], size)
    return _report(series, names, stored, statements, transactions, size)


def _series(server: RunningServer, names: list[str], size: Size, place: Place) -> dict[str, Series]:
    """Return what was measured, block by block in turn, so that all have the same bad luck."""
    client, disk = server.client(), BareDisk(place.data)
    cycles = {
        "disk": lambda _: (disk.write(), disk.write()),
        "tornado": lambda _: [client.raw("POST", TORNADO, BODY) for _ in range(2)],
        "jupyter": lambda _: [client.raw("POST", JUPYTER, BODY) for _ in range(2)],
        **{name: lambda i, name=name: _label(client, name, i) for name in names},
    }
    series = {name: Series() for name in cycles}
    for block in range(-1, size.blocks):
        order = list(cycles) if block % 2 else list(cycles)[::-1]
        for name in order:
            of = Series() if block < 0 else series[name]
            cpu = cpu_seconds(server.pid)
            for i in range(size.warm_up if block < 0 else size.block):
                of.seconds.append(seconds_of(lambda: cycles[name](i)))  # noqa: B023
            of.cpu += cpu_seconds(server.pid) - cpu
    disk.close()
    client.close()
    return series


def _label(client: Client, name: str, i: int) -> None:
    [lease] = client.claim(name, size=1)
    client.annotate(name, lease, CLASSES[i % 2])


def _asked(database: Database, name: str, size: Size) -> tuple[float, float]:
    """Return statements and transactions of a label."""
    with counted(database.engine) as count:
        for _ in range(size.counted):
            _project, claimed = database.write(
                queue.claim, name, ANN, client=None, size=1, lease_ms=300_000
            )
            [lease] = claimed.leases
            item = NewAnnotation(
                key=str(uuid.uuid4()),
                sample_id=lease.sample_id,
                label=CLASSES[0],
                token=lease.token,
            )
            database.write(labeling.annotate, name, ANN, [item])
    return count.statements / size.counted, count.transactions / size.counted


def _report(
    series: dict[str, Series],
    names: list[str],
    stored: dict[str, int],
    statements: float,
    transactions: float,
    size: Size,
) -> Report:
    small, large = (series[name] for name in names)
    ratio = large.ms(50) / small.ms(50)
    bare = series["jupyter"]
    wanted = size.warm_up + size.blocks * size.block
    lost = sum(wanted - n for n in stored.values())
    titles = {
        "disk": "bare disk: 2 × 4 KiB and fdatasync",
        "tornado": "bare Tornado: 2 echoes",
        "jupyter": "bare Jupyter handler: 2 echoes",
        **{
            name: f"claim + annotate, pool of {n:,}"
            for name, n in zip(names, size.pools, strict=True)
        },
    }
    return Report(
        title="labeling_loop: claim + annotate over HTTP, SQLite, one annotator",
        tables=[
            Table(
                head=("a cycle", "n", "p50 ms", "p95 ms", "p99 ms", "server CPU ms"),
                rows=[series[name].row(title) for name, title in titles.items()],
            )
        ],
        targets=[
            at_most("p50 of the small pool", small.ms(50), 6, unit=" ms"),
            at_most("p50 of the large pool / small pool", ratio, 1.2, unit=" ×"),
            at_most("server CPU a label", small.cpu_ms, 4, unit=" ms"),
            at_most("SQL statements a label", statements, 10, digits=1),
            at_most("transactions a label", transactions, 2, digits=1),
            Target(what="labels lost", wanted="0", measured=str(lost), is_met=lost == 0),
        ],
        notes=[
            f"By the clock {small.ms(50) / bare.ms(50):.1f} × two echoes of a Jupyter handler, "
            f"{small.ms(50) / (bare.ms(50) + series['disk'].ms(50)):.1f} × these and two durable "
            f"writes; processor time {small.cpu_ms - bare.cpu_ms:.2f} ms above the echoes.",
        ],
        figures={"lost": lost, "statements": statements, "transactions": transactions},
    )
