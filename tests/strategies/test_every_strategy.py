"""What every query strategy must do, over all registered ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.utils import estimator_checks

from jupyterlab_al.strategies.base import QueryStrategy
from jupyterlab_al.strategies.names import names
from jupyterlab_al.strategies.registry import create

#: The most unsure row first, the surest last, whatever uncertainty means.
UNSURE_FIRST = np.array([[0.34, 0.33, 0.33], [0.5, 0.4, 0.1], [0.7, 0.2, 0.1], [1.0, 0.0, 0.0]])
#: Strategies that don't look at the estimator, with the reason.
BLIND = {"random": "the baseline asks about any sample"}


class Oracle:
    """A fitted classifier whose probabilities are its features."""

    classes_ = np.array(["a", "b", "c"])

    def predict_proba(self, X: Any) -> Any:
        """Return the features."""
        return X


@pytest.fixture(params=names())
def strategy(request: pytest.FixtureRequest) -> QueryStrategy:
    """Each registered strategy."""
    return create(request.param, {})


class TestEveryStrategy:
    def test_gives_one_float_a_candidate(self, strategy: QueryStrategy) -> None:
        """A real estimator with string labels gives one finite number for each row."""
        rng = np.random.default_rng(0)
        X = rng.normal(size=(30, 4)).astype(np.float32)
        estimator = LogisticRegression().fit(X, np.array(["x", "y", "z"])[np.arange(30) % 3])

        utilities = strategy.score(X, estimator=estimator)

        assert utilities.shape == (30,)
        assert np.issubdtype(utilities.dtype, np.floating)
        assert np.isfinite(utilities).all()

    def test_takes_no_candidates(self, strategy: QueryStrategy) -> None:
        """An empty chunk gives an empty array."""
        assert strategy.score(UNSURE_FIRST[:0], estimator=Oracle()).shape == (0,)

    def test_works_with_two_classes(self, strategy: QueryStrategy) -> None:
        """Two classes are enough."""
        X = np.array([[0.0], [1.0], [2.0], [3.0]])
        estimator = LogisticRegression().fit(X, ["no", "no", "yes", "yes"])

        assert np.isfinite(strategy.score(X, estimator=estimator)).all()

    def test_changes_nothing(self, strategy: QueryStrategy) -> None:
        """Scoring leaves features and parameters as they were."""
        X, before = UNSURE_FIRST.copy(), strategy.get_params()
        X.flags.writeable = False

        strategy.score(X, estimator=Oracle())

        assert np.array_equal(X, UNSURE_FIRST)
        assert strategy.get_params() == before
        assert vars(strategy) == before

    def test_survives_clone(self, strategy: QueryStrategy) -> None:
        """A clone has the same parameters."""
        assert clone(strategy).get_params() == strategy.get_params()

    @pytest.mark.parametrize(
        "check",
        [
            estimator_checks.check_no_attributes_set_in_init,
            estimator_checks.check_get_params_invariance,
            estimator_checks.check_set_params,
            estimator_checks.check_parameters_default_constructible,
        ],
        ids=lambda check: check.__name__,
    )
    def test_follows_scikit_learn(self, strategy: QueryStrategy, check: Any) -> None:
        """Scikit-learn's own checks of parameters pass."""
        check(type(strategy).__name__, strategy)


@pytest.mark.parametrize("name", [name for name in names() if name not in BLIND])
def test_prefers_the_unsure_sample(name: str) -> None:
    """The less sure the estimator, the higher the utility, between 0 and 1."""
    utilities = create(name, {}).score(UNSURE_FIRST, estimator=Oracle())

    assert np.all(np.diff(utilities) < 0)
    assert utilities.min() >= 0
    assert utilities.max() <= 1


def test_the_registry_is_not_empty() -> None:
    """The common test covers at least the strategies we ship."""
    assert {"default", "margin", "entropy", "least_confidence", "random"} <= set(names())
