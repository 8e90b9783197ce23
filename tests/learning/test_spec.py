"""Estimators as import paths with parameters."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

from jupyterlab_al.domain.errors import InvalidEstimatorError
from jupyterlab_al.domain.import_paths import is_allowed
from jupyterlab_al.learning.spec import EstimatorSpec, check, default_spec

LOGISTIC = "sklearn.linear_model.LogisticRegression"


def spec(import_path: str, **params: Any) -> EstimatorSpec:
    """Return a spec."""
    return EstimatorSpec(import_path=import_path, params=params)


class TestIsAllowed:
    @pytest.mark.parametrize(
        "path", [LOGISTIC, "sklearn.svm.SVC", "sklearn.ensemble.HistGradientBoostingClassifier"]
    )
    def test_public_paths_below_a_prefix(self, path: str) -> None:
        """Scikit-learn's estimators are allowed from the start."""
        assert is_allowed(path)

    @pytest.mark.parametrize(
        "path",
        [
            "os.system",
            "sklearn",
            "sklearn_evil.Classifier",
            "sklearn.utils._testing.Thing",
            "sklearn.linear_model._logistic.LogisticRegression",
            "sklearn..LogisticRegression",
            ".sklearn.svm.SVC",
            "sklearn.svm.SVC()",
            "sklearn.svm.SVC; import os",
            "",
        ],
    )
    def test_all_else_is_not(self, path: str) -> None:
        """Other modules, private parts and anything that is no dotted name are refused."""
        assert not is_allowed(path)

    def test_an_operator_allows_more(self) -> None:
        """A prefix is a module, with or without its dot, or one class."""
        allowed = ("mine", "other.tools.", "third.models.Best", "")

        assert is_allowed("mine.models.Net", allowed)
        assert is_allowed("other.tools.Net", allowed)
        assert is_allowed("third.models.Best", allowed)
        assert not is_allowed("third.models.Bester", allowed)
        assert not is_allowed(LOGISTIC, allowed)


class TestCheck:
    @pytest.mark.parametrize(
        "good",
        [
            spec(LOGISTIC, max_iter=1000),
            spec("sklearn.svm.SVC"),
            spec("sklearn.svm.LinearSVC", C=0.5),
            spec("sklearn.ensemble.RandomForestClassifier", n_estimators=10),
            spec(
                "sklearn.calibration.CalibratedClassifierCV",
                estimator={"import": "sklearn.svm.LinearSVC"},
            ),
            default_spec(is_sparse=True),
            default_spec(is_sparse=False),
        ],
        ids=lambda good: good.import_path,
    )
    def test_classifiers_with_probabilities_or_distances_pass(self, good: EstimatorSpec) -> None:
        """Both predict_proba and decision_function will do, and estimators may be nested."""
        check(good)

    @pytest.mark.parametrize(
        ("bad", "words"),
        [
            (spec("os.system"), "not an allowed estimator.*sklearn.*allowed_estimators"),
            (spec("sklearn.linear_model.NoSuch"), "can't be imported.*spelling"),
            (spec("sklearn.no_module.Thing"), "can't be imported"),
            (spec("sklearn.utils.Bunch"), "not an estimator class"),
            (spec("sklearn.datasets.fetch_openml", name="x"), "not an estimator class"),
            (spec("sklearn.linear_model.Ridge"), "predicts no classes. Choose a classifier"),
            (spec("sklearn.svm.OneClassSVM"), "predicts no classes"),
            (spec("sklearn.preprocessing.StandardScaler"), "no fit and predict"),
            (spec("sklearn.neighbors.NearestCentroid", depth=1), "doesn't take.*'depth'"),
            (spec(LOGISTIC, max_iter="many"), "LogisticRegression: The 'max_iter' parameter"),
            (spec(LOGISTIC, C=-1.0), "The 'C' parameter"),
            (
                spec("sklearn.multiclass.OneVsRestClassifier", estimator={"import": "os.system"}),
                "'os.system' is not an allowed",
            ),
            (
                spec(
                    "sklearn.multiclass.OneVsRestClassifier",
                    estimator={"import": LOGISTIC, "params": {"C": -1}},
                ),
                "LogisticRegression: The 'C' parameter",
            ),
            (
                spec(
                    "sklearn.ensemble.VotingClassifier",
                    estimators=[["a", {"import": LOGISTIC}], ["b", {"import": LOGISTIC}]],
                ),
                "neither predict_proba nor decision_function.*CalibratedClassifierCV",
            ),
            (
                spec(
                    "sklearn.pipeline.Pipeline",
                    steps=[["fit", {"import": LOGISTIC}]],
                    memory="/tmp/cache",
                ),
                "'memory' can't be set",
            ),
        ],
        ids=lambda value: value.import_path if isinstance(value, EstimatorSpec) else "",
    )
    def test_the_rest_is_refused_in_words(self, bad: EstimatorSpec, words: str) -> None:
        """Each refusal says what to change."""
        with pytest.raises(InvalidEstimatorError, match=words):
            check(bad)

    def test_a_class_passing_through_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An allowed module that imports an estimator from elsewhere doesn't allow it."""
        (tmp_path / "al_allowed.py").write_text("from al_elsewhere import Mine\n")
        (tmp_path / "al_elsewhere.py").write_text(
            "from sklearn.linear_model import LogisticRegression\n"
            "class Mine(LogisticRegression): ...\n"
        )
        monkeypatch.syspath_prepend(str(tmp_path))

        with pytest.raises(InvalidEstimatorError, match="defined in al_elsewhere"):
            check(spec("al_allowed.Mine"), ["al_allowed"])

    def test_a_module_that_breaks_is_refused_in_words(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whatever an import raises becomes a message with its type."""
        (tmp_path / "al_broken.py").write_text("1 / 0\n")
        monkeypatch.syspath_prepend(str(tmp_path))

        with pytest.raises(InvalidEstimatorError, match="ZeroDivisionError"):
            check(spec("al_broken.Mine"), ["al_broken"])


class TestEstimatorSpec:
    def test_parameters_reach_the_estimator(self) -> None:
        """What is written down is what is made."""
        assert spec(LOGISTIC, max_iter=1000).build().get_params()["max_iter"] == 1000

    def test_json_and_pickle_round_trips(self) -> None:
        """A spec survives the database and the way to a worker."""
        default = default_spec(is_sparse=False)

        assert EstimatorSpec.from_json(json.loads(json.dumps(default.as_json()))) == default
        assert pickle.loads(pickle.dumps(default)) == default  # noqa: S301

    @pytest.mark.parametrize(
        "value", [None, [], {}, {"import": 3}, {"import": LOGISTIC, "params": []}, {"skops": "1"}]
    )
    def test_other_json_is_refused(self, value: object) -> None:
        """The message shows how an estimator is written."""
        with pytest.raises(InvalidEstimatorError, match="written as"):
            EstimatorSpec.from_json(value)

    def test_a_class_label_called_import_is_no_estimator(self) -> None:
        """Class weights may have any names."""
        weights = {"import": 2.0, "export": 1.0}

        assert spec(LOGISTIC, class_weight=weights).build().class_weight == weights

    def test_the_default_for_dense_features_scales_them(self) -> None:
        """A column of large numbers doesn't hide the one that matters."""
        rng = np.random.default_rng(0)
        X = rng.normal(size=(200, 2)).astype(np.float32) * np.float32([1.0, 1e6])
        y = np.where(X[:, 0] > 0, "yes", "no")

        fitted = default_spec(is_sparse=False).build().fit(X, y)

        assert [name for name, _ in fitted.steps] == ["scale", "classify"]
        assert fitted.score(X, y) > 0.95

    def test_the_default_for_texts_learns_rare_classes_from_few_rows(self) -> None:
        """Rows of length 1 with a telling word each are enough, also for the smaller class."""
        rng = np.random.default_rng(0)
        y = np.array(["common"] * 32 + ["rare"] * 8)
        X = rng.random((40, 200)) * (rng.random((40, 200)) < 0.02)
        X[:, 0], X[:, 1] = y == "common", y == "rare"
        rows = normalize(csr_matrix(X))

        fitted = default_spec(is_sparse=True).build().fit(rows[::2], y[::2])

        assert (fitted.predict(rows[1::2]) == y[1::2]).all()


def ask(request: str, *arguments: str) -> dict[str, Any]:
    """Return the reply of the command."""
    done = subprocess.run(
        [sys.executable, *arguments, "-m", "jupyterlab_al.learning.checking"],
        input=request,
        capture_output=True,
        text=True,
        check=True,
    )
    reply: dict[str, Any] = json.loads(done.stdout)
    return reply


class TestCommand:
    def test_says_ok(self) -> None:
        """A good estimator gets a short answer."""
        request = {"import": LOGISTIC, "params": {"max_iter": 10}, "allowed": ["sklearn."]}

        assert ask(json.dumps(request)) == {"ok": True}

    def test_says_what_is_wrong(self) -> None:
        """A refusal has a word for programs and a message for people."""
        reply = ask(json.dumps({"import": "sklearn.svm.SVR", "params": {}}))

        assert reply["error"] == "invalid_estimator"
        assert "Choose a classifier" in reply["message"]

    def test_checks_a_strategy_too(self) -> None:
        """Parameters that a strategy doesn't take are found before anything is stored."""
        request = {"import": LOGISTIC, "strategy": {"name": "margin", "params": {"beta": 1}}}

        reply = ask(json.dumps(request))

        assert reply["error"] == "invalid_setting"
        assert "'beta'" in reply["message"]

    def test_refuses_a_strategy_that_a_project_cannot_use(self) -> None:
        """One that takes one label a sample is refused to a multi-label project."""
        strategy = {"name": "scikit_activeml", "params": {}}
        request = {"import": LOGISTIC, "strategy": strategy, "multi_label": True}

        reply = ask(json.dumps(request))

        assert reply["error"] == "invalid_setting"
        assert "one label a sample" in reply["message"]

    @pytest.mark.parametrize(
        ("request_text", "word"),
        [("{", "malformed"), ("3", "malformed"), ("{}", "invalid_estimator")],
    )
    def test_answers_nonsense(self, request_text: str, word: str) -> None:
        """Whatever comes in, an answer goes out."""
        assert ask(request_text)["error"] == word

    def test_what_a_module_prints_stays_out_of_the_reply(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A chatty module doesn't break the answer."""
        (tmp_path / "al_chatty.py").write_text(
            "print('hello')\nfrom sklearn.naive_bayes import GaussianNB\n"
            "class Mine(GaussianNB): ...\n"
        )
        monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path.cwd()}")

        assert ask(json.dumps({"import": "al_chatty.Mine", "allowed": ["al_chatty"]})) == {
            "ok": True
        }


def test_reading_a_spec_needs_no_scikit_learn() -> None:
    """A server makes and compares specs without importing NumPy or scikit-learn."""
    code = (
        "import sys; from jupyterlab_al.learning.spec import EstimatorSpec, is_allowed;"
        "print([m for m in ('numpy', 'sklearn', 'scipy') if m in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert printed.stdout.strip() == "[]", printed.stderr


def test_an_estimator_without_rules_for_its_parameters_can_be_used() -> None:
    """Most estimators of others declare no parameter rules; they are no worse for it."""
    spec = EstimatorSpec(import_path="tests.learning.plain_estimator.PlainClassifier")

    check(spec, ("tests.",))
