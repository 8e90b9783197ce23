"""How long a claim takes while the worker fits an estimator, against idle."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.client import Client
from benchmarks.machine import percentile, seconds_of
from benchmarks.pools import add_project, opened, table_project, write_table
from benchmarks.report import Report, Table, Target, at_most
from benchmarks.servers import Place, running_server

PROJECT = "long-fit"


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    labeled: int = 20_000
    unlabeled: int = 5_000
    n_features: int = 20
    #: Trees to grow: some 25 seconds on two quick processors that have nothing else to do.
    trees: int = 250
    #: Claims measured before the fit and again after it.
    claims: int = 1_500
    #: Between two claims, as a quick person has them.
    pause: float = 0.005


TINY = Size(labeled=60, unlabeled=40, n_features=3, trees=20, claims=5)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
        place = Place.in_folder(Path(folder))
        total = size.labeled + size.unlabeled
        write_table(
            place.root / "t.parquet", total, n_features=size.n_features, n_labeled=size.labeled
        )
        with opened(place) as (database, settings):
            add_project(database, settings, _description(size))
        with running_server(place, worker="local") as server:
            client = server.client()
            # A first round starts the worker, so that its start is not in the figures.
            _patch(client, trees=1)
            _round(client, lambda: time.sleep(0.02))
            _patch(client, trees=size.trees)
            idle = [_claim(client, size) for _ in range(size.claims)]
            fitting: list[float] = []
            done = _round(client, lambda: fitting.append(_claim(client, size)))
            idle += [_claim(client, size) for _ in range(size.claims)]
    return _report(idle, fitting, done)


def _description(size: Size) -> dict[str, Any]:
    return table_project(
        PROJECT,
        "t.parquet",
        n_features=size.n_features,
        label_column="label",
        estimator=_estimator(1),
    )


def _estimator(trees: int) -> dict[str, Any]:
    return {
        "import": "sklearn.ensemble.GradientBoostingClassifier",
        "params": {"n_estimators": trees},
    }


def _patch(client: Client, *, trees: int) -> None:
    client("PATCH", f"projects/{PROJECT}", {"estimator": _estimator(trees)})


def _claim(client: Client, size: Size) -> float:
    """Return the seconds of one claim; what was claimed is given back."""
    leases: list[dict[str, Any]] = []
    seconds = seconds_of(lambda: leases.extend(client.claim(PROJECT, size=1)))
    [lease] = leases
    held = {"sample_id": lease["sample_id"], "token": lease["token"]}
    client("POST", f"projects/{PROJECT}/queue/release", {"leases": [held]})
    time.sleep(size.pause)
    return seconds


def _round(client: Client, meanwhile: Callable[[], None]) -> dict[str, Any]:
    """Ask for a round and return it when it has ended; do something all the while."""
    asked = client("POST", f"projects/{PROJECT}/rounds")
    while True:
        for _ in range(10):
            meanwhile()
        now: dict[str, Any] = client("GET", f"projects/{PROJECT}/rounds/{asked['id']}")
        if now["state"] not in ("queued", "running"):
            if now["state"] != "finished":
                raise RuntimeError(f"The round {now['state']}: {now['error']}")
            return now


def _report(idle: list[float], fitting: list[float], done: dict[str, Any]) -> Report:
    rows = [
        [name, f"{len(of):,}", *(f"{percentile(of, p) * 1000:.2f}" for p in (50, 95, 99))]
        for name, of in (("idle", idle), ("while the round runs", fitting))
    ]
    ratio = percentile(fitting, 99) / percentile(idle, 99)
    fit = done["seconds"]["fit"]
    return Report(
        title="during_fit: claims while the worker fits",
        tables=[
            Table(head=("claim over HTTP, SQLite", "n", "p50 ms", "p95 ms", "p99 ms"), rows=rows)
        ],
        targets=[
            at_most("p99 while fitting / idle", ratio, 1.5, unit=" ×"),
            Target(
                what="the fit lasts", wanted="≥ 20 s", measured=f"{fit:.1f} s", is_met=fit >= 20
            ),
        ],
        notes=[f"{done['n_train']:,} labels, GradientBoostingClassifier."],
        figures={"claims": len(fitting), "n_train": done["n_train"]},
    )
