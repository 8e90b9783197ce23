"""Accuracy from the chosen labels, where each was drawn with a known probability."""

from __future__ import annotations

from typing import Any

import numpy as np

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.domain.lure import Estimate, lure
from jupyterlab_al.learning.evaluation import as_set
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.fitting import fit
from jupyterlab_al.learning.task import RoundTask

#: Each label is predicted by an estimator that was fitted on the other parts.
FOLDS = 5
FEWEST_LABELS = 20


def second_reading(task: RoundTask, features: Features) -> Estimate | None:
    """Return the accuracy that the chosen labels speak for; None where chance had no part.

    Labels are weighted by the probabilities with which they were drawn (LURE), and predicted by
    estimators that were fitted on other labels: those have a fifth less to learn from, so the
    reading is a little low.

    Parameters
    ----------
    task : RoundTask
        With the probabilities of the draws; NaN where a sample was not drawn but imported, or
        labeled by hand. A sample that was certain to come, while others could not, leaves nothing
        to weigh.
    features : Features
        Of the whole pool.
    """
    order = np.argsort(task.labeled_order, kind="stable")
    drawn = order[np.isfinite(task.labeled_chances[order])]
    n, chances = len(drawn), task.labeled_chances[drawn]
    population = task.n_drawable - (len(order) - n)
    if n < FEWEST_LABELS or population < n or (chances >= 1).any():
        return None
    # A cold start draws uniformly: the probability of its turn is known without being stored.
    uniform = 1.0 / (population - np.arange(n))
    chances = np.where(task.labeled_uniform[drawn], uniform, np.maximum(chances, 1e-12))
    y: list[Any] = [task.labeled_y[place] for place in drawn.tolist()]
    X = features.take(task.labeled_ids[drawn])
    folds = np.random.default_rng(task.seed).permutation(n) % FOLDS
    right = np.zeros(n)
    try:
        for fold in range(FOLDS):
            inside, others = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
            fitted = fit(
                task.estimator,
                X[others],
                [y[place] for place in others],
                multi_label=task.multi_label,
                seed=task.seed,
            )
            answers = fitted.predict(X[inside])
            right[inside] = [
                set(answer) == as_set(y[place])
                for place, answer in zip(inside.tolist(), answers, strict=True)
            ]
    except RoundFailedError:
        return None
    return lure(right, chances, population=population)
