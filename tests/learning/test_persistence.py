"""Fitted estimators on disk."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.preprocessing import FunctionTransformer

from jupyterlab_al.domain.errors import InvalidEstimatorError, RoundFailedError, UnknownError
from jupyterlab_al.learning.fitting import FittedEstimator, fit
from jupyterlab_al.learning.persistence import load, model_path, prune, save
from jupyterlab_al.learning.spec import EstimatorSpec


class Own(BaseEstimator):
    """An estimator of the user's own."""


def a_fit(import_path: str, pool: Any, *, multi_label: bool = False, **params: Any) -> Any:
    """Return an estimator fitted on the first 120 samples."""
    y: Any = pool.y(np.arange(120))
    return fit(
        EstimatorSpec(import_path=import_path, params=params),
        pool.features.X[:120],
        [[label, "all"] for label in y] if multi_label else y,
        multi_label=multi_label,
        seed=0,
    )


def bare(estimator: Any) -> FittedEstimator:
    """Return any object as if it were fitted."""
    return FittedEstimator(estimator=estimator, classes=("a", "b"), multi_label=False)


@pytest.mark.parametrize(
    "import_path",
    [
        "sklearn.linear_model.LogisticRegression",
        "sklearn.ensemble.RandomForestClassifier",
        "sklearn.ensemble.HistGradientBoostingClassifier",
        "sklearn.neighbors.KNeighborsClassifier",
        "sklearn.neural_network.MLPClassifier",
        "sklearn.calibration.CalibratedClassifierCV",
        "sklearn.gaussian_process.GaussianProcessClassifier",
        "sklearn.svm.SVC",
    ],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_what_is_saved_can_be_loaded(import_path: str, pool: Any, tmp_path: Path) -> None:
    """A loaded estimator predicts as before and knows its classes."""
    fitted = a_fit(import_path, pool)

    path, digest = save(fitted, tmp_path, round_id=7, facts={"n_train": 120})

    loaded = load(path, digest=digest)
    assert loaded.predict(pool.features.X) == fitted.predict(pool.features.X)
    assert loaded.classes == ("ant", "bee", "cow")


def test_a_multi_label_estimator_can_be_loaded(pool: Any, tmp_path: Path) -> None:
    """Also one with a class that all samples have; it keeps the names of its columns."""
    fitted = a_fit("sklearn.linear_model.LogisticRegression", pool, multi_label=True)

    loaded = load(save(fitted, tmp_path, round_id=1, facts={})[0])

    assert loaded.classes == ("all", "ant", "bee", "cow")
    assert loaded.predict(pool.features.X) == fitted.predict(pool.features.X)


def test_a_record_of_versions_lies_beside_it(pool: Any, tmp_path: Path) -> None:
    """Who finds the file later knows what made it."""
    fitted = a_fit("sklearn.naive_bayes.GaussianNB", pool)

    path, digest = save(fitted, tmp_path, round_id=7, facts={"n_train": 120})

    record = json.loads(path.with_suffix(".json").read_text())
    assert record["sha256"] == digest
    assert record["n_train"] == 120
    assert set(record["versions"]) == {"python", "scikit-learn", "numpy", "scipy", "skops"}


def test_a_changed_file_is_refused(pool: Any, tmp_path: Path) -> None:
    """One byte more, and the file is not loaded."""
    path, _ = save(a_fit("sklearn.naive_bayes.GaussianNB", pool), tmp_path, round_id=1, facts={})
    path.write_bytes(path.read_bytes() + b" ")

    with pytest.raises(InvalidEstimatorError, match="was changed"):
        load(path)


def test_another_checksum_is_refused(pool: Any, tmp_path: Path) -> None:
    """A file and its record that were both replaced don't pass the checksum kept elsewhere."""
    path, _ = save(a_fit("sklearn.naive_bayes.GaussianNB", pool), tmp_path, round_id=1, facts={})

    with pytest.raises(InvalidEstimatorError, match="was changed"):
        load(path, digest="0" * 64)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """Before the first round there is no estimator."""
    with pytest.raises(UnknownError, match="run a round") as caught:
        load(model_path(tmp_path, 3))

    assert caught.value.word == "no_estimator"


def test_types_that_nobody_trusts_are_refused(tmp_path: Path) -> None:
    """A file whose types are not on the list is not loaded, unless they are named."""
    path, _ = save(bare(Own()), tmp_path, round_id=1, facts={})
    name = f"{Own.__module__}.Own"

    with pytest.raises(InvalidEstimatorError, match=f"not trusted: {name}"):
        load(path)
    assert isinstance(load(path, trusted=[name]).estimator, Own)


def test_a_file_that_would_run_a_command_is_refused(tmp_path: Path) -> None:
    """Functions of other modules are not trusted."""
    path, _ = save(bare(FunctionTransformer(os.system)), tmp_path, round_id=1, facts={})

    with pytest.raises(InvalidEstimatorError, match=r"not trusted: posix\.system"):
        load(path)


def test_an_estimator_that_cannot_be_saved_fails_the_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is said in words."""

    def refuse(_: Any) -> bytes:
        raise TypeError("no such thing")

    monkeypatch.setattr(skops.io, "dumps", refuse)

    with pytest.raises(RoundFailedError, match="Saving the fitted estimator failed: TypeError"):
        save(bare(Own()), tmp_path, round_id=1, facts={})


def test_old_estimators_are_pruned(pool: Any, tmp_path: Path) -> None:
    """Only the newest rounds stay, counted by number and not by name, and never none."""
    fitted = a_fit("sklearn.naive_bayes.GaussianNB", pool)
    for round_id in (8, 9, 10, 11):
        save(fitted, tmp_path, round_id=round_id, facts={})

    prune(tmp_path, keep=3)
    three = sorted(path.name for path in (tmp_path / "models").iterdir())
    prune(tmp_path, keep=0)
    one = sorted(path.name for path in (tmp_path / "models").iterdir())

    assert three == ["10.json", "10.skops", "11.json", "11.skops", "9.json", "9.skops"]
    assert one == ["11.json", "11.skops"]
