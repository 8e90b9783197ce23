"""What a larger pool costs: against bare NumPy, against itself, and against superintendent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.environments import measured
from benchmarks.machine import proportional_mb, seconds_of
from benchmarks.one_round import PROJECT
from benchmarks.pools import ANN, add_project, opened, table_project, write_table
from benchmarks.pools import CLASSES as TWO_CLASSES
from benchmarks.report import Report, Table, Target, at_least, at_most
from benchmarks.score_rank import CLASSES, N_LABELED, Mapped, Memory, features_file, ours
from benchmarks.servers import REPOSITORY, Place
from jupyterlab_al.services import rounds

#: Samples that bare NumPy scores at once.
BARE_ROWS = 1 << 16
ONE_THREAD = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
#: Longest that a worker may take for a round, in seconds.
PATIENCE = 600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    #: Pools that are scored, and how often each.
    pools: tuple[tuple[int, int], ...] = ((100_000, 9), (1_000_000, 7), (10_000_000, 2))
    n_features: int = 64
    best: int = 10_000
    #: Pools of whole rounds, beside superintendent's.
    rounds: tuple[int, ...] = (10_000, 100_000)
    n_labeled: int = 500


TINY = Size(pools=((2_000, 2), (8_000, 1)), n_features=12, best=50, rounds=(400,), n_labeled=60)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    scoring, score_targets, figures = _scoring(size)
    rounds, round_targets, notes = _rounds(size)
    return Report(
        title=f"scale: pools of {' and '.join(f'{n:,}' for n, _ in size.pools)}",
        tables=[scoring, rounds],
        targets=[*score_targets, *round_targets],
        notes=[
            f"Scoring: {size.n_features} float32 features in a mapped file, {CLASSES} classes, the "
            f"best {size.best:,}; one thread of BLAS. Bare NumPy: product, softmax, margin, top, "
            f"{BARE_ROWS:,} samples at once.",
            f"Rounds: fit on {size.n_labeled} labels, evaluate, score, rank, publish; "
            "one process each, memory is its peak, mapped files included (VmHWM). "
            "superintendent: what its Retrain button does.",
            "A worker has three processes: its loop, the fork server and the child. Their peak is "
            "the sum of their proportional shares (PSS): what they share counts once.",
            *notes,
        ],
        figures=figures,
    )


def _scoring(size: Size) -> tuple[Table, list[Target], dict[str, float]]:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    rows: list[list[str]] = []
    targets: list[Target] = []
    times: dict[int, float] = {}
    figures: dict[str, float] = {}
    for n, repeats in size.pools:
        with tempfile.TemporaryDirectory(prefix="al-bench-") as folder, threadpool_limits(1):
            features = features_file(Path(folder) / "X.npy", n, size.n_features)
            X = features.X[:N_LABELED]
            model = LogisticRegression(max_iter=1000).fit(X, np.argmax(X[:, :CLASSES], axis=1))
            ratio, bare, mine, above, same = _pairs(features, model, size.best, repeats)
        times[n] = mine
        figures[f"same_{n}"] = same
        megabytes = n * size.n_features * 4 / 1e6
        rows.append(
            [
                f"{n:,}",
                f"{megabytes:,.0f}",
                f"{bare:.3f}",
                f"{mine:.3f}",
                f"{ratio:.2f}",
                f"{above:.0f}",
                f"{same:,} of {size.best:,}",
            ]
        )
        targets.append(at_most(f"{n:,}: ours / bare NumPy", ratio, 1.25, unit=" ×"))
        targets.append(at_most(f"{n:,}: memory above the mapped file", above, 300, unit=" MB"))
    for small, large in zip(times, list(times)[1:], strict=False):
        limit = 1.2 * large / small
        what = f"time at {large:,} / at {small:,}"
        targets.append(at_most(what, times[large] / times[small], limit, unit=" ×"))
    head = ("pool", "file MB", "bare NumPy s", "ours s", "ratio", "memory MB", "same samples")
    return Table(head=head, rows=rows), targets, figures


def _pairs(
    features: Mapped, model: Any, best: int, repeats: int
) -> tuple[float, float, float, float, int]:
    """Return the ratio, seconds of both, our memory, and how many samples both choose."""
    memory = Memory()
    chosen = ours(features, model, best, memory).sample_ids
    above = memory.above
    same = len(np.intersect1d(_bare(features.X, model, best), chosen))
    bare, mine = [], []
    for _ in range(repeats):
        bare.append(seconds_of(lambda: _bare(features.X, model, best)))
        mine.append(seconds_of(lambda: ours(features, model, best)))
    ratio = median(b / a for a, b in zip(bare, mine, strict=True))
    return ratio, median(bare), median(mine), above, same


def _bare(X: NDArray[np.float32], model: Any, best: int) -> NDArray[np.int64]:
    """Return the best samples by margin in the fewest lines, chunk by chunk."""
    weights = model.coef_.T.astype(np.float32)
    intercept = model.intercept_.astype(np.float32)
    utilities = np.empty(len(X), dtype=np.float32)
    for start in range(0, len(X), BARE_ROWS):
        z = X[start : start + BARE_ROWS] @ weights + intercept
        z -= z.max(axis=1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=1, keepdims=True)
        z.partition((-2, -1), axis=1)
        utilities[start : start + BARE_ROWS] = 1 - (z[:, -1] - z[:, -2])
    top = np.argpartition(utilities, -best)[-best:]
    return top[np.argsort(-utilities[top])]


def _rounds(size: Size) -> tuple[Table, list[Target], list[str]]:
    rows: list[list[str]] = []
    targets: list[Target] = []
    notes: list[str] = []
    for n in size.rounds:
        with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
            place = _pool(Path(folder), n, size)
            # The first round also looks for wrong labels; so does one after each quarter more.
            first, own = _own_round(place), _own_round(place)
            processes = _worker_round(place)
            peer = _superintendent(Path(folder), n, size)
        looking = ", looking for wrong labels too" if first["has_looked_for_errors"] else ", first"
        rows.append(_row(n, "ours", own))
        rows.append(_row(n, f"ours{looking}", first))
        rows.append([f"{n:,}", "ours, all processes of a worker", "", f"{processes:.0f}", ""])
        if isinstance(peer, str):
            rows.append([f"{n:,}", "superintendent 0.6.0", peer, "", ""])
            notes.append(f"superintendent is {peer}: nothing to compare with at {n:,}.")
            continue
        times = peer["seconds"] / own["seconds"]
        rows.append([*_row(n, "superintendent 0.6.0", peer)[:-1], f"{times:.0f}"])
        if n == max(size.rounds):
            share = own["peak_mb"] / peer["peak_mb"]
            targets.append(at_least(f"{n:,}: superintendent / ours", times, 50, unit=" ×"))
            targets.append(
                at_most(f"{n:,}: our memory / superintendent's", share, 1 / 3, unit=" ×")
            )
    head = ("pool", "a round of", "seconds", "memory MB", "× as long as ours")
    return Table(head=head, rows=rows), targets, notes


def _row(n: int, what: str, measured_: dict[str, Any]) -> list[str]:
    return [f"{n:,}", what, f"{measured_['seconds']:.2f}", f"{measured_['peak_mb']:.0f}", ""]


def _pool(folder: Path, n: int, size: Size) -> Place:
    """Return a place with a project that waits for its first round."""
    place = Place.in_folder(folder)
    write_table(place.root / "t.parquet", n, n_features=size.n_features, n_labeled=size.n_labeled)
    description = table_project(
        PROJECT, "t.parquet", n_features=size.n_features, label_column="label"
    )
    with opened(place) as (database, settings):
        add_project(database, settings, description)
    return place


def _own_round(place: Place) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.one_round", str(place.folder)],
        cwd=REPOSITORY,
        env=ONE_THREAD,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _worker_round(place: Place) -> float:
    """Return the peak memory of a worker with fork server and child in a round, in MB."""
    command = ["worker", f"--data-dir={place.data}", f"--db-url={place.db_url}"]
    with opened(place) as (database, _settings):
        asked = database.write(rounds.request, PROJECT, ANN)
        with (place.folder / "worker.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-c", "from jupyterlab_al.cli import main; main()", *command],
                cwd=REPOSITORY,
                env=ONE_THREAD,
                stdout=log,
                stderr=log,
            )
        try:
            peak, deadline = 0.0, time.monotonic() + PATIENCE
            state = asked.state
            while state in ("queued", "running"):
                assert time.monotonic() < deadline, (place.folder / "worker.log").read_text()
                peak = max(peak, proportional_mb(worker.pid))
                state = database.read(rounds.get, PROJECT, ANN, asked.id).state
        finally:
            worker.terminate()
            worker.wait()
    assert state == "finished", state
    return peak


def _superintendent(folder: Path, n: int, size: Size) -> dict[str, Any] | str:
    """Measure it on a pool of the same kind."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, size.n_features), dtype=np.float32)
    y = np.array(TWO_CLASSES)[(X[: size.n_labeled].sum(axis=1) > 0).astype(int)]
    np.save(folder / "X.npy", X)
    np.save(folder / "y.npy", y)
    return measured(
        "superintendent", "superintendent_cycle", folder / "X.npy", folder / "y.npy", folder
    )
