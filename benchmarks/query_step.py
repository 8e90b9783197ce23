"""One query of ten samples, candidates scored and chosen, against other libraries."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.environments import measured
from benchmarks.machine import seconds_of
from benchmarks.report import Report, Table, Target, at_most
from benchmarks.score_rank import CLASSES, Mapped, Memory, features_file, ours

TEN = 10
PEERS = ("modAL", "scikit-activeml", "small-text")


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    pools: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    n_features: int = 64
    n_labeled: int = 500
    repeats: int = 5


TINY = Size(pools=(1_000,), n_features=12, n_labeled=60, repeats=1)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    rows: list[list[str]] = []
    targets: list[Target] = []
    chosen = 0
    for n in size.pools:
        with tempfile.TemporaryDirectory(prefix="al-bench-") as name:
            folder = Path(name)
            features = features_file(folder / "X.npy", n, size.n_features)
            y = np.argmax(features.X[: size.n_labeled, :CLASSES], axis=1)
            np.save(folder / "y.npy", y)
            seconds, above, chosen = _ours(features, y, size)
            rows.append([f"{n:,}", "ours", f"{seconds:.4f}", f"{above:.0f}", ""])
            ratios = []
            for library in PEERS:
                came = measured(
                    "peers",
                    "query_step",
                    library,
                    folder / "X.npy",
                    folder / "y.npy",
                    size.repeats,
                )
                if isinstance(came, str):
                    rows.append([f"{n:,}", library, came, "", ""])
                    continue
                ratios.append(came["seconds"] / seconds)
                rows.append(
                    [
                        f"{n:,}",
                        library,
                        f"{came['seconds']:.4f}",
                        f"{came['above_mb']:.0f}",
                        f"{ratios[-1]:.1f}",
                    ]
                )
        if ratios:
            what = f"{n:,}: ours / the quickest of the others"
            targets.append(at_most(what, 1 / min(ratios), 1, unit=" ×"))
    return Report(
        title=f"query_step: {TEN} of a pool, {size.n_features} features, {CLASSES} classes",
        tables=[
            Table(
                head=("pool", "library", "best s", "memory MB above the start", "× ours"),
                rows=rows,
            )
        ],
        targets=targets,
        notes=[
            f"Logistic regression, fitted on {size.n_labeled} labels before the clock starts; "
            f"margin (small-text: least confidence over its linear SVC); best of {size.repeats}.",
            "Features are in memory, ours in a mapped file.",
        ],
        figures={"chosen": chosen},
    )


def _ours(features: Mapped, y: NDArray[np.int64], size: Size) -> tuple[float, float, int]:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    model = LogisticRegression(max_iter=1000).fit(features.X[: len(y)], y)
    memory = Memory()
    with threadpool_limits(1):
        chosen = len(ours(features, model, TEN, memory, keeps=False).sample_ids)
        times = [
            seconds_of(lambda: ours(features, model, TEN, keeps=False)) for _ in range(size.repeats)
        ]
    return min(times), memory.above, chosen
