"""What the worker stores once a dataset is prepared: the pool, imported labels, the first order."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.errors import UnknownError
from jupyterlab_al.domain.models import NOBODY, ImportedLabel, Job, Project, ProjectId
from jupyterlab_al.domain.reserve import reserved
from jupyterlab_al.services import adding, ordering, reviewing
from jupyterlab_al.services.labeling import request_if_due
from jupyterlab_al.services.training import PIECE
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
    imported: Sequence[tuple[Any, ...]],
    problems: Sequence[str],
    at: int | None = None,
) -> bool:
    """Make a prepared project active, or samples that were added to one part of it.

    A new project's queue gets its first places only, so that people begin; the rest comes with
    `fill_queue`, and should that not happen, when they have used these up.
    """
    project = projects.by_id(tx, job.project_id, NOBODY)
    if project is None or not jobs.finish(tx, job.id, worker, state="finished", at=at):
        return False
    if adding.is_adding(project):
        adding.grow(tx, project, n_samples=n_samples, classes=classes, problems=problems)
        grown = projects.by_id(tx, job.project_id, NOBODY)
        assert grown is not None  # noqa: S101 - it was there in this transaction
        add_imported(tx, grown, imported, annotator=project.created_by, at=at)
        adding.draw_anew(tx, grown, at=at)
        return True
    known = list(project.classes)
    known.extend(name for name in classes if name not in known)
    projects.change(
        tx,
        project.id,
        state="active",
        error=None,
        n_samples=n_samples,
        n_reserved=reserved(n_samples, float(project.config["check_share"])),
        config={**project.config, **config},
        classes=known,
        problems=list(problems),
    )
    prepared = projects.by_id(tx, job.project_id, NOBODY)
    assert prepared is not None  # noqa: S101 - it was there in this transaction
    add_imported(tx, prepared, imported, annotator=project.created_by, at=at)
    ordering.publish_random(tx, prepared, size=PIECE, at=at)
    labeled = projects.by_id(tx, job.project_id, NOBODY)
    assert labeled is not None  # noqa: S101 - it was there in this transaction
    request_if_due(tx, labeled, labeled.n_annotations)
    return True


def fill_queue(tx: Connection, project_id: ProjectId) -> int:
    """Draw the rest of a first order; return how many were drawn."""
    project = projects.by_id(tx, project_id, NOBODY)
    return 0 if project is None else ordering.fill_up(tx, project)


def add_imported(
    tx: Connection,
    project: Project,
    imported: Sequence[tuple[Any, ...]],
    *,
    annotator: str,
    at: int | None = None,
) -> int:
    """Store labels that existed before, as source `import`; return how many were new.

    The keys are made from sample, label and annotator, so that importing a file twice adds
    nothing. `imported` holds the fields of `ImportedLabel`; the last ones may be missing.
    """
    if not imported:
        return 0
    rows = [_row(project, ImportedLabel(*one), annotator) for one in imported]
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
    reviewing.recount(tx, project)
    return len(added)


def _row(project: Project, given: ImportedLabel, importer: str) -> dict[str, Any]:
    stored = labels.to_stored(given.label, classes=project.classes, multi_label=project.multi_label)
    text = annotation_log.encode_label(stored)
    parts = [project.id, given.sample_id, text, *filter(None, [given.annotator])]
    return {
        "project_id": project.id,
        "key": str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, parts)))),
        "sample_id": given.sample_id,
        "label": text,
        "annotator": given.annotator or importer,
        "source": "import",
        "utility": None,
        "draw_probability": None,
        "round_id": None,
        "flagged": given.flagged,
        "comment": given.comment,
        "seconds": given.seconds,
        "decides": False,
        "created_at": given.at,
    }


def preparation(tx: Connection, project: ProjectId) -> Job:
    """Return the job that prepares a project's dataset."""
    found = jobs.last(tx, project, "prepare")
    if found is None:
        raise UnknownError("The project has no preparation: it was deleted.")
    return found
