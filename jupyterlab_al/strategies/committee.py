"""Strategies that ask where several estimators disagree."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils import check_random_state

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.strategies.base import LabeledSet, QueryStrategy, Utilities
from jupyterlab_al.strategies.probabilities import Probabilities, is_multi_label, probabilities
from jupyterlab_al.strategies.uncertainty import MarginSampling


class Committee(QueryStrategy):
    """Prefer samples on which estimators fitted on different draws of the labels disagree.

    Each member is fitted on labels drawn with replacement (bagging), every class among them, and
    votes with its probabilities. The utility is 1 minus the margin of the mean vote: 0 to 1.

    Parameters
    ----------
    n_members : int, default=7
    random_state : int, RandomState instance or None, default=None

    References
    ----------
    Seung, H. S., Opper, M., & Sompolinsky, H. (1992). Query by committee. COLT '92, 287-294.
    Abe, N., & Mamitsuka, H. (1998). Query learning strategies using boosting and bagging. ICML
    '98, 1-9 (the margin of the votes).
    """

    def __init__(self, *, n_members: int = 7, random_state: Any = None) -> None:
        self.n_members = n_members
        self.random_state = random_state

    def ready(self, *, estimator: Any, labeled: LabeledSet | None) -> QueryStrategy:
        """Return the committee with its members fitted."""
        if labeled is None:
            raise RoundFailedError("A committee needs the labeled samples to fit its members on.")
        rng = check_random_state(self.random_state)
        n, y = labeled.X.shape[0], list(labeled.y)
        target = estimator_target(estimator, y)
        members = []
        for _ in range(self.n_members):
            drawn = np.concatenate([rng.randint(n, size=n), _one_of_each(target, rng)])
            members.append(clone(estimator).fit(labeled.X[drawn], target[drawn]))
        return FittedCommittee(members=members)

    def _score(self, X: Any, estimator: Any, labeled: LabeledSet | None) -> Utilities:
        return self.ready(estimator=estimator, labeled=labeled).score(X, estimator=estimator)


class FittedCommittee(MarginSampling):
    """A committee whose members are fitted; made by `Committee.ready`.

    Parameters
    ----------
    members : list of fitted classifiers
        All with the same classes.
    """

    def __init__(self, *, members: list[Any]) -> None:
        self.members = members

    def _score(self, X: Any, estimator: Any, labeled: LabeledSet | None) -> Utilities:
        return super()._score(X, _Consensus(self.members, estimator), labeled)


class _Consensus:
    """A classifier whose probabilities are the mean of others'."""

    def __init__(self, members: list[Any], estimator: Any) -> None:
        self._members = members
        self.classes_ = estimator.classes_
        self.multilabel_ = is_multi_label(estimator)

    def predict_proba(self, X: Any) -> Probabilities:
        mean: Probabilities = np.mean([probabilities(each, X) for each in self._members], axis=0)
        return mean


def estimator_target(estimator: Any, y: list[Any]) -> Any:
    """Return labels as the estimator was fitted on them: names, or a row of yes and no each."""
    if not is_multi_label(estimator):
        return np.array([str(label) for label in y], dtype=np.str_)
    from sklearn.preprocessing import MultiLabelBinarizer

    return MultiLabelBinarizer().fit_transform(y)


def _one_of_each(target: Any, rng: Any) -> Any:
    """Return a random sample of each class, so that every member knows all of them."""
    if target.ndim == 1:
        groups = [np.flatnonzero(target == label) for label in np.unique(target)]
    else:
        groups = [np.flatnonzero(column == value) for column in target.T for value in (0, 1)]
    return np.array([rng.choice(group) for group in groups if len(group)], dtype=np.int64)
