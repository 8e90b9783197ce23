"""Putting orders into the queue, and what is in it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Integer,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from jupyterlab_al.store.clock import now
from jupyterlab_al.store.statements.entries import entry, is_free, is_held, other
from jupyterlab_al.store.tables import annotation, queue_entry, undo

#: What is open: samples, slots that somebody holds, and when the first comes back.
open_state = select(
    func.count(entry.c.sample_id.distinct()).label("open"),
    func.coalesce(func.sum(case((is_held, 1), else_=0)), 0).label("held"),
    func.min(case((is_held, entry.c.lease_expires_at))).label("back_at"),
).where(entry.c.project_id == bindparam("project"), entry.c.done_at.is_(None))

#: How many slots are leased now.
count_leased = (
    select(func.count())
    .select_from(entry)
    .where(
        entry.c.project_id == bindparam("project"),
        entry.c.done_at.is_(None),
        entry.c.lease_annotator.is_not(None),
        entry.c.lease_expires_at > now,
    )
)

is_open = and_(entry.c.project_id == bindparam("project"), entry.c.done_at.is_(None))

#: Open slots.
count_open = select(func.count()).select_from(entry).where(is_open)

#: Samples in the queue of which no slot is done.
count_unlabeled = select(func.count(entry.c.sample_id.distinct())).where(
    is_open,
    ~exists().where(
        other.c.project_id == entry.c.project_id,
        other.c.sample_id == entry.c.sample_id,
        other.c.done_at.is_not(None),
    ),
)

#: Samples with a place in the queue, among some samples.
present_among = select(entry.c.sample_id).where(
    entry.c.project_id == bindparam("project"),
    entry.c.sample_id.in_(bindparam("samples", expanding=True)),
)

#: Samples that must not be drawn again: labeled, or on somebody's screen.
taken_samples = select(entry.c.sample_id).where(
    entry.c.project_id == bindparam("project"),
    or_(entry.c.done_at.is_not(None), entry.c.lease_expires_at > now),
)

#: The same among some samples.
taken_among = taken_samples.where(entry.c.sample_id.in_(bindparam("samples", expanding=True)))

_is_abandoned = entry.c.lease_expires_at <= now - 3_600_000

#: Somebody did another slot of the sample, or holds it.
_is_half_done = exists().where(
    other.c.project_id == entry.c.project_id,
    other.c.sample_id == entry.c.sample_id,
    other.c.slot != entry.c.slot,
    or_(other.c.done_at.is_not(None), other.c.lease_expires_at > now),
)

#: Open slots that a new order replaces. An expired lease keeps its row for an hour, so that a late
#: answer still finds how it was drawn; the open slots of a sample that somebody else did wait for
#: the other people whom it needs.
_is_replaceable = and_(
    entry.c.project_id == bindparam("project"),
    is_free,
    or_(entry.c.lease_annotator.is_(None), _is_abandoned),
    or_(
        bindparam("overlap", type_=BigInteger) == 1,
        entry.c.slot >= bindparam("overlap"),
        ~_is_half_done,
    ),
)

#: The same, locked against claims; those that others are just taking are left.
_replaceable = (
    select(entry.c.sample_id, entry.c.slot)
    .where(_is_replaceable)
    .with_for_update(skip_locked=True, of=entry)
    .cte("replaceable")
)

#: Take the unleased part out of the queue, to make room for a new order. SQLite's writers are
#: alone and need no locks; PostgreSQL looks a list of keys up one by one.
delete_replaceable = {
    "sqlite": delete(entry).where(_is_replaceable),
    "postgresql": delete(entry).where(
        entry.c.project_id == bindparam("project"),
        tuple_(entry.c.sample_id, entry.c.slot).in_(
            select(_replaceable.c.sample_id, _replaceable.c.slot)
        ),
    ),
}

#: Slots that people let go within the hour, locked against claims.
let_go = (
    select(entry.c.sample_id, entry.c.slot)
    .where(
        entry.c.project_id == bindparam("project"),
        entry.c.lease_annotator.is_not(None),
        is_free,
        ~_is_abandoned,
    )
    .with_for_update(skip_locked=True, of=entry)
)

_place = and_(
    entry.c.project_id == bindparam("project"),
    entry.c.sample_id == bindparam("sample"),
    entry.c.slot == bindparam("at_slot"),
)

_below = queue_entry.alias("below")

#: Imported labels need no second opinion.
_is_imported = (
    exists()
    .where(
        annotation.c.project_id == _below.c.project_id,
        annotation.c.sample_id == _below.c.sample_id,
        annotation.c.source == "import",
    )
    .where(~exists().where(undo.c.annotation_id == annotation.c.id))
)

#: What the next place of each sample is to be, done or open, that has the one below alone.
next_places = select(
    _below.c.project_id,
    _below.c.sample_id,
    bindparam("at_slot", type_=Integer).label("slot"),
    _below.c.rank,
    _below.c.source,
    _below.c.utility,
    _below.c.draw_probability,
    _below.c.round_id,
).where(
    _below.c.project_id == bindparam("project"),
    _below.c.slot == bindparam("at_slot", type_=Integer) - 1,
    ~exists().where(
        other.c.project_id == _below.c.project_id,
        other.c.sample_id == _below.c.sample_id,
        other.c.slot == bindparam("at_slot", type_=Integer),
    ),
    ~_is_imported,
)

#: Open the next place of each sample that needs one more person.
open_places = insert(queue_entry).from_select(
    [column.name for column in next_places.selected_columns], next_places
)

#: How many people did the sample of an entry.
_n_done = (
    select(func.count())
    .where(
        other.c.project_id == entry.c.project_id,
        other.c.sample_id == entry.c.sample_id,
        other.c.done_at.is_not(None),
    )
    .scalar_subquery()
)

#: Free places of more people than a sample needs, locked against claims; those that others are
#: just taking are left.
_spare = (
    select(entry.c.sample_id, entry.c.slot)
    .where(
        entry.c.project_id == bindparam("project"),
        is_free,
        or_(entry.c.slot >= bindparam("overlap"), _n_done >= bindparam("overlap")),
    )
    .with_for_update(skip_locked=True, of=entry)
    .cte("spare")
)

#: Take them out of the queue.
close_places = delete(entry).where(
    entry.c.project_id == bindparam("project"),
    tuple_(entry.c.sample_id, entry.c.slot).in_(select(_spare.c.sample_id, _spare.c.slot)),
)

#: Take one slot out of the queue.
delete_place = delete(entry).where(_place)

#: One slot gets a rank behind a new order.
push_back = (
    update(entry)
    .where(_place, entry.c.rank < bindparam("floor"))
    .values(rank=entry.c.rank + bindparam("floor"))
)

#: The smallest rank of the open part.
first_rank = select(func.min(entry.c.rank)).where(
    entry.c.project_id == bindparam("project"), entry.c.done_at.is_(None)
)

#: Reviews of some samples that nobody holds.
delete_free_reviews = delete(entry).where(
    entry.c.project_id == bindparam("project"),
    entry.c.sample_id.in_(bindparam("samples", expanding=True)),
    entry.c.source == "review",
    is_free,
)

#: The largest rank of the open part.
last_rank = select(func.max(entry.c.rank)).where(
    entry.c.project_id == bindparam("project"), entry.c.done_at.is_(None)
)
