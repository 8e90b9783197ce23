"""Strategies that draw at random, the likelier the more a sample is worth."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from jupyterlab_al.strategies.base import Utilities
from jupyterlab_al.strategies.probabilities import Probabilities
from jupyterlab_al.strategies.uncertainty import MarginSampling


class PowerMargin(MarginSampling):
    """Draw samples with a power of their margin utility as weight.

    Several samples chosen together are less alike than the best ones would be, and every sample
    has a known probability of being drawn, so that figures can be computed from chosen labels.

    Parameters
    ----------
    beta : float, default=8.0
        0 draws uniformly; the higher, the nearer to the best first.

    References
    ----------
    Kirsch, A., Farquhar, S., Atighehchian, P., Jesson, A., Branchaud-Charron, F., & Gal, Y.
    (2023). Stochastic batch acquisition: a simple baseline for deep active learning. TMLR.
    arXiv:2106.12059.
    """

    sampled: ClassVar[bool] = True

    def __init__(self, *, beta: float = 8.0) -> None:
        self.beta = beta

    def _from_proba(self, proba: Probabilities) -> Utilities:
        weights: Utilities = np.power(super()._from_proba(proba), self.beta)
        return weights
