"""Utilities to an order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.domain.ranking import RunningTop, WeightedDraw, random_keys

NAN = float("nan")
INF = float("inf")
few_values = st.sampled_from([0.0, 0.25, 0.5, 1.0, -1.0, INF, -INF, NAN])


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

        ids, utilities, chances = top.result()
        assert ids.tolist()[:3] == [12, 13, 11]
        assert utilities[:3].tolist() == [0.3, 0.2, 0.1]
        assert np.isnan(utilities[3])
        assert chances.tolist() == [1, 1, 1, 1]

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


def test_random_keys_are_uniform_and_fixed_by_the_seed() -> None:
    """Each sample's number depends on seed and sample alone, and all numbers are equally likely."""
    keys = random_keys(np.arange(10_000), seed=1)

    assert np.array_equal(keys[5:7], random_keys([5, 6], seed=1))
    assert not np.array_equal(keys, random_keys(np.arange(10_000), seed=2))
    assert chisquare(np.histogram(keys, bins=20, range=(0, 1))[0]).pvalue > 1e-6


class TestWeightedDraw:
    def test_samples_are_drawn_by_their_weights(self) -> None:
        """The first of the draw is each sample as often as its weight says (chi-square)."""
        weights, first = np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4)

        for seed in range(4000):
            draw = WeightedDraw(2, seed=seed)
            draw.push(np.arange(4), weights)
            first[draw.result()[0][0]] += 1

        assert chisquare(first, 4000 * weights / weights.sum()).pvalue > 1e-6

    def test_each_probability_is_that_of_its_turn(self) -> None:
        """What is drawn is not put back: its weight is missing for those after it."""
        weights = np.array([1.0, 2.0, 3.0, 4.0])
        draw = WeightedDraw(3, seed=0)

        draw.push(np.array([0, 1]), weights[:2])
        draw.push(np.array([2, 3]), weights[2:])

        ids, found, chances = draw.result()
        left = 10.0 - np.concatenate([[0], np.cumsum(weights[ids])[:-1]])
        assert found.tolist() == pytest.approx(weights[ids].tolist())
        assert chances.tolist() == pytest.approx((weights[ids] / left).tolist())

    def test_nothing_is_worth_nothing(self) -> None:
        """A weight of zero leaves a sample to the end but does not make it impossible."""
        draw = WeightedDraw(5, seed=0)

        draw.push(np.arange(3), np.array([0.0, 1.0, 0.0]))

        ids, _, chances = draw.result()
        assert ids[0] == 1
        assert sorted(ids.tolist()) == [0, 1, 2]
        assert np.all((chances > 0) & (chances <= 1))
