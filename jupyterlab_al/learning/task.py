"""What a round is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.domain.settings import LOCAL
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.fitting import Labels
from jupyterlab_al.learning.spec import KeptSource

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubts:
    """Labels that are likely wrong."""

    #: Their samples, the most doubtful first; None where nothing (new) can be said.
    sample_ids: Integers | None = None
    #: Labels that were looked through.
    n_train: int
    #: Why nothing can be said.
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundTask:
    """All that a round needs to know; plain data that travels to another process."""

    #: Where models and predictions of the project are kept.
    project_folder: Path
    #: Where whoever starts the round finds the features to pass to `run_round`.
    features_folder: Path
    round_id: int
    #: Whether a new order is all that is wanted: nothing is evaluated, no estimator kept.
    order_only: bool = False
    estimator: KeptSource
    #: Name and parameters of the query strategy.
    strategy: tuple[str, Mapping[str, Any]]
    #: All classes of the project, in its order.
    classes: tuple[str, ...]
    multi_label: bool = False
    seed: int = 0
    #: How many samples the new order has at most.
    queue_size: int = 10_000
    n_samples: int
    #: The samples that train, and their labels.
    labeled_ids: Integers
    labeled_y: Labels
    #: Their places in the order of arrival, whatever numbers those are.
    labeled_order: Integers
    #: The probability with which each was drawn in its turn; NaN if it was not drawn.
    labeled_chances: npt.NDArray[np.float64]
    #: Which were drawn uniformly from all that were left.
    labeled_uniform: npt.NDArray[np.bool_]
    #: How many samples could be drawn at all: the pool without those kept for checks.
    n_drawable: int
    #: The random checks, and their labels; never fitted.
    check_ids: Integers
    check_y: Labels
    #: Samples that are no candidates, beyond those labeled and checked.
    excluded: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    #: Samples that people may see next though no strategy chose them; they are predicted too.
    upcoming: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    #: What each annotator says of the samples that several labeled, checks included.
    several: Sequence[Mapping[str, str | Sequence[str]]] = ()
    #: Samples whose labels were looked at again already.
    reviewed: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    #: What an earlier round said when it looked through the labels for errors.
    doubted_before: Doubts | None = None
    #: Where the pool is scored, as in `learning.executors.opened`.
    executor: str = LOCAL
    #: Longest that scoring should take, in seconds; of a pool that takes longer only a part is
    #: scored. 0: all, whatever it takes.
    score_seconds: float = 0.0
    #: How many rounds' estimators are kept.
    keep_models: int = 3


def require_sound(task: RoundTask, features: Features) -> None:
    """Raise RoundFailedError for a task that would give wrong numbers."""
    if features.shape[0] != task.n_samples:
        raise RoundFailedError(
            f"The features are of {features.shape[0]} samples, the project has {task.n_samples}. "
            "Prepare the dataset again."
        )
    for ids, y, what in (
        (task.labeled_ids, task.labeled_y, "labeled"),
        (task.check_ids, task.check_y, "checked"),
    ):
        if len(ids) != len(y):
            raise RoundFailedError(f"{len(ids)} samples are {what}, but there are {len(y)} labels.")
        outside = ids[(ids < 0) | (ids >= task.n_samples)]
        if len(outside):
            raise RoundFailedError(f"The {what} sample {outside[0]} is not in the pool.")
    both = np.intersect1d(task.labeled_ids, task.check_ids)
    if len(both):
        raise RoundFailedError(
            f"{len(both)} samples (the first: {both[0]}) are random checks and would train the "
            "estimator as well. The accuracy would be too good to be true."
        )
