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
    #: Whether it is a round that renews the order and nothing else.
    early: bool
    state: JobState
    phase: str | None
    progress: float
    #: A worker has taken it.
    has_begun: bool
    #: Grows with every change of the job.
    revision: int


def changes(tx: Connection, *, lately_ms: int, at: int | None = None) -> list[Change]:
    """Return jobs under way, and those that ended within so many milliseconds."""
    return [
        Change(
            job_id=JobId(row["id"]),
            project=row["name"],
            kind=row["kind"],
            early=row["early"],
            state=row["state"],
            phase=row["phase"],
            progress=row["progress"],
            has_begun=row["started_at"] is not None,
            revision=row["revision"],
        )
        for row in jobs.changes(tx, lately_ms=lately_ms, at=at)
    ]


def has_work(tx: Connection) -> bool:
    """Return whether any job waits or runs."""
    return bool(jobs.active(tx))
