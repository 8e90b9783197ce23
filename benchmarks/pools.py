"""Projects with real pools, put into the store without a server."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert

from benchmarks.servers import Place
from jupyterlab_al.datasets.prepare import prepare
from jupyterlab_al.domain.models import Person, Project
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.handlers.schemas import CreateProject
from jupyterlab_al.services import creating, preparing, projects, training
from jupyterlab_al.store import projects as project_store
from jupyterlab_al.store.database import Database, open_engine
from jupyterlab_al.store.migrate import migrate
from jupyterlab_al.store.tables import annotation
from jupyterlab_al.worker.preparing import found, prepare_task

#: The one who labels; servers of `servers.running_server` sign with this name.
ANN = Person(id="ann", name="ann", default_role="owner")
#: So many labels that no round begins by itself.
NEVER = 1_000_000
CLASSES = ("negative", "positive")
WORKER = "benchmarks"
#: Rows written at once.
BATCH = 100_000
ANNOTATIONS_AT_ONCE = 20_000


@contextmanager
def opened(place: Place) -> Iterator[tuple[Database, Settings]]:
    """Yield a migrated database and the settings of a place."""
    engine = open_engine(place.db_url)
    migrate(engine)
    database = Database(engine)
    try:
        yield database, Settings(data_dir=place.data, root_dir=place.root)
    finally:
        database.dispose()


def write_table(path: Path, n: int, *, n_features: int = 4, n_labeled: int | None = None) -> None:
    """Write a Parquet file: `text`, the numbers `x0`, `x1`, … and, if asked for, some labels.

    The label of a row is the sign of the sum of its numbers, with some noise.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(0)
    names = [f"x{i}" for i in range(n_features)]
    types = [("text", pa.string()), *((name, pa.float32()) for name in names)]
    if n_labeled is not None:
        types.append(("label", pa.string()))
    with pq.ParquetWriter(path, pa.schema(types)) as writer:
        for start in range(0, n, BATCH):
            rows = range(start, min(start + BATCH, n))
            X = rng.standard_normal((len(rows), n_features), dtype=np.float32)
            columns: list[Any] = [[f"The zipper of coat {i} broke after two days." for i in rows]]
            columns += list(X.T)
            if n_labeled is not None:
                y = (X.sum(axis=1) + rng.standard_normal(len(rows)) > 0).astype(int)
                columns.append(
                    [CLASSES[k] if i < n_labeled else None for i, k in zip(rows, y, strict=True)]
                )
            arrays = [pa.array(c, t) for c, (_, t) in zip(columns, types, strict=True)]
            writer.write_table(pa.table(arrays, schema=pa.schema(types)))


def table_project(name: str, path: str, *, n_features: int = 4, **more: Any) -> dict[str, Any]:
    """Return the description of a project on a file of `write_table`, as REST takes it."""
    return {
        "name": name,
        "dataset": {"kind": "table", "path": path},
        "display": {"kind": "text", "column": "text"},
        "features": {"kind": "columns", "columns": [f"x{i}" for i in range(n_features)]},
        "classes": list(CLASSES),
        "retrain_every": NEVER,
        **more,
    }


def add_project(database: Database, settings: Settings, description: dict[str, Any]) -> Project:
    """Create and prepare a project as server and worker do, but here and now."""
    body = CreateProject.model_validate(description)
    config = creating.checked(body.model_dump(mode="json", by_alias=True), settings)
    made = database.write(
        projects.create, ANN, name=body.name, title=None, config=config, classes=body.classes
    )
    job = database.write(training.take, WORKER, lease_ms=600_000)
    assert job is not None
    assert job.project_id == made.project.id
    prepared = prepare(prepare_task(made.project, settings), lambda _phase, _progress: None)
    assert database.write(preparing.activate, job, WORKER, **found(prepared))
    database.write(preparing.fill_queue, made.project.id)
    return the_project(database, body.name)


def the_project(database: Database, name: str) -> Project:
    """Return a project as it stands now."""
    return database.read(project_store.find, name, ANN)


def add_annotations(database: Database, project: Project, sample_ids: Iterable[int]) -> None:
    """Insert an annotation of each sample directly, in the order given."""
    numbered = enumerate(sample_ids)
    while part := list(islice(numbered, ANNOTATIONS_AT_ONCE)):
        database.write(_insert, [_row(project, i, sample_id) for i, sample_id in part])


def _row(project: Project, i: int, sample_id: int) -> dict[str, Any]:
    return {
        "project_id": project.id,
        "key": str(uuid.UUID(int=i)),
        "sample_id": sample_id,
        "label": str(i % 2),
        "annotator": f"annotator-{i % 7}",
        "source": "query",
        "utility": 0.5,
        "draw_probability": 1.0,
        "round_id": None,
        "flagged": False,
        "comment": None,
        "seconds": 1.5,
        "created_at": 1_700_000_000_000 + i,
    }


def _insert(tx: Connection, rows: list[dict[str, Any]]) -> None:
    tx.execute(insert(annotation), rows)
