"""How good the estimator is, from random checks, and how much it still changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.interval import Interval, wilson
from jupyterlab_al.domain.permutation import Permutation
from jupyterlab_al.learning.failures import failing_as
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.files import replace
from jupyterlab_al.learning.fitting import FittedEstimator, Labels

#: Samples on which the predictions of two rounds are compared.
STOP_SET_SIZE = 2000
#: Keeps the stop set apart from the samples that the same seed puts in the queue first.
_STOP_SALT = 0x5E705E75
_FOLDER = "predictions"

Predictions = list[tuple[str, ...]]


def accuracy(
    fitted: FittedEstimator,
    features: Features,
    check_ids: npt.NDArray[np.int64],
    check_y: Labels,
) -> Interval | None:
    """Return the share of random checks that the estimator gets right; None without checks.

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

    Returns
    -------
    Interval or None
        Wilson interval of 95 %, corrected for the size of the pool.
    """
    if len(check_ids) == 0:
        return None
    with failing_as(
        "Evaluating on the random checks", "Look at the features, or change the estimator."
    ):
        predicted = fitted.predict(features.take(check_ids))
    truth = [{y} if isinstance(y, str) else set(y) for y in check_y]
    right = sum(set(p) == t for p, t in zip(predicted, truth, strict=True))
    return wilson(right, len(check_ids), population=features.shape[0])


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

    def changed_share(self, predictions: Predictions, *, round_id: int) -> float | None:
        """Return the share of samples that the round before predicted differently, if any did."""
        before = [name for name in self._kept() if name < round_id]
        if not before or not predictions:
            return None
        kept = json.loads(self._path(before[-1]).read_text(encoding="utf-8"))
        if kept["identity"] != self.identity:
            return None
        pairs = zip(kept["predictions"], predictions, strict=True)
        return sum(set(old) != set(new) for old, new in pairs) / len(predictions)

    def keep(self, predictions: Predictions, *, round_id: int, keep: int) -> None:
        """Write the predictions down for the next round; forget all but the last `keep` rounds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"identity": self.identity, "predictions": predictions})
        replace(self._path(round_id), text.encode())
        for old in self._kept()[: -max(keep, 1)]:
            self._path(old).unlink()

    def _kept(self) -> list[int]:
        """Return the rounds whose predictions are kept, oldest first."""
        return sorted(int(path.stem) for path in self.folder.glob("*.json") if path.stem.isdigit())

    def _path(self, round_id: int) -> Path:
        return self.folder / f"{round_id}.json"


def predicted_share(predictions: Predictions, classes: Sequence[str]) -> dict[str, float]:
    """Return which part of the samples is predicted to be of each class."""
    counts = dict.fromkeys(classes, 0)
    for labels in predictions:
        for label in labels:
            counts[label] = counts.get(label, 0) + 1
    return {label: count / max(len(predictions), 1) for label, count in counts.items()}
