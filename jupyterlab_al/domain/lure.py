"""An estimate for the whole pool from samples that were not drawn uniformly."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import InvalidSettingError


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A mean with its standard error."""

    value: float
    standard_error: float
    #: Number of samples that it was computed from.
    n: int


def lure_weights(draw_probabilities: npt.ArrayLike, *, population: int) -> npt.NDArray[np.float64]:
    """Return the weight of each draw under which the mean is that of the whole pool.

    Parameters
    ----------
    draw_probabilities : array of float, shape (n_draws,)
        In the order of drawing, without replacement: the probability with which each sample was
        drawn among those that were left.
    population : int
        Size of the pool that was drawn from.

    Returns
    -------
    array of float, shape (n_draws,)

    Raises
    ------
    InvalidSettingError
        If there are more draws than samples, or a probability is not above 0 and at most 1.

    References
    ----------
    Farquhar, S., Gal, Y., & Rainforth, T. (2021). On statistical bias in active learning: how and
    when to fix it. ICLR 2021. arXiv:2101.11665 (the levelled unbiased risk estimator, LURE).

    Examples
    --------
    Uniform draws all weigh the same:

    >>> lure_weights([1 / 4, 1 / 3, 1 / 2], population=4).tolist()
    [1.0, 1.0, 1.0]
    """
    chances = np.asarray(draw_probabilities, dtype=np.float64)
    n = len(chances)
    if n > population:
        raise InvalidSettingError(f"{n} draws can't come from a pool of {population}.")
    if not ((chances > 0) & (chances <= 1)).all():
        raise InvalidSettingError("A sample that was drawn has a probability above 0, at most 1.")
    left = population - np.arange(n, dtype=np.float64)
    if n == population:
        return np.ones(n)
    # With m counted from 1: 1 + (N - M) / (N - m) * (1 / ((N - m + 1) q_m) - 1).
    weights: npt.NDArray[np.float64] = 1 + (population - n) / (left - 1) * (
        1 / (left * chances) - 1
    )
    return weights


def lure(
    values: npt.ArrayLike, draw_probabilities: npt.ArrayLike, *, population: int
) -> Estimate | None:
    """Return the mean that `values` would have over the whole pool; None for fewer than two draws.

    Parameters
    ----------
    values : array of float, shape (n_draws,)
        Of each sample drawn, in the order of drawing: 1 for a right prediction, for example. The
        prediction must not come from an estimator that was fitted on the sample.
    draw_probabilities : array of float, shape (n_draws,)
        As in `lure_weights`.
    population : int
        Size of the pool that was drawn from.

    Raises
    ------
    InvalidSettingError
        As in `lure_weights`.
    """
    known = np.asarray(values, dtype=np.float64)
    if len(known) < 2:
        return None
    weighted = lure_weights(draw_probabilities, population=population) * known
    return Estimate(
        value=float(weighted.mean()),
        standard_error=float(weighted.std(ddof=1)) / sqrt(len(known)),
        n=len(known),
    )
