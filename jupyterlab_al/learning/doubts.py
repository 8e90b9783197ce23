"""Which labels are likely wrong, from what an estimator that never saw them says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.learning.failures import failing_as
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.fitting import fit
from jupyterlab_al.learning.task import Doubts, Integers, RoundTask

#: Parts that the labeled set is cut into; each is predicted by an estimator that did not see it.
FOLDS = 5
#: With fewer labels, or fewer of a class, an estimator knows too little to doubt any.
FEWEST_LABELS = 50
FEWEST_OF_A_CLASS = FOLDS
#: Labels are looked through again once there are so many times as many: cleanlab, and pandas which
#: it needs, take most of a second to import.
GROWTH = 1.25
#: Fits that would take longer than this in all are not made; in seconds.
LONGEST = 10.0
#: Out-of-sample agreement with the labels beyond chance (Cohen's kappa) that doubts need.
LEAST_KAPPA = 0.4
#: At most this part of the labels is doubted.
MOST_DOUBTED = 0.1

MISSING = (
    "Likely label errors are not looked for: that needs cleanlab. "
    "Install it with: pip install 'jupyterlab_al[quality]'"
)
MANY_LABELS = "Likely label errors are looked for where a sample has one label, not several."
UNSURE = "The model agrees too little with the labels to doubt any of them."
TOO_FEW = f"Likely label errors are looked for once {FEWEST_LABELS} labels teach the model."
TOO_SLOW = "Likely label errors are not looked for: training this model several times takes long."
PROBABILITIES = "The model gives no probabilities, which finding likely label errors needs."


def doubts_of(task: RoundTask, features: Features, *, fit_seconds: float) -> Doubts:
    """Return the labels that are likely wrong, looking for them where that is due.

    All looks of a project together cost `FOLDS` fits for each quarter that its labeled set grows,
    so that rounds in between stay as quick as they are: what the last look found holds until then.
    """
    before = task.doubted_before or Doubts(n_train=0, note=TOO_FEW)
    if len(task.labeled_ids) < max(FEWEST_LABELS, GROWTH * before.n_train):
        return before
    if FOLDS * fit_seconds > LONGEST:
        return replace(before, note=TOO_SLOW)
    return doubtful_labels(task, features)


def doubtful_labels(task: RoundTask, features: Features) -> Doubts:
    """Return the labels that are likely wrong.

    Each label is judged by the probabilities of an estimator that was fitted on other samples
    (cross-validation). Confident learning [1]_ (cleanlab) tells errors from samples that are just
    hard. Random checks are left out: were only those corrected that the model doubts, the accuracy
    would come out too good. Labels that were reviewed already are trusted.

    Parameters
    ----------
    task : RoundTask
        With the labeled set.
    features : Features
        Of the whole pool.

    References
    ----------
    .. [1] Northcutt, Jiang, Chuang (2021), Confident Learning: Estimating Uncertainty in Dataset
       Labels, Journal of Artificial Intelligence Research 70, arXiv:1911.00068.
    """
    nothing = Doubts(n_train=len(task.labeled_ids))
    if find_spec("cleanlab") is None:
        return replace(nothing, note=MISSING)
    if task.multi_label:
        return replace(nothing, note=MANY_LABELS)
    ids, y = _judged(task)
    if len(ids) < FEWEST_LABELS or len(np.unique(y)) < 2:
        return nothing
    try:
        proba = _out_of_sample(task, features, ids, y)
    except RoundFailedError:
        return replace(nothing, note=PROBABILITIES)
    if _kappa(y, proba) < LEAST_KAPPA:
        return replace(nothing, note=UNSURE)
    ranked = ids[likely_errors(y, proba)]
    trusted = np.isin(ranked, task.reviewed)
    most = max(1, int(MOST_DOUBTED * len(ids)))
    return replace(nothing, sample_ids=ranked[~trusted][:most])


def likely_errors(y: Sequence[int] | npt.NDArray[np.int64], proba: Any) -> npt.NDArray[np.int64]:
    """Return the places of labels that are likely wrong, the most doubtful first.

    Parameters
    ----------
    y : array of int, shape (n_labeled,)
        Labels as columns of `proba`.
    proba : array of float, shape (n_labeled, n_classes)
        Out-of-sample probabilities.
    """
    from cleanlab.filter import find_label_issues

    found = find_label_issues(
        np.asarray(y),
        np.asarray(proba, dtype=np.float64),
        return_indices_ranked_by="normalized_margin",
        n_jobs=1,
    )
    return np.asarray(found, dtype=np.int64)


def _judged(task: RoundTask) -> tuple[Integers, npt.NDArray[np.int64]]:
    """Return the samples whose classes have enough labels, and their labels as numbers."""
    order = np.argsort(task.labeled_ids, kind="stable")
    names = np.array([str(task.labeled_y[place]) for place in order], dtype=np.str_)
    _classes, y, counts = np.unique(names, return_inverse=True, return_counts=True)
    is_judged = (counts >= FEWEST_OF_A_CLASS)[y]
    _kept, y = np.unique(y[is_judged], return_inverse=True)
    return task.labeled_ids[order][is_judged], y


def _out_of_sample(
    task: RoundTask, features: Features, ids: Integers, y: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    from sklearn.model_selection import StratifiedKFold

    X = features.take(ids)
    proba = np.zeros((len(y), int(y.max()) + 1))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=task.seed % 2**32)
    for inside, outside in folds.split(np.zeros(len(y)), y):
        # As text, as in every fit of a round.
        names = [f"{label:06d}" for label in y[inside]]
        fitted = fit(task.estimator, X[inside], names, multi_label=False, seed=task.seed)
        columns = [int(name) for name in fitted.classes]
        with failing_as("Asking for probabilities", "Change the estimator."):
            proba[np.ix_(outside, columns)] = fitted.estimator.predict_proba(X[outside])
    if not np.isfinite(proba).all():
        raise RoundFailedError(PROBABILITIES)
    return proba


def _kappa(y: npt.NDArray[np.int64], proba: npt.NDArray[np.float64]) -> float:
    from sklearn.metrics import cohen_kappa_score

    return float(cohen_kappa_score(y, proba.argmax(axis=1)))
