"""Labels as files name them: by row and key, or by task; and the samples that they mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.errors import (
    ActiveLearningError,
    InvalidDatasetError,
    InvalidLabelError,
    InvalidSampleError,
)
from jupyterlab_al.domain.formulas import unescaped
from jupyterlab_al.domain.models import ImportedLabel, Label, Project, SampleId

if TYPE_CHECKING:
    from jupyterlab_al.datasets.label_studio import TasksFile
    from jupyterlab_al.datasets.pool import SamplePool
    from jupyterlab_al.datasets.reading import TableSource

KEY_COLUMNS = ("sample_id", "sample_key")
#: Columns with a text: a label 1 is the class "1", a key 007 stays 007.
TEXTS = ("sample_key", "label", "annotator", "comment", "created_at", "labeled_at", "undone_at")
_READ = frozenset((*KEY_COLUMNS, *TEXTS, "seconds", "flagged"))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What a row or task says, before its sample is known."""

    place: str
    label: Label
    sample_id: Any = None
    sample_key: str | None = None
    annotator: str | None = None
    at: int | None = None
    seconds: float | None = None
    comment: str | None = None
    flagged: bool = False


def read_labels(path: Path, project: Project, pool: SamplePool) -> list[ImportedLabel]:
    """Return the labels in a file: a table with a column `label`, or Label Studio's JSON.

    A table says by `sample_key` or `sample_id` whose label it is; what exports tell beside it
    (annotator, created_at, seconds, comment, flagged) is taken along.

    Raises
    ------
    InvalidDatasetError
        The file can't be read, or lacks a column.
    InvalidLabelError, InvalidSampleError
        A label or a sample that the project does not have; the message names the row.
    """
    from jupyterlab_al.datasets.label_studio import TasksFile
    from jupyterlab_al.datasets.tables import open_table

    try:
        source = open_table(path, text_columns=frozenset(TEXTS))
        if isinstance(source, TasksFile):
            said = list(_tasks(source, project, pool))
        else:
            said = _rows(source, project)
        return _resolved(said, project, pool)
    except OSError as error:
        raise InvalidDatasetError(f"{path} can't be read: {error.strerror or error}.") from error


# --- tables -------------------------------------------------------------------------


def _rows(source: TableSource, project: Project) -> list[_Said]:
    from jupyterlab_al.datasets.reading import TypesWidenedError

    while True:
        try:
            found = list(_of_batches(source, project))
        except TypesWidenedError:
            continue
        if source.broken is not None and source.broken.count:
            raise source.broken.error()
        return found


def _of_batches(source: TableSource, project: Project) -> Iterator[_Said]:
    from jupyterlab_al.datasets.csv_files import CsvFile
    from jupyterlab_al.datasets.values import python_values

    names = source.schema().names
    if "label" not in names or not any(column in names for column in KEY_COLUMNS):
        raise InvalidDatasetError(
            f"{source.name} needs a column label, and sample_id or sample_key to say of which "
            f"sample; it has {', '.join(names)}."
        )
    # As an editor or a spreadsheet counts.
    first, header = (2, " (the header is row 1)") if isinstance(source, CsvFile) else (1, "")
    number = 0
    for batch in source.batches():
        kept = [name for name in batch.schema.names if name in _READ]
        columns = [python_values(batch.column(batch.schema.get_field_index(n))) for n in kept]
        for values in zip(*columns, strict=True):
            row = dict(zip(kept, values, strict=True))
            place = f"Row {first + number:,} of {source.name}{header}"
            said = _row(row, place, number, project)
            number += 1
            if said is not None:
                yield said


def _row(row: dict[str, Any], place: str, number: int, project: Project) -> _Said | None:
    from jupyterlab_al.datasets.label_studio import milliseconds
    from jupyterlab_al.datasets.labels import label_names

    cell = row["label"]
    cell = unescaped(cell) if isinstance(cell, str) else cell
    if cell is None or cell == "" or row.get("undone_at"):
        return None
    names = label_names(cell, "label", number, multi_label=project.multi_label)
    if not names and not project.multi_label:
        return None
    at, seconds = row.get("created_at") or row.get("labeled_at"), row.get("seconds")
    try:
        return _Said(
            place=place,
            label=list(names) if project.multi_label else names[0],
            sample_id=row.get("sample_id"),
            sample_key=_text(row.get("sample_key")),
            annotator=_text(row.get("annotator")),
            at=milliseconds(str(at)) if at else None,
            seconds=None if seconds in (None, "") else float(seconds),
            comment=_text(row.get("comment")),
            flagged=str(row.get("flagged")).lower() == "true",
        )
    except (ValueError, OverflowError):
        raise InvalidDatasetError(
            f"{place} has a time or seconds that can't be read; no label was imported."
        ) from None


def _text(value: Any) -> str | None:
    from jupyterlab_al.datasets.bundles import as_text

    text = as_text(value)
    return unescaped(text) if text else None


# --- tasks --------------------------------------------------------------------------


def _tasks(source: TasksFile, project: Project, pool: SamplePool) -> Iterator[_Said]:
    key_column = pool.record.key_column
    for number, task in enumerate(source.tasks(), start=1):
        key = task.data.get(key_column) if key_column else None
        key = task.meta.get("sample_key") if key is None else key
        for label in task.labels:
            place = f"Task {number:,} of {source.name}"
            names = list(label.classes)
            if not project.multi_label and len(names) > 1:
                raise InvalidLabelError(
                    f"{place} has several labels, and this project takes one; no label was "
                    "imported."
                )
            if not names and not project.multi_label:
                continue
            yield _Said(
                place=place,
                label=names if project.multi_label else names[0],
                sample_id=task.meta.get("sample_id"),
                sample_key=_text(key),
                annotator=label.annotator,
                at=label.at,
                seconds=label.seconds,
            )


# --- samples ------------------------------------------------------------------------


def _resolved(rows: list[_Said], project: Project, pool: SamplePool) -> list[ImportedLabel]:
    ids = [_sample_id(said, pool) for said in rows]
    unknown = [said.sample_key for said, found in zip(rows, ids, strict=True) if found is None]
    wanted = list(dict.fromkeys(key for key in unknown if key is not None))
    by_key = dict(zip(wanted, pool.positions(wanted), strict=True)) if wanted else {}
    imported = []
    for said, found in zip(rows, ids, strict=True):
        sample_id = by_key.get(said.sample_key or "") if found is None else found
        if sample_id is None:
            raise InvalidLabelError(
                f"{said.place}: there is no sample with the key {said.sample_key!r}; no label was "
                "imported.",
                word="unknown_key",
            )
        _check_label(said, project)
        more = (said.annotator, said.at, said.seconds, said.comment, said.flagged)
        imported.append(ImportedLabel(sample_id, said.label, *more))
    return imported


def _check_label(said: _Said, project: Project) -> None:
    try:
        labels.to_stored(said.label, classes=project.classes, multi_label=project.multi_label)
    except ActiveLearningError as error:
        raise InvalidLabelError(f"{said.place}: {error.message} No label was imported.") from None


def _sample_id(said: _Said, pool: SamplePool) -> SampleId | None:
    """Return the number that a row gives, unless its key says that it means another sample."""
    given = said.sample_id
    if given is None or given == "":
        if said.sample_key is None:
            raise InvalidSampleError(
                f"{said.place} says neither by sample_id nor by sample_key which sample it means; "
                "no label was imported."
            )
        return None
    is_whole = isinstance(given, int) or (isinstance(given, float) and given.is_integer())
    is_known = is_whole and not isinstance(given, bool) and 0 <= given < pool.n_samples
    if said.sample_key is not None:
        return int(given) if is_known and pool.key(int(given)) == said.sample_key else None
    if not is_known:
        raise InvalidSampleError(
            f"{said.place}: there is no sample {given}; samples go from 0 to "
            f"{pool.n_samples - 1}. No label was imported."
        )
    return int(given)
