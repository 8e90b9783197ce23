"""How many labels the order lacks when a sample is asked for: at a person's pace, at full speed."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.client import Client
from benchmarks.machine import percentile
from benchmarks.pools import CLASSES, add_project, opened, table_project, write_table
from benchmarks.report import Report, Table, Target, at_most
from benchmarks.servers import Place, running_server

#: What stands in a project; None leaves it to the default: early rounds while they are quick.
PACES: dict[str, int | None] = {"early rounds": None, "a round every 10": 10}
MOST_STALE = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    n: int = 100_000
    n_features: int = 64
    n_labeled: int = 100
    #: Labels at a person's pace, and seconds between them.
    labels: int = 60
    pause: float = 1.0
    #: Labels one after the other.
    quick_labels: int = 200


TINY = Size(n=400, n_features=4, n_labeled=40, labels=3, pause=0.1, quick_labels=12)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    rows: list[list[str]] = []
    targets: list[Target] = []
    measured = 0
    for name, every in PACES.items():
        for speed, n, pause in (
            (f"a label every {size.pause:g} s", size.labels, size.pause),
            ("full speed", size.quick_labels, 0.0),
        ):
            stale, pace, rounds = _measure(size, every, n=n, pause=pause)
            measured += len(stale)
            rows.append(
                [
                    name,
                    speed,
                    str(len(stale)),
                    f"{pace:.1f}",
                    f"{percentile(stale, 50):.0f}",
                    f"{percentile(stale, 95):.0f}",
                    f"{max(stale):.0f}",
                    f"{rounds['seconds']:.2f}",
                ]
            )
            if every is None and pause:
                what = f"{name}, {speed}: labels that the order lacks at most"
                targets.append(at_most(what, max(stale), MOST_STALE, digits=0))
    head = (
        "project",
        "labeling",
        "labels",
        "labels/s",
        "lacking, median",
        "p95",
        "most",
        "a whole round s",
    )
    return Report(
        title=f"freshness: labels that the order lacks, {size.n:,} × {size.n_features}",
        tables=[Table(head=head, rows=rows)],
        targets=targets,
        notes=["Read before each claim; claim, label and reading are three requests one by one."],
        figures={"measured": measured},
    )


def _measure(
    size: Size, every: int | None, *, n: int, pause: float
) -> tuple[Sequence[float], float, dict[str, float]]:
    """Label, and return what the order lacked each time, labels a second, and a round's seconds."""
    given: dict[str, Any] = {} if every is None else {"retrain_every": every}
    with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
        place = Place.in_folder(Path(folder))
        write_table(
            place.root / "t.parquet", size.n, n_features=size.n_features, n_labeled=size.n_labeled
        )
        described = table_project(
            "p", "t.parquet", n_features=size.n_features, label_column="label"
        )
        del described["retrain_every"]
        with opened(place) as (database, settings):
            add_project(database, settings, {**described, **given})
        with running_server(place, worker="local") as server:
            client = server.client()
            first = _first_round(client)
            stale: list[float] = []
            began = time.perf_counter()
            for number in range(n):
                stale.append(client("GET", "projects/p/metrics")["order"]["labels_since"])
                [lease] = client.claim("p", size=1)
                client.annotate("p", lease, CLASSES[lease["sample_id"] % 2])
                rest = began + (number + 1) * pause - time.perf_counter()
                time.sleep(max(0.0, rest))
            pace = n / (time.perf_counter() - began)
    return stale, pace, {"seconds": sum(first["seconds"].values())}


def _first_round(client: Client) -> dict[str, Any]:
    """Wait for the round that the imported labels started, and for one more: the worker is warm."""
    _ended(client)
    client("POST", "projects/p/rounds")
    return _ended(client)


def _ended(client: Client) -> dict[str, Any]:
    """Return the newest round when it has ended."""
    while True:
        found = client("GET", "projects/p/rounds")["rounds"]
        if found and found[0]["state"] == "finished":
            now: dict[str, Any] = found[0]
            return now
        if found and found[0]["state"] == "failed":
            raise RuntimeError(f"The round failed: {found[0]['error']}")
        time.sleep(0.02)
