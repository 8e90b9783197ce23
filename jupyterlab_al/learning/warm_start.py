"""Begin a fit where the one before ended; what is fitted is still all labels.

Only logistic regression does: its best weights are the same wherever a solver begins. Trees and
nets that go on from earlier ones become others, and `partial_fit` teaches less than a fit does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

#: A solver that begins near the end must not take that for the end: it comes so much nearer.
NEARER = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """Weights to begin with, and how it went when a fit last began without any."""

    #: Shape (1 or n_classes, n_features), and (1 or n_classes,).
    coef: npt.NDArray[np.floating]
    intercept: npt.NDArray[np.floating]
    #: Classes that the weights tell apart.
    classes: tuple[str, ...]
    #: How long that fit took, in seconds, and on how many labels it was.
    seconds: float
    n_labels: int

    @classmethod
    def of(
        cls, estimator: Any, classes: Sequence[str], *, seconds: float, n_labels: int
    ) -> Beginning | None:
        """Return where the next fit can begin; None where it must begin anew."""
        last = _logistic(estimator)
        if last is None:
            return None
        return cls(
            coef=last.coef_,
            intercept=last.intercept_,
            classes=tuple(classes),
            seconds=seconds,
            n_labels=n_labels,
        )


@contextmanager
def begun(
    estimator: Any, beginning: Beginning | None, X: Any, classes: Sequence[str]
) -> Iterator[Beginning | None]:
    """Let a fit within the block begin with given weights; give them if it does.

    The estimator has the parameters that it was made with when the block ends.
    """
    last = _logistic(estimator)
    if (
        last is None
        or beginning is None
        or beginning.classes != tuple(classes)
        or beginning.coef.shape[1] != X.shape[1]
    ):
        yield None
        return
    usual = {"warm_start": last.warm_start, "tol": last.tol}
    last.set_params(warm_start=True, tol=last.tol / NEARER)
    last.coef_, last.intercept_ = beginning.coef, beginning.intercept
    try:
        yield beginning
    finally:
        last.set_params(**usual)


def _logistic(estimator: Any) -> Any:
    """Return the logistic regression that an estimator is or ends in; None if it is another."""
    from sklearn.base import OneToOneFeatureMixin
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    last = estimator
    if isinstance(estimator, Pipeline):
        *before, last = (step for _name, step in estimator.steps)
        # Steps that make other columns of the same labels next time would mix up the weights.
        if not all(isinstance(step, OneToOneFeatureMixin) for step in before):
            return None
    return last if type(last) is LogisticRegression else None
