"""Probabilities of classes from any classifier; the only place that asks for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, softmax
from sklearn import config_context

from jupyterlab_al.domain.errors import RoundFailedError

Probabilities = npt.NDArray[np.floating]


def probabilities(estimator: Any, X: Any) -> Probabilities:
    """Return the probability of each class of a fitted classifier for each sample.

    A classifier without `predict_proba` is asked for `decision_function`: two classes (and each
    class of a multi-label classifier) go through the logistic function, several classes through
    softmax. Such numbers order samples well enough but are not calibrated.

    Parameters
    ----------
    estimator : object
        Fitted classifier.
    X : array or CSR matrix, shape (n_samples, n_features)

    Returns
    -------
    array of float, shape (n_samples, n_classes)
        Columns follow ``estimator.classes_``. Rows sum to 1, but not in multi-label classifiers.

    Raises
    ------
    RoundFailedError
        If the estimator gives no probabilities, numbers of another shape, NaN or infinity.
    """
    if not (hasattr(estimator, "predict_proba") or hasattr(estimator, "decision_function")):
        raise RoundFailedError(
            f"{type(estimator).__name__} has neither predict_proba nor decision_function. "
            "Choose an estimator that has one, or wrap this one in CalibratedClassifierCV."
        )
    # Features were looked through when they were made, and what comes of them is below.
    with config_context(assume_finite=True):
        if hasattr(estimator, "predict_proba"):
            proba = np.asarray(estimator.predict_proba(X))
        else:
            proba = _from_decision(np.asarray(estimator.decision_function(X)), estimator)
    _require_sound(proba, (X.shape[0], len(estimator.classes_)), type(estimator).__name__)
    return proba


def is_multi_label(estimator: Any) -> bool:
    """Return whether a fitted classifier answers yes or no for each class."""
    return bool(getattr(estimator, "multilabel_", False))


def _from_decision(decision: Probabilities, estimator: Any) -> Probabilities:
    """Return probabilities made from distances to the borders between classes."""
    if is_multi_label(estimator):
        return np.asarray(expit(decision))
    if decision.ndim == 1:
        second = expit(decision)
        return np.stack([1 - second, second], axis=1)
    return np.asarray(softmax(decision, axis=1))


def _require_sound(proba: Probabilities, shape: tuple[int, int], name: str) -> None:
    """Raise RoundFailedError unless there is one finite number a sample and class."""
    if proba.shape != shape:
        raise RoundFailedError(
            f"{name} gave probabilities of shape {proba.shape} where {shape} (samples, classes) "
            "is needed. Choose another estimator or other parameters."
        )
    # The sum is NaN or infinite as soon as one number is, and needs no second array.
    with np.errstate(invalid="ignore", over="ignore"):
        total = proba.sum()
    if not np.isfinite(total) and (bad := int((~np.isfinite(proba).all(axis=1)).sum())):
        raise RoundFailedError(
            f"{name} gave NaN or infinite probabilities for {bad} of {shape[0]} samples. "
            "Scale the features, or choose an estimator that can't overflow on them."
        )
