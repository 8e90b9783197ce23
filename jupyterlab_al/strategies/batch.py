"""Strategies that look at what they ask together, not at each sample alone."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from sklearn.metrics.pairwise import euclidean_distances

from jupyterlab_al.strategies.base import LabeledSet, Utilities
from jupyterlab_al.strategies.probabilities import Probabilities, probabilities
from jupyterlab_al.strategies.uncertainty import MarginSampling

Order = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.floating]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortlist:
    """The candidates among which a batch strategy chooses: the best ones and random ones."""

    #: Features, shape (n_candidates, n_features).
    X: Any
    #: Margin utilities, shape (n_candidates,).
    utilities: Utilities
    #: Which candidates were drawn at random from the pool, and so stand for it.
    at_random: npt.NDArray[np.bool_]
    #: Fitted classifier.
    estimator: Any
    #: What it was fitted on.
    labeled: LabeledSet | None

    def proba(self) -> Probabilities:
        """Return the probabilities of the classes, shape (n_candidates, n_classes)."""
        return probabilities(self.estimator, self.X)

    def inputs(self) -> Any:
        """Return the candidates as the last step of the estimator sees them."""
        return inputs(self.estimator, self.X)

    def labeled_inputs(self) -> Any | None:
        """Return the labeled samples in the same way; None without any."""
        return None if self.labeled is None else inputs(self.estimator, self.labeled.X)


class BatchStrategy(MarginSampling):
    """Arranges the first samples of an order so that they teach most together.

    All candidates get their margin utility, chunk by chunk. A shortlist, half of it the best of
    them and half drawn at random from the pool, is then given to `choose`: the cost of a round does
    not grow with the pool. To write one, subclass and implement `choose`.
    """

    #: How many candidates are looked at together.
    shortlist: ClassVar[int] = 2000

    @abstractmethod
    def choose(self, candidates: Shortlist, n: int) -> Order:
        """Return which candidates come first, in their order.

        Parameters
        ----------
        candidates : Shortlist
        n : int
            How many to choose at most.

        Returns
        -------
        array of int, shape (at most n,)
            Places in the shortlist, each at most once. The other candidates follow by utility.
        """


def inputs(estimator: Any, X: Any) -> Any:
    """Return features as the last step of a pipeline sees them: scaled ones, for example."""
    steps = getattr(estimator, "steps", None)
    if steps is None or len(steps) < 2:
        return X
    return estimator[:-1].transform(X)


def squared_distances(X: Any, Y: Any) -> Matrix:
    """Return squared Euclidean distances, shape (n, m); dense or sparse rows."""
    distances: Matrix = euclidean_distances(X, Y, squared=True).astype(np.float32, copy=False)
    return distances
