"""How sure one can be of a share that was counted on random checks."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from jupyterlab_al.domain.errors import InvalidSettingError

#: Variances below are what rounding leaves of none.
_ROUNDING = 1e-12


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """A share with the range in which the true one lies."""

    #: The share counted, 0 to 1.
    value: float
    #: Lower end, 0 to 1.
    low: float
    #: Upper end, 0 to 1.
    high: float
    #: Number of checks that were counted.
    n: int


def wilson(correct: int, n: int, *, population: int | None, level: float = 0.95) -> Interval:
    """Return the Wilson interval of ``correct / n``, narrower where the pool is nearly counted.

    Parameters
    ----------
    correct : int
        Checks on which the estimator was right.
    n : int
        Checks in all, at least 1, drawn without replacement.
    population : int or None
        Size of the pool they were drawn from; None for an endless one.
    level : float, default=0.95
        How often such intervals hold the true share.

    Returns
    -------
    Interval

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association, 22(158), 209-212. The finite-pool correction
    divides the variance by (N - 1) / (N - n): Cochran, W. G. (1977). Sampling techniques, ch. 3.

    Examples
    --------
    >>> shown = wilson(45, 50, population=None)
    >>> round(shown.low, 2), shown.value, round(shown.high, 2)
    (0.79, 0.9, 0.96)
    """
    _require_counts(correct, n, population, level)
    value = correct / n
    if population is None:
        low, high = _wilson(value, float(n), level)
        return Interval(value=value, low=low, high=high, n=n)
    if n == population:
        return Interval(value=value, low=value, high=value, n=n)
    low, high = _wilson(value, n * (population - 1) / (population - n), level)
    # What was counted is certain: it bounds the whole pool's share from both sides.
    least, most = correct / population, 1.0 - (n - correct) / population
    return Interval(value=value, low=max(low, least), high=min(high, most), n=n)


def wilson_of_estimate(value: float, variance: float, n: int, *, level: float = 0.95) -> Interval:
    """Return the Wilson interval of a share that was estimated, not counted.

    It is that of as many independent trials as would give the estimate's variance [1]_. Where
    nothing varied, the checks are taken for such trials: always right is not certain.

    Parameters
    ----------
    value : float
        The estimate, 0 to 1.
    variance : float
        Of the estimate, as found from the checks.
    n : int
        Checks that it comes from, at least 1.
    level : float, default=0.95
        How often such intervals hold the true share.

    Returns
    -------
    Interval

    References
    ----------
    .. [1] Korn, E. L., & Graubard, B. I. (1998). Confidence intervals for proportions with small
       expected number of positive counts estimated from survey data. Survey Methodology, 24(2),
       193-201: the effective sample size, which they put into another interval than Wilson's.

    Examples
    --------
    >>> counted, estimated = wilson(45, 50, population=None), wilson_of_estimate(0.9, 0.0018, 50)
    >>> round(counted.low, 6) == round(estimated.low, 6)
    True
    """
    spread = value * (1.0 - value)
    trials = spread / variance if variance > _ROUNDING and spread > 0.0 else float(n)
    low, high = _wilson(value, trials, level)
    return Interval(value=value, low=low, high=high, n=n)


def _wilson(value: float, n: float, level: float) -> tuple[float, float]:
    """Return the ends of the interval for a share seen in `n` independent trials."""
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    center = (value + z * z / (2.0 * n)) / (1.0 + z * z / n)
    half = z / (1.0 + z * z / n) * sqrt(value * (1.0 - value) / n + z * z / (4.0 * n * n))
    return min(value, max(0.0, center - half)), max(value, min(1.0, center + half))


def _require_counts(correct: int, n: int, population: int | None, level: float) -> None:
    """Raise InvalidSettingError for counts that can't be."""
    if not 0 <= correct <= n or n < 1:
        raise InvalidSettingError(f"{correct} right of {n} checks can't be; at least 1 is needed.")
    if population is not None and population < n:
        raise InvalidSettingError(f"{n} checks can't come from a pool of {population}.")
    if not 0.0 < level < 1.0:
        raise InvalidSettingError(f"The level goes from 0 to 1 (both excluded), not {level}.")
