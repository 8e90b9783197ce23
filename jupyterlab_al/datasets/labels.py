"""Labels that a dataset brings along."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.profile import class_name, sorted_classes
from jupyterlab_al.datasets.reading import BATCH_ROWS
from jupyterlab_al.datasets.stored_table import StoredTable
from jupyterlab_al.datasets.values import python_values
from jupyterlab_al.domain.errors import InvalidDatasetError

#: More classes than this are no classes.
MAX_CLASSES = 10_000
MAX_NAME = 200
_SEPARATORS = re.compile(r"[;|,]")


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedLabels:
    """Samples that are labeled already."""

    #: Positions, ascending.
    sample_ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    #: One class name for each, or a list of them in a multi-label project.
    labels: list[Any] = field(default_factory=list)
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
                names[cell] = found = _names(value, column, row, multi_label=multi_label)
                classes.update(found)
                _check_count(classes, column)
            if names[cell]:
                ids.append(row)
                labels.append(list(names[cell]) if multi_label else names[cell][0])
    return ImportedLabels(
        sample_ids=np.array(ids, dtype=np.int64), labels=labels, classes=sorted_classes(classes)
    )


def _names(value: object, column: str, row: int, *, multi_label: bool) -> tuple[str, ...]:
    parts = _parts(value) if multi_label else [value]
    if isinstance(value, list | dict) and not multi_label:
        raise InvalidDatasetError(
            f'Row {row + 1} has several labels in column "{column}"; make the project multi-label, '
            "or choose another label column."
        )
    names = tuple(dict.fromkeys(name for part in parts if (name := class_name(part))))
    if any(len(name) > MAX_NAME for name in names):
        raise InvalidDatasetError(
            f'Row {row + 1} has a label of more than {MAX_NAME} characters in column "{column}"; '
            "choose a column that holds class names."
        )
    return names


def _parts(value: object) -> list[Any]:
    """Return the labels in one cell: a list, a list as JSON, or names split by ; | or commas."""
    if isinstance(value, list | tuple):
        return list(value)
    if not isinstance(value, str):
        return [value]
    if value.lstrip().startswith("["):
        try:
            found = json.loads(value)
        except ValueError:
            found = None
        if isinstance(found, list):
            return found
    return _SEPARATORS.split(value)


def _check_count(classes: set[str], column: str) -> None:
    if len(classes) > MAX_CLASSES:
        raise InvalidDatasetError(
            f'The column "{column}" has more than {MAX_CLASSES:,} different values; choose a '
            "label column that holds class names."
        )
