"""From a pool to the few candidates that a batch strategy looks at, and to the order it gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.domain.ranking import RunningTop, random_keys
from jupyterlab_al.learning.features import Features
from jupyterlab_al.strategies.base import LabeledSet
from jupyterlab_al.strategies.batch import BatchStrategy, Shortlist

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Samples at the head of an order that are arranged; a new order comes before they are labeled.
ARRANGED = 32


class Arrangement:
    """The best candidates of a stream and random ones, put in the order that a strategy chooses.

    Parameters
    ----------
    strategy : BatchStrategy
    size : int
        How many samples the order has at most.
    seed : int
        Decides ties, and which candidates are the random ones.
    """

    def __init__(self, strategy: BatchStrategy, size: int, *, seed: int) -> None:
        self._strategy = strategy
        self._size = size
        self._seed = seed
        half = strategy.shortlist // 2
        self._best = RunningTop(max(size, half), seed=seed)
        self._random = RunningTop(half, seed=seed)
        self._head: tuple[Integers, Floats] | None = None

    def push(self, sample_ids: Integers, utilities: npt.NDArray[np.floating]) -> None:
        """Take the next samples with their utilities."""
        self._best.push(sample_ids, utilities)
        self._random.push(sample_ids, random_keys(sample_ids, seed=self._seed))

    def merge(self, other: Arrangement) -> None:
        """Take what another one kept of the same stream."""
        self._best.merge(other._best)
        self._random.merge(other._random)

    def arrange(self, features: Features, *, estimator: Any, labeled: LabeledSet | None) -> None:
        """Let the strategy choose the head of the order, now that all samples were seen."""
        half = self._strategy.shortlist // 2
        best, at_random = self._best.result()[0][:half], self._random.result()[0]
        ids = np.union1d(best, at_random)
        if len(ids) == 0:
            return
        X = features.take(ids)
        utilities = self._strategy.score(X, estimator=estimator, labeled=labeled)
        candidates = Shortlist(
            X=X,
            utilities=utilities,
            at_random=np.isin(ids, at_random),
            estimator=estimator,
            labeled=labeled,
        )
        chosen = np.asarray(self._strategy.choose(candidates, min(self._size, ARRANGED)))
        self._require_sound(chosen, len(ids))
        self._head = ids[chosen], np.asarray(utilities[chosen], dtype=np.float64)

    def result(self) -> tuple[Integers, Floats, Floats]:
        """Return samples, chosen ones first, their utilities, and 1 for each."""
        ids, utilities, chances = self._best.result()
        if self._head is not None:
            rest = ~np.isin(ids, self._head[0])
            ids = np.concatenate([self._head[0], ids[rest]])
            utilities = np.concatenate([self._head[1], utilities[rest]])
            chances = np.ones(len(ids))
        return ids[: self._size], utilities[: self._size], chances[: self._size]

    def _require_sound(self, chosen: Integers, n: int) -> None:
        name = type(self._strategy).__name__
        if chosen.ndim != 1 or len(np.unique(chosen)) != len(chosen):
            raise RoundFailedError(f"The strategy {name} chose a sample twice.")
        if len(chosen) and not (chosen.min() >= 0 and chosen.max() < n):
            raise RoundFailedError(f"The strategy {name} chose samples that are not there.")
