"""Rounds and preparations."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, exists, or_, select

from jupyterlab_al.store.clock import now
from jupyterlab_al.store.tables import job, project, tally

#: A job by id.
job_by_id = select(job).where(
    job.c.project_id == bindparam("project"), job.c.id == bindparam("job")
)

#: A job that runs, if it is a worker's, held against its end.
running_job = (
    select(job.c.id)
    .where(
        job.c.id == bindparam("job"),
        job.c.worker == bindparam("worker"),
        job.c.state == "running",
    )
    .with_for_update(of=job)
)

#: Rounds, newest first, before an id.
rounds_before = (
    select(job)
    .where(
        job.c.project_id == bindparam("project"),
        job.c.kind == "round",
        ~job.c.early,
        job.c.id < bindparam("before"),
    )
    .order_by(job.c.id.desc())
    .limit(bindparam("size"))
)

#: All finished rounds, oldest first: the learning curve.
finished_rounds = (
    select(job)
    .where(
        job.c.project_id == bindparam("project"),
        job.c.kind == "round",
        job.c.state == "finished",
        ~job.c.early,
    )
    .order_by(job.c.id)
)

#: The newest job of a kind, early rounds left out.
last_job = (
    select(job)
    .where(job.c.project_id == bindparam("project"), job.c.kind == bindparam("kind"), ~job.c.early)
    .order_by(job.c.id.desc())
    .limit(1)
)

#: Jobs under way or waiting.
active_jobs = select(job).where(job.c.state.in_(["queued", "running"])).order_by(job.c.id)

#: Those of one kind and one project, early rounds left out.
under_way = (
    select(job.c.id)
    .where(
        job.c.project_id == bindparam("project"),
        job.c.kind == bindparam("kind"),
        ~job.c.early,
        job.c.state.in_(["queued", "running"]),
    )
    .limit(1)
)

_running = job.alias("running")

#: The job to do next: the oldest that waits, or whose worker was lost, of a project that has
#: nothing else running. A lease that ends far in the future was given before the clock was set
#: back: at worst a worker that lives loses its job to another one, and the job is done again.
next_job = (
    select(job)
    .where(
        or_(
            and_(
                job.c.state == "queued",
                ~exists().where(
                    _running.c.project_id == job.c.project_id, _running.c.state == "running"
                ),
            ),
            and_(
                job.c.state == "running",
                or_(
                    job.c.lease_expires_at <= now,
                    job.c.lease_expires_at > now + bindparam("longest_lease"),
                ),
            ),
        )
    )
    .order_by(job.c.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=job)
)

#: Jobs under way and those that ended lately: what servers watch.
job_changes = (
    select(job, project.c.name)
    .join(project, project.c.id == job.c.project_id)
    .where(
        or_(
            job.c.state.in_(["queued", "running"]),
            job.c.finished_at > now - bindparam("lately"),
        )
    )
    .order_by(job.c.id)
)

#: The newest finished round.
last_finished_round = (
    select(job)
    .where(
        job.c.project_id == bindparam("project"),
        job.c.kind == "round",
        job.c.state == "finished",
        ~job.c.early,
    )
    .order_by(job.c.id.desc())
    .limit(1)
)

_later = job.alias("later")

#: Projects whose order lacks labels, where nothing is under way, and nothing went wrong, since the
#: round that made it, and the worker has rested; the order that lacks most comes first.
stale_orders = (
    select(project.c.id, project.c.config)
    .join(job, job.c.id == project.c.order_round)
    .join(tally, tally.c.project_id == project.c.id)
    .where(
        project.c.state == "active",
        tally.c.kind == "annotations",
        tally.c.value == 0,
        tally.c.n > project.c.order_labels,
        job.c.state == "finished",
        now - job.c.finished_at >= bindparam("rest") * (job.c.finished_at - job.c.started_at),
        ~exists().where(
            _later.c.project_id == project.c.id,
            _later.c.kind == "round",
            _later.c.id > project.c.order_round,
        ),
    )
    .order_by((tally.c.n - project.c.order_labels).desc())
)
