"""Writers of exports: CSV, JSON lines, Parquet; and which writer a format needs."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jupyterlab_al.datasets.bundles import as_text, json_value
from jupyterlab_al.datasets.values import python_values
from jupyterlab_al.domain.formats import FileFormat
from jupyterlab_al.domain.formulas import escaped
from jupyterlab_al.domain.models import Project
from jupyterlab_al.store.prepared import Columns

if TYPE_CHECKING:
    import pyarrow as pa

    from jupyterlab_al.datasets.pool import SamplePool

_WHOLE = ("sample_id", "id", "n_annotations", "round_id")
#: What only the program writes, and never a formula.
_PLAIN = frozenset({*_WHOLE, "key", "source", "flagged", "created_at", "undone_at", "labeled_at"})
_NUMBERS = ("agreement", "seconds", "utility", "draw_probability", "probability")


class Writer(Protocol):
    """Takes an export part by part."""

    def write(self, part: Columns, data: pa.Table | None) -> None:
        """Add rows, given by column, and the columns of their samples in the same order."""


@contextmanager
def open_writer(
    path: Path,
    file_format: FileFormat,
    project: Project,
    columns: Sequence[str],
    pool: SamplePool | None,
) -> Iterator[Writer]:
    """Yield the writer of a format; with a pool, the columns of its samples are written too."""
    from jupyterlab_al.services.export_hugging_face import hugging_face_folder
    from jupyterlab_al.services.export_label_studio import LabelStudioWriter

    if file_format == "hf":
        assert pool is not None  # noqa: S101 - `exports.write` sees to it
        with hugging_face_folder(path, project, columns, pool) as folder_writer:
            yield folder_writer
    elif file_format == "parquet":
        from pyarrow import parquet

        schema = with_own(columns, pool, multi_label=project.multi_label)
        with parquet.ParquetWriter(path, schema) as file:
            yield ArrowWriter(file.write_table, schema)
    else:
        with path.open("w", newline="", encoding="utf-8") as text:
            if file_format == "csv":
                yield _CsvWriter(text, columns, pool)
            elif file_format == "jsonl":
                yield _JsonlWriter(text, columns, pool)
            else:
                assert pool is not None  # noqa: S101 - `exports.write` sees to it
                tasks = LabelStudioWriter(text, pool.record.display)
                yield tasks
                tasks.end()


# --- columns ------------------------------------------------------------------------


def own_names(columns: Sequence[str], schema: pa.Schema) -> list[str]:
    """Return the names of a dataset's columns beside those of an export.

    A column that is named like one of ours gets `data_` before its name.
    """
    taken = {*columns, *schema.names}
    names = []
    for name in schema.names:
        own = name
        while own in columns or (own != name and own in taken):
            own = f"data_{own}"
        taken.add(own)
        names.append(own)
    return names


def with_own(columns: Sequence[str], pool: SamplePool | None, *, multi_label: bool) -> pa.Schema:
    """Return the schema of an export, with the samples' own columns where there is a pool."""
    import pyarrow as pa

    classes = ("label", "predicted") if multi_label else ()
    types = dict.fromkeys(classes, pa.list_(pa.string()))
    fields = [pa.field(name, types.get(name, _type_of(name))) for name in columns]
    if pool is not None:
        schema = pool.data_schema
        names = own_names(columns, schema)
        fields += [field.with_name(name) for name, field in zip(names, schema, strict=True)]
    return pa.schema(fields)


def _type_of(column: str) -> pa.DataType:
    import pyarrow as pa

    if column in _WHOLE:
        return pa.int64()
    if column in _NUMBERS:
        return pa.float64()
    return pa.bool_() if column == "flagged" else pa.string()


def readable(schema: pa.Schema) -> list[str]:
    """Return the columns that a file of text can hold: pictures and sounds are left out."""
    return [field.name for field in schema if not _is_bytes(field.type)]


def _is_bytes(kind: pa.DataType) -> bool:
    import pyarrow.types as kinds

    if kinds.is_struct(kind):
        return any(_is_bytes(field.type) for field in kind)
    return bool(kinds.is_binary(kind) or kinds.is_large_binary(kind))


# --- writers ------------------------------------------------------------------------


class ArrowWriter:
    """Hands tables on to what writes Arrow or Parquet."""

    def __init__(self, write_table: Any, schema: pa.Schema) -> None:
        self._write_table = write_table
        self._schema = schema

    def write(self, part: Columns, data: pa.Table | None) -> None:
        """Add rows."""
        import pyarrow as pa

        n_own = 0 if data is None else data.num_columns
        given = self._schema.names[: len(self._schema) - n_own]
        arrays: list[Any] = [pa.array(part[name], self._schema.field(name).type) for name in given]
        arrays += [] if data is None else data.columns
        self._write_table(pa.Table.from_arrays(arrays, schema=self._schema))


class _TextWriter:
    """Rows as texts; knows which columns of the samples they can hold."""

    def __init__(self, file: Any, columns: Sequence[str], pool: SamplePool | None) -> None:
        self._file = file
        self._columns = columns
        self._own: list[tuple[str, str]] = []
        if pool is not None:
            schema = pool.data_schema
            named = zip(schema.names, own_names(columns, schema), strict=True)
            kept = set(readable(schema))
            self._own = [(name, to) for name, to in named if name in kept]

    def _own_columns(self, data: pa.Table | None) -> list[list[Any]]:
        """Return the values of the samples' own columns."""
        if data is None:
            return []
        return [python_values(data[name].combine_chunks()) for name, _ in self._own]


class _CsvWriter(_TextWriter):
    def __init__(self, file: Any, columns: Sequence[str], pool: SamplePool | None) -> None:
        super().__init__(file, columns, pool)
        self._csv = csv.writer(file)
        self._csv.writerow([*columns, *(escaped(name) for _, name in self._own)])

    def write(self, part: Columns, data: pa.Table | None) -> None:
        # Most columns hold nothing that would have to be escaped.
        cells: list[Iterable[Any]] = [
            part[name] if name in _PLAIN else map(_cell, part[name]) for name in self._columns
        ]
        cells += [map(_cell, column) for column in self._own_columns(data)]
        self._csv.writerows(zip(*cells, strict=True))


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, list):
        return json.dumps(json_value(value), ensure_ascii=False)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return escaped(as_text(value))


class _JsonlWriter(_TextWriter):
    def write(self, part: Columns, data: pa.Table | None) -> None:
        names = [*self._columns, *(name for _, name in self._own)]
        columns: list[Iterable[Any]] = [part[name] for name in self._columns]
        columns += [map(json_value, column) for column in self._own_columns(data)]
        self._file.writelines(
            json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) + "\n"
            for values in zip(*columns, strict=True)
        )
