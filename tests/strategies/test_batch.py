"""Strategies that choose samples together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer, StandardScaler

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.strategies.base import LabeledSet
from jupyterlab_al.strategies.batch import BatchStrategy, Shortlist
from jupyterlab_al.strategies.diversity import Badge, Density, Falcun, Herding, UncertaintyHerding
from jupyterlab_al.strategies.names import names
from jupyterlab_al.strategies.registry import seeded_strategy, strategy_class
from jupyterlab_al.strategies.typical import TypicalFirst, typical_first
from jupyterlab_al.strategies.uncertainty import MarginSampling

BATCH = [name for name in names() if issubclass(strategy_class(name), BatchStrategy)]
#: Strategies that can't take several labels a sample.
ONE_LABEL = {"scikit_activeml"}
CENTERS = np.array([[0, 0], [10, 0], [0, 10], [10, 10]], dtype=np.float32)


def groups(n: int = 25, seed: int = 0) -> Any:
    """Return samples around four centers, group after group."""
    rng = np.random.default_rng(seed)
    return np.concatenate(
        [center + rng.normal(scale=0.5, size=(n, 2)) for center in CENTERS]
    ).astype(np.float32)


def shortlist(X: Any, labeled: LabeledSet | None = None, **changes: Any) -> Shortlist:
    """Return a shortlist with an estimator that knows left from right."""
    estimator = LogisticRegression().fit(CENTERS, ["left", "right", "left", "right"])
    given: dict[str, Any] = {
        "X": X,
        "utilities": MarginSampling().score(X, estimator=estimator),
        "at_random": np.ones(X.shape[0], dtype=np.bool_),
        "estimator": estimator,
        "labeled": labeled,
    }
    return Shortlist(**(given | changes))


@pytest.mark.parametrize("name", BATCH)
class TestEveryBatchStrategy:
    @pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
    def test_chooses_each_candidate_once(self, name: str, *, sparse: bool) -> None:
        """As many as asked for, in an order that the seed repeats."""
        X = csr_matrix(groups()) if sparse else groups()
        labeled = LabeledSet(X=X[:2], y=["left", "right"])

        orders = [
            seeded_strategy(name, {}, seed=3).choose(shortlist(X, labeled), 12)  # type: ignore[attr-defined]
            for _ in range(2)
        ]

        assert len(set(orders[0].tolist())) == 12
        assert orders[0].tolist() == orders[1].tolist()

    @pytest.mark.parametrize("n", [1, 3])
    def test_takes_fewer_candidates_than_asked_for(self, name: str, n: int) -> None:
        """With few candidates left, no place is chosen twice and none is made up."""
        order = seeded_strategy(name, {}, seed=0).choose(shortlist(groups()[:n]), 12)  # type: ignore[attr-defined]

        assert len(order) <= n
        assert set(order.tolist()) <= set(range(n))

    def test_takes_samples_that_are_all_alike(self, name: str) -> None:
        """A pool of copies is no reason to fail."""
        order = seeded_strategy(name, {}, seed=0).choose(  # type: ignore[attr-defined]
            shortlist(np.ones((20, 2), dtype=np.float32)), 5
        )

        assert len(set(order.tolist())) == len(order)

    def test_takes_several_labels_a_sample(self, name: str) -> None:
        """In multi-label projects it chooses as well, or says that it can't."""
        X = groups()
        lists = [["a"] if i % 2 else ["b", "c"] for i in range(100)]
        estimator = OneVsRestClassifier(LogisticRegression()).fit(
            X, MultiLabelBinarizer().fit_transform(lists)
        )
        labeled = LabeledSet(X=X[:4], y=lists[:4])

        candidates = shortlist(X, labeled, estimator=estimator)
        strategy: Any = seeded_strategy(name, {}, seed=0)
        if name in ONE_LABEL:
            with pytest.raises(InvalidSettingError, match="one label a sample"):
                strategy.choose(candidates, 5)
        else:
            assert len(set(strategy.choose(candidates, 5).tolist())) == 5


class TestHerding:
    def test_covers_each_group_before_any_twice(self) -> None:
        """Four choices among four groups are one of each."""
        order = Herding().choose(shortlist(groups()), 4)

        assert sorted(order // 25) == [0, 1, 2, 3]

    def test_goes_where_no_labels_are(self) -> None:
        """A group that is labeled comes last."""
        X = groups()
        labeled = LabeledSet(X=X[:75:25], y=["left", "right", "left"])

        assert Herding().choose(shortlist(X, labeled), 1)[0] // 25 == 3

    def test_uncertainty_herding_covers_what_is_unsure(self) -> None:
        """Samples the estimator is sure about need no cover."""
        sure = np.full(100, 0.01)
        sure[50:75] = 1.0

        order = UncertaintyHerding().choose(shortlist(groups(), utilities=sure), 1)

        assert order[0] // 25 == 2

    def test_a_small_pool_is_covered_where_it_is_unsure_only(self) -> None:
        """Of 100 samples the 32 most unsure ones may be asked, however much others would cover."""
        utilities = np.linspace(0, 1, 100)

        order = UncertaintyHerding(focus=0.0).choose(shortlist(groups(), utilities=utilities), 4)

        assert order.min() >= 68

    def test_distances_are_those_the_classifier_sees(self) -> None:
        """A scaler in the estimator's pipeline also scales the distances."""
        X = groups()
        X[:, 1] *= 1000
        estimator = make_pipeline(StandardScaler(), LogisticRegression()).fit(
            X, np.repeat(["left", "right", "left", "right"], 25)
        )

        order = Herding().choose(shortlist(X, estimator=estimator), 4)

        assert sorted(order // 25) == [0, 1, 2, 3]


class TestBadge:
    def test_does_not_ask_the_same_twice(self) -> None:
        """Copies of an unsure sample have the same gradient: one of them is enough."""
        copies = np.tile(np.array([[5.0, 5.0]], dtype=np.float32), (50, 1))
        X = np.concatenate([copies, groups()])

        order = Badge(random_state=0).choose(shortlist(X), 5)

        assert np.count_nonzero(order < 50) <= 1

    def test_gradients_are_those_of_the_loss(self) -> None:
        """The first choice has the longest outer product of residual and features."""
        candidates = shortlist(groups())
        residual = candidates.proba().copy()
        residual[np.arange(100), residual.argmax(axis=1)] -= 1
        gradients = np.einsum("ij,ik->ijk", residual, candidates.X).reshape(100, -1)

        order = Badge(random_state=0).choose(candidates, 3)

        assert order[0] == np.argmax((gradients**2).sum(axis=1))


class TestFalcun:
    def test_prefers_what_is_unsure(self) -> None:
        """With a high power the choices are among the most unsure."""
        utilities = np.linspace(0, 1, 100)

        order = Falcun(gamma=50, random_state=0).choose(shortlist(groups(), utilities=utilities), 1)

        assert order[0] >= 75


class TestDensity:
    def test_an_outlier_comes_last(self) -> None:
        """Of samples that are equally unsure, the one that no other is like comes last."""
        X = np.concatenate([groups(), [[500.0, 500.0]]]).astype(np.float32)

        order = Density().choose(shortlist(X, utilities=np.ones(101)), 101)

        assert order[-1] == 100


class TestTypical:
    def test_asks_for_the_middle_of_each_group(self) -> None:
        """Four choices are near the four centers, nearer than most of their group."""
        X = groups(n=60)

        order = typical_first(X, None, n=4, random_state=0)

        assert sorted(order // 60) == [0, 1, 2, 3]
        for place in order:
            center = CENTERS[place // 60]
            of_group = np.linalg.norm(X[place // 60 * 60 :][:60] - center, axis=1)
            assert np.linalg.norm(X[place] - center) < np.median(of_group)

    def test_groups_without_labels_come_first(self) -> None:
        """What is labeled already is not asked for again."""
        X = groups()

        order = typical_first(X, X[[0, 1, 25, 26, 50, 51]], n=1, random_state=0)

        assert order[0] // 25 == 3

    @pytest.mark.parametrize(
        ("y", "phase"),
        [
            (["a", "b", "a", "b"], "explore"),
            (["a", "b"] * 3, "refine"),
            (["a"] * 9 + ["b"] * 2, "explore"),
            ([["a", "b"], ["a"], ["a", "b"], ["b"]], "refine"),
        ],
    )
    def test_the_other_strategy_takes_over_once_classes_have_labels(
        self, y: list[Any], phase: str
    ) -> None:
        """Three labels of each class that was seen end the first phase."""
        labeled = LabeledSet(X=np.zeros((len(y), 2)), y=y)

        ready = TypicalFirst(then="margin").ready(estimator=None, labeled=labeled)

        assert ready.phase == phase
        assert type(ready) is (TypicalFirst if phase == "explore" else MarginSampling)
