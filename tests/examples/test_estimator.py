"""The exported estimator, in a process that knows nothing of the project."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import jupyterlab_al as al
from benchmarks.servers import Place
from jupyterlab_al.learning.evaluation import StopSet
from tests.examples.conftest import Desk

#: What somebody writes who has the file and scikit-learn, and nothing of ours.
ELSEWHERE = """
import sys
import numpy as np
import skops.io

file, features, to = sys.argv[1:]
estimator = skops.io.load(file, trusted=skops.io.get_untrusted_types(file=file))
X = np.load(features)
np.savez(to, labels=estimator.predict(X).astype(str), proba=estimator.predict_proba(X))
assert "jupyterlab_al" not in sys.modules
"""


def predicted_elsewhere(folder: Path, skops: bytes, X: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return what a fresh process predicts with an estimator's file."""
    paths = [folder / "estimator.skops", folder / "features.npy", folder / "predicted.npz"]
    paths[0].write_bytes(skops)
    np.save(paths[1], X)
    command = [sys.executable, "-c", ELSEWHERE, *map(str, paths)]
    subprocess.run(command, check=True, timeout=120, cwd=folder)
    with np.load(paths[2]) as predicted:
        return dict(predicted)


def predicted_by_the_worker(place: Place, round_id: str, n_samples: int) -> dict[int, str]:
    """Return the label that a round gave each sample of the pool, as it kept them."""
    [file] = place.data.glob(f"projects/*/predictions/{round_id}.json")
    labels = json.loads(file.read_text())["predictions"]
    ids = StopSet.of(file.parents[1], n_samples=n_samples, seed=0).sample_ids
    return {int(sample_id): label for sample_id, [label] in zip(ids, labels, strict=True)}


@pytest.mark.parametrize(
    "estimator",
    [
        pytest.param(None, id="default"),
        pytest.param(GaussianNB(), id="naive-bayes"),
        pytest.param(RandomForestClassifier(n_estimators=20), id="forest"),
        pytest.param(make_pipeline(StandardScaler(), SVC(probability=True)), id="pipeline"),
    ],
)
def test_an_exported_estimator_predicts_the_same_in_a_fresh_process(
    estimator: Any, desk: Desk, tmp_path: Path
) -> None:
    """Worker, notebook and a process without jupyterlab_al agree on every sample, to the bit."""
    X, y = load_digits(return_X_y=True)
    desk.connect()
    name = f"export-{type(estimator).__name__}"
    project = al.create(name, X, classes=list("0123456789"), estimator=estimator)
    project.label({i: str(y[i]) for i in range(200)})
    done = project.retrain()

    file = desk.client.raw("GET", f"/al/api/projects/{name}/estimator")
    elsewhere = predicted_elsewhere(tmp_path, file, X.astype(np.float32))

    here = project.estimator()
    by_the_worker = predicted_by_the_worker(desk.place, done["id"], len(X))
    assert dict(enumerate(elsewhere["labels"])) == by_the_worker
    assert np.array_equal(elsewhere["labels"], here.predict(X.astype(np.float32)))
    assert np.array_equal(elsewhere["proba"], here.predict_proba(X.astype(np.float32)))
    assert np.mean(elsewhere["labels"] == y.astype(str)) > 0.5
