"""Strategies that prefer samples the estimator is unsure about."""

from __future__ import annotations

import numpy as np
from scipy.special import entr

from jupyterlab_al.strategies.base import UncertaintyStrategy, Utilities
from jupyterlab_al.strategies.probabilities import Probabilities

#: Up to so many classes, a pass over each column is faster than a partial sort of each row.
_FEW_CLASSES = 32


def _two_highest(proba: Probabilities) -> tuple[Probabilities, Probabilities]:
    """Return the highest and the second highest number of each row."""
    if proba.shape[1] > _FEW_CLASSES:
        top = np.partition(proba, -2, axis=1)
        return top[:, -1], top[:, -2]
    columns = np.ascontiguousarray(proba.T)
    first = columns[0].copy()
    second = np.full_like(first, -np.inf)
    for column in columns[1:]:
        np.maximum(second, np.minimum(first, column), out=second)
        np.maximum(first, column, out=first)
    return first, second


class MarginSampling(UncertaintyStrategy):
    """Prefer samples whose two likeliest classes are close.

    The utility is 1 minus the difference of the two highest probabilities: 0 (sure) to 1.

    References
    ----------
    Scheffer, T., Decomain, C., & Wrobel, S. (2001). Active hidden Markov models for information
    extraction. International Symposium on Intelligent Data Analysis, 309-318.
    """

    def _from_proba(self, proba: Probabilities) -> Utilities:
        if proba.shape[1] == 2:
            margin = np.abs(proba[:, 0] - proba[:, 1])
        else:
            first, second = _two_highest(proba)
            margin = first - second
        utilities: Utilities = 1 - margin
        return utilities


class EntropySampling(UncertaintyStrategy):
    """Prefer samples whose probabilities are spread over many classes.

    The utility is the entropy in units of the highest possible one: 0 (sure) to 1 (all alike).

    References
    ----------
    Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical Journal,
    27(3), 379-423.
    """

    def _from_proba(self, proba: Probabilities) -> Utilities:
        utilities: Utilities = entr(proba).sum(axis=1) / np.log(proba.shape[1]).astype(proba.dtype)
        return utilities


class LeastConfidence(UncertaintyStrategy):
    """Prefer samples whose likeliest class is not very likely.

    The utility is 1 minus the highest probability: 0 (sure) to 1 - 1 / n_classes.

    References
    ----------
    Lewis, D. D., & Gale, W. A. (1994). A sequential algorithm for training text classifiers.
    Proceedings of SIGIR '94, 3-12.
    """

    def _from_proba(self, proba: Probabilities) -> Utilities:
        utilities: Utilities = 1 - proba.max(axis=1)
        return utilities
