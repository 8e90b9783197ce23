"""Further samples are encoded as those of the import were, with what was fitted then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from scipy.io import wavfile
from scipy.sparse import issparse

from jupyterlab_al.datasets.description import DatasetSpec, FeaturesSpec
from jupyterlab_al.datasets.encoders import open_encoder
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.preparation import PrepareTask
from jupyterlab_al.datasets.prepare import prepare
from jupyterlab_al.datasets.record import TABLE
from jupyterlab_al.domain.errors import InvalidDatasetError

RNG = np.random.default_rng(0)
#: What is imported, what is learned from, and the samples given again.
Case = tuple[DatasetSpec, FeaturesSpec, Any]


def a_table(root: Path, **features: Any) -> Case:
    """Write a table with a text, a number with gaps, a date and a category."""
    columns = {
        "review": [f"the {w} came late" for w in ("box", "bag", "pen", "cup")],
        "price": [1.0, None, float("inf"), 40.0],
        "day": [date(2024, 1, 1), None, date(2024, 3, 1), date(1969, 1, 2)],
        "shop": ["a", "b", None, "a"],
    }
    table = pa.table(columns)
    with pa.ipc.new_file(root / "rows.arrow", table.schema) as writer:
        writer.write_table(table)
    return (
        DatasetSpec(kind="table", path="rows.arrow"),
        FeaturesSpec(**features),
        table.to_batches()[0],
    )


def texts(root: Path) -> Case:
    """Texts of a table."""
    return a_table(root, kind="text", column="review")


def columns(root: Path) -> Case:
    """Columns of a table."""
    return a_table(root, kind="columns", columns=("price", "day", "shop"))


def plain_columns(root: Path) -> Case:
    """Columns without dates, which need no skrub."""
    return a_table(root, kind="columns", columns=("price", "shop"))


def numbers(root: Path) -> Case:
    """Rows of an array."""
    rows = RNG.normal(size=(6, 3))
    np.save(root / "rows.npy", rows)
    return DatasetSpec(kind="array", path="rows.npy"), FeaturesSpec(kind="array"), rows


def images(root: Path) -> Case:
    """Images of an array, larger than what is learned from."""
    rows = RNG.integers(0, 256, size=(4, 3, 70, 65)).astype(np.uint8)
    np.save(root / "images.npy", rows)
    return DatasetSpec(kind="array", path="images.npy"), FeaturesSpec(kind="pixels"), rows


def precomputed(root: Path) -> Case:
    """Features that a person computed."""
    dataset, _, _ = a_table(root)
    rows = RNG.normal(size=(4, 5)).astype(np.float32)
    np.save(root / "features.npy", rows)
    return dataset, FeaturesSpec(kind="precomputed", path="features.npy"), rows


def pictures(root: Path) -> Case:
    """Files of pictures."""
    (root / "pictures").mkdir()
    files = [root / "pictures" / f"{n}.png" for n in range(3)]
    for n, file in enumerate(files):
        Image.new("RGB", (20, 10), (80 * n, 0, 255)).save(file)
    return DatasetSpec(kind="images", path="pictures"), FeaturesSpec(kind="pixels"), files


def sounds(root: Path) -> Case:
    """Files of sounds."""
    (root / "sounds").mkdir()
    files = [root / "sounds" / f"{n}.wav" for n in range(3)]
    for n, file in enumerate(files):
        wave = np.sin(np.arange(4000) * (n + 1) / 10)
        wavfile.write(file, 8000, (wave * 30_000).astype(np.int16))
    return DatasetSpec(kind="audio", path="sounds"), FeaturesSpec(kind="audio"), files


def imported(root: Path, case: Case) -> Path:
    """Import a dataset; return the project folder."""
    dataset, features, _ = case
    task = PrepareTask(folder=root / "project", root=root, dataset=dataset, features=features)
    prepare(task, lambda _phase, _done: None)
    return task.folder


@pytest.mark.parametrize(
    "make",
    [texts, columns, plain_columns, numbers, images, precomputed, pictures, sounds],
    ids=lambda f: f.__name__,
)
def test_the_same_samples_get_the_very_same_features(
    tmp_path: Path, make: Callable[[Path], Case]
) -> None:
    """Samples that were imported, given again, are encoded to the numbers that are stored."""
    case = make(tmp_path)
    folder = imported(tmp_path, case)

    again = open_encoder(folder)(case[2])

    stored = open_features(folder).take(np.arange(len(case[2])))
    assert issparse(again) == issparse(stored)
    assert again.dtype == np.float32
    np.testing.assert_array_equal(*(X.toarray() if issparse(X) else X for X in (stored, again)))


def test_what_was_never_seen_fits_in(tmp_path: Path) -> None:
    """New words, categories and gaps give features of the same width, all finite."""
    folder = imported(tmp_path, plain_columns(tmp_path))
    schema = pa.ipc.open_file(folder / TABLE).schema
    row = {"review": "new", "price": None, "day": None, "shop": "never seen"}

    encoded = open_encoder(folder)(pa.RecordBatch.from_pylist([row], schema=schema))

    assert (1, open_features(folder).shape[1]) == encoded.shape
    assert np.isfinite(encoded).all()


@pytest.mark.parametrize(
    ("make", "further", "said"),
    [
        (plain_columns, pa.RecordBatch.from_pydict({"price": [1.0]}), 'no column "shop"'),
        (numbers, np.ones((2, 4)), r"shape \(4,\) each, those of the project \(3,\)"),
        (numbers, np.array([["a", "b", "c"]]), "not numbers"),
        (numbers, np.full((1, 3), np.nan), "has nan in row 0"),
        (precomputed, np.ones((1, 3)), r"those of the project \(5,\)"),
    ],
    ids=["column", "shape", "type", "nan", "width"],
)
def test_samples_of_another_kind_are_refused(
    tmp_path: Path, make: Callable[[Path], Case], further: Any, said: str
) -> None:
    """What can't be a sample of the project is refused in words."""
    folder = imported(tmp_path, make(tmp_path))

    with pytest.raises(InvalidDatasetError, match=said):
        open_encoder(folder)(further)
