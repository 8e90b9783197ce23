"""Fit an estimator on the labeled set."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any

import numpy as np

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.learning.failures import failing_as
from jupyterlab_al.learning.spec import EstimatorSource
from jupyterlab_al.learning.warm_start import Beginning, begun

#: One label a sample, or several in a multi-label project.
Labels = Sequence[str] | Sequence[Sequence[str]]

_MAX_SEED = 2**32
#: What scikit-learn says of a class that no sample lacks.
_CONSTANT = re.compile(r"Label (\d+) is present in all training examples\.")


@dataclass(frozen=True, kw_only=True, slots=True)
class FittedEstimator:
    """A fitted estimator and what its columns mean."""

    #: The scikit-learn object.
    estimator: Any
    #: The classes it has seen, one for each column of its probabilities.
    classes: tuple[str, ...]
    #: Whether a sample can have several labels (or none).
    multi_label: bool
    #: What the estimator warned about while it was fitted.
    warnings: tuple[str, ...] = ()
    #: How long its fit took, in seconds of the processor: the same on a busy machine.
    seconds: float = 0.0
    #: Where its fit began; None for anew.
    began_with: Beginning | None = None

    @property
    def seconds_anew(self) -> float:
        """How long a fit takes that begins anew."""
        return self.began_with.seconds if self.began_with else self.seconds

    def predict(self, X: Any) -> list[tuple[str, ...]]:
        """Return the labels of each sample: exactly one, or any number if multi-label."""
        predicted = np.asarray(self.estimator.predict(X))
        if predicted.shape[:1] != (X.shape[0],) or predicted.ndim != 1 + self.multi_label:
            raise RoundFailedError(
                f"{type(self.estimator).__name__} predicted an array of shape {predicted.shape} "
                f"for {X.shape[0]} samples. Choose another estimator."
            )
        if not self.multi_label:
            return [(str(label),) for label in predicted]
        pairs = [zip(self.classes, row, strict=True) for row in predicted.astype(bool)]
        return [tuple(label for label, yes in row if yes) for row in pairs]


def fit(
    spec: EstimatorSource,
    X: Any,
    y: Labels,
    *,
    multi_label: bool,
    seed: int,
    beginning: Beginning | None = None,
) -> FittedEstimator:
    """Return the estimator, made from its spec and fitted on the labeled set.

    Parameters
    ----------
    spec : EstimatorSource
        What to fit.
    X : array or CSR matrix of float32, shape (n_labeled, n_features)
    y : sequence of str, or of sequences of str
        Labels, one (or one sequence of them) a sample.
    multi_label : bool
        Whether a sample can have several labels.
    seed : int
        Goes to each `random_state` that the spec leaves open.
    beginning : Beginning, optional
        Where to begin, if the estimator is one that can and knows the same classes.

    Returns
    -------
    FittedEstimator

    Raises
    ------
    RoundFailedError
        If there are too few classes to tell apart, or the estimator can't be made or fitted.
    """
    name = spec.import_path.rpartition(".")[2]
    with failing_as(f"Fitting {name}", "Label more samples, or change the estimator."):
        estimator = seeded(spec.build(), seed)
        classes, target = _several_targets(y) if multi_label else _one_target(y)
        if multi_label:
            estimator = _one_versus_rest(estimator)
        at = process_time()
        with (
            warnings.catch_warnings(record=True) as caught,
            begun(estimator, beginning, X, classes) as began_with,
        ):
            warnings.simplefilter("always")
            estimator.fit(X, target)
        seconds = process_time() - at
        if not multi_label:
            classes = _known_classes(estimator, classes, name)
    said = tuple(dict.fromkeys(_said(str(warning.message), classes) for warning in caught))
    return FittedEstimator(
        estimator=estimator,
        classes=classes,
        multi_label=multi_label,
        warnings=said,
        seconds=seconds,
        began_with=began_with,
    )


def seeded(estimator: Any, seed: int) -> Any:
    """Return the estimator with every `random_state` set that was left open, also nested ones."""
    params = estimator.get_params(deep=True)
    unset = [
        name
        for name, value in params.items()
        if value is None and name.rpartition("__")[2] == "random_state"
    ]
    if unset:
        estimator.set_params(**dict.fromkeys(unset, seed % _MAX_SEED))
    return estimator


def _one_target(y: Labels) -> tuple[tuple[str, ...], Any]:
    """Return the classes and the target array of labels, one a sample."""
    target = np.array([str(label) for label in y], dtype=np.str_)
    classes = tuple(str(label) for label in np.unique(target))
    if len(classes) < 2:
        raise _too_few(classes, "Label samples of at least two classes")
    return classes, target


def _several_targets(y: Labels) -> tuple[tuple[str, ...], Any]:
    """Return the classes and the indicator matrix of labels, any number a sample."""
    from sklearn.preprocessing import MultiLabelBinarizer

    binarizer = MultiLabelBinarizer()
    target = binarizer.fit_transform(y)
    classes = tuple(str(label) for label in binarizer.classes_)
    if not np.any((target.any(axis=0)) & ~target.all(axis=0)):
        raise _too_few(classes, "Label samples with and samples without a class")
    if len(classes) < 2:
        raise _too_few(classes, "Label samples of at least two classes")
    return classes, target


def _one_versus_rest(estimator: Any) -> Any:
    """Return a classifier that answers yes or no for each class."""
    from sklearn.multiclass import OneVsRestClassifier

    return OneVsRestClassifier(estimator)


def _said(warning: str, classes: Sequence[str]) -> str:
    """Return a warning in one line, with the name of the class that it knows by number."""
    text = " ".join(warning.split())
    constant = _CONSTANT.fullmatch(text)
    if constant is None:
        return text
    name = classes[int(constant[1])]
    return f"Every labeled sample has the class {name!r}, so the model gives it to all samples."


def _known_classes(estimator: Any, labeled: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the classes of a fitted estimator: at least two of those that were labeled."""
    if not hasattr(estimator, "classes_"):
        raise RoundFailedError(
            f"{name} doesn't say which classes it knows (no classes_ after fit). "
            "Choose a classifier that follows scikit-learn."
        )
    known = tuple(str(label) for label in estimator.classes_)
    if len(known) < 2 or not set(known) <= set(labeled):
        raise RoundFailedError(
            f"{name} knows the classes {', '.join(map(repr, known)) or 'none'} after it was fitted "
            f"on {', '.join(map(repr, labeled))}. Choose a classifier that follows scikit-learn."
        )
    return known


def _too_few(classes: tuple[str, ...], advice: str) -> RoundFailedError:
    """Return the error for a labeled set without anything to tell apart."""
    seen = f"only {', '.join(map(repr, classes))}" if classes else "none"
    return RoundFailedError(
        f"There is nothing to tell apart yet: of the classes, {seen} was labeled. {advice}.",
        word="too_few_classes",
        classes=list(classes),
    )
