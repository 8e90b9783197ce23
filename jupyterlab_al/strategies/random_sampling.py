"""The baseline: ask about any sample."""

from __future__ import annotations

from typing import Any

from sklearn.utils import check_random_state

from jupyterlab_al.strategies.base import LabeledSet, QueryStrategy, Utilities


class RandomSampling(QueryStrategy):
    """Give every candidate a random utility; what other strategies must beat.

    Parameters
    ----------
    random_state : int, RandomState instance or None, default=None
        An instance goes on from call to call, so that chunks get different numbers.
    """

    def __init__(self, *, random_state: Any = None) -> None:
        self.random_state = random_state

    def _score(self, X: Any, estimator: Any, labeled: LabeledSet | None) -> Utilities:  # noqa: ARG002
        utilities: Utilities = check_random_state(self.random_state).random_sample(X.shape[0])
        return utilities
