"""The states that tests start from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from jupyterlab_al.domain.models import (
    Annotation,
    Draw,
    Job,
    Label,
    Lease,
    NewAnnotation,
    Person,
    Project,
    SampleId,
)
from jupyterlab_al.services import labeling, preparing, projects, queue, training
from jupyterlab_al.store import projects as project_store
from jupyterlab_al.store import queue as queue_store
from jupyterlab_al.store.database import Database
from jupyterlab_al.store.tables import annotation as annotation_table

OLGA = Person(id="olga", name="Olga", default_role="owner")
ANN = Person(id="ann", name="Ann", default_role="annotator")
BOB = Person(id="bob", name="Bob", default_role="annotator")
CAT = Person(id="cat", name="Cat", default_role="annotator")
VIC = Person(id="vic", name="Vic", default_role="viewer")

#: A time for tests that inject the clock, in milliseconds.
NOON = 1_800_000_000_000
LEASE = 300_000
WORKER = "worker-1"

CONFIG: dict[str, Any] = {
    "dataset": {"kind": "table", "path": "reviews.csv"},
    "display": {"kind": "text", "column": "review"},
    "features": {"kind": "text", "column": "review"},
    "multi_label": False,
    "estimator": None,
    "strategy": {"name": "default", "params": {}},
    "retrain_every": 10,
    "check_share": 0.0,
    "overlap": 1,
    "queue_size": 10_000,
    "seed": 0,
    "blind": True,
}


def a_new_project(
    database: Database,
    name: str = "reviews",
    *,
    classes: Sequence[str] = ("negative", "positive"),
    **config: Any,
) -> Project:
    """Return a project whose dataset is not prepared yet; its owner is Olga."""
    made = database.write(
        projects.create,
        OLGA,
        name=name,
        title=None,
        config={**CONFIG, **config},
        classes=list(classes),
    )
    return made.project


def a_project(
    database: Database,
    name: str = "reviews",
    *,
    n: int = 100,
    classes: Sequence[str] = ("negative", "positive"),
    imported: Sequence[tuple[SampleId, Label]] = (),
    at: int = NOON,
    **config: Any,
) -> Project:
    """Return an active project of `n` samples with its first, random order in the queue."""
    a_new_project(database, name, classes=classes, **config)
    job = database.write(training.take, WORKER, lease_ms=LEASE, at=at)
    assert job is not None
    assert job.kind == "prepare"
    assert database.write(
        preparing.activate,
        job,
        WORKER,
        n_samples=n,
        config={},
        classes=(),
        imported=imported,
        problems=(),
        at=at,
    )
    project = the_project(database, name)
    database.write(preparing.fill_queue, project.id)
    return project


def the_project(database: Database, name: str = "reviews") -> Project:
    """Return a project as it stands now."""
    return database.read(project_store.find, name, OLGA)


def a_pool(database: Database, name: str = "reviews", *, n: int = 10, **config: Any) -> Project:
    """Return a project whose queue holds the samples 0 … n-1 in this order, none a check."""
    project = a_project(database, name, n=n, **config)
    database.write(queue_store.publish, project, an_order(range(n)))
    return project


def an_order(samples: Sequence[SampleId], *, round_id: int | None = None) -> list[Draw]:
    """Return draws of some samples, best first."""
    return [
        Draw(
            sample_id=sample_id,
            rank=rank,
            source="query",
            utility=1.0 - rank / 2**20,
            draw_probability=1.0,
            round_id=round_id,  # type: ignore[arg-type]
        )
        for rank, sample_id in enumerate(samples)
    ]


def leases_of(
    tx: Any,
    project: Project,
    annotator: str,
    *,
    client: str = "",
    size: int = 1,
    at: int | None = NOON,
) -> list[Lease]:
    """Return what the store gives to a person who claims."""
    person = Person(id=annotator, name=annotator, default_role="annotator")
    ask: dict[str, Any] = {"client": client, "size": size, "at": at}
    held = queue_store.held(tx, project.name, person, **ask)[1]
    rows = queue_store.claim(tx, project.id, annotator, held=held, lease_ms=LEASE, **ask)
    return [queue_store.lease(row) for row in rows]


def a_claimed_batch(
    database: Database,
    person: Person = ANN,
    *,
    name: str = "reviews",
    size: int = 1,
    client: str | None = None,
    at: int | None = NOON,
) -> list[Lease]:
    """Return what a person gets when they ask for the next samples."""
    _project, claimed = database.write(
        queue.claim, name, person, client=client, size=size, lease_ms=LEASE, at=at
    )
    return claimed.leases


def an_answer(
    sample_id: SampleId, label: Label = "positive", *, token: str | None = None, **more: Any
) -> NewAnnotation:
    """Return an annotation that is not stored yet, under a fresh key."""
    fields = {"key": str(uuid.uuid4()), **more}
    return NewAnnotation(sample_id=sample_id, label=label, token=token, **fields)


def an_annotation(
    database: Database,
    person: Person,
    sample_id: SampleId,
    label: Label = "positive",
    *,
    name: str = "reviews",
    token: str | None = None,
    at: int | None = NOON,
    **more: Any,
) -> Annotation:
    """Return an annotation that was stored just now."""
    item = an_answer(sample_id, label, token=token, **more)
    [stored] = database.write(labeling.annotate, name, person, [item], at=at).annotations
    return stored


def many_annotations(database: Database, project: Project, n: int) -> None:
    """Store annotations of the samples 0 … n-1 as fast as the database can, without tallies."""
    fields = {
        "project_id": project.id,
        "label": "0",
        "annotator": "ann",
        "source": "query",
        "flagged": False,
        "created_at": NOON,
    }
    for start in range(0, n, 10_000):
        rows = [
            {**fields, "key": str(uuid.UUID(int=i)), "sample_id": i}
            for i in range(start, min(start + 10_000, n))
        ]
        database.write(lambda tx, rows=rows: tx.execute(insert(annotation_table), rows))


def a_labeled_sample(
    database: Database,
    person: Person = ANN,
    *,
    name: str = "reviews",
    label: Label = "positive",
    at: int | None = NOON,
) -> Annotation:
    """Return the annotation of the sample that the queue gave the person next."""
    [lease] = a_claimed_batch(database, person, name=name, at=at)
    return an_annotation(
        database, person, lease.sample_id, label, name=name, token=lease.token, at=at
    )


def a_running_round(database: Database, *, at: int | None = NOON) -> Job:
    """Return the round that waited, now begun by the worker."""
    job = database.write(training.take, WORKER, lease_ms=LEASE, at=at)
    assert job is not None
    assert job.kind == "round"
    return job
