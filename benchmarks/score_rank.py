"""Score and rank a pool with a linear estimator, against bare NumPy on the same arrays."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import private_mb, seconds_of
from benchmarks.report import Report, Table, Target, at_most
from jupyterlab_al.learning.pool_utilities import PoolUtilities
from jupyterlab_al.learning.scoring import Scores, chunk_rows, score_pool

CLASSES = 10
#: Samples that the estimator is fitted on.
N_LABELED = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    n: int = 1_000_000
    n_features: int = 64
    best: int = 10_000
    repeats: int = 9


TINY = Size(n=3_000, n_features=12, best=50, repeats=2)


class Mapped:
    """Memory-mapped features in one file."""

    is_sparse = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.X: NDArray[np.float32] = np.load(path, mmap_mode="r").view(np.ndarray)
        self.shape = (self.X.shape[0], self.X.shape[1])

    def take(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return rows by number."""
        return self.X[ids]

    def chunk(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return rows in a row."""
        return self.X[start:stop]


class Memory:
    """The memory of this process beyond mapped files, watched."""

    def __init__(self) -> None:
        self._before = private_mb()
        #: Most megabytes above the beginning.
        self.above = 0.0

    def look(self, _done: float) -> None:
        """Note how much it is now."""
        self.above = max(self.above, private_mb() - self._before)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    rows: list[list[str]] = []
    targets: list[Target] = []
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
        features = features_file(Path(folder) / "X.npy", size.n, size.n_features)
        X = features.X[:N_LABELED]
        model = LogisticRegression(max_iter=1000).fit(X, np.argmax(X[:, :CLASSES], axis=1))
        for threads in (1, 2):
            with threadpool_limits(threads):
                row, ratio, above, same = _compare(features, model, size)
            rows.append([str(threads), *row])
            of = f"with {threads} thread{'s' if threads > 1 else ''} of BLAS"
            targets.append(at_most(f"ours / bare NumPy {of}", ratio, 1.25, unit=" ×"))
            targets.append(at_most(f"memory above the mapped file {of}", above, 300, unit=" MB"))
            figures[f"same_{threads}"] = same
    head = (
        "BLAS threads",
        "bare NumPy s",
        "ours s",
        "ratio (median of pairs)",
        "memory MB",
        "same samples",
    )
    return Report(
        title=f"score_rank: {size.n:,} × {size.n_features}, {CLASSES} classes, best {size.best:,}",
        tables=[Table(head=head, rows=rows)],
        targets=targets,
        figures=figures,
    )


def _compare(features: Mapped, model: Any, size: Size) -> tuple[list[str], float, float, int]:
    """Return a row, the ratio, the memory, and how many samples both choose."""
    memory = Memory()
    first = ours(features, model, size.best, memory)
    same = len(np.intersect1d(_bare(features.X, model, size), first.sample_ids))
    bare, mine = [], []
    for _ in range(size.repeats):
        bare.append(seconds_of(lambda: _bare(features.X, model, size)))
        mine.append(seconds_of(lambda: ours(features, model, size.best)))
    ratio = median(b / a for a, b in zip(bare, mine, strict=True))
    row = [
        f"{median(bare):.3f}",
        f"{median(mine):.3f}",
        f"{ratio:.2f}",
        f"{memory.above:.0f}",
        f"{same:,} of {size.best:,}",
    ]
    return row, ratio, memory.above, same


def _bare(X: NDArray[np.float32], model: Any, size: Size) -> NDArray[np.int64]:
    """Return the best samples by margin in the fewest lines: what it can't do without."""
    z = X @ model.coef_.T.astype(np.float32) + model.intercept_.astype(np.float32)
    z -= z.max(axis=1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)
    top = np.partition(z, -2, axis=1)
    utilities = 1 - (top[:, -1] - top[:, -2])
    best = np.argpartition(utilities, -size.best)[-size.best :]
    return best[np.argsort(-utilities[best])]


def ours(
    features: Mapped, model: Any, best: int, memory: Memory | None = None, *, keeps: bool = True
) -> Scores:
    """Score the pool as a round does, which keeps all utilities; looking at memory takes time."""
    from jupyterlab_al.strategies.uncertainty import MarginSampling

    kept_in = PoolUtilities(features.path.parent, round_id=1, n=features.shape[0])
    scores = score_pool(
        features,  # type: ignore[arg-type]
        estimator=model,
        strategy=MarginSampling(),
        labeled=None,
        excluded=np.empty(0, dtype=np.int64),
        size=best,
        seed=0,
        rows=chunk_rows(features, CLASSES),  # type: ignore[arg-type]
        report=memory.look if memory else lambda _done: None,
        kept_in=kept_in if keeps else None,
    )
    kept_in.discard()
    return scores


def features_file(path: Path, n: int, n_features: int) -> Mapped:
    """Write random features to a file and map it."""
    rng = np.random.default_rng(0)
    file = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(n, n_features))
    for start in range(0, n, 100_000):
        part = file[start : start + 100_000]
        part[:] = rng.standard_normal(part.shape, dtype=np.float32)
    return Mapped(path)
