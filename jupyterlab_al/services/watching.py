"""What the worker is doing, for those who want to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyterlab_al.domain.models import JobId, JobKind, JobState
from jupyterlab_al.store import jobs

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A job that waits, runs or has just ended."""

    job_id: JobId
    project: str
    kind: JobKind
    state: JobState
    phase: str | None
    progress: float
    #: Grows with every change of the job.
    revision: int


def changes(tx: Connection, *, since: int) -> list[Change]:
    """Return jobs under way, and those that ended since a time (ms)."""
    return [
        Change(
            job_id=JobId(row["id"]),
            project=row["name"],
            kind=row["kind"],
            state=row["state"],
            phase=row["phase"],
            progress=row["progress"],
            revision=row["revision"],
        )
        for row in jobs.changes(tx, since=since)
    ]


def has_work(tx: Connection) -> bool:
    """Return whether any job waits or runs."""
    return bool(jobs.active(tx))
