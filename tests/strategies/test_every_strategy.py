"""What every query strategy must do, over all registered ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.utils import estimator_checks

from jupyterlab_al.strategies.base import LabeledSet, QueryStrategy
from jupyterlab_al.strategies.names import BUILT_IN, names
from jupyterlab_al.strategies.registry import create

#: The most unsure row first, the surest last, whatever uncertainty means.
UNSURE_FIRST = np.array([[0.34, 0.33, 0.33], [0.5, 0.4, 0.1], [0.7, 0.2, 0.1], [1.0, 0.0, 0.0]])
#: Strategies that don't look at the estimator, with the reason.
BLIND = {
    "random": "the baseline asks about any sample",
    "committee": "it asks its own members",
}


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


def create_seeded(strategy: QueryStrategy) -> QueryStrategy:
    """Return the strategy with its randomness fixed, where it has any."""
    fixed = {"random_state": 0} if "random_state" in strategy.get_params() else {}
    return clone(strategy).set_params(**fixed)


@pytest.fixture
def labeled() -> LabeledSet:
    """Thirty labeled samples of three classes."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 3)).astype(np.float32)
    return LabeledSet(X=X, y=np.array(["x", "y", "z"])[np.arange(30) % 3].tolist())


class TestEveryStrategy:
    def test_gives_one_float_a_candidate(
        self, strategy: QueryStrategy, labeled: LabeledSet
    ) -> None:
        """A real estimator with string labels gives one finite number for each row."""
        estimator = LogisticRegression().fit(labeled.X, labeled.y)

        utilities = strategy.score(labeled.X, estimator=estimator, labeled=labeled)

        assert utilities.shape == (30,)
        assert np.issubdtype(utilities.dtype, np.floating)
        assert np.isfinite(utilities).all()

    def test_takes_sparse_features(self, strategy: QueryStrategy, labeled: LabeledSet) -> None:
        """CSR features give what dense ones give."""
        estimator = LogisticRegression().fit(labeled.X, labeled.y)
        sparse = LabeledSet(X=csr_matrix(labeled.X), y=labeled.y)

        both = [
            create_seeded(strategy).score(each.X, estimator=estimator, labeled=each)
            for each in (labeled, sparse)
        ]

        assert_allclose(both[0], both[1], atol=1e-3)

    def test_takes_several_labels_a_sample(
        self, strategy: QueryStrategy, labeled: LabeledSet
    ) -> None:
        """In multi-label projects utilities stay between 0 and 1."""
        lists = [["x"] if i % 3 else ["y", "z"] for i in range(30)]
        target = MultiLabelBinarizer().fit_transform(lists)
        estimator = OneVsRestClassifier(LogisticRegression()).fit(labeled.X, target)

        utilities = strategy.score(
            labeled.X, estimator=estimator, labeled=LabeledSet(X=labeled.X, y=lists)
        )

        assert utilities.shape == (30,)
        assert utilities.min() >= 0
        assert utilities.max() <= 1

    def test_works_with_two_classes(self, strategy: QueryStrategy) -> None:
        """Two classes are enough."""
        X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), ["no", "no", "yes", "yes"]
        estimator = LogisticRegression().fit(X, y)

        utilities = strategy.score(X, estimator=estimator, labeled=LabeledSet(X=X, y=y))

        assert np.isfinite(utilities).all()

    def test_changes_nothing(self, strategy: QueryStrategy, labeled: LabeledSet) -> None:
        """Scoring leaves features and parameters as they were."""
        X, before = labeled.X.copy(), strategy.get_params()
        X.flags.writeable = False

        strategy.score(X, estimator=LogisticRegression().fit(labeled.X, labeled.y), labeled=labeled)

        assert np.array_equal(X, labeled.X)
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
def test_takes_no_candidates(name: str) -> None:
    """An empty chunk gives an empty array."""
    assert create(name, {}).score(UNSURE_FIRST[:0], estimator=Oracle()).shape == (0,)


@pytest.mark.parametrize("name", [name for name in names() if name not in BLIND])
def test_prefers_the_unsure_sample(name: str) -> None:
    """The less sure the estimator, the higher the utility, between 0 and 1."""
    utilities = create(name, {}).score(UNSURE_FIRST, estimator=Oracle())

    assert np.all(np.diff(utilities) < 0)
    assert utilities.min() >= 0
    assert utilities.max() <= 1


def test_the_registry_is_not_empty() -> None:
    """The common test covers at least the strategies we ship."""
    assert set(BUILT_IN) <= set(names())
