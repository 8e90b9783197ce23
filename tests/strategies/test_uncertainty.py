"""The exact utilities of the strategies that we ship."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import SVC, LinearSVC

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.strategies.base import QueryStrategy
from jupyterlab_al.strategies.probabilities import probabilities
from jupyterlab_al.strategies.uncertainty import EntropySampling, LeastConfidence, MarginSampling

PROBA = np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3]])


class Stub:
    """A fitted classifier that answers with given numbers."""

    def __init__(self, answer: Any, *, n_classes: int = 3) -> None:
        self.answer, self.classes_ = answer, np.array(list("abcdef"))[:n_classes]

    def predict_proba(self, X: Any) -> Any:
        """Return the given numbers."""
        return self.answer


class TwoNumbers(QueryStrategy):
    """A broken strategy."""

    def _score(self, X: Any, estimator: Any, labeled: Any) -> Any:
        return np.zeros(2)


class CountOfOnes(QueryStrategy):
    """A strategy that gives whole numbers."""

    def _score(self, X: Any, estimator: Any, labeled: Any) -> Any:
        return np.count_nonzero(X == 1.0, axis=1)


class TestUtilities:
    @pytest.mark.parametrize(
        ("strategy", "expected"),
        [
            (MarginSampling(), [0.8, 0.0, 1.0]),
            (LeastConfidence(), [0.5, 0.0, 2 / 3]),
            (EntropySampling(), [1.0296530 / np.log(3), 0.0, 1.0]),
        ],
        ids=repr,
    )
    def test_by_hand(self, strategy: QueryStrategy, expected: list[float]) -> None:
        """The numbers are those of the literature, worked out by hand."""
        assert_allclose(strategy.score(PROBA, estimator=Stub(PROBA)), expected, atol=1e-7)

    @pytest.mark.parametrize("n_classes", [2, 3, 10, 32, 33, 200])
    def test_margins_of_any_number_of_classes(self, n_classes: int) -> None:
        """The margin is that of a full sort, ties included."""
        proba = np.random.default_rng(0).integers(0, 4, size=(300, n_classes)) / 4
        ordered = np.sort(proba, axis=1)
        estimator = Stub(proba)
        estimator.classes_ = np.arange(n_classes)

        utilities = MarginSampling().score(proba, estimator=estimator)

        assert_allclose(utilities, 1 - (ordered[:, -1] - ordered[:, -2]))

    @pytest.mark.parametrize("strategy", [MarginSampling(), LeastConfidence(), EntropySampling()])
    def test_float32_stays_float32(self, strategy: QueryStrategy) -> None:
        """Numbers of four bytes are not turned into numbers of eight."""
        proba = PROBA.astype(np.float32)

        assert strategy.score(proba, estimator=Stub(proba)).dtype == np.float32

    def test_several_labels_are_several_questions(self) -> None:
        """With several labels a sample, the utility is the mean over the classes."""
        yes = np.array([[0.5, 0.5, 0.5], [0.9, 0.1, 1.0], [0.5, 1.0, 0.0]])
        estimator = Stub(yes)
        estimator.multilabel_ = True

        utilities = MarginSampling().score(yes, estimator=estimator)

        assert_allclose(utilities, [1.0, 0.4 / 3, 1 / 3])

    def test_whole_numbers_become_floats(self) -> None:
        """A strategy may count votes; what comes out is a float all the same."""
        utilities = CountOfOnes().score(PROBA, estimator=None)

        assert utilities.tolist() == [0.0, 1.0, 0.0]
        assert utilities.dtype == np.float64

    def test_a_wrong_number_of_utilities_is_refused(self) -> None:
        """A strategy that doesn't give one number a candidate is named."""
        with pytest.raises(RoundFailedError, match=r"TwoNumbers gave numbers of shape \(2,\)"):
            TwoNumbers().score(PROBA, estimator=None)


class TestProbabilities:
    @pytest.mark.parametrize("estimator", [LinearSVC(), RidgeClassifier(), SVC()], ids=repr)
    @pytest.mark.parametrize("n_classes", [2, 4])
    def test_distances_become_probabilities(self, estimator: Any, n_classes: int) -> None:
        """Without predict_proba the class predicted is the likeliest, and rows sum to 1."""
        rng = np.random.default_rng(1)
        X = rng.normal(size=(80, 5))
        y = np.array(list("abcd"))[np.argmax(X[:, :n_classes], axis=1)]
        estimator.fit(X, y)

        proba = probabilities(estimator, X)

        assert proba.shape == (80, n_classes)
        assert_allclose(proba.sum(axis=1), 1.0)
        assert np.array_equal(estimator.classes_[proba.argmax(axis=1)], estimator.predict(X))

    @pytest.mark.parametrize("inner", [LogisticRegression(), LinearSVC()], ids=repr)
    def test_several_labels(self, inner: Any) -> None:
        """A multi-label classifier gives one yes-or-no probability a class."""
        rng = np.random.default_rng(1)
        X = rng.normal(size=(60, 3))
        estimator = OneVsRestClassifier(inner).fit(X, (X > 0).astype(int))

        proba = probabilities(estimator, X)

        assert proba.shape == (60, 3)
        assert np.mean((proba > 0.5) == (X > 0)) > 0.9
        assert not np.allclose(proba.sum(axis=1), 1.0)

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_numbers_that_are_none_are_refused(self, bad: float) -> None:
        """NaN and infinity fail with the number of samples concerned."""
        proba = PROBA.copy()
        proba[1, 0] = bad

        with pytest.raises(RoundFailedError, match="NaN or infinite probabilities for 1 of 3"):
            probabilities(Stub(proba), PROBA)

    def test_opposite_infinities_are_refused(self) -> None:
        """Infinities that cancel out are found as well."""
        proba = np.array([[np.inf, -np.inf, 0.5]])

        with pytest.raises(RoundFailedError, match="1 of 1"):
            probabilities(Stub(proba), proba)

    @pytest.mark.parametrize("answer", [PROBA[:, :2], PROBA[:2], PROBA[:, 0]])
    def test_a_wrong_shape_is_refused(self, answer: Any) -> None:
        """Anything but one number a sample and class fails and says what is needed."""
        with pytest.raises(RoundFailedError, match=r"where \(3, 3\) \(samples, classes\)"):
            probabilities(Stub(answer), PROBA)

    def test_an_estimator_without_probabilities_is_refused(self) -> None:
        """The message says what the estimator lacks and a way out."""
        with pytest.raises(RoundFailedError, match="neither predict_proba nor decision_function"):
            probabilities(object(), PROBA)
