"""Jobs: what waits for a worker, what runs, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, update

from jupyterlab_al.domain.models import Job, JobId, JobKind, ProjectId, utc
from jupyterlab_al.store.clock import now
from jupyterlab_al.store.statements import jobs as statements
from jupyterlab_al.store.tables import job
from jupyterlab_al.store.upsert import insert_for

NEWEST = 2**62
#: So many times the length of a lease no lease can last, whatever clocks differ.
LEASES = 2


def add(
    tx: Connection, project: ProjectId, kind: JobKind, *, n_labels: int = 0, at: int | None = None
) -> JobId | None:
    """Queue a job; None when one of its kind waits already."""
    statement = insert_for(tx, job).on_conflict_do_nothing().returning(job.c.id)
    row = tx.execute(
        statement.values(
            project_id=project,
            kind=kind,
            state="queued",
            n_labels=n_labels,
            result={},
            created_at=now,
        ),
        {"now": at},
    ).first()
    return None if row is None else JobId(row.id)


def start_early(
    tx: Connection, project: ProjectId, worker: str, *, lease_ms: int, at: int | None = None
) -> Job | None:
    """Give a worker a round that renews the order; None when another job of the project runs."""
    statement = insert_for(tx, job).on_conflict_do_nothing().returning(job)
    row = (
        tx.execute(
            statement.values(
                project_id=project,
                kind="round",
                state="running",
                early=True,
                worker=worker,
                lease_expires_at=now + lease_ms,
                attempts=1,
                phase="start",
                result={},
                created_at=now,
                started_at=now,
            ),
            {"now": at},
        )
        .mappings()
        .first()
    )
    return None if row is None else _job(row)


def stale_orders(tx: Connection, *, rest: int, at: int | None = None) -> list[RowMapping]:
    """Return projects whose order lacks labels, and has stood `rest` times as long as it took."""
    return list(tx.execute(statements.stale_orders, {"rest": rest, "now": at}).mappings())


def by_id(tx: Connection, project: ProjectId, job_id: JobId) -> Job | None:
    """Return a job of a project."""
    row = tx.execute(statements.job_by_id, {"project": project, "job": job_id}).mappings().first()
    return None if row is None else _job(row)


def last(tx: Connection, project: ProjectId, kind: JobKind) -> Job | None:
    """Return the newest job of a kind, early rounds left out."""
    row = tx.execute(statements.last_job, {"project": project, "kind": kind}).mappings().first()
    return None if row is None else _job(row)


def is_under_way(tx: Connection, project: ProjectId, kind: JobKind) -> bool:
    """Return whether a job of a kind waits or runs, early rounds left out."""
    row = tx.execute(statements.under_way, {"project": project, "kind": kind}).first()
    return row is not None


def rounds(tx: Connection, project: ProjectId, *, before: int, size: int) -> list[Job]:
    """Return rounds, newest first, before an id; early ones are left out, as everywhere."""
    rows = tx.execute(
        statements.rounds_before, {"project": project, "before": before, "size": size}
    ).mappings()
    return [_job(row) for row in rows]


def finished_rounds(tx: Connection, project: ProjectId) -> list[Job]:
    """Return all finished rounds, oldest first."""
    rows = tx.execute(statements.finished_rounds, {"project": project}).mappings()
    return [_job(row) for row in rows]


def active(tx: Connection) -> list[Job]:
    """Return the jobs that wait or run, of all projects."""
    return [_job(row) for row in tx.execute(statements.active_jobs).mappings()]


def changes(tx: Connection, *, lately_ms: int, at: int | None = None) -> list[RowMapping]:
    """Return jobs under way or ended within so many milliseconds, with their projects' names."""
    which = {"lately": lately_ms, "now": at}
    return list(tx.execute(statements.job_changes, which).mappings())


def claim(tx: Connection, worker: str, *, lease_ms: int, at: int | None = None) -> Job | None:
    """Give the next job to a worker: the oldest that waits or whose worker was lost."""
    which = {"now": at, "longest_lease": LEASES * lease_ms}
    row = tx.execute(statements.next_job, which).mappings().first()
    if row is None:
        return None
    claimed = (
        tx.execute(
            update(job)
            .where(job.c.id == row["id"])
            .values(
                state="running",
                worker=worker,
                lease_expires_at=now + lease_ms,
                attempts=job.c.attempts + 1,
                started_at=now,
                phase="start",
                progress=0.0,
                revision=job.c.revision + 1,
            )
            .returning(job),
            {"now": at},
        )
        .mappings()
        .one()
    )
    return _job(claimed)


def beat(
    tx: Connection,
    job_id: JobId,
    worker: str,
    *,
    lease_ms: int,
    phase: str,
    progress: float,
    at: int | None = None,
) -> bool | None:
    """Keep a running job and note how far it is.

    Returns
    -------
    bool or None
        Whether it is to be cancelled; None when the job is not this worker's any more.
    """
    row = tx.execute(
        update(job)
        .where(job.c.id == job_id, job.c.worker == worker, job.c.state == "running")
        .values(
            lease_expires_at=now + lease_ms,
            phase=phase,
            progress=progress,
            revision=job.c.revision + 1,
        )
        .returning(job.c.cancel_requested),
        {"now": at},
    ).first()
    return None if row is None else bool(row.cancel_requested)


def is_held(tx: Connection, job_id: JobId, worker: str) -> bool:
    """Return whether a job runs and is this worker's; it stays so for this transaction."""
    return tx.execute(statements.running_job, {"job": job_id, "worker": worker}).first() is not None


def begin(tx: Connection, job_id: JobId, *, n_labels: int, high_water: int) -> None:
    """Note what a round is based on."""
    tx.execute(
        update(job).where(job.c.id == job_id).values(n_labels=n_labels, high_water=high_water)
    )


def finish(
    tx: Connection,
    job_id: JobId,
    worker: str,
    *,
    state: str,
    error: str | None = None,
    result: Mapping[str, Any] | None = None,
    at: int | None = None,
) -> bool:
    """End a running job; False when it is not this worker's any more."""
    row = tx.execute(
        update(job)
        .where(job.c.id == job_id, job.c.worker == worker, job.c.state == "running")
        .values(
            state=state,
            error=error,
            result=dict(result or {}),
            progress=1.0 if state == "finished" else job.c.progress,
            finished_at=now,
            revision=job.c.revision + 1,
        )
        .returning(job.c.id),
        {"now": at},
    ).first()
    return row is not None


def hand_back(tx: Connection, job_id: JobId, worker: str, *, at: int | None = None) -> None:
    """Let another worker take a running job at once."""
    tx.execute(
        update(job)
        .where(job.c.id == job_id, job.c.worker == worker, job.c.state == "running")
        .values(lease_expires_at=0, attempts=job.c.attempts - 1, revision=job.c.revision + 1),
        {"now": at},
    )


def abandon(tx: Connection, worker: str, *, at: int | None = None) -> None:
    """Free what a worker of this name had taken before it was lost."""
    tx.execute(
        update(job)
        .where(job.c.worker == worker, job.c.state == "running")
        .values(lease_expires_at=0, revision=job.c.revision + 1),
        {"now": at},
    )


def request_cancel(tx: Connection, job_id: JobId, *, at: int | None = None) -> None:
    """Cancel at once what waits; ask the worker to end what runs."""
    tx.execute(
        update(job)
        .where(job.c.id == job_id, job.c.state == "queued")
        .values(state="cancelled", finished_at=now, revision=job.c.revision + 1),
        {"now": at},
    )
    tx.execute(
        update(job)
        .where(job.c.id == job_id, job.c.state == "running")
        .values(cancel_requested=True, revision=job.c.revision + 1)
    )


def _job(row: RowMapping) -> Job:
    return Job(
        id=JobId(row["id"]),
        project_id=ProjectId(row["project_id"]),
        kind=row["kind"],
        state=row["state"],
        phase=row["phase"],
        progress=row["progress"],
        error=row["error"],
        attempts=row["attempts"],
        n_labels=row["n_labels"],
        high_water=row["high_water"],
        early=row["early"],
        result=row["result"],
        created_at=utc(row["created_at"]),
        started_at=None if row["started_at"] is None else utc(row["started_at"]),
        finished_at=None if row["finished_at"] is None else utc(row["finished_at"]),
    )


def last_finished(tx: Connection, project: ProjectId) -> Job | None:
    """Return the newest finished round."""
    row = tx.execute(statements.last_finished_round, {"project": project}).mappings().first()
    return None if row is None else _job(row)
