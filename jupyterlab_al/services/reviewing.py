"""What is looked at again: labels that the model doubts and samples that people disagree about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from jupyterlab_al.domain.consensus import is_disputed
from jupyterlab_al.domain.errors import ConflictError
from jupyterlab_al.domain.models import Draw, JobId, Person, Project, SampleId
from jupyterlab_al.domain.roles import require
from jupyterlab_al.store import annotation_log, projects, queue, reviews
from jupyterlab_al.store.reviews import Review

if TYPE_CHECKING:
    from sqlalchemy import Connection

What = Literal["disputed", "suspected", "all"]

#: A list has at most so many samples for each reason.
LIMIT = 500
#: Whoever gave one of so many newest labels is there to be asked.
NEWEST = 200


def listed(
    tx: Connection, project: Project, suspected: Sequence[SampleId] | None = None
) -> list[Review]:
    """Return what is to be looked at again: what people disagree about, then doubtful labels.

    None for `suspected` keeps those that stand on the list.
    """
    before = reviews.of_project(tx, project.id)
    if suspected is None:
        suspected = [each.sample_id for each in before if each.reason == "suspected"]
    wanted = {each.sample_id for each in before if each.is_wanted}
    disputed = _disputed(tx, project)
    disagree = set(disputed)
    found = [Review(sample_id, "disputed") for sample_id in disputed[:LIMIT]]
    doubted = [sample_id for sample_id in suspected if sample_id not in disagree]
    found += [Review(sample_id, "suspected") for sample_id in doubted[:LIMIT]]
    return [replace(each, is_wanted=each.sample_id in wanted) for each in found]


def unasked(
    tx: Connection, project: Project, found: Sequence[Review], *, round_id: JobId
) -> list[Draw]:
    """Return what of a list is woven into the stream, and whether the same person may be asked.

    Somebody who labeled a sample before is asked again only where nobody else is there, and not
    more often than there are people: after that it waits for an owner or reviewer to decide.
    """
    labeled_by = annotation_log.labeled_by(tx, project.id, [each.sample_id for each in found])
    there = annotation_log.lately_active(tx, project.id, size=NEWEST)
    draws = []
    for each in found:
        by = labeled_by.get(each.sample_id, {})
        again = there <= by.keys()
        is_tried = again and sum(by.values()) >= max(1, len(there))
        if not each.is_wanted and not is_tried:
            draws.append(_draw(each.sample_id, round_id, again=again))
    return draws


def renew(
    tx: Connection, project: Project, found: Sequence[Review], *, round_id: JobId, since: int
) -> None:
    """Make this the project's list; what somebody asked for goes to the front of the queue.

    What got another label meanwhile (after the annotation `since`) is left out.
    """
    meanwhile = annotation_log.labeled_since(tx, project.id, after=since)
    wanted = {each.sample_id for each in reviews.of_project(tx, project.id) if each.is_wanted}
    left = [
        replace(each, is_wanted=each.sample_id in wanted)
        for each in found
        if each.sample_id not in meanwhile
    ]
    reviews.replace(tx, project.id, left)
    _to_front(tx, project, (each.sample_id for each in left if each.is_wanted), round_id=round_id)


def request(tx: Connection, name: str, person: Person, what: What) -> tuple[Project, int]:
    """Put what is to be looked at again at the front of the queue; return how many samples.

    Whoever labeled them before may be asked, too.

    Raises
    ------
    ConflictError
        `not_active`: nobody is handed samples of this project now.
    """
    project = projects.find(tx, name, person, lock=True)
    require(project, "annotate")
    if project.state != "active":
        raise ConflictError(
            f"The project is {project.state}; samples are handed out in an active one.",
            word="not_active",
        )
    found = listed(tx, project)
    chosen = [each.sample_id for each in found if what in ("all", each.reason)]
    wanted = {*chosen, *(each.sample_id for each in found if each.is_wanted)}
    reviews.replace(
        tx, project.id, [replace(each, is_wanted=each.sample_id in wanted) for each in found]
    )
    _to_front(tx, project, chosen, round_id=project.order_round)
    return project, len(chosen)


def recount(tx: Connection, project: Project) -> None:
    """Count the disputed samples anew: merged classes are no dispute, classes told apart may be."""
    counted = projects.tallies(tx, project.id).get("disputed", {}).get(0, 0)
    projects.count(tx, project.id, {("disputed", 0): len(_disputed(tx, project)) - counted})


def _disputed(tx: Connection, project: Project) -> list[SampleId]:
    """Return what people disagree about now."""
    facts = annotation_log.standing_of_several(tx, project.id)
    return [
        sample_id
        for sample_id, of_sample in groupby(facts, key=lambda fact: fact["sample_id"])
        if is_disputed(annotation_log.opinions(of_sample, project.classes))
    ]


def _to_front(
    tx: Connection, project: Project, samples: Iterable[SampleId], *, round_id: JobId | None
) -> None:
    queue.add_in_front(tx, project, [_draw(each, round_id, again=True) for each in samples])


def _draw(sample_id: SampleId, round_id: JobId | None, *, again: bool) -> Draw:
    return Draw(
        sample_id=sample_id,
        rank=0,
        source="review",
        utility=None,
        draw_probability=None,
        round_id=round_id,
        again=again,
    )
