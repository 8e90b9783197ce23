"""Utilities to an order of samples; the only place that sorts utilities."""

from __future__ import annotations

from math import fsum

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.domain.permutation import Integers, Words, keyed_hash

Utilities = npt.NDArray[np.floating]
Floats = npt.NDArray[np.float64]


def _cost(utilities: npt.ArrayLike) -> Floats:
    """Return numbers of which the lowest is best; NaN becomes the worst of all."""
    cost: Floats = -np.asarray(utilities, dtype=np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        total = cost.sum()
    # Mostly all are finite, which one sum tells.
    return cost if np.isfinite(total) else np.nan_to_num(cost, nan=np.inf)


def random_keys(sample_ids: npt.ArrayLike, *, seed: int) -> Floats:
    """Return a uniform number between 0 and 1 (both excluded) for each sample, fixed by the seed.

    Examples
    --------
    >>> random_keys([3, 4], seed=0).shape
    (2,)
    """
    bits = keyed_hash(sample_ids, key=seed) >> np.uint64(11)
    uniform: Floats = (bits.astype(np.float64) + 0.5) / 2.0**53
    return uniform


class RunningTop:
    """The best `k` of a stream of samples that is seen chunk by chunk.

    Memory is bounded by `k` and one chunk. Ties are decided by a hash of seed and sample, so the
    result does not depend on how the stream was cut into chunks or in which order it came.

    Parameters
    ----------
    k : int
        How many samples to keep.
    seed : int, default=0
        Decides ties.

    Examples
    --------
    >>> top = RunningTop(2)
    >>> top.push(np.array([0, 1, 2]), np.array([0.3, 0.9, 0.1]))
    >>> top.push(np.array([3]), np.array([0.5]))
    >>> top.result()[0].tolist()
    [1, 3]
    """

    def __init__(self, k: int, *, seed: int = 0) -> None:
        if k < 0:
            raise InvalidSettingError(f"The size of a queue is at least 0, not {k}.")
        self.k = k
        self.seed = seed
        self._ids: list[Integers] = []
        self._utilities: list[Floats] = []
        self._held = 0
        self._worst: np.float64 | None = None

    def push(self, sample_ids: Integers, utilities: Utilities) -> None:
        """Take the next samples with their utilities (NaN counts as the worst)."""
        if self.k == 0:
            return
        if self._worst is not None:
            promising = np.flatnonzero(utilities >= self._worst)
            sample_ids, utilities = sample_ids[promising], utilities[promising]
        if len(sample_ids) == 0:
            return
        self._ids.append(np.array(sample_ids, dtype=np.int64))
        self._utilities.append(np.array(utilities, dtype=np.float64))
        self._held += len(sample_ids)
        if self._held >= 2 * self.k:
            self._forget_hopeless()

    def merge(self, other: RunningTop) -> None:
        """Take what another one kept of the same stream."""
        other._forget_hopeless()
        for sample_ids, utilities in zip(other._ids, other._utilities, strict=True):
            self.push(sample_ids, utilities)

    def result(self) -> tuple[Integers, Floats, Floats]:
        """Return the best samples, their utilities, best first, and 1: nothing is by chance."""
        self._forget_hopeless()
        if not self._ids:
            return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
        ids, utilities = self._ids[0], self._utilities[0]
        order = self._order(ids, _cost(utilities))
        return ids[order], utilities[order], np.ones(len(order))

    def _forget_hopeless(self) -> None:
        """Keep the best `k` and their equals; remember the utility that a newcomer must reach."""
        if not self._ids:
            return
        ids, utilities = np.concatenate(self._ids), np.concatenate(self._utilities)
        if len(ids) >= self.k:
            cost = _cost(utilities)
            last = np.argpartition(cost, self.k - 1)[self.k - 1]
            # While a NaN is among the best, every newcomer is welcome.
            self._worst = None if np.isnan(utilities[last]) else utilities[last]
            kept = np.flatnonzero(cost <= cost[last])
            if 2 * len(kept) > 3 * self.k:
                # So many equals that there would be no room for newcomers.
                kept = kept[self._order(ids[kept], cost[kept])]
            ids, utilities = ids[kept], utilities[kept]
        self._ids, self._utilities, self._held = [ids], [utilities], len(ids)

    def _order(self, ids: Integers, cost: Floats) -> Integers:
        """Return the places of the best `k`, best first; equals in the order of a hash."""
        order: Integers = np.lexsort((self._tie_break(ids), cost))[: self.k]
        return order

    def _tie_break(self, ids: Integers) -> Words:
        return keyed_hash(ids, key=self.seed)


class WeightedDraw:
    """Samples drawn one after the other without replacement, by their weights.

    The order of the logarithms of the weights plus Gumbel noise is such a draw; the noise is a
    hash of seed and sample, so that it does not depend on how the stream was cut into chunks.

    Parameters
    ----------
    k : int
        How many samples to draw.
    seed : int
        Decides the draw.

    References
    ----------
    Kool, W., van Hoof, H., & Welling, M. (2019). Stochastic beams and where to find them: the
    Gumbel-top-k trick for sampling sequences without replacement. ICML 2019. arXiv:1903.06059.

    Examples
    --------
    >>> draw = WeightedDraw(2, seed=0)
    >>> draw.push(np.arange(4), np.ones(4))
    >>> draw.result()[2].round(3).tolist()
    [0.25, 0.333]
    """

    #: Lower weights count as this one: every sample can be drawn.
    LOWEST = 1e-12

    def __init__(self, k: int, *, seed: int) -> None:
        self._top = RunningTop(k, seed=seed)
        self._seed = seed
        # One sum a chunk: their exact sum does not depend on how parts of a pool were dealt out.
        self._sums: list[float] = []

    def push(self, sample_ids: Integers, weights: Utilities) -> None:
        """Take the next samples with their weights, which are finite and not negative."""
        sound = np.maximum(np.asarray(weights, dtype=np.float64), self.LOWEST)
        self._sums.append(float(sound.sum()))
        self._top.push(sample_ids, np.log(sound) + self._noise(sample_ids))

    def merge(self, other: WeightedDraw) -> None:
        """Take what another one drew of the same stream."""
        self._sums += other._sums
        self._top.merge(other._top)

    def result(self) -> tuple[Integers, Floats, Floats]:
        """Return samples as drawn, their weights, and each one's probability in its turn."""
        ids, noisy, _ = self._top.result()
        weights = np.exp(noisy - self._noise(ids))
        before = np.concatenate([[0.0], np.cumsum(weights)[:-1]]) if len(ids) else weights
        # Rounding must not make what is left smaller than what is drawn of it.
        left = np.maximum(fsum(self._sums) - before, weights)
        return ids, weights, weights / left

    def _noise(self, sample_ids: npt.ArrayLike) -> Floats:
        noise: Floats = -np.log(-np.log(random_keys(sample_ids, seed=self._seed)))
        return noise
