"""Early rounds: while rounds are quick, the order is renewed before `retrain_every` labels are new.

An early round renews the order and nothing else: the learning curve, the figures and the advice
go by the rounds that the project asks for, and those come as they would without early ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_al.domain.models import Job, ProjectId
from jupyterlab_al.store import jobs

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Between two rounds the machine rests this many times as long as the last one took.
REST = 2


def due(tx: Connection, *, at: int | None = None) -> ProjectId | None:
    """Return the project whose order most needs to be renewed now; None where none does."""
    for row in jobs.stale_orders(tx, rest=REST, at=at):
        if row["config"].get("early_rounds"):
            return ProjectId(row["id"])
    return None


def begin(tx: Connection, worker: str, *, lease_ms: int, at: int | None = None) -> Job | None:
    """Give a worker an early round; None where none is due."""
    project = due(tx, at=at)
    if project is None:
        return None
    return jobs.start_early(tx, project, worker, lease_ms=lease_ms, at=at)
