"""Columns of a table as an encoder takes them: numbers, moments and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from jupyterlab_al.datasets.class_names import class_name

if TYPE_CHECKING:
    import pyarrow as pa

#: Larger numbers are cut, so that their squares are finite.
LARGEST = 1e30
#: Seconds since 1970 of the last moment that fits into microseconds, which frames keep; later ones
#: are cut, as are those as long before.
LAST_MOMENT = 9 * 10**12


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """A column of categories: each name once, and which one stands in which row."""

    #: Strings; the empty one stands for what is missing, and one may come twice.
    different: NDArray[np.object_]
    #: Index into `different`; shape (n_rows,).
    codes: NDArray[np.integer[Any]]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    def rows(self) -> NDArray[np.object_]:
        """Return the name of each row."""
        chosen: NDArray[np.object_] = self.different[self.codes]
        return chosen


#: Numbers are float64 (missing is NaN, as is infinity), moments datetimes, all else names.
Column: TypeAlias = "NDArray[np.float64] | NDArray[np.datetime64] | Names"
Cells: TypeAlias = "dict[str, Column]"


def cells_of(batch: pa.RecordBatch) -> tuple[Cells, int]:
    """Return rows as an encoder takes them, and how many cells are infinite."""
    import pyarrow.types as kinds

    cells: Cells = {}
    n_infinite = 0
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if kinds.is_string(column.type) or kinds.is_large_string(column.type):
            cells[name] = _as_names(column)
        elif kinds.is_date(column.type) or kinds.is_timestamp(column.type):
            cells[name] = _as_moments(column)
        else:
            numbers = _as_numbers(column)
            infinite = np.isinf(numbers)
            n_infinite += int(infinite.sum())
            cells[name] = np.clip(np.where(infinite, np.nan, numbers), -LARGEST, LARGEST)
    return cells, n_infinite


def joined(parts: Sequence[Cells]) -> Cells:
    """Return the rows of all parts, which have the same columns; no name comes twice then."""
    return {name: _joined([part[name] for part in parts]) for name in parts[0]}


def _joined(columns: Sequence[Any]) -> Column:
    if not isinstance(columns[0], Names):
        return np.concatenate(columns)
    places: dict[str, int] = {}
    codes = []
    for column in columns:
        known = [places.setdefault(name, len(places)) for name in column.different]
        codes.append(np.array(known, dtype=np.int64)[column.codes])
    return Names(different=np.array([*places], dtype=object), codes=np.concatenate(codes))


def _as_names(column: pa.Array) -> Names:
    """Return texts as categories; each that is there is looked at once."""
    encoded = column.dictionary_encode()
    names = [class_name(text) for text in encoded.dictionary.to_pylist()]
    codes = _values(encoded.indices, np.int32, missing=len(names))
    if column.null_count:
        names.append(class_name(None))
    return Names(different=np.array(names, dtype=object), codes=codes)


def _as_numbers(column: pa.Array) -> NDArray[np.float64]:
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_boolean(column.type):
        column = column.cast(pa.int8())
    return _values(column.cast(pa.float64(), safe=False), np.float64, missing=np.nan)


def _as_moments(column: pa.Array) -> NDArray[np.datetime64]:
    """Return dates and times to the second."""
    import pyarrow as pa

    seconds = column.cast(pa.timestamp("s"), safe=False)
    never = np.datetime64("NaT").astype(np.int64)
    values = _values(seconds, np.int64, missing=never)
    near = np.clip(values, -LAST_MOMENT, LAST_MOMENT)
    return np.where(values == never, never, near).view("datetime64[s]")


def _values(column: pa.Array, dtype: DTypeLike, *, missing: Any) -> NDArray[Any]:
    """Return the values of a column of numbers where they lie, or a copy with gaps filled.

    Not by `to_numpy`, which imports pandas: that takes longer than all that is done here.
    """
    n, itemsize = len(column), np.dtype(dtype).itemsize
    if column.null_count == n:
        return np.full(n, missing, dtype)
    values = np.frombuffer(column.buffers()[1], dtype, n, column.offset * itemsize)
    if not column.null_count:
        return values
    import pyarrow as pa

    is_null = column.is_null().cast(pa.uint8())
    return np.where(np.frombuffer(is_null.buffers()[1], np.bool_, n), missing, values).astype(
        dtype, copy=False
    )
