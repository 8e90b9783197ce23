"""Project folders as an import leaves them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jupyterlab_al.datasets.description import DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.record import ARRAY, TABLE, DatasetRecord, ImageShape

BATCH_ROWS = 4


@pytest.fixture
def table_pool(tmp_path: Path) -> Callable[..., SamplePool]:
    """Make a pool of a table's columns, shown as asked."""

    def make(
        columns: dict[str, list[Any]], display: DisplaySpec, key_column: str | None = None
    ) -> SamplePool:
        table = pa.table(columns)
        with pa.ipc.new_file(tmp_path / TABLE, table.schema) as writer:
            writer.write_table(table, max_chunksize=BATCH_ROWS)
        DatasetRecord(
            n_samples=table.num_rows,
            store="table",
            display=display,
            features=FeaturesSpec(),
            layout="dense",
            n_features=1,
            key_column=key_column,
            batch_rows=BATCH_ROWS,
            columns=tuple((name, "text") for name in columns),
        ).write(tmp_path)
        return SamplePool.open(tmp_path)

    return make


@pytest.fixture
def array_pool(tmp_path: Path) -> Callable[..., SamplePool]:
    """Make a pool of an array's rows, or images if `image` says how they lie."""

    def make(array: np.ndarray[Any, Any], image: ImageShape | None = None) -> SamplePool:
        np.save(tmp_path / ARRAY, array)
        DatasetRecord(
            n_samples=len(array),
            store="array",
            display=DisplaySpec(kind="row" if image is None else "image"),
            features=FeaturesSpec(kind="array"),
            layout="dense",
            n_features=1,
            image=image,
        ).write(tmp_path)
        return SamplePool.open(tmp_path)

    return make
