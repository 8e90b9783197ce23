"""Score the pool chunk by chunk and keep the best candidates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.domain.ranking import RunningTop, WeightedDraw
from jupyterlab_al.learning.failures import failing_as
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.shortlist import Arrangement
from jupyterlab_al.strategies.base import LabeledSet, Phase, QueryStrategy, Utilities
from jupyterlab_al.strategies.batch import BatchStrategy

Integers = npt.NDArray[np.int64]

#: Bytes of features and probabilities in one chunk: they should stay in the processor's cache.
_CHUNK_BYTES = 1 << 22
_FEWEST_ROWS, _MOST_ROWS = 1024, 1 << 16
#: Stored values a sparse row is taken to have; a text has some dozens of words.
_SPARSE_WIDTH = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """The best candidates of a pool."""

    #: Samples, best first.
    sample_ids: Integers
    #: Their utilities.
    utilities: npt.NDArray[np.float64]
    #: The probability with which each was drawn when its turn came; 1 where nothing was random.
    draw_probabilities: npt.NDArray[np.float64]
    #: Mean utility of all candidates; None without any.
    mean: float | None
    #: Whether the strategy gets to know the data, or asks where the estimator is unsure.
    phase: Phase
    #: How many samples were scored.
    n_candidates: int
    #: Wall clock of scoring and of ranking, in seconds.
    score_seconds: float
    rank_seconds: float


def chunk_rows(features: Features, n_classes: int) -> int:
    """Return how many samples to score at once."""
    width = _SPARSE_WIDTH if features.is_sparse else features.shape[1]
    rows = _CHUNK_BYTES // (4 * max(1, width + n_classes))
    return min(max(rows, _FEWEST_ROWS), _MOST_ROWS)


def score_pool(
    features: Features,
    *,
    estimator: Any,
    strategy: QueryStrategy,
    labeled: LabeledSet | None,
    excluded: Integers,
    size: int,
    seed: int,
    rows: int,
    report: Callable[[float], None],
) -> Scores:
    """Return the best `size` candidates of a pool.

    Parameters
    ----------
    features : Features
        Of the whole pool.
    estimator : object
        Fitted classifier.
    strategy : QueryStrategy
        Says what a candidate is worth.
    labeled : LabeledSet or None
        What the estimator was fitted on.
    excluded : array of int, shape (n_excluded,)
        Samples that are no candidates.
    size : int
        How many to return at most.
    seed : int
        Decides ties.
    rows : int
        Samples scored at once; memory grows with it. Strategies that are not independent get all.
    report : callable
        Called with the part that is done, 0 to 1.

    Returns
    -------
    Scores

    Raises
    ------
    RoundFailedError
        If estimator or strategy raise, or give NaN or infinity.
    """
    total, count, ranking = 0.0, 0, 0.0
    began = perf_counter()
    name = type(strategy).__name__
    advice = "Look at the features, or change the estimator or the strategy."
    with failing_as(f"Scoring the pool with {name}", advice):
        strategy = strategy.ready(estimator=estimator, labeled=labeled)
        order = _order(strategy, size=size, seed=seed)
        for ids, X, done in _candidates(features, excluded, rows if strategy.independent else None):
            utilities = strategy.score(X, estimator=estimator, labeled=labeled)
            _require_finite(utilities, ids, name)
            total += float(utilities.sum(dtype=np.float64))
            count += len(ids)
            pushed = perf_counter()
            order.push(ids, utilities)
            ranking += perf_counter() - pushed
            report(done)
        scored = perf_counter()
        if isinstance(order, Arrangement):
            order.arrange(features, estimator=estimator, labeled=labeled)
    sample_ids, best, chances = order.result()
    return Scores(
        sample_ids=sample_ids,
        utilities=best,
        draw_probabilities=chances,
        mean=total / count if count else None,
        phase=strategy.phase,
        n_candidates=count,
        score_seconds=scored - began - ranking,
        rank_seconds=perf_counter() - scored + ranking,
    )


def _order(
    strategy: QueryStrategy, *, size: int, seed: int
) -> RunningTop | WeightedDraw | Arrangement:
    """Return what turns utilities into an order: best first, drawn, or arranged together."""
    if strategy.sampled:
        return WeightedDraw(size, seed=seed)
    if isinstance(strategy, BatchStrategy):
        return Arrangement(strategy, size, seed=seed)
    return RunningTop(size, seed=seed)


def _candidates(
    features: Features, excluded: Integers, rows: int | None
) -> Iterator[tuple[Integers, Any, float]]:
    """Yield candidates with their features, and the part of the pool that is then done."""
    n, excluded = features.shape[0], np.unique(excluded)
    rows = rows or max(n, 1)
    for start in range(0, n, rows):
        stop = min(start + rows, n)
        ids, X = np.arange(start, stop, dtype=np.int64), features.chunk(start, stop)
        first, last = np.searchsorted(excluded, (start, stop))
        if first < last:
            keep = np.ones(stop - start, dtype=np.bool_)
            keep[excluded[first:last] - start] = False
            if not keep.any():
                continue
            ids, X = ids[keep], X[np.flatnonzero(keep)]
        yield ids, X, stop / n


def _require_finite(utilities: Utilities, ids: Integers, name: str) -> None:
    """Raise RoundFailedError if a utility is NaN or infinite."""
    with np.errstate(invalid="ignore"):
        total = utilities.sum(dtype=np.float64)
    if not np.isfinite(total):
        bad = ids[~np.isfinite(utilities)]
        raise RoundFailedError(
            f"The strategy {name} gave NaN or infinity for {len(bad)} samples, the first of them "
            f"sample {bad[0]}. Look at its features, or choose another strategy."
        )
