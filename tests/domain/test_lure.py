"""An honest mean from draws that were not uniform."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.domain.lure import lure, lure_weights
from jupyterlab_al.domain.ranking import WeightedDraw


def drawn(weights: np.ndarray, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw as a round does."""
    draw = WeightedDraw(n, seed=seed)
    draw.push(np.arange(len(weights)), weights)
    ids, _, chances = draw.result()
    return ids, chances


def test_there_is_no_bias_over_a_thousand_runs() -> None:
    """The mean error is within two standard errors of zero, where the plain mean is far off."""
    rng = np.random.default_rng(0)
    wrong = np.arange(200) < 40
    # What the estimator gets wrong is drawn more often, as uncertainty sampling does.
    weights = np.where(wrong, 3.0, 1.0) * rng.uniform(0.5, 1.5, size=200)
    errors, plain = [], []

    for seed in range(1000):
        ids, chances = drawn(weights, 30, seed)
        found = lure(wrong[ids], chances, population=200)
        assert found is not None
        errors.append(found.value - wrong.mean())
        plain.append(wrong[ids].mean() - wrong.mean())

    assert abs(np.mean(errors)) < 2 * np.std(errors) / np.sqrt(1000)
    assert np.mean(plain) > 0.1


def test_several_rounds_with_other_weights_are_one_sequence() -> None:
    """Each draw needs the probability of its own turn, whichever round it came from."""
    rng = np.random.default_rng(1)
    wrong = rng.random(100) < 0.3
    errors = []

    for seed in range(1000):
        order: list[int] = []
        chances: list[float] = []
        for step in range(4):
            weights = rng.uniform(0.2, 2.0, size=100) + wrong
            left = np.setdiff1d(np.arange(100), order)
            draw = WeightedDraw(5, seed=seed * 7 + step)
            draw.push(left, weights[left])
            ids, _, of_turn = draw.result()
            order += ids.tolist()
            chances += of_turn.tolist()
        found = lure(wrong[order], chances, population=100)
        assert found is not None
        errors.append(found.value - wrong.mean())

    assert abs(np.mean(errors)) < 2 * np.std(errors) / np.sqrt(1000)


def test_all_samples_drawn_are_certain() -> None:
    """Whoever labeled everything needs no weights."""
    assert lure_weights([0.9, 0.5, 1.0], population=3).tolist() == [1, 1, 1]


def test_weights_are_those_of_the_paper() -> None:
    """A draw twice as likely as a uniform one weighs less, by the formula worked out by hand."""
    assert_allclose(
        lure_weights([2 / 4, 1 / 3], population=4), [1 + 2 / 3 * (1 / 2 - 1), 1 + 2 / 2 * 0]
    )


def test_one_draw_says_nothing() -> None:
    """A mean of one has no error to show."""
    assert lure([1.0], [0.1], population=10) is None


@pytest.mark.parametrize(
    ("chances", "population"), [([0.0, 0.5], 9), ([1.5, 0.5], 9), ([0.5] * 3, 2)]
)
def test_what_cannot_be_is_refused(chances: list[float], population: int) -> None:
    """Probabilities outside (0, 1] and too many draws are errors."""
    with pytest.raises(InvalidSettingError):
        lure_weights(chances, population=population)
