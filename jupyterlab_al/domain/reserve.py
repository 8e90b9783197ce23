"""How many samples are kept for random checks."""

from __future__ import annotations

import math


def reserved(n_samples: int, check_share: float) -> int:
    """Return how many samples are kept for checks: enough for the share of a pool fully labeled.

    >>> reserved(95, 0.1)
    10
    """
    return min(n_samples, math.ceil(n_samples * check_share))
