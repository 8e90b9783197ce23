"""Score the pool chunk by chunk and keep the best candidates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, fsum, isfinite
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.domain.ranking import RunningTop, WeightedDraw
from jupyterlab_al.learning.executors import Executor, InProcess
from jupyterlab_al.learning.failures import failing_as
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.pool_utilities import PoolUtilities
from jupyterlab_al.learning.shortlist import Arrangement
from jupyterlab_al.strategies.base import LabeledSet, Phase, QueryStrategy, Utilities
from jupyterlab_al.strategies.batch import BatchStrategy

Integers = npt.NDArray[np.int64]
Order = RunningTop | WeightedDraw | Arrangement
#: Is told of samples and their utilities.
Write = Callable[[Integers, Utilities], None]

IN_PROCESS = InProcess()
ADVICE = "Look at the features, or change the estimator or the strategy."

#: Bytes of features and probabilities in one chunk: they should stay in the processor's cache.
_CHUNK_BYTES = 1 << 22
_FEWEST_ROWS, _MOST_ROWS = 1024, 1 << 16
#: Rows that tell how many values a sparse row stores.
_ROWS_LOOKED_AT = 1000
#: What scoring costs is measured on a part of the pool, one in so many; small pools are not probed.
PROBE_OF = 64
FEWEST_PROBED = 256
#: Never fewer than these are scored, whatever the time.
FEWEST_SCORED = 10_000


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
    #: How many samples were scored, and how many could have been, given time.
    n_scored: int
    n_candidates: int
    #: Wall clock of scoring and of ranking, in seconds.
    score_seconds: float
    rank_seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How long scoring may take."""

    #: By the clock.
    seconds: float
    #: Returns at most so many samples, sorted, none of them excluded: which to score instead.
    choose: Callable[[int], Integers]


def chunk_rows(features: Features, n_classes: int) -> int:
    """Return how many samples to score at once."""
    width = features.shape[1]
    if features.is_sparse:
        some = features.chunk(0, _ROWS_LOOKED_AT)
        # Each value has its column beside it.
        width = 2 * ceil(some.nnz / max(1, some.shape[0]))
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
    limit: Limit | None = None,
    kept_in: PoolUtilities | None = None,
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
    limit : Limit, optional
        How long it may take, and what to score if all would take longer. The best are then not
        those of the pool, and their draw probabilities are 1: others could not be drawn.
    kept_in : PoolUtilities, optional
        Where to write the utilities of all candidates, if all are scored.

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
    chosen = None
    if limit is not None:
        chosen = _chosen(limit, features, estimator, ready, labeled, executor)
    kept_in = kept_in if chosen is None else None
    if kept_in is not None:
        kept_in.begin()
    common = {
        "features": features,
        "estimator": estimator,
        "strategy": ready,
        "labeled": labeled,
        "excluded": np.unique(excluded),
        "size": size,
        "seed": seed,
        "rows": rows if ready.independent else max(1, features.shape[0]),
        "chosen": chosen,
        "wants_all": kept_in is not None,
    }
    n = features.shape[0] if chosen is None else len(chosen)
    parts = [Part(**common, bounds=bounds) for bounds in _parts(n, common["rows"], executor)]
    order = _order(ready, size=size, seed=seed)
    write = kept_in.write if kept_in is not None else _ignore
    sums, count, ranking = _gathered(parts, order, executor, report, write)
    if kept_in is not None:
        kept_in.end()
    at_end = perf_counter()
    with failing_as(f"Choosing samples with {name}", ADVICE):
        if isinstance(order, Arrangement):
            order.arrange(features, estimator=estimator, labeled=labeled)
    sample_ids, best, chances = order.result()
    return Scores(
        sample_ids=sample_ids,
        utilities=best,
        draw_probabilities=chances if chosen is None else np.ones(len(chances)),
        mean=fsum(sums) / count if count else None,
        phase=ready.phase,
        n_scored=count,
        n_candidates=features.shape[0] - len(common["excluded"]),
        score_seconds=at_end - began - ranking,
        rank_seconds=perf_counter() - at_end + ranking,
    )


def _gathered(
    parts: Sequence[Part],
    order: Order,
    executor: Executor,
    report: Callable[[float], None],
    write: Write,
) -> tuple[list[float], int, float]:
    """Score all parts into one order; return sums of utilities, candidates, seconds of ranking."""
    sums: list[float] = []
    count, ranking = 0, 0.0
    # What is done here needs to carry nothing from one process to another.
    is_here = executor.n_parts == 1
    work = partial(score_part, report=report, write=write) if is_here else score_part
    for done, scored in enumerate(executor.map(work, parts), 1):
        sums += scored.sums
        count += scored.count
        if scored.utilities is not None:
            write(*scored.utilities)
        merged = perf_counter()
        order.merge(scored.order)  # type: ignore[arg-type]
        ranking += perf_counter() - merged + scored.rank_seconds / executor.n_parts
        if len(parts) > 1:
            report(done / len(parts))
    return sums, count, ranking


def _chosen(
    limit: Limit,
    features: Features,
    estimator: Any,
    strategy: QueryStrategy,
    labeled: LabeledSet | None,
    executor: Executor,
) -> Integers | None:
    """Return which samples to score; None where there is time for all."""
    n = features.shape[0]
    n_probe = min(n // PROBE_OF, _MOST_ROWS)
    if n_probe < FEWEST_PROBED:
        return None
    with failing_as(f"Scoring the pool with {type(strategy).__name__}", ADVICE):
        # The first call may load what the others find loaded.
        strategy.score(features.chunk(0, 2), estimator=estimator, labeled=labeled)
        began = perf_counter()
        strategy.score(features.chunk(0, n_probe), estimator=estimator, labeled=labeled)
    a_second = n_probe / max(perf_counter() - began, 1e-9) * max(1, executor.n_workers)
    affordable = max(FEWEST_SCORED, int(limit.seconds * a_second))
    return None if affordable >= n else limit.choose(affordable)


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
    #: Samples to score, sorted; None for all but the excluded ones.
    chosen: Integers | None
    #: Whether all utilities are wanted, not just the best.
    wants_all: bool
    #: First sample (of those chosen), and the one behind the last.
    bounds: tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """The best candidates of a part."""

    order: Order
    #: Sum of the utilities of each chunk.
    sums: list[float]
    count: int
    rank_seconds: float
    #: All samples and their utilities, where these are wanted and were not written at once.
    utilities: tuple[Integers, npt.NDArray[np.float32]] | None


def score_part(
    part: Part,
    report: Callable[[float], None] | None = None,
    write: Write | None = None,
) -> Scored:
    """Return the best candidates of a part of a pool; `write` is told of all."""
    name = type(part.strategy).__name__
    order = _order(part.strategy, size=part.size, seed=part.seed)
    sums: list[float] = []
    count, ranking = 0, 0.0
    noted: tuple[list[Integers], list[Utilities]] = ([], [])
    with failing_as(f"Scoring the pool with {name}", ADVICE):
        for ids, X, done in _candidates(part):
            utilities = part.strategy.score(X, estimator=part.estimator, labeled=part.labeled)
            sums.append(_finite_sum(utilities, ids, name))
            count += len(ids)
            if write is not None:
                write(ids, utilities)
            elif part.wants_all:
                noted[0].append(ids)
                noted[1].append(utilities.astype(np.float32))
            pushed = perf_counter()
            order.push(ids, utilities)
            ranking += perf_counter() - pushed
            if report is not None:
                report(done)
    return Scored(
        order=order,
        sums=sums,
        count=count,
        rank_seconds=ranking,
        utilities=(np.concatenate(noted[0]), np.concatenate(noted[1])) if noted[0] else None,
    )


def _ignore(_sample_ids: Integers, _utilities: Utilities) -> None:
    return None


def _parts(n: int, rows: int, executor: Executor) -> Iterator[tuple[int, int]]:
    """Yield the bounds of parts that are cut where chunks are, whatever their number."""
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
        if part.chosen is not None:
            ids = part.chosen[start:stop]
            yield ids, part.features.take(ids), (stop - first_row) / (end - first_row)
            continue
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


def _finite_sum(utilities: Utilities, ids: Integers, name: str) -> float:
    """Return the sum of the utilities; raise RoundFailedError if one is NaN or infinite."""
    with np.errstate(invalid="ignore"):
        total = float(utilities.sum(dtype=np.float64))
    if not isfinite(total):
        bad = ids[~np.isfinite(utilities)]
        raise RoundFailedError(
            f"The strategy {name} gave NaN or infinity for {len(bad)} samples, the first of them "
            f"sample {bad[0]}. Look at its features, or choose another strategy."
        )
    return total
