"""Texts with a sparse matrix of one's own, from the notebook through rounds and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse

import jupyterlab_al as al
from benchmarks.servers import Place

pytestmark = pytest.mark.usefixtures("connected")

N, WIDTH = 2_000, 80_000
CLASSES = ["autos", "medicine", "space"]


def newsgroups() -> tuple[Any, np.ndarray[Any, Any]]:
    """Return rows of length one with 100 of 80,000 terms, a few of which tell the class."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, len(CLASSES), N)
    telling = 200 * y[:, None] + rng.integers(0, 200, (N, 10))
    terms = np.hstack([telling, rng.integers(600, WIDTH, (N, 90))])
    values = rng.random(terms.shape) / 10
    ends = np.arange(0, terms.size + 1, terms.shape[1])
    X = sparse.csr_matrix((values.ravel(), terms.ravel(), ends), shape=(N, WIDTH))
    return X, np.array(CLASSES)[y]


def test_from_a_matrix_to_labels_and_estimator(place: Place) -> None:
    """What is kept is as large as the matrix; rounds learn; the estimator takes the same matrix."""
    X, y = newsgroups()
    texts = [f"A message of group {n}" for n in range(N)]

    project = al.create("newsgroups", texts, features=X, classes=CLASSES)
    project.label({n: y[n] for n in range(200)})
    first = project.retrain()
    project.add(["One more."] * 5, features=X[:5])
    project.label({N + n: y[n] for n in range(5)})
    second = project.retrain()

    kept = sum(
        path.stat().st_size
        for path in place.data.rglob("features/*.npy")
        if path.parent.joinpath("indptr.npy").exists()
    )
    assert (first["state"], second["state"]) == ("finished", "finished")
    assert project.status["n_samples"] == N + 5
    assert kept < 2 * 8 * X.nnz < 4 * N * WIDTH / 100
    estimator = project.estimator()
    assert estimator.n_features_in_ == WIDTH
    assert np.mean(estimator.predict(X[200:]) == y[200:]) > 0.8


def test_a_matrix_that_is_a_mapping_too() -> None:
    """SciPy's dictionary of keys is a matrix like any other, and not how features are made."""
    X = sparse.eye(6, 4, format="dok")

    project = al.create("keys", [f"text {n}" for n in range(6)], features=X, classes=CLASSES)

    assert project.status["features"]["kind"] == "precomputed"


def test_simulate_takes_the_same_matrix() -> None:
    """Strategies can be compared on it before anybody labels."""
    X, y = newsgroups()

    curves = al.simulate(
        X[:400], y[:400], strategies=["default", "random"], budget=60, seeds=1, progress=False
    )

    assert set(curves["strategy"]) == {"default", "random"}
    assert curves["accuracy"].between(0, 1).all()


def test_a_file_that_scipy_wrote(place: Place) -> None:
    """A matrix in the server's folder is named by its path and not sent."""
    X, y = newsgroups()
    sparse.save_npz(place.root / "terms.npz", X[:50])

    project = al.create(
        "terms-of-a-file",
        [f"A message of group {n}" for n in range(50)],
        features={"kind": "precomputed", "path": "terms.npz"},
        classes=CLASSES,
    )
    project.label({n: y[n] for n in range(20)})
    project.retrain()

    assert project.estimator().n_features_in_ == WIDTH


def test_a_broken_matrix_makes_no_project() -> None:
    """It is refused here, before there is anything on the server."""
    X, _ = newsgroups()
    X.data[250] = np.nan

    with pytest.raises(al.InvalidInputError, match="nan in row 2, column"):
        al.create("broken", ["a text"] * N, features=X, classes=CLASSES)
    with pytest.raises(al.InvalidInputError, match=r"2,000 rows but there are 3 samples"):
        al.create("broken", ["a text"] * 3, features=X, classes=CLASSES)

    assert "broken" not in [project.name for project in al.projects()]
