"""What is said of an estimator: by class, against the round before, against random labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from jupyterlab_al.domain.interval import wilson
from jupyterlab_al.learning.evaluation import StopSet, check_figures
from jupyterlab_al.learning.fitting import FittedEstimator
from jupyterlab_al.learning.gain import compare
from jupyterlab_al.learning.round import run_round
from jupyterlab_al.learning.second_reading import second_reading
from jupyterlab_al.learning.task import RoundTask

TaskMaker = Callable[..., RoundTask]


def ignore(_phase: str, _done: float) -> None:
    """Watch a round and do nothing."""


class Answers:
    """An estimator that gives the answers it was made with."""

    def __init__(self, *labels: str) -> None:
        self._labels = labels

    def predict(self, X: Any) -> Any:
        """Return the given labels, one a row."""
        return np.array(self._labels[: len(X)])


class TestByClass:
    def test_precision_and_recall_are_counted_on_checks(self, pool: Any) -> None:
        """Three of four ants are found; two of the five called ants are none."""
        fitted = FittedEstimator(
            estimator=Answers("ant", "ant", "ant", "bee", "ant", "ant"),
            classes=("ant", "bee"),
            multi_label=False,
        )
        truth = ["ant", "ant", "ant", "ant", "bee", "bee"]

        found = check_figures(
            fitted, pool.features, np.arange(6), truth, classes=("ant", "bee", "cow")
        )

        assert found is not None
        assert found.accuracy == wilson(3, 6, population=pool.n)
        assert found.per_class["ant"].precision == wilson(3, 5, population=None)
        assert found.per_class["ant"].recall == wilson(3, 4, population=None)
        assert found.per_class["bee"].recall == wilson(0, 2, population=None)
        assert found.per_class["cow"].precision is None
        assert found.per_class["cow"].recall is None
        assert found.macro_f1 is None


class TestUncertainty:
    @pytest.mark.parametrize("strategy", ["random", "power_margin", "entropy", "typical"])
    def test_it_is_the_same_whatever_chooses(
        self, pool: Any, a_task: TaskMaker, strategy: str
    ) -> None:
        """Utilities are in units of their strategy; how unsure the estimator is does not depend."""
        found = run_round(a_task(pool, strategy=(strategy, {})), pool.features, ignore)
        by_margin = run_round(a_task(pool), pool.features, ignore)

        assert found.uncertainty is not None
        assert found.uncertainty == by_margin.uncertainty
        assert found.utility_mean is not None
        assert 0 < found.uncertainty < 1

    def test_it_is_about_what_is_left(self, pool: Any, a_task: TaskMaker) -> None:
        """Labeled samples don't count: the mean margin of the others, by hand."""
        task = a_task(pool)
        left = np.setdiff1d(np.arange(pool.n), task.labeled_ids)
        model = LogisticRegression(max_iter=1000).fit(
            pool.features.X[task.labeled_ids], task.labeled_y
        )
        ordered = np.sort(model.predict_proba(pool.features.X[left]), axis=1)

        found = run_round(task, pool.features, ignore)

        assert found.uncertainty == pytest.approx(
            1 - (ordered[:, -1] - ordered[:, -2]).mean(), abs=1e-5
        )


class TestAgainstTheRoundBefore:
    def test_kappa_is_agreement_beyond_chance(self, tmp_path: Path) -> None:
        """Worked out by hand: 0.75 agree, 0.5 would by chance."""
        stop_set = StopSet.of(tmp_path, n_samples=4, seed=0)
        stop_set.keep([("a",), ("a",), ("b",), ("b",)], round_id=1, keep=3)

        found = stop_set.compare([("a",), ("b",), ("b",), ("b",)], round_id=2)

        assert found is not None
        assert found.changed_share == 0.25
        assert found.kappa == pytest.approx((0.75 - 0.5) / 0.5)

    def test_one_answer_for_all_is_full_agreement(self, tmp_path: Path) -> None:
        """Where chance alone agrees always, nothing is divided by zero."""
        stop_set = StopSet.of(tmp_path, n_samples=2, seed=0)
        stop_set.keep([("a",), ("a",)], round_id=1, keep=3)

        found = stop_set.compare([("a",), ("a",)], round_id=2)

        assert found is not None
        assert (found.changed_share, found.kappa) == (0.0, 1.0)


class TestGain:
    def test_labels_that_teach_nothing_are_no_gain(self, pool: Any, a_task: TaskMaker) -> None:
        """Chosen labels that are wrong lose against random ones, and the interval says so."""
        task = a_task(pool, labeled_y=["ant", "bee", "cow"] * 20)

        found = compare(task, pool.features)

        assert found is not None
        assert found.n_labels == 32
        assert found.n_checks == 40
        assert found.chosen < found.random
        assert found.high < 0

    def test_random_labels_are_no_gain_either(self, pool: Any, a_task: TaskMaker) -> None:
        """Labels like any others differ from random ones by no more than chance."""
        found = compare(a_task(pool), pool.features)

        assert found is not None
        assert found.low <= 0 <= found.high

    def test_the_first_labels_are_compared(self, pool: Any, a_task: TaskMaker) -> None:
        """Order of arrival decides which labels stand against as many checks."""
        y = pool.y(np.arange(0, 120, 2))
        shifted = ["ant", "bee", "cow"] * 10 + y[30:]
        early = a_task(pool, labeled_y=shifted, labeled_order=np.arange(60))
        late = a_task(pool, labeled_y=shifted, labeled_order=np.arange(60)[::-1])

        first, last = compare(early, pool.features), compare(late, pool.features)

        assert first is not None
        assert last is not None
        assert first.chosen < last.chosen

    def test_few_checks_say_nothing(self, pool: Any, a_task: TaskMaker) -> None:
        """Under twenty checks there is no comparison."""
        task = a_task(
            pool, check_ids=np.arange(121, 159, 2), check_y=pool.y(np.arange(121, 159, 2))
        )

        assert compare(task, pool.features) is None


class TestSecondReading:
    def test_uniform_draws_give_the_plain_share(self, pool: Any, a_task: TaskMaker) -> None:
        """Cold start samples weigh the same; the reading is near what a held-out set says."""
        task = a_task(
            pool,
            labeled_chances=np.full(60, 1 / 560),
            labeled_uniform=np.ones(60, dtype=bool),
        )

        found = second_reading(task, pool.features)

        assert found is not None
        assert found.n == 60
        assert 0.6 < found.value < 1
        assert found.value * 60 == pytest.approx(round(found.value * 60))

    def test_certain_draws_leave_nothing_to_weigh(self, pool: Any, a_task: TaskMaker) -> None:
        """Where the best were taken, no figure is made up from them."""
        assert second_reading(a_task(pool), pool.features) is None

    def test_labels_by_hand_do_not_count(self, pool: Any, a_task: TaskMaker) -> None:
        """Imported labels were not drawn."""
        chances = np.full(60, 1 / 560)
        chances[:10] = np.nan
        task = a_task(pool, labeled_chances=chances, labeled_uniform=np.isfinite(chances))

        found = second_reading(task, pool.features)

        assert found is not None
        assert found.n == 50


def test_a_round_of_random_draws_says_all_of_it(pool: Any, a_task: TaskMaker) -> None:
    """A quick estimator gets figures by class, the gain and, with chance in play, the reading."""
    task = a_task(
        pool,
        strategy=("power_margin", {}),
        labeled_chances=np.full(60, 1 / 560),
        labeled_uniform=np.ones(60, dtype=bool),
    )

    outcome = run_round(task, pool.features, lambda _phase, _done: None)

    assert outcome.checks is not None
    assert list(outcome.checks.per_class) == ["cow", "bee", "ant"]
    assert outcome.gain is not None
    assert outcome.second_reading is not None
    assert np.all((outcome.draw_probabilities > 0) & (outcome.draw_probabilities < 1))
