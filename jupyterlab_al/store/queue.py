"""The queue: claim, extend, release, skip, finish, publish."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, bindparam

from jupyterlab_al.domain.models import (
    Draw,
    Lease,
    NewAnnotation,
    Person,
    Project,
    ProjectId,
    SampleId,
    utc,
)
from jupyterlab_al.store import draws, projects
from jupyterlab_al.store.clock import now
from jupyterlab_al.store.prepared import Prepared, Row
from jupyterlab_al.store.statements import leasing, orders
from jupyterlab_al.store.tables import queue_entry, skip
from jupyterlab_al.store.upsert import given, insert_for

#: One annotator's unnamed client.
NO_CLIENT = ""
#: Samples whose slots are asked for together; bounds how many forms of this are compiled.
SAMPLES = 50

_HELD = Prepared(leasing.project_and_held)
_ADOPT = Prepared(leasing.adopt_lease)
_CLAIM = Prepared(leasing.claim)
#: Samples asked for in one IN list; below every driver's limit of bound variables.
IN_LIST = 900


def held(
    tx: Connection, name: str, person: Person, *, client: str, size: int, at: int | None = None
) -> tuple[Project, list[Row]]:
    """Return a project and what the client holds of it; what the annotator just undid comes first.

    Raises
    ------
    UnknownError
        There is no project of that name.
    """
    who = {"name": name, "annotator": person.id, "client": client, "size": size, "now": at}
    rows = _HELD.rows(tx, who)
    project = projects.found(rows[0] if rows else None, name, person)
    return project, [row for row in rows if row["sample_id"] is not None]


def claim(
    tx: Connection,
    project: ProjectId,
    annotator: str,
    *,
    held: Sequence[Row] = (),
    client: str,
    size: int,
    lease_ms: int,
    at: int | None = None,
) -> list[Row]:
    """Return what a client holds, topped up to `size` with the best free samples, by rank."""
    who = {"project": project, "annotator": annotator, "client": client, "now": at}
    mine = [dict(row) for row in held]
    for row in mine:
        if row["lease_client"] == "*":
            place = {"sample": row["sample_id"], "at_slot": row["slot"]}
            row.update(*_ADOPT.rows(tx, {**who, **place, "lease_ms": lease_ms}))
            row["lease_client"] = client
    missing = size - len(mine)
    if missing > 0:
        new = {"size": missing, "token": secrets.token_hex(12), "lease_ms": lease_ms}
        # RETURNING keeps no order.
        mine.extend(sorted(_CLAIM.rows(tx, {**who, **new}), key=itemgetter("rank")))
    return mine


def extend(
    tx: Connection,
    project: ProjectId,
    annotator: str,
    leases: Iterable[tuple[SampleId, str]],
    *,
    lease_ms: int,
    at: int | None = None,
) -> list[tuple[SampleId, str, int]]:
    """Prolong those leases that are still held; return them with their new end."""
    return _each_held(tx, leasing.extend, project, annotator, leases, lease_ms=lease_ms, now=at)


def release(
    tx: Connection,
    project: ProjectId,
    annotator: str,
    leases: Iterable[tuple[SampleId, str]],
    *,
    at: int | None = None,
) -> list[tuple[SampleId, str, int]]:
    """Give back those leases that are still held; return them."""
    return _each_held(tx, leasing.release, project, annotator, leases, now=at)


def _each_held(
    tx: Connection,
    statement: Any,
    project: ProjectId,
    annotator: str,
    leases: Iterable[tuple[SampleId, str]],
    **parameters: int | None,
) -> list[tuple[SampleId, str, int]]:
    held: list[tuple[SampleId, str, int]] = []
    for sample_id, token in leases:
        row = tx.execute(
            statement,
            {
                "project": project,
                "annotator": annotator,
                "sample": sample_id,
                "token": token,
                **parameters,
            },
        ).first()
        if row is not None:
            held.append((row.sample_id, row.lease_token, row.lease_expires_at))
    return held


def add_skip(
    tx: Connection, project: ProjectId, annotator: str, sample_id: SampleId, *, at: int | None
) -> bool:
    """Take a sample out of one annotator's stream; False when it was already."""
    statement = insert_for(tx, skip).on_conflict_do_nothing().returning(skip.c.sample_id)
    row = tx.execute(
        statement.values(
            project_id=project, annotator=annotator, sample_id=sample_id, created_at=now
        ),
        {"now": at},
    ).first()
    return row is not None


def remove_skips(
    tx: Connection, project: ProjectId, annotator: str, samples: Sequence[SampleId]
) -> list[SampleId]:
    """Forget that an annotator skipped some samples; return those that they had."""
    who = {"project": project, "annotator": annotator}
    removed: list[SampleId] = []
    for start in range(0, len(samples), IN_LIST):
        part = list(samples[start : start + IN_LIST])
        removed += tx.execute(leasing.delete_skips, {**who, "samples": part}).scalars()
    return removed


def entries(
    tx: Connection, project: ProjectId, samples: Sequence[SampleId], *, at: int | None = None
) -> dict[SampleId, list[Row]]:
    """Return all slots of some samples, lowest slot first, and whether somebody holds them."""
    found: dict[SampleId, list[Row]] = {}
    for start in range(0, len(samples), SAMPLES):
        part = samples[start : start + SAMPLES]
        wanted = given({"sample": sample_id} for sample_id in part)
        for row in _entries_of(len(part)).rows(tx, {"project": project, "now": at, **wanted}):
            found.setdefault(row["sample_id"], []).append(row)
    for rows in found.values():
        rows.sort(key=itemgetter("slot"))
    return found


def finish_held(
    tx: Connection,
    project: ProjectId,
    annotator: str,
    items: Sequence[NewAnnotation],
    *,
    at: int | None,
) -> dict[SampleId, Row]:
    """Mark as done what an annotator holds and has not answered yet; return that by sample.

    Each sample may come once; what is held by another token, or answered under the same key, is
    left as it is.
    """
    who = {"project": project, "annotator": annotator, "now": at}
    found: dict[SampleId, Row] = {}
    for start in range(0, len(items), SAMPLES):
        part = items[start : start + SAMPLES]
        values = given({"sample": of.sample_id, "token": of.token, "key": of.key} for of in part)
        rows = _finishing_held(len(part)).rows(tx, {**who, **values})
        found.update((row["sample_id"], row) for row in rows)
    return found


def finish(
    tx: Connection,
    project: ProjectId,
    annotator: str,
    slots: Sequence[tuple[SampleId, int]],
    *,
    at: int | None,
) -> None:
    """Mark slots as done; whoever's lease on them ends."""
    who = {"project": project, "annotator": annotator, "now": at}
    for start in range(0, len(slots), SAMPLES):
        part = slots[start : start + SAMPLES]
        _finishing(len(part)).rows(tx, {**who, **given(_places(part))})


def _places(slots: Iterable[tuple[SampleId, int]]) -> list[dict[str, int]]:
    return [{"sample": sample_id, "at_slot": slot} for sample_id, slot in slots]


@cache
def _finishing_held(n: int) -> Prepared:
    items: list[tuple[BindParameter[Any], ...]] = [
        tuple(bindparam(f"{name}_{i}") for name in ("sample", "token", "key")) for i in range(n)
    ]
    return Prepared(leasing.finish_held(items))


@cache
def _finishing(n: int) -> Prepared:
    places: list[tuple[BindParameter[int], BindParameter[int]]] = [
        (bindparam(f"sample_{i}"), bindparam(f"at_slot_{i}")) for i in range(n)
    ]
    return Prepared(leasing.finish_slots(places))


@cache
def _entries_of(n: int) -> Prepared:
    return Prepared(leasing.entries_of([bindparam(f"sample_{i}") for i in range(n)]))


def drop(tx: Connection, project: ProjectId, slots: Sequence[tuple[SampleId, int]]) -> None:
    """Take slots out of the queue."""
    places = [
        {"project": project, "sample": sample_id, "at_slot": slot} for sample_id, slot in slots
    ]
    if places:
        tx.execute(orders.delete_place, places)


def add_done(
    tx: Connection,
    project: Project,
    annotator: str,
    samples: Sequence[SampleId],
    *,
    needs_others: bool = True,
    at: int | None = None,
) -> None:
    """Note samples that were labeled without having been in the queue.

    With an overlap, their other places are opened: other people label them next.
    """
    statement = insert_for(tx, queue_entry).values(done_at=now).on_conflict_do_nothing()
    entry = {"project_id": project.id, "rank": 0, "source": "query", "lease_expires_at": 0}
    done = {**entry, "slot": 0, "lease_annotator": annotator, "now": at}
    tx.execute(statement, [{**done, "sample_id": sample_id} for sample_id in samples])
    others = range(1, project.overlap) if needs_others else ()
    places = [{"sample_id": sample_id, "slot": slot} for sample_id in samples for slot in others]
    if places:
        statement = insert_for(tx, queue_entry).on_conflict_do_nothing()
        tx.execute(statement, [{**entry, **place} for place in places])


def reopen(
    tx: Connection,
    project: ProjectId,
    annotator: str,
    sample_id: SampleId,
    slot: int,
    *,
    lease_ms: int,
    at: int | None,
) -> None:
    """Put a sample first in the annotator's next claim, in any tab."""
    place = {"project": project, "annotator": annotator, "sample": sample_id, "at_slot": slot}
    tx.execute(leasing.free_others, place)
    lease = {"token": secrets.token_hex(12), "lease_ms": lease_ms, "now": at}
    tx.execute(leasing.reopen_slot, {**place, **lease})


def pass_on(
    tx: Connection, project: ProjectId, sample_id: SampleId, slot: int, annotator: str | None
) -> None:
    """Note that a done slot is another annotator's; None: nobody's in particular."""
    place = {"project": project, "sample": sample_id, "at_slot": slot}
    tx.execute(leasing.pass_on, {**place, "annotator": annotator})


def open_places(tx: Connection, project: Project) -> None:
    """Give every sample in the queue, done or not, a place for each person it needs."""
    if project.overlap > 1:
        tx.execute(orders.open_places, {"project": project.id, "overlap": project.overlap})


def close_places(tx: Connection, project: Project) -> None:
    """Take free places out of the queue that are for more people than a sample needs."""
    tx.execute(orders.close_places, {"project": project.id, "overlap": project.overlap})


def add_slot(tx: Connection, like: Mapping[str, Any]) -> int:
    """Give a sample one more open slot after its last; return it."""
    copied = ("project_id", "sample_id", "rank", "source", "again")
    drawn = ("utility", "draw_probability", "round_id")
    slot = int(like["slot"]) + 1
    row = {name: like[name] for name in copied + drawn}
    tx.execute(queue_entry.insert(), {**row, "slot": slot, "lease_expires_at": 0})
    return slot


def open_state(
    tx: Connection, project: ProjectId, *, at: int | None = None
) -> tuple[int, int, int | None]:
    """Return open samples, how many slots are held, and when the first comes back (ms)."""
    row = tx.execute(orders.open_state, {"project": project, "now": at}).one()
    return row.open, row.held, row.back_at


def count_leased(tx: Connection, project: ProjectId, *, at: int | None = None) -> int:
    """Return how many slots are leased now."""
    return int(tx.execute(orders.count_leased, {"project": project, "now": at}).scalar_one())


def count_open(tx: Connection, project: ProjectId) -> int:
    """Return how many slots are open, whoever holds them."""
    return int(tx.execute(orders.count_open, {"project": project}).scalar_one())


def count_unlabeled(tx: Connection, project: ProjectId) -> int:
    """Return how many samples in the queue nobody labeled yet."""
    return int(tx.execute(orders.count_unlabeled, {"project": project}).scalar_one())


def taken(tx: Connection, project: ProjectId, *, at: int | None = None) -> list[SampleId]:
    """Return the samples that are labeled or on somebody's screen."""
    return list(
        tx.execute(orders.taken_samples, {"project": project, "now": at}).scalars().unique()
    )


def taken_among(
    tx: Connection, project: ProjectId, samples: Sequence[SampleId], *, at: int | None = None
) -> set[SampleId]:
    """Return those of some samples that are labeled or on somebody's screen."""
    return _among(tx, orders.taken_among, project, samples, now=at)


def present_among(tx: Connection, project: ProjectId, samples: Sequence[SampleId]) -> set[SampleId]:
    """Return those of some samples that have a place in the queue, done or not."""
    return _among(tx, orders.present_among, project, samples)


def _among(
    tx: Connection,
    statement: Any,
    project: ProjectId,
    samples: Sequence[SampleId],
    **parameters: int | None,
) -> set[SampleId]:
    found: set[SampleId] = set()
    for start in range(0, len(samples), IN_LIST):
        part = list(samples[start : start + IN_LIST])
        found.update(
            tx.execute(statement, {"project": project, "samples": part, **parameters}).scalars()
        )
    return found


def skipped(tx: Connection, project: ProjectId) -> set[SampleId]:
    """Return the samples that somebody skipped."""
    return set(tx.execute(leasing.skipped_samples, {"project": project}).scalars())


def skips(tx: Connection, project: ProjectId) -> Iterator[Mapping[str, Any]]:
    """Yield who skipped which sample, by sample; few rows are in memory."""
    rows = tx.execute(
        leasing.skips_by_sample, {"project": project}, execution_options={"yield_per": 2_000}
    ).mappings()
    yield from cast("Iterator[Mapping[str, Any]]", rows)


def publish(
    tx: Connection,
    project: Project,
    order: Sequence[Draw],
    *,
    first: int | None = None,
    at: int | None = None,
) -> None:
    """Replace the unleased part of the queue; what people hold or have done stays as it is.

    `first`: put in only so many places, the rest comes with `fill`. It never waits for a claim:
    the claim's transaction may be waiting for this one.
    """
    who = {"project": project.id, "now": at}
    tx.execute(orders.delete_replaceable[tx.dialect.name], {**who, "overlap": project.overlap})
    behind = {"floor": max((draw.rank for draw in order), default=-1) + 1}
    ordered = {draw.sample_id for draw in order}
    for row in tx.execute(orders.let_go, who).all():
        place = {**who, "sample": row.sample_id, "at_slot": row.slot}
        if row.sample_id in ordered:
            tx.execute(orders.delete_place, place)
        else:
            tx.execute(orders.push_back, {**place, **behind})
    fill(tx, project, order[:first])


def fill(tx: Connection, project: Project, places: Sequence[Draw]) -> None:
    """Add places of an order; a sample that has a place already keeps that.

    A review gets a place of its own behind those of its sample, if these are done.
    """
    draws.insert(tx, project, [place for place in places if place.source != "review"])
    _add_reviews(tx, project, [place for place in places if place.source == "review"])


def add_in_front(tx: Connection, project: Project, reviews: Sequence[Draw]) -> int:
    """Put reviews before everything that is in the queue; return how many were added."""
    free = [review.sample_id for review in reviews]
    for start in range(0, len(free), IN_LIST):
        part = {"project": project.id, "samples": free[start : start + IN_LIST], "now": None}
        tx.execute(orders.delete_free_reviews, part)
    first: int | None = tx.execute(orders.first_rank, {"project": project.id}).scalar()
    before = (0 if first is None else first) - len(reviews)
    ranked = [replace(review, rank=before + place) for place, review in enumerate(reviews)]
    return _add_reviews(tx, project, ranked)


def drop_reviews(
    tx: Connection, project: ProjectId, sample_id: SampleId, *, at: int | None = None
) -> None:
    """Take the reviews of a sample out of the queue that nobody holds."""
    who = {"project": project, "now": at}
    tx.execute(orders.delete_free_reviews, {**who, "samples": [sample_id]})


def _add_reviews(tx: Connection, project: Project, reviews: Sequence[Draw]) -> int:
    there = entries(tx, project.id, [review.sample_id for review in reviews])
    rows = []
    for review in reviews:
        slots = there.get(review.sample_id, [])
        if slots and all(slot["done_at"] is not None for slot in slots):
            row = {name: getattr(review, name) for name in draws.COLUMNS if name != "slot"}
            behind = max(project.overlap, slots[-1]["slot"] + 1)
            rows.append({**row, "slot": behind, "again": review.again, "project_id": project.id})
    if rows:
        adding = insert_for(tx, queue_entry).on_conflict_do_nothing()
        tx.execute(adding, [{**row, "lease_expires_at": 0} for row in rows])
    return len(rows)


def append(tx: Connection, project: Project, order: Sequence[Draw]) -> None:
    """Put samples behind what is in the queue; what is there already stays as it is."""
    last: int | None = tx.execute(orders.last_rank, {"project": project.id}).scalar()
    first = 0 if last is None else last + 1
    fill(tx, project, [replace(draw, rank=first + draw.rank) for draw in order])


def lease(row: Row) -> Lease:
    """Return the value of a row."""
    return Lease(
        sample_id=row["sample_id"],
        token=row["lease_token"],
        rank=row["rank"],
        source=row["source"],
        expires_at=utc(row["lease_expires_at"]),
    )
