"""Simulations replay labeling with known labels, and compare fairly."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits, load_iris
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline

import jupyterlab_al as al
from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.services.curves import draw, summary
from jupyterlab_al.services.simulating import simulate

QUICK = {"n_jobs": 1, "progress": False}
IRIS = load_iris(return_X_y=True)


def test_one_grid_for_all_that_ends_at_the_budget() -> None:
    """Every strategy and seed is tested at the same numbers of labels, the last is the budget."""
    curves = simulate(*IRIS, budget=25, seeds=3, batch=10, **QUICK)

    assert list(curves.columns) == ["strategy", "seed", "n_labels", "accuracy"]
    grids = curves.groupby(["strategy", "seed"])["n_labels"].apply(list)
    assert grids.tolist() == [[10, 20, 25]] * 6


def test_strategies_of_a_seed_start_alike() -> None:
    """The first labels and the test split depend on the seed alone."""
    curves = simulate(
        *IRIS, strategies=["margin", "random", "entropy"], budget=20, seeds=4, **QUICK
    )

    first = curves[curves["n_labels"] == 10].pivot_table(
        index="seed", columns="strategy", values="accuracy"
    )
    assert (first["margin"] == first["random"]).all()
    assert (first["margin"] == first["entropy"]).all()
    assert first["margin"].nunique() > 1


def test_the_same_seed_gives_the_same_curves_in_any_number_of_processes() -> None:
    """Who repeats a simulation gets the same numbers."""
    once = simulate(*IRIS, budget=20, seeds=[5, 6], **QUICK)
    again = simulate(*IRIS, budget=20, seeds=[5, 6], n_jobs=2, progress=False)

    pd.testing.assert_frame_equal(once, again)


def test_margin_beats_random_on_digits() -> None:
    """Chosen labels are worth more than random ones, here as everywhere in the literature."""
    X, y = load_digits(return_X_y=True)
    curves = simulate(X[:700], y[:700], budget=90, seeds=3, **QUICK)

    table = summary(curves)

    assert table.loc["default", "area_difference"] > 0
    assert table.loc["random", "area_difference"] == 0


def test_no_strategy_sees_the_test_split() -> None:
    """An estimator that remembers all it ever saw knows none of the samples it is tested on."""
    X = np.arange(100, dtype=float)[:, None]
    y = np.array(["even", "odd"] * 50)
    memory = _Memory()

    curves = simulate(X, y, memory, budget=70, seeds=1, test_size=0.3, **QUICK)

    assert set(curves["accuracy"]) == {0.0}


class _Memory(GaussianNB):
    """Right about what it was fitted on, and wrong about everything else."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> _Memory:
        super().fit(X, y)
        self.known_ = dict(zip(X[:, 0].tolist(), y, strict=True))
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        return np.array([self.known_.get(x, "unknown") for x in X[:, 0].tolist()])


def test_texts_become_what_a_project_makes_of_them() -> None:
    """Texts need no vectorizer; a pipeline that brings one gets the texts themselves."""
    texts = [f"{'good' if i % 2 else 'bad'} thing number {i}" for i in range(60)]
    y = ["+" if i % 2 else "-" for i in range(60)]
    pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression())

    for estimator in (None, pipeline):
        curves = simulate(texts, y, estimator, budget=30, seeds=2, **QUICK)
        assert curves["accuracy"].iloc[-1] > 0.9


def test_frames_with_categories_work_as_in_a_project() -> None:
    """Columns of any type are encoded as a project would."""
    frame = pd.DataFrame({"color": ["red", "blue"] * 40, "size": np.arange(80.0)})

    curves = simulate(frame, ["a", "b"] * 40, budget=30, seeds=1, **QUICK)

    assert curves["accuracy"].iloc[-1] > 0.9


def test_frames_with_missing_numbers_work_as_in_a_project() -> None:
    """What a project fills in is no reason to refuse a frame of numbers."""
    frame = pd.DataFrame({"size": [1.0, 2.0, None, 4.0] * 20, "height": [0.0, 9.0] * 40})

    curves = simulate(frame, pd.DataFrame({"kind": ["a", "b"] * 40}), budget=30, seeds=1, **QUICK)

    assert curves["accuracy"].iloc[-1] > 0.9


def test_one_strategy_needs_no_list() -> None:
    """A name alone is one strategy, and a name given twice is replayed once."""
    alone = simulate(*IRIS, strategies="margin", budget=10, seeds=1, **QUICK)
    twice = simulate(*IRIS, strategies=["margin", "margin"], budget=10, seeds=1, **QUICK)

    pd.testing.assert_frame_equal(alone, twice)


def test_several_estimators_are_told_apart() -> None:
    """A mapping of estimators adds a column."""
    estimators = {"bayes": GaussianNB(), "linear": LogisticRegression(max_iter=500)}

    curves = simulate(*IRIS, estimators, budget=20, seeds=2, **QUICK)

    assert {"bayes", "linear"} == set(curves["estimator"])
    assert {("bayes", "default"), ("linear", "random")} <= set(summary(curves).index)


def test_one_class_at_first_is_no_error() -> None:
    """Until a second class is labeled the one that is known is predicted."""
    X, y = np.arange(60.0)[:, None], ["rare" if i == 30 else "common" for i in range(60)]

    curves = simulate(X, y, budget=20, seeds=3, batch=5, **QUICK)

    assert len(curves) == 2 * 3 * 4
    assert curves["accuracy"].between(0.9, 1).all()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"budget": 120}, "largest possible budget is 112"),
        ({"strategies": ["nonsense"]}, "There is no strategy 'nonsense'"),
        ({"test_size": 0}, "between 0 and 1"),
        ({"seeds": 0}, "a number of replays above 0"),
        ({"seeds": [3, -1]}, "a number of replays above 0"),
        ({"budget": "20"}, "budget must be a whole number"),
        ({"batch": 0}, "must not be empty"),
        ({"estimator": "LogisticRegression"}, "no scikit-learn estimator"),
        ({"estimator": LogisticRegression}, "is a class; give an estimator"),
    ],
)
def test_wrong_settings_say_what_to_change(settings: dict[str, object], says: str) -> None:
    """What can't be done is refused before anything is fitted."""
    with pytest.raises(InvalidSettingError, match=says):
        simulate(*IRIS, **{"budget": 20, "seeds": 1, **QUICK, **settings})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("X", "y", "says"),
    [
        (np.zeros((20, 2)), ["a"] * 20, "nothing to tell apart"),
        (np.zeros((20, 2)), ["a", "b"], "one for each"),
        (np.full((20, 2), np.nan), ["a", "b"] * 10, "NaN or infinity"),
        (np.zeros((20, 2)), ["a", None] * 10, "labels are missing"),
        (np.zeros((0, 2)), [], "no samples"),
        (np.zeros((20, 2), dtype=complex), ["a", "b"] * 10, "complex"),
        ([*["word"] * 19, None], ["a", "b"] * 10, "1 of 20 texts are missing"),
    ],
)
def test_wrong_data_says_what_is_wrong(X: np.ndarray, y: list[str], says: str) -> None:
    """Rubbish is refused with words."""
    with pytest.raises(InvalidSettingError, match=says):
        simulate(X, y, budget=5, seeds=1, **QUICK)  # type: ignore[arg-type]


def test_a_comparison_needs_its_other_side() -> None:
    """Comparing with a strategy that was not replayed is refused."""
    curves = simulate(*IRIS, strategies=["margin"], budget=10, seeds=1, **QUICK)

    with pytest.raises(InvalidSettingError, match="no curve of 'random'"):
        summary(curves, against="random")


def test_strategies_are_compared_with_parameters_of_their_own() -> None:
    """Each has the name it was given; one strategy can be there several times."""
    strategies = {
        "coreset": {"name": "scikit_activeml", "params": {"method": "CoreSet"}},
        "bolder": {"name": "power_margin", "params": {"beta": 20.0}},
        "power": "power_margin",
    }

    curves = simulate(*IRIS, strategies=strategies, budget=60, seeds=2, **QUICK)

    assert list(summary(curves).index) == ["coreset", "bolder", "power"]
    of_each = curves.pivot_table(index=["seed", "n_labels"], columns="strategy", values="accuracy")
    assert (of_each["bolder"] != of_each["power"]).any()


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        ({"name": "power_margin", "params": {"magic": 1}}, "doesn't take these parameters"),
        ({"params": {}}, "is no strategy"),
        (7, "is no strategy"),
    ],
)
def test_what_is_no_strategy_is_refused(strategy: object, words: str) -> None:
    """Nothing is replayed before all of it is known to work."""
    with pytest.raises(InvalidSettingError, match=words):
        simulate(*IRIS, strategies={"mine": strategy}, budget=20, seeds=1, **QUICK)


def test_the_curves_can_be_drawn(tmp_path: object) -> None:
    """A picture shows one line for each strategy."""
    from pathlib import Path

    path = Path(str(tmp_path)) / "curves.svg"
    draw(simulate(*IRIS, budget=20, seeds=2, **QUICK), path)

    assert "random" in path.read_text() or path.stat().st_size > 5_000


def test_a_notebook_draws_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line a strategy, in a figure of its own or where somebody wants it."""
    monkeypatch.setenv("MPLBACKEND", "Agg")
    from matplotlib import pyplot

    curves = simulate(*IRIS, budget=20, seeds=2, **QUICK)
    given = pyplot.subplots()[1]

    axes = al.plot(curves)
    assert al.plot(curves, given) is given
    pyplot.close("all")

    assert axes is not given
    assert [line.get_label() for line in axes.lines] == ["default", "random"]


def test_without_matplotlib_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn, and the words name the extra."""
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)

    with pytest.raises(InvalidSettingError, match=r"jupyterlab_al\[plot\]"):
        al.plot(simulate(*IRIS, budget=20, seeds=1, **QUICK))
