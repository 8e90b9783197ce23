"""Whether labels that stand in a column are proposed for import."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.inspect import inspect
from jupyterlab_al.datasets.tags import tags_of


@pytest.mark.parametrize(("last", "column"), [("good", None), ("", "sentiment")])
def test_a_complete_label_column_gives_classes_only(
    tmp_path: Path, last: str, column: str | None
) -> None:
    """Labels are imported where some are missing; where none is, nothing would be left to do."""
    moods = ["good", "bad"] * 10 + [last]
    rows = [f"a text about number {n} of many,{mood}" for n, mood in enumerate(moods)]
    (tmp_path / "t.csv").write_text("\n".join(["text,sentiment", *rows]))

    found = inspect(tmp_path, DatasetSpec(kind="table", path="t.csv"))

    assert column == found.proposal["label_column"]
    assert {"good", "bad"} == set(found.proposal["classes"])
    assert "label_column" in {problem.field for problem in found.problems}


@pytest.mark.parametrize(
    ("cells", "tags"),
    [
        (["rock;pop", "pop", "rock;jazz", "jazz"], ("jazz", "pop", "rock")),
        (['["rock", "pop"]'] * 3, ("pop", "rock")),
        (["a|b, or c", "a|d", "d|b, or c"], ("a", "b, or c", "d")),
        (['["x", "y"]', '["y"]', "[]"], ("x", "y")),
        ([["x", "y"], ["y"], []], ("x", "y")),
        (["Paris, FR", "Lyon, FR", "Bonn, DE", "Rome, IT"], ()),
        (["good", "bad", "good"], ()),
        (["It broke, sadly; I sent it back, and they paid. " * 2, "x;y", "x", "y"], ()),
    ],
)
def test_cells_of_several_classes_are_told_from_names_with_a_comma(
    cells: list[object], tags: tuple[str, ...]
) -> None:
    """Names that are put together again and again are classes; a comma in a name is not."""
    assert tags_of(cells) == tags


def test_a_column_of_tags_makes_the_project_multi_label(tmp_path: Path) -> None:
    """Several classes a sample are proposed, and the single ones are the classes."""
    cells = ["rock;pop", "pop", "rock", "jazz;pop", ""] * 5
    rows = [f"a text about song number {n} of many,{cell}" for n, cell in enumerate(cells)]
    (tmp_path / "t.csv").write_text("\n".join(["text,genres", *rows]))

    found = inspect(tmp_path, DatasetSpec(kind="table", path="t.csv"))

    assert found.proposal["multi_label"]
    assert found.proposal["classes"] == ["jazz", "pop", "rock"]
    assert found.proposal["label_column"] == "genres"
    assert found.proposal["display"] == {"kind": "text", "column": "text"}
