"""Labels that a dataset brings along."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets import tags
from jupyterlab_al.datasets.class_names import class_name, sorted_classes
from jupyterlab_al.datasets.reading import BATCH_ROWS, TableSource
from jupyterlab_al.datasets.stored_table import StoredTable
from jupyterlab_al.datasets.values import python_values
from jupyterlab_al.domain.errors import InvalidDatasetError

#: More classes than this are no classes.
MAX_CLASSES = 10_000
MAX_NAME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedLabels:
    """Samples that are labeled already."""

    #: Positions, ascending.
    sample_ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    #: One class name for each, or a list of them in a multi-label project.
    labels: list[Any] = field(default_factory=list)
    #: Who gave each, when (ms since 1970) and in how many seconds; empty where nobody tells.
    given: list[tuple[str | None, int | None, float | None]] = field(default_factory=list)
    #: All class names, numbers by size and others by letter.
    classes: tuple[str, ...] = ()


def read_labels(table: StoredTable, column: str, *, multi_label: bool) -> ImportedLabels:
    """Return the labels in `column`; cells without a value are samples without a label."""
    ids: list[int] = []
    labels: list[Any] = []
    classes: set[str] = set()
    names: dict[Any, Any] = {}
    for n, batch in enumerate(table.batches([column])):
        for row, value in enumerate(python_values(batch.column(0)), start=n * BATCH_ROWS):
            cell = tuple(value) if isinstance(value, list) else value
            if cell not in names:
                names[cell] = found = label_names(value, column, row, multi_label=multi_label)
                classes.update(found)
                _check_count(classes, column)
            if names[cell]:
                ids.append(row)
                labels.append(list(names[cell]) if multi_label else names[cell][0])
    return ImportedLabels(
        sample_ids=np.array(ids, dtype=np.int64), labels=labels, classes=sorted_classes(classes)
    )


def brought_labels(source: TableSource, *, multi_label: bool) -> ImportedLabels:
    """Return the labels that a file has beside its columns, with who gave them and when."""
    ids: list[int] = []
    labels: list[Any] = []
    given: list[tuple[str | None, int | None, float | None]] = []
    classes: set[str] = set()
    for one in source.brought():
        names = label_names(list(one.classes), source.name, one.row, multi_label=True)
        if not multi_label and len(names) > 1:
            raise InvalidDatasetError(
                f"Row {one.row + 1} of {source.name} has several labels; make the project "
                "multi-label."
            )
        if not names and not multi_label:
            continue
        classes.update(names)
        _check_count(classes, source.name)
        ids.append(one.row)
        labels.append(list(names) if multi_label else names[0])
        given.append((one.annotator, one.at, one.seconds))
    return ImportedLabels(
        sample_ids=np.array(ids, dtype=np.int64),
        labels=labels,
        given=given,
        classes=sorted_classes(classes),
    )


def label_names(value: object, column: str, row: int, *, multi_label: bool) -> tuple[str, ...]:
    """Return the class names in one cell, none where it is empty."""
    if isinstance(value, list | dict) and not multi_label:
        raise InvalidDatasetError(
            f'Row {row + 1} has several labels in column "{column}"; make the project multi-label, '
            "or choose another label column."
        )
    names = tags.names(value) if multi_label else tuple(filter(None, [class_name(value)]))
    if any(len(name) > MAX_NAME for name in names):
        raise InvalidDatasetError(
            f'Row {row + 1} has a label of more than {MAX_NAME} characters in column "{column}"; '
            "choose a column that holds class names."
        )
    return names


def _check_count(classes: set[str], column: str) -> None:
    if len(classes) > MAX_CLASSES:
        raise InvalidDatasetError(
            f'The column "{column}" has more than {MAX_CLASSES:,} different values; choose a '
            "label column that holds class names."
        )
