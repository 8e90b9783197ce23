"""A table imported: rows, features, keys and labels that are there already."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jupyterlab_al.datasets.column_features import write_column_features
from jupyterlab_al.datasets.description import FeaturesSpec
from jupyterlab_al.datasets.embedding_features import write_embedding_features
from jupyterlab_al.datasets.embedding_models import EmbeddingModel
from jupyterlab_al.datasets.import_table import import_table
from jupyterlab_al.datasets.labels import ImportedLabels, brought_labels, read_labels
from jupyterlab_al.datasets.precomputed import write_precomputed_features
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask, Report
from jupyterlab_al.datasets.profile import PROFILE_ROWS, ColumnProfile, profile
from jupyterlab_al.datasets.reading import BATCH_ROWS, TableSource
from jupyterlab_al.datasets.record import FEATURES, DatasetRecord
from jupyterlab_al.datasets.settle import Settled, missing_column, settle
from jupyterlab_al.datasets.stored_table import StoredTable
from jupyterlab_al.datasets.tables import open_table
from jupyterlab_al.datasets.text_features import write_text_features

#: Keys of larger pools are not compared with each other: that would take memory.
COMPARED_KEYS = 5_000_000


def prepare_table(task: PrepareTask, path: Path, report: Report) -> Prepared:
    """Import the table at `path`."""
    key = task.dataset.key_column
    source = open_table(path, text_columns=frozenset([key] if key else ()))
    _check_columns(task, source)
    n_samples = import_table(source, task.folder, partial(report, "read"))
    table = StoredTable(task.folder)
    profiles = profile(table.first_rows(PROFILE_ROWS))
    settled = settle(profiles, task.choices)
    imported = _labels(task, source, table)
    report("featurize", 0.0)
    n_features, said = _write_features(task, table, settled.features, n_samples, report)
    _record(task, profiles, settled, n_samples, n_features).write(task.folder)
    problems = (*source.said(), *settled.problems, *said, *_key_problems(table, key, n_samples))
    return Prepared(
        n_samples=n_samples,
        n_features=n_features,
        display=settled.display,
        features=settled.features,
        classes=imported.classes,
        imported=imported,
        problems=problems,
    )


def _check_columns(task: PrepareTask, source: TableSource) -> None:
    """Refuse columns that are not there before anything is copied."""
    known = source.schema().names
    places = {
        "dataset.key_column": (task.dataset.key_column,),
        "label_column": (task.label_column,),
        "display": task.display.all_columns,
        "features": task.features.all_columns,
    }
    for place, names in places.items():
        for name in names:
            # A file of JSON lines may name it further down.
            if name is not None and name not in known and not source.columns_may_follow:
                raise missing_column(place, name, known)


def _labels(task: PrepareTask, source: TableSource, table: StoredTable) -> ImportedLabels:
    if task.label_column is None:
        return brought_labels(source, multi_label=task.multi_label)
    return read_labels(table, task.label_column, multi_label=task.multi_label)


def _write_features(
    task: PrepareTask, table: StoredTable, features: FeaturesSpec, n_samples: int, report: Report
) -> tuple[int, list[str]]:
    """Write the features; return their number and what a person should know."""
    folder, progress = task.folder / FEATURES, partial(report, "featurize")
    columns = features.all_columns
    if features.kind == "text":
        width, n_empty = write_text_features(table, columns, folder, progress)
        return width, _empty_problem(n_empty, n_samples, columns)
    if features.kind == "embedding":
        model = EmbeddingModel.load(features.model, task.allowed_models)
        return write_embedding_features(table, columns, model, folder, progress), []
    if features.kind == "columns":
        width, n_infinite = write_column_features(table, columns, folder, progress)
        return width, _infinite_problem(n_infinite)
    root, path = task.precomputed(features)
    return write_precomputed_features(root, path, n_samples, folder, progress), []


def _empty_problem(n_empty: int, n_samples: int, columns: tuple[str, ...]) -> list[str]:
    if not n_empty:
        return []
    rows = "1 row has" if n_empty == 1 else f"{n_empty:,} rows have"
    names = ", ".join(f'"{name}"' for name in columns)
    return [
        f"Of {n_samples:,} rows, {rows} no text in {names}; they are kept and shown empty, so "
        "skip them when they come."
    ]


def _infinite_problem(n_infinite: int) -> list[str]:
    if not n_infinite:
        return []
    cells = "1 cell holds" if n_infinite == 1 else f"{n_infinite:,} cells hold"
    return [f"{cells} an infinite number; the model learns from such cells as from missing ones."]


def _key_problems(table: StoredTable, key: str | None, n_samples: int) -> list[str]:
    import pyarrow.compute as pc

    if key is None or n_samples > COMPARED_KEYS:
        return []
    column = table.column(key)
    missing = column.null_count
    repeated = n_samples - missing - pc.count_distinct(column, mode="only_valid").as_py()
    problems = []
    if missing:
        problems.append(
            f'{missing:,} rows have no value in "{key}"; they are known by their position.'
        )
    if repeated:
        problems.append(
            f'{repeated:,} rows repeat a value of "{key}" that an earlier row has; samples with '
            "the same key can't be told apart by it, only by sample_id."
        )
    return problems


def _record(
    task: PrepareTask,
    profiles: list[ColumnProfile],
    settled: Settled,
    n_samples: int,
    n_features: int,
) -> DatasetRecord:
    return DatasetRecord(
        n_samples=n_samples,
        store="table",
        display=settled.display,
        features=settled.features,
        layout=settled.features.layout,
        n_features=n_features,
        key_column=task.dataset.key_column,
        batch_rows=BATCH_ROWS,
        columns=tuple((column.name, column.type) for column in profiles),
    )
