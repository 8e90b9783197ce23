"""Features and tasks that tests of learning start from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from jupyterlab_al.learning.round import RoundTask
from jupyterlab_al.learning.spec import EstimatorSpec

LOGISTIC = EstimatorSpec(
    import_path="sklearn.linear_model.LogisticRegression", params={"max_iter": 1000}
)


class ArrayFeatures:
    """Features in memory that count what is read."""

    def __init__(self, X: Any) -> None:
        self.X, self.shape, self.is_sparse = X, X.shape, not isinstance(X, np.ndarray)
        self.longest_chunk = 0

    def take(self, ids: Any) -> Any:
        """Return rows by number."""
        return self.X[ids]

    def chunk(self, start: int, stop: int) -> Any:
        """Return rows in a row."""
        self.longest_chunk = max(self.longest_chunk, stop - start)
        return self.X[start:stop]


class Pool:
    """A pool whose labels are known: the class is the largest of three features."""

    def __init__(self, *, n: int = 600, sparse: bool = False, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(n, 5)).astype(np.float32)
        self.labels = np.array(["ant", "bee", "cow"])[np.argmax(X[:, :3], axis=1)]
        self.features = ArrayFeatures(csr_matrix(X) if sparse else X)
        self.n = n

    def y(self, ids: Any) -> list[str]:
        """Return the true labels."""
        return [str(label) for label in self.labels[ids]]


@pytest.fixture
def pool() -> Pool:
    """Return a pool of 600 samples of three classes."""
    return Pool()


@pytest.fixture
def a_task(tmp_path: Path) -> Callable[..., RoundTask]:
    """Return a maker of tasks: 60 samples labeled, 40 checked, all else is up to the test."""

    def make(pool: Pool, **changes: Any) -> RoundTask:
        labeled, checks = np.arange(0, 120, 2), np.arange(121, 200, 2)
        parts: dict[str, Any] = {
            "project_folder": tmp_path,
            "features_folder": tmp_path,
            "round_id": 1,
            "estimator": LOGISTIC,
            "strategy": ("margin", {}),
            "classes": ("cow", "bee", "ant"),
            "queue_size": 50,
            "n_samples": pool.n,
            "labeled_ids": labeled,
            "labeled_y": pool.y(labeled),
            "labeled_order": np.arange(len(changes.get("labeled_ids", labeled))),
            "labeled_chances": np.ones(len(changes.get("labeled_ids", labeled))),
            "labeled_uniform": np.zeros(len(changes.get("labeled_ids", labeled)), dtype=bool),
            "n_drawable": pool.n - len(checks),
            "check_ids": checks,
            "check_y": pool.y(checks),
        }
        return RoundTask(**(parts | changes))

    return make


@pytest.fixture
def make_features() -> type[ArrayFeatures]:
    """Return the class of features in memory."""
    return ArrayFeatures


@pytest.fixture
def make_pool() -> type[Pool]:
    """Return the class of pools."""
    return Pool
