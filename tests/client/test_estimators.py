"""Estimators from a notebook: by import path where that says everything, else as skops files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import VotingClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC

import jupyterlab_al as al
from benchmarks.servers import RunningServer
from jupyterlab_al.client import estimators


class Uploads:
    """Keeps what is uploaded."""

    def __init__(self) -> None:
        self.files: list[bytes] = []

    def upload(self, pieces: Iterable[bytes], size: int) -> str:
        """Keep a file."""
        self.files.append(b"".join(pieces))
        assert len(self.files[-1]) == size
        return "upload"


def sent(estimator: Any) -> tuple[Any, list[bytes]]:
    """Return how an estimator is described, and what was uploaded for it."""
    uploads: Any = Uploads()
    return estimators.described(uploads, estimator), uploads.files


def test_a_path_and_parameters_where_they_say_everything() -> None:
    """People read them in the panel; a pipeline of such estimators is no more than its steps."""
    scaled = make_pipeline(StandardScaler(), LogisticRegression(C=np.float64(0.5)))

    plain, files = sent(LogisticRegression(C=3))
    steps, more = sent(scaled)

    assert plain == {"import": "sklearn.linear_model.LogisticRegression", "params": {"C": 3}}
    assert [step[1]["import"].rpartition(".")[2] for step in steps["params"]["steps"]] == [
        "StandardScaler",
        "LogisticRegression",
    ]
    assert files + more == []


@pytest.mark.parametrize(
    "estimator",
    [
        make_pipeline(ColumnTransformer([("a", StandardScaler(), [0, 1])]), SVC()),
        VotingClassifier([("a", LogisticRegression()), ("b", GaussianNB())], voting="soft"),
        make_pipeline(FrozenEstimator(StandardScaler().fit(np.eye(3))), SVC()),
        MLPClassifier(hidden_layer_sizes=(50, 20)),
        GaussianNB(priors=np.array([0.5, 0.5])),
        make_pipeline(SelectKBest(k=2), FunctionTransformer(np.tanh), SVC()),
        LogisticRegression(C=np.inf),
    ],
    ids=["columns", "voting", "fitted-part", "tuple", "array", "function", "infinity"],
)
def test_everything_else_is_a_file(estimator: Any) -> None:
    """What JSON can't say is saved whole, fitted parts included."""
    described, [file] = sent(estimator)

    loaded = skops.io.loads(file, trusted=skops.io.get_untrusted_types(data=file))
    assert described == {"skops": "upload"}
    assert type(loaded) is type(estimator)
    assert str(loaded) == str(estimator)


class Notebook(ClassifierMixin, BaseEstimator):
    """A class as a person writes it into a cell."""


Notebook.__module__ = "__main__"


@pytest.mark.parametrize(
    "estimator",
    [Notebook(), make_pipeline(StandardScaler(), Notebook())],
    ids=["alone", "in-a-pipeline"],
)
def test_a_class_of_the_notebook_names_the_way_out(estimator: Any) -> None:
    """The server can't import it: a module and a setting make it possible."""
    with pytest.raises(al.InvalidInputError, match=r"Notebook.*module.*allowed_estimators"):
        sent(estimator)


def test_what_skops_cant_save_names_the_way_out() -> None:
    """A function written in place can't travel."""
    with pytest.raises(al.InvalidInputError, match=r"can't be saved|defined in this notebook"):
        sent(make_pipeline(FunctionTransformer(lambda X: X), SVC()))


def test_a_project_of_a_real_server_learns_with_a_file(connected: RunningServer) -> None:
    """From the notebook through upload, check and worker, and back as a fitted estimator."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3)).astype(np.float32)
    voting = VotingClassifier([("a", LogisticRegression()), ("b", GaussianNB())], voting="soft")

    project = al.create("voting", X, classes=["no", "yes"], estimator=voting)
    project.label({i: "yes" if X[i, 0] > 0 else "no" for i in range(20)})
    project.retrain()
    project.change(estimator=MLPClassifier(hidden_layer_sizes=(5,)))

    assert type(project.estimator()) is VotingClassifier
    assert project.status["estimator"]["description"] == "MLPClassifier"
