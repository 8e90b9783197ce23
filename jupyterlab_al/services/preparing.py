"""What the worker stores once a dataset is prepared: the pool, imported labels, the first order."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.errors import UnknownError
from jupyterlab_al.domain.models import Job, Project, ProjectId, SampleId
from jupyterlab_al.services import ordering
from jupyterlab_al.services.labeling import request_if_due
from jupyterlab_al.services.training import NOBODY
from jupyterlab_al.store import annotation_log, jobs, projects, queue

if TYPE_CHECKING:
    from sqlalchemy import Connection


def activate(
    tx: Connection,
    job: Job,
    worker: str,
    *,
    n_samples: int,
    config: dict[str, Any],
    classes: Sequence[str],
    imported: Sequence[tuple[SampleId, str | list[str]]],
    problems: Sequence[str],
    at: int | None = None,
) -> bool:
    """Make a prepared project active: its imported labels, its classes and its first order."""
    project = projects.by_id(tx, job.project_id, NOBODY)
    if project is None or not jobs.finish(tx, job.id, worker, state="finished", at=at):
        return False
    known = list(project.classes)
    known.extend(name for name in classes if name not in known)
    projects.change(
        tx,
        project.id,
        state="active",
        error=None,
        n_samples=n_samples,
        n_reserved=ordering.reserved(n_samples, float(project.config["check_share"])),
        config={**project.config, **config},
        classes=known,
        problems=list(problems),
    )
    prepared = projects.by_id(tx, job.project_id, NOBODY)
    assert prepared is not None  # noqa: S101 - it was there in this transaction
    add_imported(tx, prepared, imported, annotator=project.created_by, at=at)
    ordering.publish_random(tx, prepared, at=at)
    labeled = projects.by_id(tx, job.project_id, NOBODY)
    assert labeled is not None  # noqa: S101 - it was there in this transaction
    request_if_due(tx, labeled, labeled.n_annotations)
    return True


def add_imported(
    tx: Connection,
    project: Project,
    imported: Sequence[tuple[SampleId, str | list[str]]],
    *,
    annotator: str,
    at: int | None = None,
) -> int:
    """Store labels that existed before, as source `import`; return how many were new.

    The keys are made from the sample and the label, so that importing a file twice adds nothing.
    """
    if not imported:
        return 0
    rows = []
    for sample_id, label in imported:
        stored = labels.to_stored(label, classes=project.classes, multi_label=project.multi_label)
        text = annotation_log.encode_label(stored)
        rows.append(
            {
                "project_id": project.id,
                "key": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{project.id}/{sample_id}/{text}")),
                "sample_id": sample_id,
                "label": text,
                "annotator": annotator,
                "source": "import",
                "utility": None,
                "draw_probability": None,
                "round_id": None,
                "flagged": False,
                "comment": None,
                "seconds": None,
            }
        )
    added = list(annotation_log.add(tx, rows, at=at).values())
    samples = sorted({row["sample_id"] for row in added})
    already = queue.entries(tx, project.id, samples, at=at)
    fresh = [sample_id for sample_id in samples if sample_id not in already]
    waiting = {
        sample_id: [slot["slot"] for slot in slots if slot["done_at"] is None]
        for sample_id, slots in already.items()
    }
    unlabeled = sum(all(slot["done_at"] is None for slot in slots) for slots in already.values())
    if fresh:
        queue.add_done(tx, project, annotator, fresh, needs_others=False, at=at)
    filled = [(sample_id, free[0]) for sample_id, free in waiting.items() if free]
    if filled:
        queue.finish(tx, project.id, annotator, filled, at=at)
    # A label that existed before stands for all the people whom its sample would need.
    queue.drop(
        tx,
        project.id,
        [(sample_id, slot) for sample_id, free in waiting.items() for slot in free[1:]],
    )
    counts: dict[tuple[str, int], int] = {
        ("annotations", 0): len(added),
        ("samples", 0): len(fresh) + unlabeled,
    }
    for row in added:
        for index in labels.indices(annotation_log.decode_label(row["label"])):
            for kind in ("class", "train"):
                counts[kind, index] = counts.get((kind, index), 0) + 1
    projects.count(tx, project.id, counts, at=at)
    return len(added)


def preparation(tx: Connection, project: ProjectId) -> Job:
    """Return the job that prepares a project's dataset."""
    found = jobs.last(tx, project, "prepare")
    if found is None:
        raise UnknownError("The project has no preparation: it was deleted.")
    return found
