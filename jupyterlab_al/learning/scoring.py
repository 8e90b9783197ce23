"""Score the pool chunk by chunk and keep the best candidates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil, fsum
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.domain.ranking import RunningTop, WeightedDraw
from jupyterlab_al.learning.executors import Executor, InProcess
from jupyterlab_al.learning.failures import failing_as
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.shortlist import Arrangement
from jupyterlab_al.strategies.base import LabeledSet, Phase, QueryStrategy, Utilities
from jupyterlab_al.strategies.batch import BatchStrategy

Integers = npt.NDArray[np.int64]
Order = RunningTop | WeightedDraw | Arrangement

IN_PROCESS = InProcess()
ADVICE = "Look at the features, or change the estimator or the strategy."

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


def score_pool(  # noqa: PLR0913 - the names are the interface
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
    executor: Executor = IN_PROCESS,
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
    executor : Executor, default=IN_PROCESS
        Where parts of the pool are scored; the best candidates are the same everywhere.

    Returns
    -------
    Scores

    Raises
    ------
    RoundFailedError
        If estimator or strategy raise, or give NaN or infinity.
    """
    name = type(strategy).__name__
    began = perf_counter()
    with failing_as(f"Scoring the pool with {name}", ADVICE):
        ready = strategy.ready(estimator=estimator, labeled=labeled)
    common = {
        "features": features,
        "estimator": estimator,
        "strategy": ready,
        "labeled": labeled,
        "excluded": np.unique(excluded),
        "size": size,
        "seed": seed,
        "rows": rows if ready.independent else max(1, features.shape[0]),
    }
    parts = [Part(**common, bounds=bounds) for bounds in _parts(features, common["rows"], executor)]
    order = _order(ready, size=size, seed=seed)
    sums: list[float] = []
    count, ranking = 0, 0.0
    work = partial(score_part, report=report) if len(parts) == 1 else score_part
    for done, scored in enumerate(executor.map(work, parts), 1):
        sums += scored.sums
        count += scored.count
        merged = perf_counter()
        order.merge(scored.order)  # type: ignore[arg-type]
        ranking += perf_counter() - merged + scored.rank_seconds / executor.n_parts
        if len(parts) > 1:
            report(done / len(parts))
    at_end = perf_counter()
    with failing_as(f"Choosing samples with {name}", ADVICE):
        if isinstance(order, Arrangement):
            order.arrange(features, estimator=estimator, labeled=labeled)
    sample_ids, best, chances = order.result()
    return Scores(
        sample_ids=sample_ids,
        utilities=best,
        draw_probabilities=chances,
        mean=fsum(sums) / count if count else None,
        phase=ready.phase,
        n_candidates=count,
        score_seconds=at_end - began - ranking,
        rank_seconds=perf_counter() - at_end + ranking,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Some of a pool, and all that another process needs to score it."""

    features: Features
    estimator: Any
    strategy: QueryStrategy
    labeled: LabeledSet | None
    #: Samples that are no candidates, sorted.
    excluded: Integers
    size: int
    seed: int
    rows: int
    #: First sample, and the one behind the last.
    bounds: tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """The best candidates of a part."""

    order: Order
    #: Sum of the utilities of each chunk.
    sums: list[float]
    count: int
    rank_seconds: float


def score_part(part: Part, report: Callable[[float], None] | None = None) -> Scored:
    """Return the best candidates of a part of a pool."""
    name = type(part.strategy).__name__
    order = _order(part.strategy, size=part.size, seed=part.seed)
    sums: list[float] = []
    count, ranking = 0, 0.0
    with failing_as(f"Scoring the pool with {name}", ADVICE):
        for ids, X, done in _candidates(part):
            utilities = part.strategy.score(X, estimator=part.estimator, labeled=part.labeled)
            _require_finite(utilities, ids, name)
            sums.append(float(utilities.sum(dtype=np.float64)))
            count += len(ids)
            pushed = perf_counter()
            order.push(ids, utilities)
            ranking += perf_counter() - pushed
            if report is not None:
                report(done)
    return Scored(order=order, sums=sums, count=count, rank_seconds=ranking)


def _parts(features: Features, rows: int, executor: Executor) -> Iterator[tuple[int, int]]:
    """Yield the bounds of parts that are cut where chunks are, whatever their number."""
    n = features.shape[0]
    step = rows * max(1, ceil(n / (rows * executor.n_parts)))
    yield from ((start, min(start + step, n)) for start in range(0, n, step))


def _order(strategy: QueryStrategy, *, size: int, seed: int) -> Order:
    """Return what turns utilities into an order: best first, drawn, or arranged together."""
    if strategy.sampled:
        return WeightedDraw(size, seed=seed)
    if isinstance(strategy, BatchStrategy):
        return Arrangement(strategy, size, seed=seed)
    return RunningTop(size, seed=seed)


def _candidates(part: Part) -> Iterator[tuple[Integers, Any, float]]:
    """Yield candidates with their features, and how much of the part is then done."""
    first_row, end = part.bounds
    for start in range(first_row, end, part.rows):
        stop = min(start + part.rows, end)
        ids = np.arange(start, stop, dtype=np.int64)
        X = part.features.chunk(start, stop)
        first, last = np.searchsorted(part.excluded, (start, stop))
        if first < last:
            keep = np.ones(stop - start, dtype=np.bool_)
            keep[part.excluded[first:last] - start] = False
            if not keep.any():
                continue
            ids, X = ids[keep], X[np.flatnonzero(keep)]
        yield ids, X, (stop - first_row) / (end - first_row)


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
