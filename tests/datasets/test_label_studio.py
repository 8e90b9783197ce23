"""Label Studio's JSON as data: samples, and labels with who gave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.inspect import inspect
from jupyterlab_al.datasets.json_lists import is_list, objects
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask
from jupyterlab_al.datasets.prepare import prepare
from jupyterlab_al.domain.errors import InvalidDatasetError


def choice(*names: str, control: str = "sentiment", kind: str = "choices") -> dict[str, Any]:
    """Return a region of a result."""
    return {
        "id": "x",
        "from_name": control,
        "to_name": "text",
        "type": kind,
        "value": {kind: list(names)},
    }


def annotation(*regions: dict[str, Any], by: Any = 7, **more: Any) -> dict[str, Any]:
    """Return one annotation as version 1 of Label Studio exports it."""
    return {
        "id": 1,
        "completed_by": by,
        "result": list(regions),
        "was_cancelled": False,
        "lead_time": 4.5,
        "created_at": "2021-03-09T22:16:08.728353Z",
        **more,
    }


def a_file(root: Path, annotations: list[list[dict[str, Any]]]) -> str:
    """Return the name of a file with a task for each list."""
    tasks = [
        {
            "id": 100 + i,
            "data": {"text": f"The zipper of coat {i} broke after some days", "stars": i},
            "annotations": of_task,
            "predictions": [{"result": [choice("wrong")]}],
        }
        for i, of_task in enumerate(annotations)
    ]
    (root / "tasks.json").write_text(json.dumps(tasks, indent=1), encoding="utf-8")
    return "tasks.json"


def prepared(root: Path, path: str, *, multi_label: bool = False) -> Prepared:
    """Return the imported data."""
    task = PrepareTask(
        folder=root / "project",
        root=root,
        dataset=DatasetSpec(kind="table", path=path),
        multi_label=multi_label,
    )
    return prepare(task, lambda _phase, _progress: None)


class TestTasks:
    def test_labels_come_with_who_and_when(self, tmp_path: Path) -> None:
        """Each annotation is a label; cancelled ones and other kinds of answers are none."""
        path = a_file(
            tmp_path,
            [
                [annotation(choice("bad"), by=7), annotation(choice("good"), by={"email": "a@b"})],
                [],
                [annotation(was_cancelled=True)],
                [annotation(choice("x", kind="rectanglelabels"))],
                [annotation(choice("good"), choice("en", control="language"), by=None)],
            ],
        )

        found = prepared(tmp_path, path)

        assert found.n_samples == 5
        assert found.classes == ("bad", "good")
        labels = list(zip(found.imported.sample_ids.tolist(), found.imported.labels, strict=True))
        assert labels == [(0, "bad"), (0, "good"), (4, "good")]
        at = 1_615_328_168_728
        assert found.imported.given == [("7", at, 4.5), ("a@b", at, 4.5), (None, at, 4.5)]
        assert any("rectanglelabels (1), choices of language (1)" in one for one in found.problems)

    def test_the_dialog_proposes_what_the_file_says(self, tmp_path: Path) -> None:
        """Classes, several of them where one task has several, and the text to show."""
        path = a_file(tmp_path, [[annotation(choice("bad", "late"))], [], []])

        found = inspect(tmp_path, DatasetSpec(kind="auto", path=path))

        assert found.proposal["classes"] == ["bad", "late"]
        assert found.proposal["multi_label"] is True
        assert found.proposal["display"] == {"kind": "text", "column": "text"}
        assert found.proposal["dataset"]["key_column"] == "task_id"
        assert (found.n_rows, found.n_rows_exact) == (3, True)
        assert any("labeled in this file" in one.message for one in found.problems)

    def test_several_labels_need_a_multi_label_project(self, tmp_path: Path) -> None:
        """Otherwise nothing is imported; the row is named."""
        path = a_file(tmp_path, [[], [annotation(choice("bad", "late"))]])

        with pytest.raises(InvalidDatasetError, match=r"Row 2 .*several labels"):
            prepared(tmp_path, path)

        found = prepared(tmp_path, path, multi_label=True)
        assert found.imported.labels == [["bad", "late"]]

    def test_a_list_of_plain_objects_is_a_table(self, tmp_path: Path) -> None:
        """Objects without `data` are rows themselves."""
        rows = [{"text": f"The zipper of coat {i} broke", "stars": i} for i in range(3)]
        (tmp_path / "rows.json").write_text(json.dumps(rows))

        found = prepared(tmp_path, "rows.json")

        assert (found.n_samples, found.display.column) == (3, "text")


WRONG = [
    ('[{"data": {"text": "a"}}', "can't be read"),
    ('[{"data": {"text": "a"}}, {"data": {"te', "cut off"),
    ('[{"data": {"text": "a"}} {"data": {}}]', "no comma"),
    ("[1, 2]", "no object"),
    ("[", "cut off"),
    ("[]", "no rows"),
    ('{"name": "x"}', "holds no list"),
    ("nonsense", "holds no list"),
    ('[{"text": "a"}] [', "goes on after"),
    ('[{"data": {"text": "a"}, "annotations": 3}]', "Task 1 .*must be a list"),
    ('[{"data": {"text": "a"}, "annotations": [3]}]', "Task 1 .*an object"),
    ('[{"data": {"text": "a"}, "annotations": [{"result": [3]}]}]', "Task 1 .*an object"),
    (
        '[{"data": {"text": "a"}, "annotations": [{"result": [{"type": "choices"}]}]}]',
        "Task 1 .*list of texts",
    ),
    (
        '[{"data": {"text": "a"}, "annotations": [{"result": [], "created_at": "noon"}]}]',
        "Task 1 .*no time",
    ),
    ('[{"a": ' + "[" * 100_000, "nested too deep|cut off"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_is_named_and_nothing_is_kept(tmp_path: Path, text: str, said: str) -> None:
    """A file of another shape, or cut off, gets a sentence."""
    (tmp_path / "wrong.json").write_text(text)

    with pytest.raises(InvalidDatasetError, match=said):
        prepared(tmp_path, "wrong.json")

    assert not (tmp_path / "project" / "dataset.json").exists()


def test_a_huge_text(tmp_path: Path) -> None:
    """A text of a hundred million characters is refused before it is read whole."""
    path = tmp_path / "huge.json"
    with path.open("w") as file:
        file.write('[{"data": {"text": "')
        for _ in range(100):
            file.write("x" * 1_000_000)
        file.write('"}}]')

    read: list[int] = []
    with pytest.raises(InvalidDatasetError, match="longer than"):
        list(objects(path, "utf-8", read.append))

    assert sum(read) < 50_000_000


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_objects_may_be_cut_anywhere(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the file is read, the objects are the same."""
    from jupyterlab_al.datasets import json_lists

    monkeypatch.setattr(json_lists, "PIECE", size)
    rows = [{"a": "ä, ] }", "b": [1, {"c": None}]}, {}, {"d": 1.5}]
    path = tmp_path / "rows.json"
    path.write_text(" \n" + json.dumps(rows, ensure_ascii=False, indent=2) + "\n", "utf-8")

    assert list(objects(path, "utf-8", lambda _n: None)) == rows


def test_a_description_is_no_list(tmp_path: Path) -> None:
    """An object is a project's description; a list is data."""
    for name, text in (("a.json", ' {"name": "x"}'), ("b.json", "\ufeff [1]")):
        (tmp_path / name).write_text(text, encoding="utf-8")

    assert [is_list(tmp_path / name) for name in ("a.json", "b.json")] == [False, True]
