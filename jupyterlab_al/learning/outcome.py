"""What a round answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.interval import Interval
from jupyterlab_al.domain.lure import Estimate
from jupyterlab_al.learning.agreement import Agreement
from jupyterlab_al.learning.evaluation import CheckFigures, Comparison
from jupyterlab_al.learning.gain import Gain
from jupyterlab_al.learning.pool_utilities import UtilityHistogram
from jupyterlab_al.learning.task import Doubts, Integers


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundOutcome:
    """What a round found out."""

    #: The new order, best first.
    sample_ids: Integers
    utilities: npt.NDArray[np.float64]
    #: The probability with which each was drawn in its turn; 1 where nothing is by chance.
    draw_probabilities: npt.NDArray[np.float64]
    #: Whether the strategy gets to know the data, or asks where the estimator is unsure.
    strategy_phase: str
    #: Mean utility of all candidates; None when none are left.
    utility_mean: float | None
    #: How the utilities of all candidates are spread; None where only the order was wanted.
    utility_histogram: UtilityHistogram | None
    #: How many samples were scored, and how many could have been, given time.
    n_scored: int
    n_candidates: int
    #: How unsure the estimator is of samples without a label, 0 (sure) to 1, whatever the strategy;
    #: None where there are none, and where only the order was wanted.
    uncertainty: float | None
    #: How far the predictions are those of the round before; None in the first round.
    comparison: Comparison | None
    #: None without checks, and where only the order was wanted.
    checks: CheckFigures | None
    #: What choosing gained; None while too little is known, or it would take too long.
    gain: Gain | None
    #: Accuracy from the labels drawn by chance; None unless all were.
    second_reading: Estimate | None
    #: Labels that are likely wrong, from the last round that looked; None before the first.
    doubts: Doubts | None
    #: How far annotators agree; None where no sample has two of them.
    annotators: Agreement | None
    n_train: int
    n_checks: int
    #: Classes that the estimator was fitted on, in the project's order.
    classes_seen: tuple[str, ...]
    #: None where only the order was wanted.
    model_path: Path | None
    model_sha256: str | None
    #: Wall clock of fit (saving included), evaluate, score and rank; disjoint.
    seconds: Mapping[str, float]
    #: Which part of the pool is predicted to be of each class, estimated on the stop set.
    predicted_share: Mapping[str, float]
    #: What the estimator warned about, e.g. that it did not converge.
    warnings: tuple[str, ...]

    @property
    def accuracy(self) -> Interval | None:
        """Accuracy on the random checks; None without any."""
        return self.checks.accuracy if self.checks else None

    @property
    def changed_share(self) -> float | None:
        """Part of the stop set that the round before predicted differently."""
        return self.comparison.changed_share if self.comparison else None

    @property
    def agreement(self) -> float | None:
        """Agreement with the round before beyond chance (kappa)."""
        return self.comparison.kappa if self.comparison else None
