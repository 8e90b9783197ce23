"""Batch strategies: samples that teach much and are not alike."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.utils import check_random_state

from jupyterlab_al.strategies.batch import (
    BatchStrategy,
    Matrix,
    Order,
    Shortlist,
    squared_distances,
)
from jupyterlab_al.strategies.probabilities import is_multi_label

#: In a small pool, choose among the most unsure part of it, but never among fewer than that: with
#: half of a pool of 200 to choose from, herding lost against margin sampling.
SMALL_POOL, FEWEST = 8, 32
#: So many random samples say how far samples typically are from each other.
FOR_MEDIAN = 200


class Herding(BatchStrategy):
    """Cover the pool: each choice leaves as little as possible far from all labeled samples.

    Greedily maximizes the sum, over samples that stand for the pool, of the similarity to the
    nearest labeled or chosen sample. Similarity is a Gaussian of the distance, in units of the
    median distance.

    Parameters
    ----------
    focus : float, default=0.0
        The power of the margin utility by which samples of the pool are weighted. 0 covers the
        whole pool (max herding), 1 the part that the estimator is unsure about (uncertainty
        herding).
    width : float, default=0.5
        Width of the Gaussian in units of the median distance.
    among : int or None, default=None
        Choose among so many of the candidates with the highest utilities only, and in small pools
        among an eighth of them; None: among all.

    References
    ----------
    Bae, W., Noh, J., & Sutherland, D. J. (2024). Generalized coverage for more robust low-budget
    active learning. ECCV 2024. arXiv:2407.12212. Bae, W., Oliveira, G. L., & Sutherland, D. J.
    (2025). Uncertainty herding: one active learning method for all label budgets. ICLR 2025.
    arXiv:2412.20644.
    """

    def __init__(self, *, focus: float = 0.0, width: float = 0.5, among: int | None = None) -> None:
        self.focus = focus
        self.width = width
        self.among = among

    def choose(self, candidates: Shortlist, n: int) -> Order:
        """Return the candidates that cover most of what is not covered yet."""
        X = candidates.inputs()
        targets = np.flatnonzero(candidates.at_random)
        pool = X[targets]
        typical = _typical_distance(pool)
        weights = np.power(candidates.utilities[targets], self.focus).astype(np.float32)
        covered = np.zeros(len(targets), dtype=np.float32)
        labeled = candidates.labeled_inputs()
        if labeled is not None:
            known = _gaussian(squared_distances(labeled, pool), typical, self.width)
            covered = known.max(axis=0)
        some = np.arange(X.shape[0])
        if self.among is not None:
            most = max(n, FEWEST, min(self.among, X.shape[0] // SMALL_POOL))
            some = np.argsort(-candidates.utilities, kind="stable")[:most]
        similarity = _gaussian(squared_distances(X[some], pool), typical, self.width)
        # Where nothing is left to cover, the utilities decide.
        worth = 1e-9 * candidates.utilities[some]
        chosen: list[int] = []
        for _ in range(min(n, len(some))):
            gain = np.maximum(similarity - covered, 0.0) @ weights
            best = int(np.argmax(gain + worth))
            chosen.append(best)
            worth[best] = -np.inf
            covered = np.maximum(covered, similarity[best])
        return some[chosen].astype(np.int64)


class UncertaintyHerding(Herding):
    """Cover the part of the pool that the estimator is unsure about.

    `Herding` with another default.

    Parameters
    ----------
    focus : float, default=1.0
        The power of the margin utility by which samples of the pool are weighted.
    width : float, default=0.5
        Width of the Gaussian in units of the median distance.
    among : int or None, default=100
        Choose among so many of the candidates with the highest utilities only, and in small pools
        among an eighth of them; None: among all. Without this bound texts, which are all far from
        each other, lose against margin sampling.

    References
    ----------
    Bae, W., Oliveira, G. L., & Sutherland, D. J. (2025). Uncertainty herding: one active learning
    method for all label budgets. ICLR 2025. arXiv:2412.20644.
    """

    def __init__(self, *, focus: float = 1.0, width: float = 0.5, among: int | None = 100) -> None:
        super().__init__(focus=focus, width=width, among=among)


class Badge(BatchStrategy):
    """Choose samples whose gradients are long and point in different directions (k-means++).

    The gradient is the one of the loss in the last layer, for the class that is predicted:
    probabilities minus the predicted class, times the features.

    Parameters
    ----------
    random_state : int, RandomState instance or None, default=None

    References
    ----------
    Ash, J. T., Zhang, C., Krishnamurthy, A., Langford, J., & Agarwal, A. (2020). Deep batch active
    learning by diverse, uncertain gradient lower bounds. ICLR 2020. arXiv:1906.03671.
    """

    def __init__(self, *, random_state: Any = None) -> None:
        self.random_state = random_state

    def choose(self, candidates: Shortlist, n: int) -> Order:
        """Return candidates drawn by the squared distance of their gradients to those chosen."""
        rng = check_random_state(self.random_state)
        X, residual = candidates.inputs(), _residuals(candidates)
        # A gradient is an outer product, so its length is a product of lengths.
        square = _row_dot(X, X) * (residual**2).sum(axis=1)
        nearest = np.full(X.shape[0], np.inf)
        chosen = [int(np.argmax(square))]
        for _ in range(1, min(n, X.shape[0])):
            last = chosen[-1]
            product = _row_dot(X, X[[last]]) * (residual @ residual[last])
            nearest = np.minimum(nearest, np.maximum(square + square[last] - 2 * product, 0.0))
            nearest[last] = 0.0
            total = nearest.sum()
            if total <= 0:
                break
            chosen.append(int(rng.choice(len(nearest), p=nearest / total)))
        return np.array(chosen, dtype=np.int64)


class Falcun(BatchStrategy):
    """Draw samples that are unsure, and whose probabilities differ from those chosen already.

    Parameters
    ----------
    gamma : float, default=10.0
        0 draws uniformly; the higher, the nearer to the best first.
    random_state : int, RandomState instance or None, default=None

    References
    ----------
    Gilhuber, S., Beer, A., Ma, Y., & Seidl, T. (2024). FALCUN: a simple and efficient deep active
    learning strategy. ECML PKDD 2024.
    """

    def __init__(self, *, gamma: float = 10.0, random_state: Any = None) -> None:
        self.gamma = gamma
        self.random_state = random_state

    def choose(self, candidates: Shortlist, n: int) -> Order:
        """Return candidates drawn by utility plus distance to those chosen."""
        rng = check_random_state(self.random_state)
        proba, unsure = candidates.proba(), candidates.utilities.astype(np.float64)
        distance = unsure.copy()
        free = np.ones(len(unsure), dtype=np.bool_)
        chosen: list[int] = []
        for _ in range(min(n, len(unsure))):
            spread = distance[free].max() - distance[free].min()
            scaled = (distance - distance[free].min()) / (spread or 1.0)
            relevance = np.where(free, np.power((unsure + scaled) / 2, self.gamma), 0.0)
            total = relevance.sum()
            if total <= 0:
                break
            chosen.append(int(rng.choice(len(relevance), p=relevance / total)))
            free[chosen[-1]] = False
            if not free.any():
                break
            distance = np.minimum(distance, np.abs(proba - proba[chosen[-1]]).sum(axis=1))
        return np.array(chosen, dtype=np.int64)


class Density(BatchStrategy):
    """Prefer unsure samples that many others are like, so that outliers come late.

    The utility is the margin utility times a power of the mean similarity to the pool.

    Parameters
    ----------
    beta : float, default=1.0
        How much density weighs.

    References
    ----------
    Settles, B., & Craven, M. (2008). An analysis of active learning strategies for sequence
    labeling tasks. EMNLP 2008, 1070-1079 (information density).
    """

    def __init__(self, *, beta: float = 1.0) -> None:
        self.beta = beta

    def choose(self, candidates: Shortlist, n: int) -> Order:
        """Return the candidates with the highest product of utility and density."""
        X = candidates.inputs()
        pool = X[np.flatnonzero(candidates.at_random)]
        distances = squared_distances(X, pool)
        density = _gaussian(distances, _typical_distance(pool), 0.5).mean(axis=1)
        worth = candidates.utilities * np.power(density, self.beta)
        order: Order = np.argsort(-worth, kind="stable")[:n].astype(np.int64)
        return order


def _typical_distance(pool: Any) -> float:
    """Return the median squared distance between samples of the pool, from some of them."""
    return float(np.median(squared_distances(pool[:FOR_MEDIAN], pool))) or 1.0


def _gaussian(squared: Matrix, typical: float, width: float) -> Matrix:
    """Return similarities between 0 and 1."""
    similarity: Matrix = np.exp(-squared / np.float32(typical * width**2))
    return similarity


def _residuals(candidates: Shortlist) -> Matrix:
    """Return predicted probabilities minus the predicted classes."""
    proba = candidates.proba()
    if is_multi_label(candidates.estimator):
        return np.asarray(proba - (proba > 0.5))
    residual = proba.copy()
    residual[np.arange(len(proba)), proba.argmax(axis=1)] -= 1.0
    return np.asarray(residual)


def _row_dot(X: Any, Y: Any) -> Matrix:
    """Return the dot product of each row of X with that of Y, or with its only one."""
    if issparse(X):
        product = X.multiply(Y) if Y.shape[0] == X.shape[0] else X @ Y.T
        return np.asarray(product.sum(axis=1)).ravel()
    if Y.shape[0] == X.shape[0]:
        return np.asarray(np.einsum("ij,ij->i", X, Y))
    return np.asarray(X @ Y[0])
