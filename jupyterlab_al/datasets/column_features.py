"""Features of numbers, dates and categories: scaled, filled in and one-hot encoded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.npy_writer import NpyWriter
from jupyterlab_al.datasets.profile import class_name
from jupyterlab_al.datasets.reading import BATCH_ROWS
from jupyterlab_al.datasets.record import DENSE
from jupyterlab_al.datasets.stored_table import StoredTable

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows that means, medians and categories come from, spread over the pool.
FIT_ROWS = 200_000
#: Categories of a column that get a feature of their own; the rarer ones share one.
MAX_CATEGORIES = 32
#: Larger numbers are cut, so that their squares are finite.
LARGEST = 1e30
_SECONDS_A_DAY = 86_400


def write_column_features(
    table: StoredTable,
    columns: Sequence[str],
    folder: Path,
    report: Callable[[float], None],
) -> tuple[int, int]:
    """Write features of `columns` as `dense.npy` (float32).

    Numbers and dates are scaled to mean 0 and deviation 1, with the median where one is missing
    and a feature that says so; categories are one-hot encoded, missing being one of them.

    Returns
    -------
    n_features, n_infinite
        Number of features, and of cells with an infinity, which count as missing.
    """
    step = table.step_for(FIT_ROWS, BATCH_ROWS)
    parts = [_split(batch) for batch in table.batches(columns, step=step)]
    numbers = _numbers_transformer().fit(np.concatenate([part[0] for part in parts]))
    categories = _categories_transformer().fit(np.concatenate([part[1] for part in parts]))
    width = _transformed(parts[0][0][:1], parts[0][1][:1], numbers, categories).shape[1]
    report(0.3)
    n_infinite = 0
    with NpyWriter(folder / DENSE, np.float32, (width,)) as dense:
        for n, batch in enumerate(table.batches(columns), start=1):
            number_part, category_part, infinite = _split(batch)
            n_infinite += infinite
            dense.append(_transformed(number_part, category_part, numbers, categories))
            report(0.3 + 0.7 * n / table.n_batches)
    return width, n_infinite


def _split(batch: pa.RecordBatch) -> tuple[NDArray[np.float64], NDArray[np.object_], int]:
    """Return numbers (missing is NaN), categories (missing is empty) and infinite cells."""
    import pyarrow.types as kinds

    numbers, categories = [], []
    for column in batch.columns:
        if kinds.is_string(column.type) or kinds.is_large_string(column.type):
            values = [class_name(value) for value in column.to_pylist()]
            categories.append(np.array(values, dtype=object))
        else:
            numbers.append(_as_number(column))
    rows = batch.num_rows
    X = np.column_stack(numbers) if numbers else np.empty((rows, 0))
    infinite = np.isinf(X)
    X[infinite] = np.nan
    C = np.column_stack(categories) if categories else np.empty((rows, 0), dtype=object)
    return np.clip(X, -LARGEST, LARGEST), C, int(infinite.sum())


def _as_number(column: pa.Array) -> NDArray[np.float64]:
    """Return a column as floats; dates are days since 1970."""
    import pyarrow as pa
    import pyarrow.types as kinds

    days = 1.0
    if kinds.is_date(column.type) or kinds.is_timestamp(column.type):
        column = column.cast(pa.timestamp("s"), safe=False).cast(pa.int64())
        days = _SECONDS_A_DAY
    elif kinds.is_boolean(column.type):
        column = column.cast(pa.int8())
    numbers = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.asarray(numbers, dtype=np.float64) / days


def _numbers_transformer() -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    imputer = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return _OrNothing(make_pipeline(imputer, StandardScaler()))


def _categories_transformer() -> Any:
    from sklearn.preprocessing import OneHotEncoder

    return _OrNothing(
        OneHotEncoder(
            max_categories=MAX_CATEGORIES,
            handle_unknown="infrequent_if_exist",
            sparse_output=False,
            dtype=np.float32,
        )
    )


class _OrNothing:
    """A transformer that also takes an array without columns."""

    def __init__(self, transformer: Any) -> None:
        self._transformer = transformer

    def fit(self, X: NDArray[Any]) -> _OrNothing:
        if X.shape[1]:
            self._transformer.fit(X)
        return self

    def transform(self, X: NDArray[Any]) -> NDArray[np.float32]:
        if not X.shape[1]:
            return np.empty((len(X), 0), dtype=np.float32)
        return np.asarray(self._transformer.transform(X), dtype=np.float32)


def _transformed(
    X: NDArray[Any], C: NDArray[Any], numbers: _OrNothing, categories: _OrNothing
) -> NDArray[np.float32]:
    return np.hstack([numbers.transform(X), categories.transform(C)])
