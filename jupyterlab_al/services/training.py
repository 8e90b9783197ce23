"""What the worker asks of the store: take a job, begin a round, publish what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import nan
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.models import Draw, Job, Person, Project, SampleId
from jupyterlab_al.services import ordering
from jupyterlab_al.store import annotation_log, jobs, projects, queue

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

#: The worker acts for nobody.
NOBODY = Person(id="", name="", default_role="owner")
#: A job whose worker was lost this often is not tried again.
MAX_ATTEMPTS = 3


#: Places of an order that one transaction puts into the queue. While it lasts nobody's label is
#: stored on SQLite: with ten thousand that took longer than a person's patience.
PIECE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Labeled:
    """What a round is based on; labels are class indices."""

    project: Project
    n_labels: int
    train_ids: list[SampleId]
    train_labels: list[labels.StoredLabel]
    #: Where each stands in the order of arrival.
    train_arrival: list[int]
    #: The probability with which each was drawn; NaN if it was not drawn from the queue.
    train_chances: list[float]
    #: Which were drawn uniformly: random samples of a cold start.
    train_uniform: list[bool]
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Woven:
    """An order, and the place of the stream at which it begins."""

    position: int
    draws: list[Draw]


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
    first: list[RowMapping] = []
    checks: dict[SampleId, labels.StoredLabel] = {}
    rows = annotation_log.standing(tx, project.id)
    for sample_id, of_sample in groupby(rows, key=lambda row: row["sample_id"]):
        facts = list(of_sample)
        label = labels.consensus(annotation_log.decode_label(fact["label"]) for fact in facts)
        if any(fact["source"] == "check" for fact in facts):
            checks[sample_id] = label
        else:
            train[sample_id] = label
            first.append(facts[0])
    excluded = set(queue.taken(tx, project.id))
    excluded.update(ordering.reserved_samples(project).tolist())
    return Labeled(
        project=project,
        n_labels=project.n_annotations,
        train_ids=list(train),
        train_labels=list(train.values()),
        train_arrival=[fact["id"] for fact in first],
        train_chances=[_chance(fact) for fact in first],
        train_uniform=[_chance(fact) < 1 and fact["source"] == "cold_start" for fact in first],
        check_ids=list(checks),
        check_labels=list(checks.values()),
        excluded=sorted(excluded),
    )


def _chance(fact: RowMapping) -> float:
    """Return the probability of a draw; NaN for labels by hand and imported ones."""
    chance = fact["draw_probability"]
    return nan if chance is None else float(chance)


def publish(
    tx: Connection, job: Job, worker: str, ranking: Ranking, *, at: int | None = None
) -> bool:
    """Put a round's order into the queue and end the round; False where it comes too late.

    A worker that lost its lease, or a round based on older labels than the order that stands,
    changes nothing. All in one transaction; workers take the steps one by one.
    """
    order = woven(tx, job, ranking, at=at)
    rest = None if order is None else publish_head(tx, job, worker, order, at=at)
    if rest is None or not publish_more(tx, job, worker, rest):
        return False
    return jobs.finish(tx, job.id, worker, state="finished", result=ranking.result, at=at)


def woven(tx: Connection, job: Job, ranking: Ranking, *, at: int | None = None) -> Woven | None:
    """Return the order that a round gives the queue; None when the project is gone."""
    project = projects.find_by_id(tx, job.project_id, NOBODY)
    if project is None:
        return None
    draws = ordering.weave(tx, project, ranking.picks, source="query", round_id=job.id, at=at)
    return Woven(position=ordering.position(tx, project, at=at), draws=draws)


def publish_head(
    tx: Connection, job: Job, worker: str, order: Woven, *, at: int | None = None
) -> list[Draw] | None:
    """Replace the queue by the best places of a new order; return the others, None if too late."""
    project = projects.by_id(tx, job.project_id, NOBODY)
    if project is None:
        return None
    current = jobs.by_id(tx, project.id, job.id)
    if current is None or current.high_water < project.order_high_water:
        return None
    if not jobs.is_held(tx, job.id, worker):
        return None
    handed_out = ordering.position(tx, project, at=at) - order.position
    draws = ordering.moved_on(order.draws, handed_out)
    queue.publish(tx, project, draws, first=PIECE, at=at)
    projects.change(
        tx,
        project.id,
        order_round=job.id,
        order_labels=current.n_labels,
        order_high_water=current.high_water,
    )
    return draws[PIECE:]


def publish_more(tx: Connection, job: Job, worker: str, places: Sequence[Draw]) -> bool:
    """Put further places of the order into the queue; False when the job is somebody else's."""
    project = projects.by_id(tx, job.project_id, NOBODY)
    if project is None or not jobs.is_held(tx, job.id, worker):
        return False
    queue.fill(tx, project, places)
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
