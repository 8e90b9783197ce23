"""Whether labels that stand in a column are proposed for import."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.inspect import inspect


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
