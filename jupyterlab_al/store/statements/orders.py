"""Putting orders into the queue, and what is in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
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

_lowest = queue_entry.alias("lowest")


def _finds(looked_up: Select[Any]) -> ColumnElement[bool]:
    """Return whether something is there, asked anew for each row.

    Of a table that just grew PostgreSQL thinks that it is short, and would walk all of it for each
    row; with OFFSET it has to use the columns that the row gives.
    """
    return looked_up.offset(0).exists()


#: Slots of a sample but the first, for as many people as it needs.
_others = select(literal(1, Integer).label("slot")).cte("others", recursive=True)
_others = _others.union_all(
    select(_others.c.slot + 1).where(_others.c.slot + 1 < bindparam("overlap", type_=Integer))
)

#: Imported labels need no second opinion.
_is_imported = _finds(
    select(annotation.c.id).where(
        annotation.c.project_id == _lowest.c.project_id,
        annotation.c.sample_id == _lowest.c.sample_id,
        annotation.c.source == "import",
        ~_finds(select(undo.c.annotation_id).where(undo.c.annotation_id == annotation.c.id)),
    )
)


def _has_place(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return _finds(
        select(other.c.slot).where(
            other.c.project_id == _lowest.c.project_id,
            other.c.sample_id == _lowest.c.sample_id,
            which,
        )
    )


#: The places that samples lack, as their lowest one is, done or open.
lacking_places = (
    select(
        _lowest.c.project_id,
        _lowest.c.sample_id,
        _others.c.slot,
        _lowest.c.rank,
        _lowest.c.source,
        _lowest.c.utility,
        _lowest.c.draw_probability,
        _lowest.c.round_id,
    )
    .join(_others, _others.c.slot > _lowest.c.slot)
    .where(
        _lowest.c.project_id == bindparam("project"),
        ~_has_place(other.c.slot < _lowest.c.slot),
        ~_is_imported,
        ~_has_place(other.c.slot == _others.c.slot),
    )
)

#: Open a place of each sample for each person whom it needs.
open_places = insert(queue_entry).from_select(
    [column.name for column in lacking_places.selected_columns], lacking_places
)

#: Samples that enough people did.
_enough = (
    select(other.c.sample_id)
    .where(other.c.project_id == bindparam("project"), other.c.done_at.is_not(None))
    .group_by(other.c.sample_id)
    .having(func.count() >= bindparam("overlap"))
)

#: Free places of more people than a sample needs, locked against claims; those that others are
#: just taking are left.
_spare = (
    select(entry.c.sample_id, entry.c.slot)
    .where(
        entry.c.project_id == bindparam("project"),
        is_free,
        or_(entry.c.slot >= bindparam("overlap"), entry.c.sample_id.in_(_enough)),
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
