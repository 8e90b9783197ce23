"""Whether chosen labels teach more than random ones would have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.learning.evaluation import as_set
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.fitting import fit
from jupyterlab_al.learning.task import RoundTask

#: Parts that the checks are cut into; each is predicted by estimators that did not see it.
FOLDS = 5
#: With fewer checks the comparison says nothing.
FEWEST_CHECKS = 20
#: 95 % of a normal distribution lie within so many standard deviations.
Z = 1.96


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """Chosen labels against as many random ones, on the same checks."""

    #: Labels that both estimators were fitted on.
    n_labels: int
    #: Accuracy after the first `n_labels` chosen ones.
    chosen: float
    #: Accuracy after `n_labels` random ones.
    random: float
    #: 95 % interval of chosen minus random.
    low: float
    high: float
    n_checks: int


def compare(task: RoundTask, features: Features) -> Gain | None:
    """Return what choosing gained so far; None while there are too few checks or labels.

    Random checks are random labels. In turn one part of them is set aside; the others train one
    estimator, as many of the first chosen labels another, and both predict the part that was set
    aside. It is a fair comparison at that number of labels, not at the present one.

    Parameters
    ----------
    task : RoundTask
        With its checks, and the chosen labels in order of arrival.
    features : Features
        Of the whole pool.
    """
    n = len(task.check_ids)
    if n < FEWEST_CHECKS:
        return None
    n_labels = min(n - -(-n // FOLDS), len(task.labeled_ids))
    if n_labels < FEWEST_CHECKS // 2:
        return None
    folds = np.random.default_rng(task.seed).permutation(n) % FOLDS
    first = np.argsort(task.labeled_order, kind="stable")[:n_labels]
    try:
        chosen = _Learner(task, features, task.labeled_ids[first], _pick(task.labeled_y, first))
        right = np.zeros((2, n))
        for fold in range(FOLDS):
            inside, others = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)[:n_labels]
            random = _Learner(task, features, task.check_ids[others], _pick(task.check_y, others))
            for row, learner in enumerate((chosen, random)):
                right[row, inside] = learner.right(inside)
    except RoundFailedError:
        # One class alone, for example: nothing can be said yet.
        return None
    difference = right[0] - right[1]
    half = Z * float(difference.std(ddof=1)) / sqrt(n)
    mean = float(difference.mean())
    return Gain(
        n_labels=n_labels,
        chosen=float(right[0].mean()),
        random=float(right[1].mean()),
        low=max(-1.0, mean - half),
        high=min(1.0, mean + half),
        n_checks=n,
    )


class _Learner:
    """An estimator fitted on some labels, asked about checks."""

    def __init__(
        self, task: RoundTask, features: Features, ids: npt.NDArray[np.int64], y: list[Any]
    ) -> None:
        self._task, self._features = task, features
        self._fitted = fit(
            task.estimator, features.take(ids), y, multi_label=task.multi_label, seed=task.seed
        )

    def right(self, places: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        """Return which of these checks it gets right."""
        answers = self._fitted.predict(self._features.take(self._task.check_ids[places]))
        truth = _pick(self._task.check_y, places)
        return np.array([set(a) == as_set(t) for a, t in zip(answers, truth, strict=True)])


def _pick(y: Sequence[Any], places: npt.NDArray[np.intp]) -> list[Any]:
    return [y[place] for place in places.tolist()]
