"""Further samples of a project: imported as a part beside those that are there.

The part is a folder like the project's own, with features as the first ones were made. Whatever
happens on the way, what was there before is untouched; a part without `dataset.json` is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.additions import (
    done,
    given_features,
    refuse_known_keys,
    write_features,
)
from jupyterlab_al.datasets.append_files import append_files
from jupyterlab_al.datasets.arrays import as_rows, chunks, keep_array, open_array
from jupyterlab_al.datasets.description import DatasetKind
from jupyterlab_al.datasets.encoders import open_encoder
from jupyterlab_al.datasets.import_table import import_table
from jupyterlab_al.datasets.labels import ImportedLabels, read_labels
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask, Report
from jupyterlab_al.datasets.reading import TableSource, to_schema
from jupyterlab_al.datasets.record import (
    ARRAY,
    TABLE,
    DatasetRecord,
    part_folder,
)
from jupyterlab_al.datasets.sources import holds_array, source_path
from jupyterlab_al.datasets.stored_table import StoredTable
from jupyterlab_al.datasets.tables import open_table
from jupyterlab_al.domain.errors import InvalidDatasetError
from jupyterlab_al.domain.folders import WORDS

if TYPE_CHECKING:
    import pyarrow as pa

#: The array in a `.npz` while it is copied.
UNPACKED = "unpacked.npy"


def append(task: PrepareTask, report: Report) -> Prepared:
    """Import samples from `task.start` on, in the forms that the first ones have.

    Returns
    -------
    Prepared
        Of the samples added alone; labels that they brought are at their places in the project.

    Raises
    ------
    InvalidDatasetError
        If they don't fit those that are there; the message says what to do.
    """
    record = DatasetRecord.read(task.folder)
    target = part_folder(task.folder, task.start)
    path = source_path(task.root, task.dataset)
    first = task.first or task.dataset
    if path.is_dir() != (first.kind in WORDS):
        raise InvalidDatasetError(_other_source(first.kind))
    if path.is_dir():
        return append_files(task, first, record, path, target, report)
    is_array = holds_array(path, task.dataset)
    if is_array != (record.store == "array"):
        raise InvalidDatasetError(
            f"The samples of the project came from {record.store} data, so further ones must, too."
        )
    if is_array:
        return _append_array(task, record, path, target, report)
    return _append_table(task, record, path, target, report)


def _other_source(kind: DatasetKind) -> str:
    if kind in WORDS:
        return (
            f"The samples of the project are {WORDS[kind]} of a folder, so further ones must come "
            "from a folder, too."
        )
    return (
        "The samples of the project don't come from a folder of files, so further ones can't; "
        "give rows, an array or a file."
    )


def _append_array(
    task: PrepareTask, record: DatasetRecord, path: Path, target: Path, report: Report
) -> Prepared:
    given = open_array(path, unpack_to=target / UNPACKED, wanted=task.dataset.array)
    array = as_rows(given)
    first = np.load(task.folder / ARRAY, mmap_mode="r", allow_pickle=False)
    if array.shape[1:] != first.shape[1:]:
        raise InvalidDatasetError(
            f"The further samples have shape {array.shape[1:]} each, those of the project "
            f"{first.shape[1:]}; give samples of the same shape."
        )
    upload = path if task.dataset.kind == "upload" else None
    keep_array(given, target / ARRAY, path.name, partial(report, "read"), upload=upload)
    if record.features.kind == "precomputed":
        given_features(task, record, len(array), target, report)
    else:
        encoder = open_encoder(task.folder, allowed=task.allowed_models)
        pieces: Iterator[NDArray[Any]] = (rows for _, rows in chunks(array))
        write_features(record, target, pieces, len(array), encoder, report)
    return done(record, target, len(array))


def _append_table(
    task: PrepareTask, record: DatasetRecord, path: Path, target: Path, report: Report
) -> Prepared:
    key = record.key_column
    source = open_table(path, text_columns=frozenset([key] if key else ()))
    conformed = _Conformed(source, _schema(task.folder), _needed(record))
    n = import_table(conformed, target, partial(report, "read"))
    table = StoredTable(target)
    if key is not None:
        refuse_known_keys(task, table, key)
    if record.features.kind == "precomputed":
        given_features(task, record, n, target, report)
    else:
        encoder = open_encoder(task.folder, allowed=task.allowed_models)
        batches = table.batches(record.features.all_columns)
        write_features(record, target, batches, n, encoder, report)
    imported = ImportedLabels()
    if task.label_column is not None:
        found = read_labels(table, task.label_column, multi_label=task.multi_label)
        imported = replace(found, sample_ids=found.sample_ids + task.start)
    return done(record, target, n, imported, tuple(conformed.said()))


def _schema(folder: Path) -> pa.Schema:
    import pyarrow as pa

    with pa.memory_map(str(folder / TABLE)) as file:
        return pa.ipc.open_file(file).schema


def _needed(record: DatasetRecord) -> set[str]:
    key = () if record.key_column is None else (record.key_column,)
    return {*record.display.all_columns, *record.features.all_columns, *key}


class _Conformed(TableSource):
    """A table with the columns, in the types, of the one that is there."""

    def __init__(self, source: TableSource, schema: pa.Schema, needed: set[str]) -> None:
        super().__init__()
        self._source = source
        self._schema = schema
        self._needed = needed
        self.name = source.name

    def schema(self) -> pa.Schema:
        """Return the columns of the project's table."""
        return self._schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield all rows; columns that are not needed may be missing."""
        import pyarrow as pa

        for batch in self._source.batches():
            self._check(batch.schema.names)
            arrays = [
                batch.column(batch.schema.get_field_index(field.name))
                if field.name in batch.schema.names
                else pa.nulls(batch.num_rows, field.type)
                for field in self._schema
            ]
            plain = pa.RecordBatch.from_arrays(arrays, names=self._schema.names)
            try:
                yield to_schema(plain, self._schema)
            except (pa.ArrowException, ValueError) as error:
                raise InvalidDatasetError(
                    f"{self.name} has a column of another type than the project's samples: "
                    f"{str(error).splitlines()[0]}. Convert it, for example with astype."
                ) from error

    def _check(self, names: list[str]) -> None:
        missing = sorted(self._needed.difference(names))
        if missing:
            raise InvalidDatasetError(
                f'{self.name} has no column "{missing[0]}", which the project\'s samples are '
                "shown by, known by or learned from; add it."
            )

    def said(self) -> list[str]:
        """Return what the reader of the file says."""
        return self._source.said()

    def progress(self) -> float:
        """Return the share of the file that has been read."""
        return self._source.progress()
