"""The baseline: ask about any sample."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from jupyterlab_al.strategies.base import LabeledSet, QueryStrategy, Utilities


class RandomSampling(QueryStrategy):
    """Draw any sample with the same probability; what other strategies must beat."""

    sampled: ClassVar[bool] = True

    def _score(self, X: Any, estimator: Any, labeled: LabeledSet | None) -> Utilities:  # noqa: ARG002
        return np.ones(X.shape[0])
