"""Utilities to an order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.domain.ranking import RunningTop, rank

NAN = float("nan")
INF = float("inf")
few_values = st.sampled_from([0.0, 0.25, 0.5, 1.0, -1.0, INF, -INF, NAN])


class TestRank:
    def test_the_highest_utility_comes_first_and_nan_last(self) -> None:
        """Higher is better; NaN stands behind minus infinity."""
        utilities = np.array([0.2, NAN, INF, -INF, 0.7])

        order = rank(utilities, rng=np.random.default_rng(0))

        assert order.tolist() == [2, 4, 0, 3, 1]

    def test_ties_are_repeatable(self) -> None:
        """The same state of the generator gives the same order."""
        orders = [rank(np.zeros(100), rng=np.random.default_rng(4)).tolist() for _ in range(2)]

        assert orders[0] == orders[1]

    def test_ties_are_in_random_order(self) -> None:
        """Among equals, each is first equally often (chi-square)."""
        rng = np.random.default_rng(0)

        first = [rank(np.zeros(5), rng=rng)[0] for _ in range(5000)]

        assert chisquare(np.bincount(first, minlength=5)).pvalue > 1e-6


class TestRunningTop:
    @given(
        values=st.lists(few_values, max_size=120),
        k=st.integers(0, 40),
        size=st.integers(1, 50),
        seed=st.integers(0, 5),
    )
    @settings(max_examples=150, deadline=None)
    def test_chunks_never_change_the_result(
        self, values: list[float], k: int, size: int, seed: int
    ) -> None:
        """Any cut into chunks, in any order, keeps what one sort of everything keeps."""
        utilities, ids = np.array(values, dtype=np.float64), np.arange(len(values))
        whole, parts = RunningTop(len(values) + 1, seed=seed), RunningTop(k, seed=seed)

        whole.push(ids, utilities)
        for start in reversed(range(0, len(values), size)):
            parts.push(ids[start : start + size], utilities[start : start + size])

        assert parts.result()[0].tolist() == whole.result()[0].tolist()[:k]
        assert np.array_equal(parts.result()[1], whole.result()[1][:k], equal_nan=True)

    def test_the_best_come_first(self) -> None:
        """The result is ordered by utility, NaN behind all numbers."""
        top = RunningTop(4)

        top.push(np.array([10, 11, 12]), np.array([NAN, 0.1, 0.3]))
        top.push(np.array([13, 14]), np.array([0.2, NAN]))

        ids, utilities = top.result()
        assert ids.tolist()[:3] == [12, 13, 11]
        assert utilities[:3].tolist() == [0.3, 0.2, 0.1]
        assert np.isnan(utilities[3])

    def test_ties_are_random_over_the_seeds(self) -> None:
        """Among equals, each is kept equally often (chi-square)."""
        kept = np.zeros(10)

        for seed in range(3000):
            top = RunningTop(3, seed=seed)
            top.push(np.arange(10), np.zeros(10, dtype=np.float32))
            kept[top.result()[0]] += 1

        assert chisquare(kept).pvalue > 1e-6

    def test_float32_and_float64_chunks_can_be_mixed(self) -> None:
        """A newcomer that is better by less than float32 can tell is still taken."""
        top = RunningTop(1)

        top.push(np.array([0]), np.array([0.5]))
        top.push(np.array([1, 2]), np.array([0.5 + 1e-12, 0.5 - 1e-12]))
        top.push(np.array([3]), np.array([0.5], dtype=np.float32))

        assert top.result()[0].tolist() == [1]

    def test_a_negative_size_is_refused(self) -> None:
        """A queue can't hold less than nothing."""
        with pytest.raises(InvalidSettingError, match="at least 0"):
            RunningTop(-1)
