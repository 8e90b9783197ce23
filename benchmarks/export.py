"""A million annotations leave over REST, while somebody labels."""

from __future__ import annotations

import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.bare_writers import rewritten
from benchmarks.client import Client
from benchmarks.concurrent import url_of
from benchmarks.machine import children, percentile, private_mb, seconds_of
from benchmarks.pools import (
    CLASSES,
    add_annotations,
    add_project,
    opened,
    table_project,
    write_table,
)
from benchmarks.report import Report, Table, Target, at_most
from benchmarks.servers import Place, RunningServer, running_server
from jupyterlab_al.worker import export

PROJECT = "pool"
#: Memory that an export may take above what the server has.
LIMIT_MB = 200
#: How many times as long as on an idle server a label may take meanwhile.
LONGEST_WAIT = 2.0
EXPORTS = (
    ("csv", "annotations", 0),
    ("jsonl", "annotations", 0),
    ("parquet", "annotations", 0),
    ("csv", "labels", 0),
    ("csv", "labels", 1),
    ("hf", "labels", 1),
    ("label-studio", "labels", 1),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    databases: tuple[str, ...] = ("sqlite", "postgresql")
    annotations: int = 1_000_000
    #: Samples beyond those that have annotations.
    unlabeled: int = 100_000
    #: Labels given on the idle server, and the pause after each label.
    idle: int = 300
    pause: float = 0.03


TINY = Size(annotations=300, unlabeled=100, idle=3, pause=0.0)


@dataclass(slots=True)
class Exported:
    """What one export took."""

    seconds: float = 0.0
    #: Memory of the server and its exports at its peak.
    mb: float = 0.0
    n_bytes: int = 0
    #: Seconds of each claim and annotation meanwhile.
    labeling: list[float] = field(default_factory=list)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    rows, targets, lost = [], [], 0
    for name in size.databases:
        with tempfile.TemporaryDirectory(prefix="al-bench-") as folder, url_of(name) as db_url:
            place = Place.in_folder(Path(folder), db_url)
            n_samples = size.annotations * 2 // 3 + 1 + size.unlabeled
            write_table(place.root / "pool.parquet", n_samples)
            with opened(place) as (database, settings):
                description = table_project(PROJECT, "pool.parquet", queue_size=10_000)
                project = add_project(database, settings, description)
                # Three opinions on every two samples.
                add_annotations(database, project, (i * 2 // 3 for i in range(size.annotations)))
            with running_server(place) as server:
                idle = _idle(server, size)
                rows.append([name, "nothing", *[""] * 4, f"{len(idle):,}", _p95(idle)])
                most, worst, start = 0.0, 0.0, _memory_mb(server.pid)
                for file_format, what, data in EXPORTS:
                    path = place.folder / "exported"
                    found = _export(
                        server, path, f"format={file_format}&what={what}&data={data}", size
                    )
                    n, bare = rewritten(path, file_format)
                    title = f"{file_format}, {what}{', with data' if data else ''}"
                    labeled = size.annotations * 2 // 3
                    lost += max(0, (size.annotations if what == "annotations" else labeled) - n)
                    found.mb -= start
                    most = max(most, found.mb)
                    ratio = percentile(found.labeling, 95) / percentile(idle, 95)
                    worst = max(worst, ratio)
                    rows.append(_row(name, title, found, bare))
        limit = f"memory above start, {name}"
        targets.append(at_most(limit, most, LIMIT_MB, unit=" MB", digits=0))
        wait = f"claim + annotate p95 meanwhile against idle, {name}"
        targets.append(at_most(wait, worst, LONGEST_WAIT, unit=" ×", digits=1))
    return Report(
        title=f"export: {size.annotations:,} annotations over REST while somebody labels",
        tables=[
            Table(
                head=(
                    "database", "export", "MB", "seconds", "× bare writer", "MB above start",
                    "labels meanwhile", "claim + annotate p95 ms",
                ),
                rows=rows,
            )
        ],
        targets=[
            *targets,
            Target(what="rows missing", wanted="0", measured=str(lost), is_met=not lost),
        ],
        notes=[
            "Seconds are from the request to the last byte. The bare writer writes the same rows "
            "again from memory, up to 100,000 of them: csv and json of the standard library, "
            "pyarrow for Parquet and Arrow. Memory is the private part (RssAnon) of the server and "
            "of the processes that write."
        ],
        figures={"lost": lost},
    )  # fmt: skip


def _idle(server: RunningServer, size: Size) -> list[float]:
    client = server.client()
    # The first labels open the pool and compile statements.
    series = [_label(client, i, size) for i in range(2 * size.idle)]
    client.close()
    return series[size.idle :]


def _label(client: Client, i: int, size: Size) -> float:
    def cycle() -> None:
        [lease] = client.claim(PROJECT, size=1)
        client.annotate(PROJECT, lease, CLASSES[i % 2])

    seconds = seconds_of(cycle)
    time.sleep(size.pause)
    return seconds


def _export(server: RunningServer, path: Path, query: str, size: Size) -> Exported:
    found, is_over = Exported(), threading.Event()

    def watch() -> None:
        while not is_over.wait(0.01):
            found.mb = max(found.mb, _memory_mb(server.pid))

    def label() -> None:
        client = server.client()
        while not is_over.is_set():
            found.labeling.append(_label(client, len(found.labeling), size))
        client.close()

    threads = [threading.Thread(target=each) for each in (watch, label)]
    for thread in threads:
        thread.start()
    try:
        found.seconds = seconds_of(lambda: _save(server, query, path))
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    found.n_bytes = path.stat().st_size
    return found


def _memory_mb(pid: int) -> float:
    """Return the memory of a server and of the processes that write its exports."""
    total = private_mb(pid)
    for child in children(pid, export.__name__):
        # It may end while one looks.
        with suppress(OSError, IndexError):
            total += private_mb(child)
    return total


def _save(server: RunningServer, query: str, path: Path) -> None:
    connection = HTTPConnection("127.0.0.1", server.address.port, timeout=1_800)
    headers = {"Authorization": f"token {server.address.token}"}
    connection.request("GET", f"/al/api/projects/{PROJECT}/export?{query}", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read(500)
    with path.open("wb") as file:
        while piece := answer.read(2**20):
            file.write(piece)
    connection.close()


def _row(name: str, title: str, found: Exported, bare: float) -> list[str]:
    return [
        name,
        title,
        f"{found.n_bytes / 1e6:,.0f}",
        f"{found.seconds:.1f}",
        f"{found.seconds / bare:.1f}",
        f"{found.mb:.0f}",
        f"{len(found.labeling):,}",
        _p95(found.labeling),
    ]


def _p95(series: list[float]) -> str:
    return f"{percentile(series, 95) * 1000:.1f}" if series else ""
