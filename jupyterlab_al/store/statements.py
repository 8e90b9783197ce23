"""Every statement that is not specific to one table group's file, named; built once at import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Select,
    String,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from jupyterlab_al.store.clock import now
from jupyterlab_al.store.tables import (
    annotation,
    job,
    member,
    project,
    queue_entry,
    skip,
    tally,
    undo,
)

# --- projects -----------------------------------------------------------------------

_n_annotations = (
    select(tally.c.n)
    .where(tally.c.project_id == project.c.id, tally.c.kind == "annotations", tally.c.value == 0)
    .scalar_subquery()
)

_projects = select(
    project,
    func.coalesce(_n_annotations, 0).label("n_annotations"),
    member.c.role,
).outerjoin(
    member, and_(member.c.project_id == project.c.id, member.c.annotator == bindparam("annotator"))
)

#: A project by name, with the caller's membership.
project_by_name = _projects.where(project.c.name == bindparam("name"))

#: The same, held against every other writer of this project until the transaction ends. All
#: transactions that write several tables take this first, so that they can't deadlock.
project_locked = project_by_name.with_for_update(key_share=True, of=project)

#: A project by id, and the same held likewise.
project_by_id = _projects.where(project.c.id == bindparam("project"))
project_locked_by_id = project_by_id.with_for_update(key_share=True, of=project)

#: Projects in order of their names, after a name.
projects_after = (
    _projects.where(project.c.name > bindparam("after"))
    .order_by(project.c.name)
    .limit(bindparam("size"))
)

#: A new project.
insert_project = insert(project).values(created_at=now).returning(project.c.id)

#: Forget a project's queue.
delete_queue = delete(queue_entry).where(queue_entry.c.project_id == bindparam("project"))

#: Forget a project; everything of it but its queue goes with it.
delete_project = delete(project).where(project.c.id == bindparam("project"))

#: What a project's counters say.
tallies = select(tally.c.kind, tally.c.value, tally.c.n, tally.c.updated_at).where(
    tally.c.project_id == bindparam("project")
)

#: Classes with at least one label that trains.
trained_classes = select(tally.c.value, tally.c.n).where(
    tally.c.project_id == bindparam("project"), tally.c.kind == "train", tally.c.n > 0
)

# --- queue --------------------------------------------------------------------------

_entry = queue_entry
_other = queue_entry.alias("other")
_is_free = and_(_entry.c.done_at.is_(None), _entry.c.lease_expires_at <= now)

#: The best free samples for one annotator, locked against others: none that they skipped, none of
#: which they hold or did another slot, and of several free slots of a sample the lowest.
_free = (
    select(_entry.c.sample_id, _entry.c.slot)
    .where(
        _entry.c.project_id == bindparam("project"),
        _is_free,
        ~exists().where(
            skip.c.project_id == _entry.c.project_id,
            skip.c.annotator == bindparam("annotator"),
            skip.c.sample_id == _entry.c.sample_id,
        ),
        ~exists().where(
            _other.c.project_id == _entry.c.project_id,
            _other.c.sample_id == _entry.c.sample_id,
            _other.c.slot != _entry.c.slot,
            or_(
                and_(
                    _other.c.lease_annotator == bindparam("annotator"),
                    or_(_other.c.done_at.is_not(None), _other.c.lease_expires_at > now),
                ),
                and_(
                    _other.c.slot < _entry.c.slot,
                    _other.c.done_at.is_(None),
                    _other.c.lease_expires_at <= now,
                ),
            ),
        ),
    )
    .order_by(_entry.c.rank)
    .limit(bindparam("size"))
    .with_for_update(skip_locked=True, of=_entry)
    .cte("free")
)

_lease_columns = (
    _entry.c.sample_id,
    _entry.c.slot,
    _entry.c.rank,
    _entry.c.source,
    _entry.c.lease_token,
    _entry.c.lease_client,
    _entry.c.lease_expires_at,
)

#: Lease the best free samples to one annotator's client. Tokens are the given prefix and the
#: sample: unique, since the prefix is drawn anew for every claim.
claim = (
    update(_entry)
    .where(
        _entry.c.project_id == bindparam("project"),
        _entry.c.sample_id == _free.c.sample_id,
        _entry.c.slot == _free.c.slot,
    )
    .values(
        lease_annotator=bindparam("annotator"),
        lease_client=bindparam("client"),
        lease_token=bindparam("token"),
        lease_expires_at=now + bindparam("lease_ms"),
    )
    .returning(*_lease_columns)
)

_mine = and_(
    _entry.c.project_id == bindparam("project"),
    _entry.c.lease_annotator == bindparam("annotator"),
    _entry.c.done_at.is_(None),
    _entry.c.lease_expires_at > now,
)

#: What a client still holds, and what the annotator just undid ('*': first, newest first).
live_leases = (
    select(*_lease_columns)
    .where(_mine, _entry.c.lease_client.in_([bindparam("client"), literal("*")]))
    .order_by(
        case((_entry.c.lease_client == "*", 0), else_=1),
        case((_entry.c.lease_client == "*", -_entry.c.lease_expires_at), else_=0),
        _entry.c.rank,
    )
    .limit(bindparam("size"))
)

#: Give what was undone to the client that claims first.
adopt_lease = (
    update(_entry)
    .where(_mine, _entry.c.sample_id == bindparam("sample"), _entry.c.slot == bindparam("at_slot"))
    .values(lease_client=bindparam("client"), lease_expires_at=now + bindparam("lease_ms"))
    .returning(_entry.c.lease_expires_at)
)

_held = and_(
    _mine,
    _entry.c.sample_id == bindparam("sample"),
    _entry.c.lease_token == bindparam("token"),
)

#: Prolong a lease that is still held.
extend = (
    update(_entry)
    .where(_held)
    .values(lease_expires_at=now + bindparam("lease_ms"))
    .returning(_entry.c.sample_id, _entry.c.lease_token, _entry.c.lease_expires_at)
)

#: Give a lease back.
release = (
    update(_entry)
    .where(_held)
    .values(lease_expires_at=0, lease_annotator=None, lease_client=None)
    .returning(_entry.c.sample_id, _entry.c.lease_token, (now + 0).label("lease_expires_at"))
)

_is_held = _entry.c.lease_expires_at > now


def entries_of(samples: Sequence[BindParameter[int]]) -> Select[Any]:
    """Return what finds all slots of so many samples, and whether somebody holds them."""
    return select(_entry, _is_held.label("is_held")).where(
        _entry.c.project_id == bindparam("project"), _entry.c.sample_id.in_(samples)
    )


def finish_slots(places: Iterable[tuple[BindParameter[int], BindParameter[int]]]) -> Update:
    """Return what marks slots (sample, slot) as done; who did them stands where the lease stood."""
    return (
        update(_entry)
        .where(
            _entry.c.project_id == bindparam("project"),
            or_(*(and_(_entry.c.sample_id == of, _entry.c.slot == slot) for of, slot in places)),
        )
        .values(
            done_at=now,
            lease_annotator=bindparam("annotator"),
            lease_client=None,
            lease_expires_at=0,
        )
    )


#: A done slot is open again and first in one annotator's next claim, in any tab.
reopen_slot = (
    update(_entry)
    .where(
        _entry.c.project_id == bindparam("project"),
        _entry.c.sample_id == bindparam("sample"),
        _entry.c.slot == bindparam("at_slot"),
    )
    .values(
        done_at=None,
        lease_annotator=bindparam("annotator"),
        lease_client="*",
        lease_token=bindparam("token"),
        lease_expires_at=now + bindparam("lease_ms"),
    )
)

#: Other open slots of the sample that the annotator holds are free: one person, one slot.
free_others = (
    update(_entry)
    .where(
        _entry.c.project_id == bindparam("project"),
        _entry.c.sample_id == bindparam("sample"),
        _entry.c.slot != bindparam("at_slot"),
        _entry.c.lease_annotator == bindparam("annotator"),
        _entry.c.done_at.is_(None),
    )
    .values(lease_expires_at=0, lease_annotator=None, lease_client=None)
)

#: A done slot becomes another annotator's.
pass_on = (
    update(_entry)
    .where(
        _entry.c.project_id == bindparam("project"),
        _entry.c.sample_id == bindparam("sample"),
        _entry.c.slot == bindparam("at_slot"),
    )
    .values(lease_annotator=bindparam("annotator"))
)

#: What is open: samples, slots that somebody holds, and when the first comes back.
open_state = select(
    func.count(_entry.c.sample_id.distinct()).label("open"),
    func.coalesce(func.sum(case((_is_held, 1), else_=0)), 0).label("held"),
    func.min(case((_is_held, _entry.c.lease_expires_at))).label("back_at"),
).where(_entry.c.project_id == bindparam("project"), _entry.c.done_at.is_(None))

#: How many slots are leased now.
count_leased = (
    select(func.count())
    .select_from(_entry)
    .where(
        _entry.c.project_id == bindparam("project"),
        _entry.c.done_at.is_(None),
        _entry.c.lease_annotator.is_not(None),
        _entry.c.lease_expires_at > now,
    )
)

_is_open = and_(_entry.c.project_id == bindparam("project"), _entry.c.done_at.is_(None))

#: Open slots.
count_open = select(func.count()).select_from(_entry).where(_is_open)

#: Samples in the queue of which no slot is done.
count_unlabeled = select(func.count(_entry.c.sample_id.distinct())).where(
    _is_open,
    ~exists().where(
        _other.c.project_id == _entry.c.project_id,
        _other.c.sample_id == _entry.c.sample_id,
        _other.c.done_at.is_not(None),
    ),
)

#: Samples with a place in the queue, among some samples.
present_among = select(_entry.c.sample_id).where(
    _entry.c.project_id == bindparam("project"),
    _entry.c.sample_id.in_(bindparam("samples", expanding=True)),
)

#: Samples that somebody skipped.
skipped_samples = (
    select(skip.c.sample_id).where(skip.c.project_id == bindparam("project")).distinct()
)

#: Samples that must not be drawn again: labeled, or on somebody's screen.
taken_samples = select(_entry.c.sample_id).where(
    _entry.c.project_id == bindparam("project"),
    or_(_entry.c.done_at.is_not(None), _entry.c.lease_expires_at > now),
)

#: The same among some samples.
taken_among = taken_samples.where(_entry.c.sample_id.in_(bindparam("samples", expanding=True)))

_is_abandoned = _entry.c.lease_expires_at <= now - 3_600_000

#: Somebody did another slot of the sample, or holds it.
_is_half_done = exists().where(
    _other.c.project_id == _entry.c.project_id,
    _other.c.sample_id == _entry.c.sample_id,
    _other.c.slot != _entry.c.slot,
    or_(_other.c.done_at.is_not(None), _other.c.lease_expires_at > now),
)

#: Open slots that a new order replaces. An expired lease keeps its row for an hour, so that a late
#: answer still finds how it was drawn; the open slots of a sample that somebody else did wait for
#: the other people whom it needs.
_is_replaceable = and_(
    _entry.c.project_id == bindparam("project"),
    _is_free,
    or_(_entry.c.lease_annotator.is_(None), _is_abandoned),
    or_(
        bindparam("overlap", type_=BigInteger) == 1,
        _entry.c.slot >= bindparam("overlap"),
        ~_is_half_done,
    ),
)

#: The same, locked against claims; those that others are just taking are left.
_replaceable = (
    select(_entry.c.sample_id, _entry.c.slot)
    .where(_is_replaceable)
    .with_for_update(skip_locked=True, of=_entry)
    .cte("replaceable")
)

#: Take the unleased part out of the queue, to make room for a new order. SQLite's writers are
#: alone and need no locks; PostgreSQL looks a list of keys up one by one.
delete_replaceable = {
    "sqlite": delete(_entry).where(_is_replaceable),
    "postgresql": delete(_entry).where(
        _entry.c.project_id == bindparam("project"),
        tuple_(_entry.c.sample_id, _entry.c.slot).in_(
            select(_replaceable.c.sample_id, _replaceable.c.slot)
        ),
    ),
}

#: Slots that people let go within the hour, locked against claims.
let_go = (
    select(_entry.c.sample_id, _entry.c.slot)
    .where(
        _entry.c.project_id == bindparam("project"),
        _entry.c.lease_annotator.is_not(None),
        _is_free,
        ~_is_abandoned,
    )
    .with_for_update(skip_locked=True, of=_entry)
)

_place = and_(
    _entry.c.project_id == bindparam("project"),
    _entry.c.sample_id == bindparam("sample"),
    _entry.c.slot == bindparam("at_slot"),
)

#: Take one slot out of the queue.
delete_place = delete(_entry).where(_place)

#: One slot gets a rank behind a new order.
push_back = (
    update(_entry)
    .where(_place, _entry.c.rank < bindparam("floor"))
    .values(rank=_entry.c.rank + bindparam("floor"))
)

#: The largest rank of the open part.
last_rank = select(func.max(_entry.c.rank)).where(
    _entry.c.project_id == bindparam("project"), _entry.c.done_at.is_(None)
)

# --- annotations --------------------------------------------------------------------

#: Annotations with when they were undone.
annotations_and_undos = select(annotation, undo.c.created_at.label("undone_at")).outerjoin(
    undo, undo.c.annotation_id == annotation.c.id
)

#: A page in order of arrival: one annotator's, or (None) everybody's.
annotations_after = (
    annotations_and_undos.where(
        annotation.c.project_id == bindparam("project"),
        annotation.c.id > bindparam("after"),
        or_(
            bindparam("annotator", type_=String).is_(None),
            annotation.c.annotator == bindparam("annotator"),
        ),
    )
    .order_by(annotation.c.id)
    .limit(bindparam("size"))
)

#: Annotations by the keys that clients made.
annotations_by_keys = annotations_and_undos.where(
    annotation.c.project_id == bindparam("project"),
    annotation.c.key.in_(bindparam("keys", expanding=True)),
)

#: One annotation.
annotation_by_id = annotations_and_undos.where(
    annotation.c.project_id == bindparam("project"), annotation.c.id == bindparam("annotation")
)

#: What stands of one sample: annotations that are not undone, first come first.
standing_of_sample = annotations_and_undos.where(
    annotation.c.project_id == bindparam("project"),
    annotation.c.sample_id == bindparam("sample"),
    undo.c.created_at.is_(None),
).order_by(annotation.c.id)

#: What stands of a whole project, for fitting, consensus and export.
standing: Select[tuple[int, int, str, str, str, int, float | None]] = (
    select(
        annotation.c.id,
        annotation.c.sample_id,
        annotation.c.label,
        annotation.c.annotator,
        annotation.c.source,
        annotation.c.created_at,
        annotation.c.draw_probability,
    )
    .outerjoin(undo, undo.c.annotation_id == annotation.c.id)
    .where(
        annotation.c.project_id == bindparam("project"),
        undo.c.created_at.is_(None),
    )
    .order_by(annotation.c.sample_id, annotation.c.id)
)

#: The id of the newest annotation.
high_water = select(func.coalesce(func.max(annotation.c.id), 0)).where(
    annotation.c.project_id == bindparam("project")
)

#: The pace: labels after an annotation, with the first and last time.
pace = select(
    func.count().label("n"),
    func.min(annotation.c.created_at).label("first"),
    func.max(annotation.c.created_at).label("last"),
).where(
    annotation.c.project_id == bindparam("project"),
    annotation.c.id > bindparam("after"),
    annotation.c.source != "import",
)

# --- jobs ---------------------------------------------------------------------------

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
    )
    .order_by(job.c.id)
)

#: The newest job of a kind.
last_job = (
    select(job)
    .where(job.c.project_id == bindparam("project"), job.c.kind == bindparam("kind"))
    .order_by(job.c.id.desc())
    .limit(1)
)

#: Jobs under way or waiting.
active_jobs = select(job).where(job.c.state.in_(["queued", "running"])).order_by(job.c.id)

#: Those of one kind and one project.
under_way = (
    select(job.c.id)
    .where(
        job.c.project_id == bindparam("project"),
        job.c.kind == bindparam("kind"),
        job.c.state.in_(["queued", "running"]),
    )
    .limit(1)
)

_running = job.alias("running")

#: The job to do next: the oldest that waits, or whose worker was lost, of a project that has
#: nothing else running.
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
            and_(job.c.state == "running", job.c.lease_expires_at <= now),
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
    .where(or_(job.c.state.in_(["queued", "running"]), job.c.finished_at > bindparam("since")))
    .order_by(job.c.id)
)

#: The newest finished round.
last_finished_round = (
    select(job)
    .where(
        job.c.project_id == bindparam("project"),
        job.c.kind == "round",
        job.c.state == "finished",
    )
    .order_by(job.c.id.desc())
    .limit(1)
)

#: A project's name.
project_name = select(project.c.name).where(project.c.id == bindparam("project"))
