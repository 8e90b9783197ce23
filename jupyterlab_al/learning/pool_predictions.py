"""What a kept estimator says of samples, in the names that the classes have now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import InvalidEstimatorError
from jupyterlab_al.domain.models import Label
from jupyterlab_al.learning import persistence
from jupyterlab_al.learning.fitting import FittedEstimator
from jupyterlab_al.strategies.probabilities import probabilities


class Predictor:
    """A kept estimator that predicts labels and says how sure it is.

    Parameters
    ----------
    path : Path
        As returned by `persistence.save`.
    digest : str
        The SHA-256 that the database knows of it. The file is then the one that a round wrote, and
        the types that it holds are those that the round was allowed to use.
    classes : sequence of str
        The project's classes by index, as they are named now; merged ones have the same name.

    Raises
    ------
    UnknownError
        `no_estimator`: there is no such file any more.
    InvalidEstimatorError
        If the file was changed, or is of a version that kept no indices of classes.
    """

    def __init__(self, path: Path, *, digest: str, classes: Sequence[str]) -> None:
        self._fitted: FittedEstimator = persistence.load(path, digest=digest, trusts_all=True)
        indices = persistence.record_of(path).get("class_indices")
        if indices is None:
            raise InvalidEstimatorError(
                "The last estimator is of an earlier version, which noted its classes by name. "
                "Train the model now, then there are predictions."
            )
        self._now = dict(
            zip(self._fitted.classes, (classes[index] for index in indices), strict=True)
        )
        #: The class of each column of the probabilities, those that were merged as one.
        self._names = list(dict.fromkeys(self._now.values()))
        self._column_of = [self._names.index(name) for name in self._now.values()]

    def predict(self, X: Any) -> tuple[list[Label], npt.NDArray[np.float64]]:
        """Return the label of each sample and how probable it is, to the estimator.

        In multi-label projects a label is a list, and the probability is that of the class which
        the estimator is least sure about, whether it gives it or not.

        Parameters
        ----------
        X : array or CSR matrix, shape (n_samples, n_features)

        Returns
        -------
        labels : list of str, or of list of str, length n_samples
        probability : array of float, shape (n_samples,)
        """
        labels = [
            list(dict.fromkeys(self._now[name] for name in said))
            for said in self._fitted.predict(X)
        ]
        proba = np.asarray(probabilities(self._fitted.estimator, X), dtype=np.float64)
        if self._fitted.multi_label:
            return list(labels), np.maximum(proba, 1 - proba).min(axis=1)
        of_class = np.zeros((len(proba), len(self._names)))
        np.add.at(of_class.T, self._column_of, proba.T)
        said = [self._names.index(label) for [label] in labels]
        return [label for [label] in labels], of_class[np.arange(len(said)), said]
