"""`project.add`: further samples from a notebook."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.sparse import csr_matrix

import jupyterlab_al as al
from benchmarks.servers import Place

pytestmark = pytest.mark.usefixtures("connected")

CLASSES = ["bad", "good"]


def texts(start: int, n: int) -> pd.DataFrame:
    """Return reviews with an index of keys."""
    numbers = range(start, start + n)
    index = pd.Index([f"r-{i}" for i in numbers], name="id")
    return pd.DataFrame({"review": [f"{CLASSES[i % 2]} thing {i}" for i in numbers]}, index=index)


def test_a_frame_grows_and_keeps_its_index() -> None:
    """Labels of old and new samples come back with the index; a round learns from both."""
    project = al.create("growing", texts(0, 30), text="review", classes=CLASSES)
    project.label({f"r-{i}": CLASSES[i % 2] for i in range(6)})

    project.add(texts(30, 20))
    project.label({f"r-{i}": CLASSES[i % 2] for i in range(40, 46)})
    done = project.retrain()

    assert project.status["n_samples"] == 50
    assert done["n_train"] == 12
    labels = project.labels()
    assert labels.index.name == "id"
    assert labels["r-45"] == "good"
    assert project.pipeline().predict(["good thing"]).tolist() == ["good"]


def test_samples_that_are_there_already_are_refused() -> None:
    """The same frame by mistake adds nothing, and the message names the sample."""
    project = al.create("again", texts(0, 10), text="review", classes=CLASSES)

    with pytest.raises(al.NotReadyError, match=r"Nothing was added: .*'r-0'"):
        project.add(texts(0, 10))

    assert project.status["n_samples"] == 10
    assert project.add(texts(10, 5)).status["n_samples"] == 15


@pytest.mark.parametrize(
    ("first", "more"),
    [
        (["one text", "two texts", "three"], ["four", "five"]),
        (pd.Series(["one text", "two texts"]), pa.table({"text": ["three", "four"]})),
        (np.eye(6, 4), np.ones((2, 4))),
        (np.zeros((6, 8, 8), np.uint8) + 7, np.full((2, 8, 8), 9, np.uint8)),
        (pd.DataFrame({"a": [1, 2, 3], "b": list("xyx")}), pd.DataFrame({"b": ["z"], "a": [4.0]})),
    ],
    ids=["list", "arrow", "array", "images", "columns"],
)
def test_all_forms_can_be_added(first: Any, more: Any, request: pytest.FixtureRequest) -> None:
    """What makes a project can make it larger."""
    project = al.create(f"add-{request.node.callspec.id}", first, classes=CLASSES)
    n = project.status["n_samples"]

    project.add(more)

    assert project.status["n_samples"] == n + len(more)
    project.label({n: "good"})
    assert project.labels().to_dict() == {n: "good"}


def test_given_features_come_with_the_samples() -> None:
    """Without them nothing is added; with them a round has all."""
    X = np.random.default_rng(0).normal(size=(20, 3))
    project = al.create("features", ["text"] * 20, features=X, classes=CLASSES)

    with pytest.raises(al.NotReadyError, match="features=X"):
        project.add(["another"])
    project.add(["another", "more"], features=csr_matrix(np.eye(2, 3)))
    project.label({0: "good", 1: "bad", 20: "good", 21: "bad"})

    assert project.retrain()["n_train"] >= 2
    assert project.status["n_samples"] == 22


def test_an_index_where_samples_have_no_keys_is_refused_here() -> None:
    """Positions and an index of one's own don't go together; nothing is sent."""
    project = al.create("add-positions", ["a b", "c d"], classes=CLASSES)

    with pytest.raises(al.InvalidInputError, match="reset_index"):
        project.add(pd.DataFrame({"text": ["e f"]}, index=["x"]))


def test_files_of_a_folder(place: Place) -> None:
    """What came into a project's folder is added by its path, and labeled by its name."""
    notes = place.root / "notes"
    notes.mkdir()
    for n in range(4):
        (notes / f"{n}.txt").write_text(f"note {n} is {CLASSES[n % 2]}")
    project = al.create("notes", "notes", classes=CLASSES)
    project.label({"0.txt": "bad"})
    (notes / "later.txt").write_text("a later note is good")

    project.add("notes")
    project.label({"later.txt": "good"})

    assert project.status["n_samples"] == 5
    assert project.labels().to_dict() == {"0.txt": "bad", "later.txt": "good"}
    assert project.annotations()["sample_key"].tolist() == ["0.txt", "later.txt"]
