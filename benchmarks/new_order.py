"""From asking for a round to the published queue, and labeling meanwhile."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.client import Client
from benchmarks.machine import percentile, seconds_of
from benchmarks.pools import CLASSES, add_project, opened, table_project, write_table
from benchmarks.report import Report, Table, at_most
from benchmarks.servers import Place, running_server
from jupyterlab_al.datasets.features import open_features

PROJECT = "pool"
#: Seconds that Label Studio took for 100,000 tasks: predictions sent in, then the new order.
LABEL_STUDIO = 126.0 + 43.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    n: int = 100_000
    n_labeled: int = 500
    n_features: int = 64
    rounds: int = 7
    #: Labels timed while nothing else happens.
    labels: int = 300


TINY = Size(n=2_000, n_labeled=40, n_features=4, rounds=1, labels=5)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    bare: list[float] = []
    ours: list[float] = []
    parts: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
        place = Place.in_folder(Path(folder))
        write_table(
            place.root / "t.parquet", size.n, n_features=size.n_features, n_labeled=size.n_labeled
        )
        description = table_project(
            PROJECT, "t.parquet", n_features=size.n_features, label_column="label"
        )
        with opened(place) as (database, settings):
            project = add_project(database, settings, description)
            X = open_features(settings.project_folder(project.id)).chunk(0, size.n)
        with running_server(place, worker="local") as server:
            client = server.client()
            # The first round starts the worker.
            _round(client, None)
            idle = [_label(client) for _ in range(size.labels)]
            busy: list[float] = []
            for _ in range(size.rounds):
                bare.append(seconds_of(lambda: _bare(X, size)))
                quiet: list[dict[str, Any]] = []
                ours.append(seconds_of(lambda: quiet.append(_round(client, None))))  # noqa: B023
                parts.append(quiet[0]["seconds"])
                _round(client, busy)
            order = client("GET", f"projects/{PROJECT}/metrics")["order"]
    return _report(size, bare, ours, parts, idle, busy, order)


def _round(client: Client, labels: list[float] | None) -> dict[str, Any]:
    """Ask for a round and wait for its end; where `labels` is given, label meanwhile."""
    asked = client("POST", f"projects/{PROJECT}/rounds")
    while True:
        if labels is None:
            time.sleep(0.005)
        else:
            labels.append(_label(client))
        now: dict[str, Any] = client("GET", f"projects/{PROJECT}/rounds/{asked['id']}")
        if now["state"] not in ("queued", "running"):
            if now["state"] != "finished":
                raise RuntimeError(f"The round {now['state']}: {now['error']}")
            return now


def _label(client: Client) -> float:
    def cycle() -> None:
        [lease] = client.claim(PROJECT, size=1)
        client.annotate(PROJECT, lease, CLASSES[lease["sample_id"] % 2])

    return seconds_of(cycle)


def _bare(X: NDArray[np.float32], size: Size) -> NDArray[np.int64]:
    """Fit, predict and take the best in memory: no process, no store."""
    from sklearn.linear_model import LogisticRegression

    y = X[: size.n_labeled].sum(axis=1) > 0
    proba = LogisticRegression(max_iter=1000).fit(X[: size.n_labeled], y).predict_proba(X)
    utilities = 1 - np.abs(proba[:, 0] - proba[:, 1])
    best = min(10_000, size.n // 2)
    top = np.argpartition(utilities, -best)[-best:]
    return top[np.argsort(-utilities[top])]


def _report(
    size: Size,
    bare: list[float],
    ours: list[float],
    parts: list[dict[str, float]],
    idle: list[float],
    busy: list[float],
    order: dict[str, Any],
) -> Report:
    phases = sorted({name for part in parts for name in part})
    seconds = [f"{name} {median(part[name] for part in parts):.3f}" for name in phases]
    return Report(
        title=f"new_order: a round over REST for {size.n:,} × {size.n_features}",
        tables=[
            Table(
                head=("", "n", "median", "best"),
                rows=[
                    [
                        "fit + predict + top 10,000 in memory",
                        str(len(bare)),
                        f"{median(bare):.3f} s",
                        f"{min(bare):.3f} s",
                    ],
                    [
                        "request to published queue",
                        str(len(ours)),
                        f"{median(ours):.3f} s",
                        f"{min(ours):.3f} s",
                    ],
                ],
            ),
            Table(
                head=("claim + annotate", "n", "p50 ms", "p95 ms"),
                rows=[
                    [
                        name,
                        str(len(of)),
                        f"{percentile(of, 50) * 1000:.1f}",
                        f"{percentile(of, 95) * 1000:.1f}",
                    ]
                    for name, of in (("idle", idle), ("while rounds run", busy))
                ],
            ),
        ],
        targets=[
            at_most("request to published queue", median(ours), 2, unit=" s"),
            at_most(
                "labeling p95 meanwhile / idle",
                percentile(busy, 95) / percentile(idle, 95),
                2,
                unit=" ×",
            ),
        ],
        notes=[
            f"Where a round's time goes, median seconds: {', '.join(seconds)}.",
            f"Label Studio: {LABEL_STUDIO:.0f} s, {LABEL_STUDIO / median(ours):.0f} × as long.",
        ],
        figures={"by_model": float(order["by"] == "model"), "rounds": len(ours)},
    )
