"""How good the estimator is, from random checks, and how much it still changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.interval import Interval, wilson
from jupyterlab_al.domain.permutation import Permutation
from jupyterlab_al.learning.failures import failing_as
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.files import forget_rounds, kept_rounds, replace
from jupyterlab_al.learning.fitting import FittedEstimator, Labels
from jupyterlab_al.learning.macro_f1 import macro_f1
from jupyterlab_al.strategies.uncertainty import MarginSampling

#: Samples on which the predictions of two rounds are compared.
STOP_SET_SIZE = 2000
#: Keeps the stop set apart from the samples that the same seed puts in the queue first.
_STOP_SALT = 0x5E705E75
_FOLDER = "predictions"

Predictions = list[tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassFigures:
    """How the estimator does on one class, from random checks; None where nothing was counted."""

    #: Of the checks that it gives the class, the share that are of it.
    precision: Interval | None
    #: Of the checks that are of the class, the share that it finds.
    recall: Interval | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckFigures:
    """What the random checks say."""

    accuracy: Interval
    per_class: Mapping[str, ClassFigures]
    #: How well the classes are known on average; None where a sample has one label.
    macro_f1: Interval | None


def check_figures(
    fitted: FittedEstimator,
    features: Features,
    check_ids: npt.NDArray[np.int64],
    check_y: Labels,
    *,
    classes: Sequence[str],
) -> CheckFigures | None:
    """Return how many random checks the estimator gets right, by class too; None without checks.

    A class that the estimator has never seen counts as wrong. In multi-label projects a sample is
    right when all its labels are.

    Parameters
    ----------
    fitted : FittedEstimator
        Fitted on other samples than the checks.
    features : Features
        Of the whole pool.
    check_ids : array of int, shape (n_checks,)
        Samples drawn uniformly from the pool.
    check_y : sequence of str, or of sequences of str
        Their labels.
    classes : sequence of str
        Of the project.

    Returns
    -------
    CheckFigures or None
        Wilson intervals of 95 %; that of the accuracy is corrected for the size of the pool.
    """
    if len(check_ids) == 0:
        return None
    with failing_as(
        "Evaluating on the random checks", "Look at the features, or change the estimator."
    ):
        answers = fitted.predict(features.take(check_ids))
    predicted = [set(labels) for labels in answers]
    truth = [as_set(label) for label in check_y]
    right = sum(p == t for p, t in zip(predicted, truth, strict=True))
    return CheckFigures(
        accuracy=wilson(right, len(check_ids), population=features.shape[0]),
        per_class={name: _of_class(name, predicted, truth) for name in classes},
        macro_f1=macro_f1(predicted, truth, classes=classes) if fitted.multi_label else None,
    )


def as_set(label: str | Sequence[str]) -> set[str]:
    """Return a sample's label, or its labels, as a set."""
    return {label} if isinstance(label, str) else set(label)


def _of_class(name: str, predicted: list[set[str]], truth: list[set[str]]) -> ClassFigures:
    given = sum(name in labels for labels in predicted)
    there = sum(name in labels for labels in truth)
    both = sum(name in p and name in t for p, t in zip(predicted, truth, strict=True))
    return ClassFigures(
        precision=wilson(both, given, population=None) if given else None,
        recall=wilson(both, there, population=None) if there else None,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """How far the predictions of two rounds agree."""

    #: Part of the samples that are predicted differently.
    changed_share: float
    #: Agreement beyond chance (Cohen's kappa): 1 is full agreement, 0 that of chance.
    kappa: float


@dataclass(frozen=True, kw_only=True, slots=True)
class StopSet:
    """A fixed random part of the pool; its predictions show whether the estimator still changes."""

    #: Where the predictions of earlier rounds are kept.
    folder: Path
    #: The samples.
    sample_ids: npt.NDArray[np.int64]
    #: Which pool and draw the samples stand for; predictions of another one aren't compared.
    identity: str

    @classmethod
    def of(cls, project_folder: Path, *, n_samples: int, seed: int) -> StopSet:
        """Return the stop set of a project."""
        size = min(n_samples, STOP_SET_SIZE)
        sample_ids = Permutation(n_samples, seed ^ _STOP_SALT).at(np.arange(size))
        return cls(
            folder=project_folder / _FOLDER,
            sample_ids=sample_ids,
            identity=f"{n_samples}/{seed}/{size}",
        )

    def predict(self, fitted: FittedEstimator, features: Features) -> Predictions:
        """Return the labels that the estimator gives the samples."""
        with failing_as(
            "Predicting a part of the pool", "Look at the features, or change the estimator."
        ):
            return fitted.predict(features.take(self.sample_ids))

    def uncertainty(
        self, fitted: FittedEstimator, features: Features, *, labeled: npt.NDArray[np.int64]
    ) -> float | None:
        """Return how unsure the estimator is, 0 (sure) to 1, of those that have no label.

        It is the mean margin utility, whatever the strategy: other utilities are in other units.
        None where all have one.
        """
        left = self.sample_ids[~np.isin(self.sample_ids, labeled)]
        if len(left) == 0:
            return None
        with failing_as(
            "Predicting a part of the pool", "Look at the features, or change the estimator."
        ):
            X = features.take(left)
            return float(np.mean(MarginSampling().score(X, estimator=fitted.estimator)))

    def compare(self, predictions: Predictions, *, round_id: int) -> Comparison | None:
        """Return how far the predictions agree with those of the round before; None without one."""
        before = [name for name in kept_rounds(self.folder, ".json") if name < round_id]
        if not before or not predictions:
            return None
        kept = json.loads(self._path(before[-1]).read_text(encoding="utf-8"))
        if kept["identity"] != self.identity:
            return None
        old = [tuple(sorted(labels)) for labels in kept["predictions"]]
        new = [tuple(sorted(labels)) for labels in predictions]
        changed = sum(one != other for one, other in zip(old, new, strict=True)) / len(new)
        return Comparison(changed_share=changed, kappa=_kappa(old, new, 1 - changed))

    def keep(self, predictions: Predictions, *, round_id: int, keep: int) -> None:
        """Write the predictions down for the next round; forget all but the last `keep` rounds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"identity": self.identity, "predictions": predictions})
        replace(self._path(round_id), text.encode())
        forget_rounds(self.folder, ".json", keep=keep)

    def _path(self, round_id: int) -> Path:
        return self.folder / f"{round_id}.json"


def _kappa(old: Predictions, new: Predictions, agreed: float) -> float:
    """Return Cohen's kappa of two rounds' predictions."""
    n, before, after = len(new), Counter(old), Counter(new)
    by_chance = sum(before[labels] * after[labels] for labels in before) / n**2
    return 1.0 if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def predicted_share(predictions: Predictions, classes: Sequence[str]) -> dict[str, float]:
    """Return which part of the samples is predicted to be of each class."""
    counts = dict.fromkeys(classes, 0)
    for labels in predictions:
        for label in labels:
            counts[label] = counts.get(label, 0) + 1
    return {label: count / max(len(predictions), 1) for label, count in counts.items()}
