from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.profile import profile
from jupyterlab_al.datasets.settle import Choices, Settled, settle
from jupyterlab_al.domain.errors import InvalidDatasetError, InvalidSettingError

TABLE = pa.table(
    {
        "id": range(40),
        "review": [f"This is review number {n} and it says something" for n in range(40)],
        "stars": [n % 5 for n in range(40)],
        "label": ["good", "bad"] * 20,
        "tags": [["a"]] * 40,
    }
)


def settled(
    display: dict[str, Any] | None = None,
    features: dict[str, Any] | None = None,
    label_column: str | None = None,
    key_column: str | None = None,
) -> Settled:
    """Return what is settled for a table of reviews."""
    choices = Choices(
        dataset=DatasetSpec(kind="table", path="a.csv", key_column=key_column),
        display=DisplaySpec.from_json(display),
        features=FeaturesSpec.from_json(features),
        label_column=label_column,
    )
    return settle(profile(TABLE), choices)


@pytest.mark.parametrize(
    ("display", "features", "shown", "learned"),
    [
        (None, None, ("text", ("review",)), ("text", ("review",))),
        ({"kind": "row"}, None, ("row", ("review", "stars", "tags")), ("text", ("review",))),
        ({"kind": "markdown"}, None, ("markdown", ("review",)), ("text", ("review",))),
        ({"kind": "auto", "column": "review"}, None, ("text", ("review",)), ("text", ("review",))),
        (
            {"kind": "auto", "columns": ["stars"]},
            None,
            ("row", ("stars",)),
            ("text", ("review",)),
        ),
        (
            {"kind": "mime", "column": "tags"},
            {"kind": "columns"},
            ("mime", ("tags",)),
            ("columns", ("stars",)),
        ),
        (
            None,
            {"kind": "auto", "columns": ["stars"]},
            ("text", ("review",)),
            ("columns", ("stars",)),
        ),
        (
            {"kind": "row"},
            {"kind": "text", "columns": ["review", "stars"]},
            ("row", ("review", "stars", "tags")),
            ("text", ("review", "stars")),
        ),
    ],
)
def test_what_is_left_open_follows_from_what_is_chosen(
    display: dict[str, Any] | None,
    features: dict[str, Any] | None,
    shown: tuple[str, tuple[str, ...]],
    learned: tuple[str, tuple[str, ...]],
) -> None:
    """Each choice of a person stands; the data fills in the rest."""
    found = settled(display, features)

    assert (found.display.kind, found.display.all_columns) == shown
    assert (found.features.kind, found.features.all_columns) == learned


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([f"<p>page {n}</p>" for n in range(9)], "mime"),
        ([list(range(9))] * 9, "series"),
        ([f"a text of many words, number {n}" for n in range(9)], "text"),
    ],
)
def test_a_column_that_is_named_alone_is_shown_as_it_is_best_shown(
    cells: list[Any], kind: str
) -> None:
    """A person names the column, and the data say whether it is drawn."""
    choices = Choices(
        dataset=DatasetSpec(kind="table", path="a.parquet"),
        display=DisplaySpec(column="x"),
        features=FeaturesSpec(kind="columns", columns=("n",)),
    )

    found = settle(profile(pa.table({"x": cells, "n": range(9)})), choices)

    assert (found.display.kind, found.display.column) == (kind, "x")


def test_a_hidden_answer_is_said_to_be_hidden() -> None:
    """What looks like the answer and was not chosen is left out, and a sentence says so."""
    assert 'The column "label" looks like the answer' in settled().problems[0]


@pytest.mark.parametrize(
    "choice",
    [{"label_column": "label"}, {"display": {"kind": "row", "columns": ["stars", "label"]}}],
)
def test_a_chosen_column_needs_no_sentence(choice: dict[str, Any]) -> None:
    """Nothing is said about the answer when the person named it."""
    assert settled(**choice).problems == ()


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (
            {"label_column": "label2"},
            'no column "label2" (asked for by label_column); there is label',
        ),
        ({"key_column": "idd"}, "asked for by dataset.key_column"),
        ({"display": {"kind": "text", "column": "review2"}}, "there is review"),
        ({"features": {"kind": "columns", "columns": ["zzz"]}}, "there is id, review"),
    ],
)
def test_a_missing_column_is_named_with_the_likeliest(choice: dict[str, Any], says: str) -> None:
    """A column that is not there is named, with those that it may have meant."""
    with pytest.raises(InvalidDatasetError) as caught:
        settled(**choice)

    assert says in caught.value.message


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (
            {"label_column": "label", "features": {"kind": "columns", "columns": ["label"]}},
            "is the answer",
        ),
        ({"features": {"kind": "columns", "columns": ["tags"]}}, "neither numbers, dates"),
        ({"features": {"kind": "pixels"}}, "can't be made from a table"),
        ({"display": {"kind": "image"}}, "needs a column"),
    ],
)
def test_what_a_table_cannot_give_is_refused(choice: dict[str, Any], says: str) -> None:
    """A choice that can't work says what would."""
    with pytest.raises(InvalidSettingError, match=says):
        settled(**choice)


def test_a_table_of_nothing_but_lines_says_how_they_are_learned_from() -> None:
    """Lists of numbers are drawn; that they can be given as features, the message says."""
    choices = Choices(dataset=DatasetSpec(kind="table", path="a.parquet"))

    with pytest.raises(InvalidSettingError, match=r'numpy\.stack\(frame\["signal"\]\)'):
        settle(profile(pa.table({"signal": [[1.0] * 9] * 4})), choices)


def test_a_table_of_nothing_but_bytes_teaches_nothing() -> None:
    """Without a column to learn from, precomputed features are asked for."""
    choices = Choices(dataset=DatasetSpec(kind="table", path="a.parquet"))

    with pytest.raises(InvalidSettingError, match="precomputed features"):
        settle(profile(pa.table({"blob": [b"x", b"y"]})), choices)
