"""Before the estimator knows the classes: typical samples first."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

import numpy as np
from scipy.sparse import issparse, vstack

from jupyterlab_al.strategies.base import LabeledSet, Phase, QueryStrategy
from jupyterlab_al.strategies.batch import BatchStrategy, Order, Shortlist, squared_distances

#: More clusters than this take too long to find, and hold too few samples to be typical.
MOST_CLUSTERS = 200
#: Neighbors whose distance says how typical a sample is.
NEIGHBORS = 20
#: Sparse features are brought to this many dimensions before they are clustered.
DIMENSIONS = 64


class Typical(BatchStrategy):
    """Ask about the most typical sample of each cluster, clusters without labels first.

    Looks at features alone. Best while classes have a few labels each, when the estimator's
    probabilities say little.

    Parameters
    ----------
    random_state : int, RandomState instance or None, default=None

    References
    ----------
    Hacohen, G., Dekel, A., & Weinshall, D. (2022). Active learning on a budget: opposite strategies
    suit high and low budgets. ICML 2022. arXiv:2202.02794 (TypiClust).
    """

    phase: ClassVar[Phase] = "explore"

    def __init__(self, *, random_state: Any = None) -> None:
        self.random_state = random_state

    def choose(self, candidates: Shortlist, n: int) -> Order:
        """Return the most typical of the random candidates."""
        places = np.flatnonzero(candidates.at_random)
        X = candidates.inputs()[places]
        order = typical_first(X, candidates.labeled_inputs(), n=n, random_state=self.random_state)
        chosen: Order = places[order]
        return chosen


class TypicalFirst(Typical):
    """Typical samples until every class has a few labels, then another strategy.

    Parameters
    ----------
    then : str, default="uncertainty_herding"
        Name of the strategy that takes over.
    per_class : int, default=3
        So many labels of each class that was seen end the first phase.
    random_state : int, RandomState instance or None, default=None
    """

    def __init__(
        self, *, then: str = "uncertainty_herding", per_class: int = 3, random_state: Any = None
    ) -> None:
        super().__init__(random_state=random_state)
        self.then = then
        self.per_class = per_class

    def ready(self, *, estimator: Any, labeled: LabeledSet | None) -> QueryStrategy:
        """Return the strategy of the phase that the labels are in."""
        if labeled is None or is_short(labeled.y, self.per_class):
            return self
        # Here, because the registry loads this module.
        from jupyterlab_al.strategies.registry import create

        other = create(self.then, {})
        if "random_state" in other.get_params():
            other.set_params(random_state=self.random_state)
        return other.ready(estimator=estimator, labeled=labeled)


def is_short(y: Any, per_class: int) -> bool:
    """Return whether a class that was seen has fewer labels than `per_class`."""
    counts: Counter[str] = Counter()
    for label in y:
        counts.update([label] if isinstance(label, str) else label)
    return not counts or min(counts.values()) < per_class


def typical_first(X: Any, labeled: Any | None, *, n: int, random_state: Any) -> Order:
    """Return `n` rows: the most typical one of each cluster, clusters without labels first.

    Parameters
    ----------
    X : array or CSR matrix, shape (n_candidates, n_features)
    labeled : array or CSR matrix of the same width, or None
        Samples that have labels already.
    n : int
    random_state : int, RandomState instance or None

    Returns
    -------
    array of int, shape (at most n,)
    """
    from sklearn.cluster import KMeans

    n_labeled = 0 if labeled is None else labeled.shape[0]
    both = X if labeled is None else _stacked(X, labeled)
    both = _dense(both, random_state)
    n_rows = X.shape[0]
    n_clusters = min(n_labeled + n, MOST_CLUSTERS, n_rows)
    if n_clusters < 1:
        return np.empty(0, dtype=np.int64)
    clusters = KMeans(n_clusters=n_clusters, n_init=1, random_state=random_state).fit_predict(both)
    inside, known = clusters[:n_rows], np.bincount(clusters[n_rows:], minlength=n_clusters)
    size = np.bincount(inside, minlength=n_clusters)
    chosen: list[int] = []
    # Without labels first, and of those the largest.
    for cluster in np.lexsort((-size, known)).tolist():
        members = np.flatnonzero(inside == cluster)
        if len(members) and len(chosen) < n:
            chosen.append(int(members[_most_typical(both[members])]))
    return np.array(chosen, dtype=np.int64)


def _most_typical(rows: Any) -> int:
    """Return the row whose nearest neighbors are nearest."""
    if len(rows) <= 2:
        return 0
    distances = np.sqrt(squared_distances(rows, rows))
    k = min(NEIGHBORS, len(rows) - 1)
    nearest = np.partition(distances, k, axis=1)[:, : k + 1]
    return int(np.argmin(nearest.sum(axis=1)))


def _stacked(one: Any, other: Any) -> Any:
    return vstack([one, other], format="csr") if issparse(one) else np.concatenate([one, other])


def _dense(X: Any, random_state: Any) -> Any:
    """Return few enough numbers a row to find clusters in."""
    if not issparse(X):
        return np.asarray(X, dtype=np.float32)
    if X.shape[1] <= DIMENSIONS or X.shape[0] <= DIMENSIONS:
        return X.toarray()
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    return normalize(TruncatedSVD(DIMENSIONS, random_state=random_state).fit_transform(X))
