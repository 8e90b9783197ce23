"""The interval around an accuracy that was counted on random checks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, hypergeom

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.domain.interval import wilson


@given(n=st.integers(1, 500), data=st.data())
def test_it_agrees_with_scipy(n: int, data: st.DataObject) -> None:
    """For an endless pool the ends are those of scipy's Wilson interval."""
    correct = data.draw(st.integers(0, n))

    ours = wilson(correct, n, population=None)

    theirs = binomtest(correct, n).proportion_ci(method="wilson")
    assert (ours.value, ours.n) == (correct / n, n)
    assert ours.low == pytest.approx(theirs.low, abs=1e-9)
    assert ours.high == pytest.approx(theirs.high, abs=1e-9)


@given(population=st.integers(1, 500), data=st.data())
def test_a_finite_pool_gives_a_narrower_interval(population: int, data: st.DataObject) -> None:
    """The interval lies around the value, in what is still possible, and never gets wider."""
    n = data.draw(st.integers(1, population))
    correct = data.draw(st.integers(0, n))

    finite, endless = wilson(correct, n, population=population), wilson(correct, n, population=None)

    assert correct / population - 1e-12 <= finite.low <= finite.value
    assert finite.value <= finite.high <= 1 - (n - correct) / population + 1e-12
    assert finite.high - finite.low <= endless.high - endless.low + 1e-12


@pytest.mark.parametrize(("n", "population"), [(20, 100), (50, 200), (100, 1797)])
def test_it_holds_the_true_share_as_often_as_it_says(n: int, population: int) -> None:
    """Over all true shares, 95 of 100 intervals from a finite pool hold the true one."""
    intervals = [wilson(correct, n, population=population) for correct in range(n + 1)]
    lows, highs = (np.array([getattr(i, end) for i in intervals]) for end in ("low", "high"))

    true_counts = np.linspace(0, population, 101).astype(int)
    held = np.array(
        [
            hypergeom.pmf(range(n + 1), population, true, n)
            @ ((lows - 1e-9 <= true / population) & (true / population <= highs + 1e-9))
            for true in true_counts
        ]
    )

    assert held.mean() == pytest.approx(0.95, abs=0.015)
    assert held[10:-10].min() > 0.89


def test_it_holds_the_true_share_as_often_as_it_says_in_an_endless_pool() -> None:
    """Over all true shares, 95 of 100 intervals hold the true one."""
    n, shares = 60, np.linspace(0.01, 0.99, 197)
    intervals = [wilson(correct, n, population=None) for correct in range(n + 1)]

    held = [
        sum(binom.pmf(k, n, p) for k, i in enumerate(intervals) if i.low <= p <= i.high)
        for p in shares
    ]

    assert np.mean(held) == pytest.approx(0.95, abs=0.01)


def test_a_pool_that_is_all_checks_is_certain() -> None:
    """Where everything was counted, nothing is left to guess."""
    shown = wilson(7, 10, population=10)

    assert (shown.low, shown.value, shown.high) == (0.7, 0.7, 0.7)


def test_all_right_is_not_certain() -> None:
    """Ten of ten right leaves room for errors that were not met."""
    shown = wilson(10, 10, population=None)

    assert shown.high == 1.0
    assert shown.low == pytest.approx(0.722, abs=0.001)


@pytest.mark.parametrize(
    ("correct", "n", "population", "level"),
    [(0, 0, None, 0.95), (3, 2, None, 0.95), (-1, 2, None, 0.95), (1, 5, 4, 0.95), (1, 2, None, 1)],
)
def test_counts_that_cannot_be_are_refused(
    correct: int, n: int, population: int | None, level: float
) -> None:
    """No checks, more right than counted or more checks than samples is a clear error."""
    with pytest.raises(InvalidSettingError):
        wilson(correct, n, population=population, level=level)
