"""What the worker asks of the store: take a job, begin a round, publish what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from math import nan
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.consensus import Opinion, consensus, current
from jupyterlab_al.domain.models import NOBODY, Draw, Job, Project, SampleId
from jupyterlab_al.services import adding, early, ordering, reviewing
from jupyterlab_al.store import annotation_log, jobs, projects, queue
from jupyterlab_al.store.reviews import Review

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: A job whose worker was lost this often is not tried again.
MAX_ATTEMPTS = 3


#: Places of an order that one transaction puts into the queue. While it lasts nobody's label is
#: stored on SQLite: with ten thousand that took longer than a person's patience.
PIECE = 150


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
    #: What was looked at again already, checks included.
    reviewed: list[SampleId]
    #: What each annotator says of the samples that several labeled.
    several: list[list[Opinion]]
    #: What the last round said that looked for doubtful labels: `n_train` and `note`.
    doubted_before: dict[str, Any] | None
    #: Not labeled and not candidates, but people may see them: what is on somebody's screen, and
    #: the checks whose turn comes next.
    upcoming: list[SampleId]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """What a round publishes: samples, best first, and what it measured (JSON)."""

    picks: Iterable[tuple[SampleId, float | None, float]]
    result: dict[str, Any]
    #: Labels that the model doubts, most of all first; None where it did not look.
    suspected: Sequence[SampleId] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Woven:
    """An order, and the place of the stream at which it begins."""

    position: int
    draws: list[Draw]
    #: The new list of what is to be looked at again.
    reviews: list[Review]


def take(tx: Connection, worker: str, *, lease_ms: int, at: int | None = None) -> Job | None:
    """Claim the next job; one that lost its worker too often fails instead.

    Where nothing waits, an order that labels have left behind is renewed.
    """
    while True:
        job = jobs.claim(tx, worker, lease_ms=lease_ms, at=at)
        if job is None:
            return early.begin(tx, worker, lease_ms=lease_ms, at=at)
        if job.attempts <= MAX_ATTEMPTS:
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
    if not job.early:
        projects.change(tx, project.id, labels_at_round=project.n_annotations)
    of = _read(tx, project)
    before = jobs.last_finished(tx, project.id)
    # What was drawn before samples were added had no chance to be one of them.
    since = project.blocks[-1].after
    chances = [_chance(fact) if fact["id"] > since else nan for fact in of.first]
    taken = set(queue.taken(tx, project.id))
    reserved = ordering.reserved_samples(project).tolist()
    next_checks = (sample_id for sample_id in reserved if sample_id not in taken)
    upcoming = taken.difference(of.train, of.checks)
    upcoming.update(islice(next_checks, int(project.config["queue_size"])))
    return Labeled(
        project=project,
        n_labels=project.n_annotations,
        train_ids=list(of.train),
        train_labels=list(of.train.values()),
        train_arrival=[fact["id"] for fact in of.first],
        train_chances=chances,
        train_uniform=[
            chance < 1 and fact["source"] == "cold_start"
            for chance, fact in zip(chances, of.first, strict=True)
        ],
        check_ids=list(of.checks),
        check_labels=list(of.checks.values()),
        reviewed=of.reviewed,
        several=of.several,
        doubted_before=None if before is None else before.result.get("doubts"),
        excluded=sorted(taken.union(reserved)),
        upcoming=sorted(upcoming),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What stands of a project, by what it is used for."""

    train: dict[SampleId, labels.StoredLabel] = field(default_factory=dict)
    #: The first label of each sample that trains.
    first: list[Mapping[str, Any]] = field(default_factory=list)
    checks: dict[SampleId, labels.StoredLabel] = field(default_factory=dict)
    reviewed: list[SampleId] = field(default_factory=list)
    several: list[list[Opinion]] = field(default_factory=list)


def _read(tx: Connection, project: Project) -> _Read:
    of = _Read()
    first_checks = annotation_log.first_checks(tx, project.id)
    rows = annotation_log.standing(tx, project.id)
    for sample_id, of_sample in groupby(rows, key=lambda row: row["sample_id"]):
        facts = list(of_sample)
        opinions = annotation_log.opinions(facts, project.classes)
        found = consensus(opinions)
        votes = current(opinions)
        if len(votes) > 1:
            of.several.append(votes)
        if any(fact["source"] == "review" for fact in facts):
            of.reviewed.append(sample_id)
        first_check = first_checks.get(sample_id)
        if any(annotation_log.reads_as_check(fact, first_check) for fact in facts):
            of.checks[sample_id] = found.label
        else:
            of.train[sample_id] = found.label
            of.first.append(facts[0])
    return of


def _chance(fact: Mapping[str, Any]) -> float:
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
    listed = reviewing.listed(tx, project, ranking.suspected)
    draws = ordering.weave(
        tx,
        project,
        ranking.picks,
        source="query",
        round_id=job.id,
        reviews=reviewing.unasked(tx, project, listed, round_id=job.id),
        at=at,
    )
    return Woven(position=ordering.position(tx, project, at=at), draws=draws, reviews=listed)


def publish_head(
    tx: Connection, job: Job, worker: str, order: Woven, *, at: int | None = None
) -> list[Draw] | None:
    """Replace the queue by the best places of a new order; return the others, None if too late."""
    project = projects.by_id(tx, job.project_id, NOBODY)
    if project is None:
        return None
    current_job = jobs.by_id(tx, project.id, job.id)
    if current_job is None or current_job.high_water < project.order_high_water:
        return None
    if not jobs.is_held(tx, job.id, worker):
        return None
    handed_out = ordering.position(tx, project, at=at) - order.position
    draws = ordering.moved_on(order.draws, handed_out)
    queue.publish(tx, project, draws, first=PIECE, at=at)
    reviewing.renew(tx, project, order.reviews, round_id=job.id, since=current_job.high_water)
    projects.change(
        tx,
        project.id,
        order_round=job.id,
        order_labels=current_job.n_labels,
        order_high_water=current_job.high_water,
    )
    return draws[PIECE:]


def publish_more(tx: Connection, job: Job, worker: str, places: Sequence[Draw]) -> bool:
    """Put further places of the order into the queue; False when the job is somebody else's."""
    project = projects.by_id(tx, job.project_id, NOBODY)
    if project is None or not jobs.is_held(tx, job.id, worker):
        return False
    queue.fill(tx, project, places)
    return True


def has_work(tx: Connection) -> bool:
    """Return whether there is anything to take; reading it costs writers nothing."""
    return bool(jobs.active(tx)) or early.due(tx) is not None


def fail(tx: Connection, job: Job, worker: str, reason: str, *, at: int | None = None) -> None:
    """End a job that could not be done; a round keeps the earlier order."""
    if not jobs.finish(tx, job.id, worker, state="failed", error=reason, at=at):
        return
    if job.kind == "prepare":
        adding.end_unfinished(tx, job, reason, NOBODY)


def cancelled(tx: Connection, job: Job, worker: str, *, at: int | None = None) -> None:
    """End a job that a person cancelled."""
    if jobs.finish(tx, job.id, worker, state="cancelled", at=at) and job.kind == "prepare":
        adding.end_unfinished(tx, job, "The import was cancelled.", NOBODY)
