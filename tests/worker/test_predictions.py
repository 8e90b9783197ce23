"""What the last estimator says of every sample, as an export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pyarrow import parquet

from jupyterlab_al.domain.errors import (
    InvalidEstimatorError,
    InvalidSettingError,
    NotAllowedError,
    UnknownError,
)
from jupyterlab_al.domain.formats import FOR_TOOLS, FileFormat
from jupyterlab_al.domain.models import Person
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.services import exports, projects
from jupyterlab_al.services.classes import ClassChanges
from jupyterlab_al.services.exports import ExportTask
from jupyterlab_al.store.database import Database
from jupyterlab_al.worker.loop import Worker
from tests.factories import ANN, OLGA, an_annotation
from tests.worker.conftest import (
    a_prepared_project,
    a_waiting_round,
    do_next,
    estimator,
    label,
)


def a_task(
    folder: Path, file_format: FileFormat = "parquet", person: Person = OLGA, **more: Any
) -> ExportTask:
    """Return the task to write predictions of all samples."""
    return ExportTask(
        project="reviews",
        person=person,
        path=folder / "predictions",
        file_format=file_format,
        what="predictions",
        **more,
    )


def predictions(database: Database, settings: Settings, folder: Path) -> list[dict[str, Any]]:
    """Return what is predicted, row by row."""
    task = a_task(folder)
    database.read(exports.write, task, settings)
    rows: list[dict[str, Any]] = parquet.read_table(task.path).to_pylist()
    return rows


@pytest.fixture
def trained(sqlite: Database, settings: Settings, worker: Worker) -> Database:
    """Return a database with a project of 60 samples, 20 of which a model has learned."""
    a_prepared_project(sqlite, settings, worker)
    label(sqlite, range(20))
    a_waiting_round(sqlite)
    assert do_next(worker) == "finished"
    return sqlite


def said_of(sample_id: int) -> str:
    """Return the true label of a sample."""
    return "positive" if sample_id % 2 else "negative"


@pytest.mark.parametrize("at_once", [5_000, 60, 7, 1])
def test_every_sample_has_a_prediction(
    trained: Database,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
) -> None:
    """One row a sample in order, labeled or not, however many are predicted together."""
    monkeypatch.setattr(exports, "ROWS", at_once)
    an_annotation(trained, ANN, 59, "negative", at=None)

    rows = predictions(trained, settings, tmp_path)

    assert [row["sample_id"] for row in rows] == list(range(60))
    assert sum(row["predicted"] == said_of(row["sample_id"]) for row in rows) > 50
    assert all(0.5 < row["probability"] <= 1 for row in rows)
    given = {row["sample_id"]: row["label"] for row in rows if row["label"] is not None}
    assert given == {**{sample_id: said_of(sample_id) for sample_id in range(20)}, 59: "negative"}


def test_tables_say_the_same(trained: Database, settings: Settings, tmp_path: Path) -> None:
    """JSON lines hold the rows of the Parquet file, with the samples' own columns on demand."""
    rows = predictions(trained, settings, tmp_path)
    task = a_task(tmp_path, "jsonl", with_data=True)

    trained.read(exports.write, task, settings)

    lines = [json.loads(line) for line in task.path.read_text().splitlines()]
    assert [{name: line[name] for name in rows[0]} for line in lines] == rows
    assert set(lines[0]) > set(rows[0])


def test_classes_have_the_names_of_now(
    trained: Database, settings: Settings, tmp_path: Path
) -> None:
    """A class that was renamed since the model learned it is predicted under its new name."""
    renames = ClassChanges(renames={"negative": "bad"})
    trained.write(projects.change, "reviews", OLGA, classes=renames)

    rows = predictions(trained, settings, tmp_path)

    assert {row["predicted"] for row in rows} == {"bad", "positive"}


def test_a_merged_class_has_the_probability_of_both(
    trained: Database, settings: Settings, tmp_path: Path
) -> None:
    """Where the model still tells classes apart that are one by now, the one is certain."""
    merges = ClassChanges(merges={"negative": "positive"})
    trained.write(projects.change, "reviews", OLGA, classes=merges)

    rows = predictions(trained, settings, tmp_path)

    assert {row["predicted"] for row in rows} == {"positive"}
    assert [row["probability"] for row in rows] == pytest.approx([1.0] * 60)


def test_several_classes_a_sample(
    sqlite: Database, settings: Settings, worker: Worker, tmp_path: Path
) -> None:
    """In a multi-label project a prediction is a list, and as sure as its least sure class."""
    a_prepared_project(sqlite, settings, worker, multi_label=True, classes=("even", "odd", "any"))
    for sample_id in range(30):
        said = ["odd" if sample_id % 2 else "even", *(["any"] if sample_id % 3 else [])]
        an_annotation(sqlite, ANN, sample_id, said, at=None)
    a_waiting_round(sqlite)
    assert do_next(worker) == "finished"

    rows = predictions(sqlite, settings, tmp_path)

    parity = [next(iter({"odd", "even"}.intersection(row["predicted"])), None) for row in rows]
    assert parity.count("odd") > 25
    assert parity.count("even") > 25
    assert all(0.5 <= row["probability"] <= 1 for row in rows)
    assert rows[1]["label"] == ["odd", "any"]
    assert rows[59]["label"] is None


def test_an_estimator_of_ones_own(
    sqlite: Database, settings: Settings, worker: Worker, tmp_path: Path
) -> None:
    """What a round was allowed to fit may predict, too."""
    a_prepared_project(sqlite, settings, worker, estimator=estimator("Good"))
    label(sqlite, range(9))
    a_waiting_round(sqlite)
    assert do_next(worker) == "finished"

    rows = predictions(sqlite, settings, tmp_path)

    # It always says what most labels are.
    assert [row["predicted"] for row in rows] == ["negative"] * 60


def test_a_changed_file_is_not_loaded(
    trained: Database, settings: Settings, tmp_path: Path
) -> None:
    """An estimator that is not the one which the round wrote says nothing."""
    [model] = settings.data_dir.rglob("*.skops")
    model.write_bytes(model.read_bytes() + b" ")

    with pytest.raises(InvalidEstimatorError, match="changed since it was written"):
        predictions(trained, settings, tmp_path)


def test_an_estimator_of_an_earlier_version_asks_for_a_round(
    trained: Database, settings: Settings, tmp_path: Path
) -> None:
    """One that was kept without the indices of its classes can't say what they are named now."""
    [record] = (path for path in settings.data_dir.rglob("models/*.json"))
    said = json.loads(record.read_text())
    del said["class_indices"]
    record.write_text(json.dumps(said))

    with pytest.raises(InvalidEstimatorError, match="Train the model now"):
        predictions(trained, settings, tmp_path)


def test_there_are_none_before_the_first_round(
    sqlite: Database, settings: Settings, worker: Worker, tmp_path: Path
) -> None:
    """Without an estimator the refusal says what is missing, and no file is left."""
    a_prepared_project(sqlite, settings, worker)

    with pytest.raises(UnknownError, match="first finished round"):
        predictions(sqlite, settings, tmp_path)

    assert not (tmp_path / "predictions").exists()


@pytest.mark.parametrize("file_format", sorted(FOR_TOOLS))
def test_files_for_other_tools_hold_none(
    trained: Database, settings: Settings, tmp_path: Path, file_format: FileFormat
) -> None:
    """These hold what people said; asking for predictions in them names the formats that do."""
    assert file_format in get_args(FileFormat)

    with pytest.raises(InvalidSettingError, match="CSV, JSON lines or Parquet"):
        trained.read(exports.write, a_task(tmp_path, file_format), settings)


def test_annotators_get_none(trained: Database, settings: Settings, tmp_path: Path) -> None:
    """Predictions would steer whoever labels."""
    with pytest.raises(NotAllowedError):
        trained.read(exports.write, a_task(tmp_path, person=ANN), settings)


def test_a_server_writes_none_itself(trained: Database, settings: Settings, tmp_path: Path) -> None:
    """An estimator is loaded only in a process that may crash, however small the pool is."""
    assert not trained.read(exports.write_small, a_task(tmp_path), settings)
