"""Estimators that came as skops files."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import VotingClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC, LinearSVC

from jupyterlab_al.domain.errors import InvalidEstimatorError
from jupyterlab_al.learning import uploaded
from jupyterlab_al.learning.uploaded import UploadedEstimator, checked
from tests.learning.plain_estimator import PlainClassifier

X = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
Y = np.where(X[:, 0] > 0, "yes", "no")


def saved(folder: Path, thing: Any) -> Path:
    """Return a skops file of something."""
    path = folder / f"{'0' * 32}.skops"
    skops.io.dump(thing, path)
    return path


@pytest.mark.parametrize(
    ("estimator", "words"),
    [
        (make_pipeline(StandardScaler(), SVC()), "Pipeline(StandardScaler, SVC)"),
        (
            make_pipeline(ColumnTransformer([("a", StandardScaler(), [0, 1])]), LinearSVC()),
            "Pipeline(ColumnTransformer(StandardScaler), LinearSVC)",
        ),
        (
            VotingClassifier([("a", LogisticRegression()), ("b", GaussianNB())], voting="soft"),
            "VotingClassifier(LogisticRegression, GaussianNB)",
        ),
        (make_pipeline(FunctionTransformer(np.tanh), SVC()), "Pipeline(FunctionTransformer, SVC)"),
        (
            make_pipeline(FrozenEstimator(StandardScaler().fit(X)), SVC()),
            "Pipeline(FrozenEstimator(StandardScaler), SVC)",
        ),
    ],
    ids=["pipeline", "columns", "voting", "function", "frozen"],
)
def test_what_parameters_cant_say_travels(tmp_path: Path, estimator: Any, words: str) -> None:
    """Its words say what it is, and what is made of it learns as the one that was saved."""
    path = saved(tmp_path, estimator)

    source = UploadedEstimator(path=path, description=checked(path))

    assert source.description == words
    made = source.build().fit(X, Y)
    assert made.predict(X).tolist() == estimator.fit(X, Y).predict(X).tolist()


def test_each_build_is_a_new_unfitted_one(tmp_path: Path) -> None:
    """What was fitted before it was saved is fitted again, on the project's labels alone."""
    source = UploadedEstimator(path=saved(tmp_path, SVC(C=3).fit(X, Y)), description="SVC")

    first, second = source.build(), source.build()

    assert first is not second
    assert first.C == 3
    assert not hasattr(first, "classes_")


@pytest.mark.parametrize(
    ("thing", "says"),
    [
        (LinearRegression(), "predicts no classes"),
        (StandardScaler(), "Choose a classifier"),
        (SVC(C=-1.0), "'C' parameter"),
        ({"a": 1}, "no estimator"),
        (Pipeline([("a", SVC())], memory="/tmp/cache"), "'memory' can't be set"),
        (make_pipeline(StandardScaler(), PlainClassifier()), "PlainClassifier.*allowed_estimators"),
        (make_pipeline(FunctionTransformer(subprocess.getoutput), SVC()), "subprocess.getoutput"),
    ],
    ids=["regressor", "transformer", "parameter", "dict", "cache", "own-class", "function"],
)
def test_what_cant_be_used_is_refused(tmp_path: Path, thing: Any, says: str) -> None:
    """The message says what is wrong, and for a class of one's own the way out."""
    with pytest.raises(InvalidEstimatorError, match=says):
        checked(saved(tmp_path, thing))


def test_an_operator_allows_estimators_of_a_module_and_nothing_else_in_it(tmp_path: Path) -> None:
    """The same door as for import paths: a public estimator where it is defined, no function."""
    own = make_pipeline(StandardScaler(), PlainClassifier())

    assert checked(saved(tmp_path, own), ("sklearn.", "tests.")) == (
        "Pipeline(StandardScaler, PlainClassifier)"
    )
    with pytest.raises(InvalidEstimatorError, match="not an estimator class"):
        checked(saved(tmp_path, make_pipeline(FunctionTransformer(json.dumps), SVC())), ("json.",))


def test_scikit_learn_itself_is_not_trusted_as_a_whole(tmp_path: Path) -> None:
    """Its functions read files and open addresses; skops knows the types that are safe."""
    from sklearn.datasets import load_files

    hostile = make_pipeline(FunctionTransformer(load_files), SVC())

    with pytest.raises(InvalidEstimatorError, match="not trusted"):
        checked(saved(tmp_path, hostile))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\x80\x04\x95pickle"])
def test_other_files_are_no_estimators(tmp_path: Path, content: bytes) -> None:
    """Never a pickle, never half a file."""
    path = tmp_path / "x.skops"
    path.write_bytes(content)

    with pytest.raises(InvalidEstimatorError, match="no skops file"):
        checked(path)


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    """A zip file without what skops writes has words of its own."""
    path = tmp_path / "x.skops"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("readme.txt", "hello")

    with pytest.raises(InvalidEstimatorError, match="can't be read as an estimator"):
        checked(path)


def test_a_zip_bomb_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would unpack to more than there is room for is not unpacked."""
    path = tmp_path / "x.skops"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("schema.json", b"0" * 2_000_000)
    monkeypatch.setattr(uploaded, "MAX_UNPACKED", 1_000_000)

    with pytest.raises(InvalidEstimatorError, match="too large"):
        checked(path)


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    """A round says what to do when the file was deleted."""
    with pytest.raises(InvalidEstimatorError, match="upload it again"):
        UploadedEstimator(path=tmp_path / "x.skops", description="SVC").build()


def test_the_check_runs_in_a_process_with_bounded_memory(tmp_path: Path) -> None:
    """A server asks another process, which gives up where the file needs too much."""
    path = saved(tmp_path, SVC(C=2))

    def ask(**request: Any) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "jupyterlab_al.learning.checking"],
            input=json.dumps({"skops": str(path), **request}),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout

    assert json.loads(ask(memory=4 * 2**30)) == {"ok": True, "description": "SVC"}
    assert '"ok"' not in ask(memory=200 * 2**20)
