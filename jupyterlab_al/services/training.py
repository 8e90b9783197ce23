"""What the worker asks of the store: take a job, begin a round, publish what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.models import Job, Person, Project, SampleId
from jupyterlab_al.services import ordering
from jupyterlab_al.store import annotation_log, jobs, projects, queue

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: The worker acts for nobody.
NOBODY = Person(id="", name="", default_role="owner")
#: A job whose worker was lost this often is not tried again.
MAX_ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Labeled:
    """What a round is based on; labels are class indices."""

    project: Project
    n_labels: int
    train_ids: list[SampleId]
    train_labels: list[labels.StoredLabel]
    #: Random checks; they evaluate and never fit.
    check_ids: list[SampleId]
    check_labels: list[labels.StoredLabel]
    #: Samples that are not candidates: labeled, on somebody's screen, or kept for checks.
    excluded: list[SampleId]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """What a round publishes: samples, best first, and what it measured (JSON)."""

    picks: Iterable[tuple[SampleId, float | None, float]]
    result: dict[str, Any]


def take(tx: Connection, worker: str, *, lease_ms: int, at: int | None = None) -> Job | None:
    """Claim the next job; one that lost its worker too often fails instead."""
    while True:
        job = jobs.claim(tx, worker, lease_ms=lease_ms, at=at)
        if job is None or job.attempts <= MAX_ATTEMPTS:
            return job
        fail(
            tx,
            job,
            worker,
            f"The worker was lost {MAX_ATTEMPTS} times while it did this; most likely the "
            "estimator or the data need more memory than there is. The earlier order is kept.",
            at=at,
        )


def begin(tx: Connection, job: Job) -> Labeled | None:
    """Read what a round is based on; None when the project is gone."""
    project = projects.by_id(tx, job.project_id, NOBODY)
    if project is None:
        return None
    jobs.begin(
        tx,
        job.id,
        n_labels=project.n_annotations,
        high_water=annotation_log.high_water(tx, project.id),
    )
    projects.change(tx, project.id, labels_at_round=project.n_annotations)
    train: dict[SampleId, labels.StoredLabel] = {}
    checks: dict[SampleId, labels.StoredLabel] = {}
    rows = annotation_log.standing(tx, project.id)
    for sample_id, of_sample in groupby(rows, key=lambda row: row["sample_id"]):
        facts = list(of_sample)
        label = labels.consensus(annotation_log.decode_label(fact["label"]) for fact in facts)
        is_check = any(fact["source"] == "check" for fact in facts)
        (checks if is_check else train)[sample_id] = label
    excluded = set(queue.taken(tx, project.id))
    excluded.update(ordering.reserved_samples(project).tolist())
    return Labeled(
        project=project,
        n_labels=project.n_annotations,
        train_ids=list(train),
        train_labels=list(train.values()),
        check_ids=list(checks),
        check_labels=list(checks.values()),
        excluded=sorted(excluded),
    )


def publish(
    tx: Connection, job: Job, worker: str, ranking: Ranking, *, at: int | None = None
) -> bool:
    """Put a round's order into the queue and end the round; False where it comes too late.

    A worker that lost its lease, or a round based on older labels than the order that stands,
    changes nothing.
    """
    project = projects.by_id(tx, job.project_id, NOBODY)
    if project is None:
        return False
    current = jobs.by_id(tx, project.id, job.id)
    if current is None or current.high_water < project.order_high_water:
        return False
    if not jobs.finish(tx, job.id, worker, state="finished", result=ranking.result, at=at):
        return False
    draws = ordering.weave(tx, project, ranking.picks, source="query", round_id=job.id, at=at)
    queue.publish(tx, project, draws, at=at)
    projects.change(
        tx,
        project.id,
        order_round=job.id,
        order_labels=current.n_labels,
        order_high_water=current.high_water,
    )
    return True


def fail(tx: Connection, job: Job, worker: str, reason: str, *, at: int | None = None) -> None:
    """End a job that could not be done; a round keeps the earlier order."""
    if not jobs.finish(tx, job.id, worker, state="failed", error=reason, at=at):
        return
    if job.kind == "prepare":
        projects.change(tx, job.project_id, state="failed", error=reason)


def cancelled(tx: Connection, job: Job, worker: str, *, at: int | None = None) -> None:
    """End a job that a person cancelled."""
    if jobs.finish(tx, job.id, worker, state="cancelled", at=at) and job.kind == "prepare":
        projects.change(tx, job.project_id, state="failed", error="The import was cancelled.")
