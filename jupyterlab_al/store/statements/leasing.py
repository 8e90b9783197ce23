"""Handing samples out, and taking answers to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from jupyterlab_al.store.clock import now
from jupyterlab_al.store.statements.entries import entry, is_free, is_held, other
from jupyterlab_al.store.statements.projects import project_by_name
from jupyterlab_al.store.tables import annotation, project, skip

#: The best free samples for one annotator, locked against others: none that they skipped, none of
#: which they hold or did another slot (unless they may be asked again), and of several free slots
#: of a sample the lowest.
_free = (
    select(entry.c.project_id, entry.c.sample_id, entry.c.slot)
    .where(
        entry.c.project_id == bindparam("project"),
        is_free,
        ~exists().where(
            skip.c.project_id == entry.c.project_id,
            skip.c.annotator == bindparam("annotator"),
            skip.c.sample_id == entry.c.sample_id,
        ),
        ~exists().where(
            other.c.project_id == entry.c.project_id,
            other.c.sample_id == entry.c.sample_id,
            other.c.slot != entry.c.slot,
            or_(
                and_(
                    other.c.lease_annotator == bindparam("annotator"),
                    or_(
                        and_(other.c.done_at.is_not(None), ~entry.c.again),
                        and_(other.c.done_at.is_(None), other.c.lease_expires_at > now),
                    ),
                ),
                and_(
                    other.c.slot < entry.c.slot,
                    other.c.done_at.is_(None),
                    other.c.lease_expires_at <= now,
                ),
            ),
        ),
    )
    .order_by(entry.c.rank)
    .limit(bindparam("size"))
    .with_for_update(skip_locked=True, of=entry)
    .cte("free")
)

_lease_columns = (
    entry.c.sample_id,
    entry.c.slot,
    entry.c.rank,
    entry.c.source,
    entry.c.lease_token,
    entry.c.lease_client,
    entry.c.lease_expires_at,
)

#: Lease the best free samples to one annotator's client. Tokens are the given prefix and the
#: sample: unique, since the prefix is drawn anew for every claim.
claim = (
    update(entry)
    .where(
        # Not the parameter: PostgreSQL, which plans this while the queue is short, would go through
        # all of the project to find them.
        entry.c.project_id == _free.c.project_id,
        entry.c.sample_id == _free.c.sample_id,
        entry.c.slot == _free.c.slot,
    )
    .values(
        lease_annotator=bindparam("annotator"),
        lease_client=bindparam("client"),
        lease_token=bindparam("token"),
        lease_expires_at=now + bindparam("lease_ms"),
    )
    .returning(*_lease_columns)
)

_is_mine = and_(
    entry.c.lease_annotator == bindparam("annotator"),
    entry.c.done_at.is_(None),
    entry.c.lease_expires_at > now,
)

_mine = and_(entry.c.project_id == bindparam("project"), _is_mine)

_comes_first = entry.c.lease_client == "*"

#: A project by name, with the caller's membership, and what a client still holds there and what
#: the annotator just undid ('*': first, newest first); without any of that, one row of the project
#: alone. One statement, since on PostgreSQL each is a round trip of every claim.
project_and_held = (
    project_by_name.add_columns(*_lease_columns)
    .outerjoin(
        entry,
        and_(
            entry.c.project_id == project.c.id,
            _is_mine,
            entry.c.lease_client.in_([bindparam("client"), literal("*")]),
        ),
    )
    .order_by(
        case((_comes_first, 0), else_=1),
        case((_comes_first, -entry.c.lease_expires_at), else_=0),
        entry.c.rank,
    )
    .limit(bindparam("size"))
)

#: Give what was undone to the client that claims first.
adopt_lease = (
    update(entry)
    .where(_mine, entry.c.sample_id == bindparam("sample"), entry.c.slot == bindparam("at_slot"))
    .values(lease_client=bindparam("client"), lease_expires_at=now + bindparam("lease_ms"))
    .returning(entry.c.lease_expires_at)
)

_held = and_(
    _mine,
    entry.c.sample_id == bindparam("sample"),
    entry.c.lease_token == bindparam("token"),
)

#: Prolong a lease that is still held.
extend = (
    update(entry)
    .where(_held)
    .values(lease_expires_at=now + bindparam("lease_ms"))
    .returning(entry.c.sample_id, entry.c.lease_token, entry.c.lease_expires_at)
)

#: Give a lease back.
release = (
    update(entry)
    .where(_held)
    .values(lease_expires_at=0, lease_annotator=None, lease_client=None)
    .returning(entry.c.sample_id, entry.c.lease_token, (now + 0).label("lease_expires_at"))
)


def entries_of(samples: Sequence[BindParameter[int]]) -> Select[Any]:
    """Return what finds all slots of so many samples, and whether somebody holds them."""
    return select(entry, is_held.label("is_held")).where(
        entry.c.project_id == bindparam("project"), entry.c.sample_id.in_(samples)
    )


def _updated(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column of the updated row, for a query within RETURNING.

    SQLAlchemy leaves the names of tables out there on SQLite, which makes it the inner row's.
    """
    return literal_column(f"{entry.name}.{column.key}", column.type)


_someone_did = (
    exists()
    .where(
        other.c.project_id == _updated(entry.c.project_id),
        other.c.sample_id == _updated(entry.c.sample_id),
        other.c.slot != _updated(entry.c.slot),
        other.c.done_at.is_not(None),
    )
    .label("someone_did")
)

_DONE = {
    "done_at": now,
    "lease_annotator": bindparam("annotator"),
    "lease_client": None,
    "lease_expires_at": 0,
}


def finish_held(items: Iterable[tuple[BindParameter[Any], ...]]) -> Update:
    """Return what marks as done the slots that the annotator holds by (sample, token, key).

    A key that is known already marks nothing: it is a repeat.
    """
    return (
        update(entry)
        .where(
            _mine,
            or_(
                *(
                    and_(
                        entry.c.sample_id == sample,
                        entry.c.lease_token == token,
                        ~exists().where(
                            annotation.c.project_id == bindparam("project"),
                            # Not needed, but PostgreSQL plans this while the table is empty, and
                            # would look for the key among all of the project for a minute.
                            annotation.c.sample_id == sample,
                            annotation.c.key == key,
                        ),
                    )
                    for sample, token, key in items
                )
            ),
        )
        .values(_DONE)
        .returning(
            entry.c.sample_id,
            entry.c.slot,
            entry.c.source,
            entry.c.utility,
            entry.c.draw_probability,
            entry.c.round_id,
            _someone_did,
        )
    )


def finish_slots(places: Iterable[tuple[BindParameter[int], BindParameter[int]]]) -> Update:
    """Return what marks slots (sample, slot) as done; who did them stands where the lease stood."""
    return (
        update(entry)
        .where(
            entry.c.project_id == bindparam("project"),
            or_(*(and_(entry.c.sample_id == of, entry.c.slot == slot) for of, slot in places)),
        )
        .values(_DONE)
    )


#: A done slot is open again and first in one annotator's next claim, in any tab.
reopen_slot = (
    update(entry)
    .where(
        entry.c.project_id == bindparam("project"),
        entry.c.sample_id == bindparam("sample"),
        entry.c.slot == bindparam("at_slot"),
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
    update(entry)
    .where(
        entry.c.project_id == bindparam("project"),
        entry.c.sample_id == bindparam("sample"),
        entry.c.slot != bindparam("at_slot"),
        entry.c.lease_annotator == bindparam("annotator"),
        entry.c.done_at.is_(None),
    )
    .values(lease_expires_at=0, lease_annotator=None, lease_client=None)
)

#: A done slot becomes another annotator's.
pass_on = (
    update(entry)
    .where(
        entry.c.project_id == bindparam("project"),
        entry.c.sample_id == bindparam("sample"),
        entry.c.slot == bindparam("at_slot"),
    )
    .values(lease_annotator=bindparam("annotator"))
)

#: Samples that somebody skipped.
skipped_samples = (
    select(skip.c.sample_id).where(skip.c.project_id == bindparam("project")).distinct()
)

#: Who skipped which sample, by sample.
skips_by_sample = (
    select(skip.c.sample_id, skip.c.annotator, skip.c.created_at)
    .where(skip.c.project_id == bindparam("project"))
    .order_by(skip.c.sample_id, skip.c.created_at)
)

#: Forget that a person skipped some samples.
delete_skips = (
    delete(skip)
    .where(
        skip.c.project_id == bindparam("project"),
        skip.c.annotator == bindparam("annotator"),
        skip.c.sample_id.in_(bindparam("samples", expanding=True)),
    )
    .returning(skip.c.sample_id)
)
