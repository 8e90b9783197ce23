"""Replay labeling with known labels, to see what a strategy is worth.

Each step does what a round does: fit, score the pool, take the best. See Settles, "Active Learning
Literature Survey", 2009, section 6, for learning curves as the way to compare strategies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import InvalidSettingError, RoundFailedError
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.fitting import FittedEstimator, fit
from jupyterlab_al.learning.scoring import chunk_rows, score_pool
from jupyterlab_al.learning.spec import EstimatorSource
from jupyterlab_al.strategies.base import LabeledSet
from jupyterlab_al.strategies.registry import create, seeded_strategy

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """One strategy and one seed: all that another process needs to replay them."""

    features: Features
    #: The true label of every sample.
    y: npt.NDArray[np.str_]
    estimator_name: str
    estimator: EstimatorSource
    strategy_name: str
    #: Its registered name, and its parameters.
    strategy: tuple[str, Mapping[str, Any]]
    seed: int
    #: Numbers of labels at which the estimator is tested, ascending.
    grid: tuple[int, ...]
    test_size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """How good an estimator was."""

    estimator: str
    strategy: str
    seed: int
    n_labels: int
    #: On samples that no strategy could choose.
    accuracy: float


def grid_of(budget: int, batch: int) -> tuple[int, ...]:
    """Return the numbers of labels at which estimators are tested; the last is the budget.

    Examples
    --------
    >>> grid_of(25, 10)
    (10, 20, 25)
    """
    return (*range(batch, budget, batch), budget)


def replays(
    features: Features,
    y: npt.NDArray[np.str_],
    *,
    estimators: Mapping[str, EstimatorSource],
    strategies: Mapping[str, tuple[str, Mapping[str, Any]]],
    budget: int,
    batch: int,
    seeds: Sequence[int],
    test_size: float,
) -> list[Replay]:
    """Return what is to be replayed, all strategies of a seed together.

    Raises
    ------
    InvalidSettingError
        If the labels don't fit the features, there is one class only, or the budget is larger
        than what is left beside the test split.
    """
    n = features.shape[0]
    if len(y) != n:
        raise InvalidSettingError(f"There are {n} samples and {len(y)} labels; give one for each.")
    if len(np.unique(y)) < 2:
        raise InvalidSettingError("All labels are the same; there is nothing to tell apart.")
    if not 0 < test_size < 1:
        raise InvalidSettingError("test_size is the share of the test split: between 0 and 1.")
    if batch < 1 or budget < 1 or not seeds or not strategies:
        raise InvalidSettingError("budget, batch, seeds and strategies must not be empty or zero.")
    n_test = max(1, round(n * test_size))
    if budget > n - n_test:
        raise InvalidSettingError(
            f"The budget of {budget} labels is more than the {n - n_test} samples that the test "
            f"split leaves; the largest possible budget is {n - n_test}."
        )
    for name, params in strategies.values():
        create(name, params).require_usable(multi_label=False)
    return [
        Replay(
            features=features,
            y=y,
            estimator_name=name,
            estimator=estimator,
            strategy_name=strategy_name,
            strategy=strategy,
            seed=seed,
            grid=grid_of(budget, batch),
            test_size=n_test,
        )
        for seed in seeds
        for name, estimator in estimators.items()
        for strategy_name, strategy in strategies.items()
    ]


def run(
    todo: Sequence[Replay], *, n_jobs: int | None, progress: Callable[[], object] = lambda: None
) -> Iterator[Point]:
    """Yield the points of all replays, in the order of `todo`; `progress` is told of each."""
    from joblib import Parallel, delayed

    each = Parallel(n_jobs=n_jobs, return_as="generator")(delayed(replay)(one) for one in todo)
    for points in each:
        progress()
        yield from points


def replay(task: Replay) -> list[Point]:
    """Return the learning curve of one strategy with one seed.

    The test split and the first labels depend on the seed alone. Until two classes are labeled
    there is no estimator: samples come in the seed's order, and the one class known is predicted.
    """
    n = task.features.shape[0]
    order = np.random.default_rng(task.seed).permutation(n).astype(np.int64)
    exam, pool = np.sort(order[: task.test_size]), order[task.test_size :]
    labeled = pool[: task.grid[0]]
    points = []
    for step, size in enumerate(task.grid):
        fitted = _fitted(task, labeled)
        points.append(
            Point(
                estimator=task.estimator_name,
                strategy=task.strategy_name,
                seed=task.seed,
                n_labels=size,
                accuracy=_accuracy(task, fitted, labeled, exam),
            )
        )
        if size < task.grid[-1]:
            missing = task.grid[step + 1] - size
            labeled = np.concatenate([labeled, _next(task, fitted, labeled, exam, pool, missing)])
    return points


def _fitted(task: Replay, labeled: Integers) -> FittedEstimator | None:
    """Return the estimator as a round fits it; None with one class only."""
    ids = np.sort(labeled)
    if len(np.unique(task.y[ids])) < 2:
        return None
    X = task.features.take(ids)
    return fit(task.estimator, X, list(task.y[ids]), multi_label=False, seed=task.seed)


def _accuracy(
    task: Replay, fitted: FittedEstimator | None, labeled: Integers, exam: Integers
) -> float:
    if fitted is None:
        return float(np.mean(task.y[exam] == task.y[labeled[0]]))
    predicted = [label for (label,) in fitted.predict(task.features.take(exam))]
    return float(np.mean(np.array(predicted) == task.y[exam]))


def _next(
    task: Replay,
    fitted: FittedEstimator | None,
    labeled: Integers,
    exam: Integers,
    pool: Integers,
    size: int,
) -> Integers:
    """Return the samples to label next."""
    if fitted is None:
        return pool[len(labeled) : len(labeled) + size]
    ids = np.sort(labeled)
    scores = score_pool(
        task.features,
        estimator=fitted.estimator,
        strategy=seeded_strategy(*task.strategy, seed=task.seed + len(labeled)),
        labeled=LabeledSet(X=task.features.take(ids), y=list(task.y[ids])),
        excluded=np.concatenate([labeled, exam]),
        size=size,
        seed=task.seed + len(labeled),
        rows=chunk_rows(task.features, len(fitted.classes)),
        report=_ignore,
    )
    if len(scores.sample_ids) < size:
        raise RoundFailedError(f"{task.strategy_name} chose fewer samples than it was asked for.")
    return scores.sample_ids


def _ignore(_done: float) -> None:
    return None


class InMemory:
    """Features that are in memory already.

    Parameters
    ----------
    X : array or CSR matrix, shape (n_samples, n_features), or array of objects, shape (n_samples,)
        Objects go to the estimator as they are: texts for a pipeline that reads texts.

    Raises
    ------
    InvalidSettingError
        If there are no samples, or numbers are NaN, infinite or complex.
    """

    def __init__(self, X: Any) -> None:
        from scipy.sparse import csr_matrix, issparse

        self.is_sparse = bool(issparse(X))
        if not self.is_sparse:
            X = np.asarray(X)
        if X.shape[0] == 0:
            raise InvalidSettingError("There are no samples.")
        if X.dtype.kind == "c":
            raise InvalidSettingError("The features are complex numbers; give real ones.")
        self._X = csr_matrix(X, dtype=np.float32) if self.is_sparse else X
        if not self.is_sparse and self._X.dtype.kind in "biuf":
            self._X = self._X.reshape(len(self._X), -1).astype(np.float32)
        values: Any = self._X.data if self.is_sparse else self._X
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise InvalidSettingError("The features hold NaN or infinity; fill them in first.")
        self.shape = (self._X.shape[0], self._X.shape[1] if self._X.ndim > 1 else 1)

    def take(self, ids: Integers, /) -> Any:
        """Return the rows of `ids`, in that order."""
        return self._X[ids]

    def chunk(self, start: int, stop: int, /) -> Any:
        """Return rows `start` to `stop`."""
        return self._X[start:stop]


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenEstimator:
    """An estimator that is there as an object; each fit gets a clone."""

    estimator: Any

    @property
    def import_path(self) -> str:
        """Return the class by its full name."""
        cls = type(self.estimator)
        return f"{cls.__module__}.{cls.__qualname__}"

    def build(self) -> Any:
        """Return an unfitted copy."""
        from sklearn.base import clone

        return clone(self.estimator)
