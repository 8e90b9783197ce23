"""What the newest round wants to be looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, func, select

from jupyterlab_al.domain.models import ProjectId, SampleId
from jupyterlab_al.store.tables import review
from jupyterlab_al.store.upsert import insert_for

Reason = Literal["disputed", "suspected"]


@dataclass(frozen=True, slots=True)
class Review:
    """A sample that is to be looked at again."""

    sample_id: SampleId
    #: People disagree about it, or the model doubts its label.
    reason: Reason
    #: Somebody asked for it: it goes to the front of the queue.
    is_wanted: bool = field(default=False, kw_only=True)


_mine = review.c.project_id == bindparam("project")

#: A project's list, most in need of a look first.
_all = select(review).where(_mine).order_by(review.c.place, review.c.sample_id)

#: How many there are for a reason.
_count = select(func.count()).select_from(review).where(_mine, review.c.reason == bindparam("why"))

_delete_all = delete(review).where(_mine)
_delete_one = delete(review).where(_mine, review.c.sample_id == bindparam("sample"))


def of_project(tx: Connection, project: ProjectId) -> list[Review]:
    """Return a project's list, most in need of a look first."""
    return [
        Review(row.sample_id, row.reason, is_wanted=row.is_wanted)
        for row in tx.execute(_all, {"project": project})
    ]


def count(tx: Connection, project: ProjectId, reason: Reason) -> int:
    """Return how many samples are to be looked at again for a reason."""
    return int(tx.execute(_count, {"project": project, "why": reason}).scalar_one())


def replace(tx: Connection, project: ProjectId, found: Sequence[Review]) -> None:
    """Make this a project's list."""
    tx.execute(_delete_all, {"project": project})
    rows = [
        {
            "project_id": project,
            "sample_id": each.sample_id,
            "reason": each.reason,
            "place": place,
            "is_wanted": each.is_wanted,
        }
        for place, each in enumerate(found)
    ]
    if rows:
        tx.execute(insert_for(tx, review).on_conflict_do_nothing(), rows)


def settle(tx: Connection, project: ProjectId, samples: Iterable[SampleId]) -> None:
    """Take samples off the list: they got another label."""
    rows = [{"project": project, "sample": sample_id} for sample_id in samples]
    if rows:
        tx.execute(_delete_one, rows)
