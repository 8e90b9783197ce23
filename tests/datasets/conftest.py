"""Imports into project folders, and such folders as an import leaves them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.prepare import Prepared, PrepareTask, prepare
from jupyterlab_al.datasets.record import ARRAY, TABLE, DatasetRecord, ImageShape
from jupyterlab_al.domain.errors import ActiveLearningError

Prepare = Callable[..., Prepared]

BATCH_ROWS = 4
REVIEWS = [
    f"I find review {n} of thing {n % 7} rather {'good' if n % 2 else 'bad'}" for n in range(60)
]


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


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make the folder that data lies in."""
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the project's folder will be."""
    return tmp_path / "projects" / "1"


@pytest.fixture
def run(root: Path, folder: Path) -> Prepare:
    """Prepare a file of the root as a body of `POST projects` says."""

    def prepared(path: str, kind: str = "table", **body: Any) -> Prepared:
        dataset = {"kind": kind, "path": path, "array": body.pop("array", None)}
        dataset["key_column"] = body.pop("key_column", None)
        task = PrepareTask(
            folder=folder,
            root=root,
            dataset=DatasetSpec.from_json(dataset),
            display=DisplaySpec.from_json(body.pop("display", None)),
            features=FeaturesSpec.from_json(body.pop("features", None)),
            **body,
        )
        return prepare(task, lambda phase, progress: None)

    return prepared


def refused(run: Prepare, *arguments: Any, **body: Any) -> str:
    """Return the message with which an import is refused."""
    with pytest.raises(ActiveLearningError) as caught:
        run(*arguments, **body)
    return caught.value.message
