from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.domain.errors import (
    ActiveLearningError,
    InvalidDatasetError,
    InvalidSettingError,
    MalformedError,
)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "table", "path": "data/reviews.parquet", "key_column": "id"},
        {"kind": "upload", "upload_id": "3f"},
        {"kind": "demo", "path": "digits"},
    ],
)
def test_a_dataset_survives_json(body: dict[str, Any]) -> None:
    """What a person says about a dataset is stored and read back unchanged."""
    assert body == DatasetSpec.from_json(body).to_json()


def test_what_was_not_given_may_be_null() -> None:
    """A field that is null is the same as a field that is absent."""
    spec = DisplaySpec.from_json({"kind": "row", "column": None, "columns": ["a", "b"]})

    assert DisplaySpec(kind="row", columns=("a", "b")) == spec
    assert spec.to_json() == {"kind": "row", "columns": ["a", "b"]}


def test_display_and_features_default_to_a_look_at_the_data() -> None:
    """Without a display or features the data decides."""
    assert DisplaySpec.from_json(None).kind == "auto"
    assert FeaturesSpec.from_json(None).kind == "auto"


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        ({"kind": "sheet", "path": "a"}, InvalidSettingError, "use one of table"),
        ({"kind": "table"}, InvalidDatasetError, "needs a path"),
        ({"kind": "upload"}, InvalidDatasetError, "upload_id"),
        ({"kind": "demo", "path": "faces"}, InvalidDatasetError, "use digits"),
        ({"kind": "table", "path": 3}, MalformedError, "dataset.path must be a string"),
        ({"kind": "table", "path": "a", "array": "X"}, InvalidDatasetError, r"in a \.npz file"),
        ({"kind": "table", "path": "a", "sep": ";"}, MalformedError, "no field sep"),
    ],
)
def test_a_wrong_dataset_says_what_to_give(
    body: dict[str, Any], error: type[ActiveLearningError], says: str
) -> None:
    """A description that can't be used names the field and what it can be."""
    with pytest.raises(error, match=says):
        DatasetSpec.from_json(body)


def test_precomputed_features_need_a_path() -> None:
    """Precomputed features without a file are refused before anything is read."""
    with pytest.raises(InvalidSettingError, match="need a path"):
        FeaturesSpec.from_json({"kind": "precomputed"})


def test_columns_are_names() -> None:
    """A list of columns holds strings only."""
    with pytest.raises(MalformedError, match=r"features\.columns"):
        FeaturesSpec.from_json({"kind": "columns", "columns": [1]})


def test_a_column_named_twice_counts_once() -> None:
    """The columns of a display or of features have no repeats."""
    spec = FeaturesSpec(kind="text", column="b", columns=("a", "b"))

    assert spec.all_columns == ("b", "a")
