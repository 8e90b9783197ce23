"""Fitting on the labeled set."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import BaggingClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.learning.fitting import fit, seeded
from jupyterlab_al.learning.spec import EstimatorSpec


class TestSeeded:
    @pytest.mark.parametrize(("seed", "expected"), [(5, 5), (2**32 + 1, 1), (-1, 2**32 - 1)])
    def test_an_open_random_state_gets_the_seed(self, seed: int, expected: int) -> None:
        """Any whole number will do as a seed."""
        assert seeded(SGDClassifier(), seed).random_state == expected

    def test_a_given_random_state_stays(self) -> None:
        """What the person chose is kept, 0 included."""
        assert seeded(SGDClassifier(random_state=0), 5).random_state == 0

    def test_nested_estimators_get_it_too(self) -> None:
        """A wrapper's estimator is as repeatable as the wrapper."""
        wrapped = seeded(BaggingClassifier(SGDClassifier()), 5)

        assert (wrapped.random_state, wrapped.estimator.random_state) == (5, 5)

    def test_an_estimator_without_randomness_is_left_alone(self) -> None:
        """Estimators without the parameter work."""
        estimator = CalibratedClassifierCV(LogisticRegression(random_state=1))

        assert seeded(estimator, 5).get_params()["estimator__random_state"] == 1


def test_parameters_reach_the_fit(pool: Any) -> None:
    """The fitted estimator has the parameters of its spec."""
    spec = EstimatorSpec(import_path="sklearn.linear_model.LogisticRegression", params={"C": 0.01})

    fitted = fit(spec, pool.features.X, pool.y(slice(None)), multi_label=False, seed=0)

    assert fitted.estimator.C == 0.01
    assert fitted.warnings == ()


def test_a_long_message_is_cut(pool: Any) -> None:
    """A message of pages is cut so that a person can read it."""
    spec = EstimatorSpec(
        import_path="sklearn.linear_model.LogisticRegression", params={"solver": "x" * 5000}
    )

    with pytest.raises(RoundFailedError, match="InvalidParameterError") as caught:
        fit(spec, pool.features.X, pool.y(slice(None)), multi_label=False, seed=0)

    assert len(caught.value.message) < 700


class TestSeveralLabels:
    def test_a_class_that_all_samples_have_is_named(self, pool: Any) -> None:
        """scikit-learn knows it by its number; people know it by its name."""
        said = [["always", *(["high"] if row[0] > 0 else [])] for row in pool.features.X]
        spec = EstimatorSpec(import_path="sklearn.linear_model.LogisticRegression")

        fitted = fit(spec, pool.features.X, said, multi_label=True, seed=0)

        assert fitted.classes == ("always", "high")
        assert "class 'always'" in fitted.warnings[0]

    def test_one_class_alone_is_too_few(self, pool: Any) -> None:
        """With a single class so far, the round says that another one is needed."""
        said = [["high"] if row[0] > 0 else [] for row in pool.features.X]
        spec = EstimatorSpec(import_path="sklearn.linear_model.LogisticRegression")

        with pytest.raises(RoundFailedError, match="at least two classes") as caught:
            fit(spec, pool.features.X, said, multi_label=True, seed=0)

        assert caught.value.word == "too_few_classes"
