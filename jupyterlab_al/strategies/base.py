"""What every query strategy is: an object that scores candidates, and only that."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.strategies.probabilities import Probabilities, is_multi_label, probabilities

Utilities = npt.NDArray[np.floating]
Phase = Literal["explore", "refine"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LabeledSet:
    """The samples that the estimator was fitted on."""

    #: Features, array or CSR matrix of shape (n_labeled, n_features).
    X: Any
    #: Labels, one a sample (a list of labels in multi-label projects).
    y: Sequence[Any]


class QueryStrategy(BaseEstimator):
    """Scores candidates: the higher the utility, the sooner a person is asked.

    A strategy stores its keyword arguments and nothing else, and `score` changes nothing. To write
    one, subclass and implement `_score`.
    """

    #: Whether it gets to know the data, or asks where the estimator is unsure.
    phase: ClassVar[Phase] = "refine"
    #: False when all candidates must be scored in one call.
    independent: ClassVar[bool] = True
    #: True when samples are drawn at random with the utilities as weights, not taken best first.
    sampled: ClassVar[bool] = False

    def require_usable(self, *, multi_label: bool) -> None:
        """Raise where a project can't use the strategy; asked before anything is stored.

        Parameters
        ----------
        multi_label : bool
            Whether samples of the project have several labels.

        Raises
        ------
        InvalidSettingError
            With what to do instead.
        """

    def ready(self, *, estimator: Any, labeled: LabeledSet | None) -> QueryStrategy:  # noqa: ARG002
        """Return the strategy that scores all chunks of one round; fit here what it needs once.

        Parameters
        ----------
        estimator : object
            Fitted classifier.
        labeled : LabeledSet or None
            What the estimator was fitted on.
        """
        return self

    def score(self, X: Any, *, estimator: Any, labeled: LabeledSet | None = None) -> Utilities:
        """Return the utility of each candidate; higher is better.

        Parameters
        ----------
        X : array or CSR matrix of float32, shape (n_candidates, n_features)
            Features of the candidates.
        estimator : object
            Fitted classifier with `predict_proba` or `decision_function`.
        labeled : LabeledSet or None, default=None
            What the estimator was fitted on.

        Returns
        -------
        array of float, shape (n_candidates,)

        Raises
        ------
        RoundFailedError
            If the estimator or the strategy gives numbers that can't order samples.
        """
        utilities = np.asarray(self._score(X, estimator, labeled))
        if utilities.shape != (X.shape[0],):
            raise RoundFailedError(
                f"The strategy {type(self).__name__} gave numbers of shape {utilities.shape} "
                f"for {X.shape[0]} candidates; it must give one number for each."
            )
        if not np.issubdtype(utilities.dtype, np.floating):
            utilities = utilities.astype(np.float64)
        return utilities

    @abstractmethod
    def _score(self, X: Any, estimator: Any, labeled: LabeledSet | None) -> Utilities:
        """Return one utility for each row of `X`."""


class UncertaintyStrategy(QueryStrategy):
    """Scores candidates by the predicted probabilities of their classes alone.

    In multi-label projects each class is a question of its own (yes or no), and the utility is the
    mean over the classes.
    """

    def _score(self, X: Any, estimator: Any, labeled: LabeledSet | None) -> Utilities:  # noqa: ARG002
        proba = probabilities(estimator, X)
        if not is_multi_label(estimator):
            return self._from_proba(proba)
        each = (self._from_proba(np.stack([1 - yes, yes], axis=1)) for yes in proba.T)
        mean: Utilities = np.mean(list(each), axis=0)
        return mean

    @abstractmethod
    def _from_proba(self, proba: Probabilities) -> Utilities:
        """Return one utility for each row of `proba`, which has at least two columns."""
