"""Labels out, as CSV, JSON lines or Parquet, in bounded memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.models import Person, Project, SampleId, utc
from jupyterlab_al.domain.roles import require
from jupyterlab_al.store import annotation_log, projects

if TYPE_CHECKING:
    from sqlalchemy import Connection

What = Literal["labels", "annotations"]
Row = dict[str, Any]
#: Keys by which a person knows samples.
Keys = Callable[[Sequence[SampleId]], Sequence[str]]

#: Rows written together.
BATCH = 5_000
#: What a spreadsheet takes for the start of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

LABELS = ("sample_id", "sample_key", "label", "n_annotations", "agreement", "source", "labeled_at")
ANNOTATIONS = (
    "id",
    "key",
    "sample_id",
    "sample_key",
    "label",
    "annotator",
    "source",
    "created_at",
    "undone_at",
    "flagged",
    "comment",
    "seconds",
    "round_id",
    "utility",
    "draw_probability",
)


def write(
    tx: Connection,
    name: str,
    person: Person,
    *,
    path: Path,
    what: What,
    keys: Keys,
) -> None:
    """Write a project's labels or annotations to a file, its format told by the ending."""
    project = projects.find(tx, name, person)
    require(project, "see_others")
    columns: Sequence[str] = LABELS if what == "labels" else ANNOTATIONS
    rows = _labels(tx, project) if what == "labels" else _annotations(tx, project)
    with ExitStack() as stack:
        writer = _writer(path, columns, stack)
        while part := list(islice(rows, BATCH)):
            of_samples = keys([row["sample_id"] for row in part])
            for row, key in zip(part, of_samples, strict=True):
                row["sample_key"] = key
            writer.write(part)


def _labels(tx: Connection, project: Project) -> Iterator[Row]:
    standing = annotation_log.standing(tx, project.id)
    for sample_id, of_sample in groupby(standing, key=lambda row: row["sample_id"]):
        facts = list(of_sample)
        stored = [annotation_log.decode_label(fact["label"]) for fact in facts]
        winner = labels.consensus(stored)
        first = next(fact for fact, label in zip(facts, stored, strict=True) if label == winner)
        yield {
            "sample_id": sample_id,
            "label": labels.to_label(winner, classes=project.classes),
            "n_annotations": len(facts),
            "agreement": stored.count(winner) / len(stored),
            "source": first["source"],
            "labeled_at": utc(first["created_at"]).isoformat(),
        }


def _annotations(tx: Connection, project: Project) -> Iterator[Row]:
    after = 0
    while page := annotation_log.page(tx, project.id, after=after, size=BATCH):
        for fact in page:
            row: Row = {column: fact.get(column) for column in ANNOTATIONS}
            stored = annotation_log.decode_label(fact["label"])
            row["label"] = labels.to_label(stored, classes=project.classes)
            for column in ("created_at", "undone_at"):
                row[column] = None if row[column] is None else utc(row[column]).isoformat()
            yield row
        after = page[-1]["id"]


class _Writer(Protocol):
    def write(self, rows: Iterable[Row]) -> None:
        """Add rows to the file."""


def _writer(path: Path, columns: Sequence[str], stack: ExitStack) -> _Writer:
    if path.suffix == ".csv":
        return _CsvWriter(path, columns, stack)
    if path.suffix == ".jsonl":
        return _JsonlWriter(path, columns, stack)
    return _ParquetWriter(path, columns, stack)


class _CsvWriter:
    def __init__(self, path: Path, columns: Sequence[str], stack: ExitStack) -> None:
        file = stack.enter_context(path.open("w", newline="", encoding="utf-8"))
        self._columns = columns
        self._csv = csv.writer(file)
        self._csv.writerow(columns)

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._csv.writerow([_cell(row[column]) for column in self._columns])


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


class _JsonlWriter:
    def __init__(self, path: Path, columns: Sequence[str], stack: ExitStack) -> None:
        self._columns = columns
        self._file = stack.enter_context(path.open("w", encoding="utf-8"))

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            ordered = {column: row[column] for column in self._columns}
            self._file.write(json.dumps(ordered, ensure_ascii=False) + "\n")


class _ParquetWriter:
    def __init__(self, path: Path, columns: Sequence[str], stack: ExitStack) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        text, number, whole = pa.string(), pa.float64(), pa.int64()
        types = {
            "sample_id": whole,
            "id": whole,
            "n_annotations": whole,
            "round_id": whole,
            "agreement": number,
            "seconds": number,
            "utility": number,
            "draw_probability": number,
            "flagged": pa.bool_(),
        }
        self._schema = pa.schema([(column, types.get(column, text)) for column in columns])
        self._parquet = stack.enter_context(parquet.ParquetWriter(path, self._schema))

    def write(self, rows: Iterable[Row]) -> None:
        import pyarrow as pa

        plain = [
            {
                name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
                for name, value in row.items()
            }
            for row in rows
        ]
        self._parquet.write_table(pa.Table.from_pylist(plain, schema=self._schema))
