"""Annotate, undo and list: the labels themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.errors import ConflictError, NotAllowedError, UnknownError
from jupyterlab_al.domain.models import (
    Annotation,
    AnnotationId,
    JobId,
    NewAnnotation,
    Person,
    Project,
    SampleId,
    utc,
)
from jupyterlab_al.domain.roles import may, require
from jupyterlab_al.services.queue import require_sample
from jupyterlab_al.store import annotation_log as store
from jupyterlab_al.store import jobs, projects, queue

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

#: Sources of labels whose samples came out of the queue.
DRAWN = ("query", "check", "cold_start", "review")
#: A round needs labels of this many classes.
CLASSES_NEEDED = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotated:
    """What annotating did."""

    project: Project
    annotations: list[Annotation]
    #: Whether these labels asked for a round.
    round_requested: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where an annotation belongs: the slot that it fills and how its sample was drawn."""

    #: None: a second opinion, or a sample without an entry.
    slot: int | None
    #: The sample has no entry yet and gets a done one.
    is_new_entry: bool
    #: No slot of the sample was done before.
    is_first: bool
    source: str
    entry: RowMapping | None


def annotate(
    tx: Connection,
    name: str,
    person: Person,
    items: Sequence[NewAnnotation],
    *,
    at: int | None = None,
) -> Annotated:
    """Store annotations, all or none; repeats of a key change nothing.

    Raises
    ------
    ConflictError
        `key_reused`: a key stands for other content already.
    RuleError
        A label outside the classes or a sample outside the pool.
    """
    project = projects.find(tx, name, person, lock=True)
    require(project, "annotate")
    unique = _distinct(items)
    stored = {item.key: _stored(project, item) for item in unique}
    entries = queue.entries(tx, project.id, sorted({item.sample_id for item in unique}))
    places = _places(project, person, unique, entries)
    rows = [_row(project, person, item, stored[item.key], places[item.key]) for item in unique]
    added = store.add(tx, rows, at=at)
    known = _known(tx, project, rows, added)
    _fill(tx, project, person, [item for item in unique if item.key in added], places, at=at)
    changes = _changes(stored, places, added, sign=1)
    projects.count(tx, project.id, changes, at=at)
    found = {**known, **added}
    return Annotated(
        project=project,
        annotations=[annotation(project, found[item.key]) for item in items],
        round_requested=request_if_due(tx, project, project.n_annotations + len(added)),
    )


def request_if_due(tx: Connection, project: Project, n_annotations: int) -> bool:
    """Ask for a round once enough labels are new; False where none was asked for."""
    if project.state != "active":
        return False
    if n_annotations - project.labels_at_round < int(project.config["retrain_every"]):
        return False
    if len(projects.trained_classes(tx, project.id)) < CLASSES_NEEDED:
        return False
    projects.change(tx, project.id, labels_at_round=n_annotations)
    return jobs.add(tx, project.id, "round", n_labels=n_annotations) is not None


def undo(
    tx: Connection,
    name: str,
    person: Person,
    annotation_id: AnnotationId,
    *,
    lease_ms: int,
    at: int | None = None,
) -> tuple[Project, Annotation]:
    """Take an annotation back; its sample comes first in the caller's next claim.

    Raises
    ------
    UnknownError
        There is no such annotation.
    NotAllowedError
        It is another person's, and the caller is neither owner nor reviewer.
    """
    project = projects.find(tx, name, person, lock=True)
    require(project, "annotate")
    row = store.by_id(tx, project.id, annotation_id)
    if row is None:
        raise UnknownError(
            f"There is no annotation {annotation_id} in {name!r}.", word="unknown_annotation"
        )
    if row["annotator"] != person.id and not may(project.role, "resolve"):
        raise NotAllowedError(
            "This label is another person's; its author or a reviewer can undo it."
        )
    if store.add_undo(tx, annotation_id, person.id, at=at):
        _take_back(tx, project, person, row, lease_ms=lease_ms, at=at)
        row = store.by_id(tx, project.id, annotation_id)
        assert row is not None  # noqa: S101 - it was there in this transaction
    return project, annotation(project, row)


def page(
    tx: Connection, name: str, person: Person, *, after: int, size: int
) -> tuple[Project, list[Annotation]]:
    """Return annotations in order of arrival; annotators see their own."""
    project = projects.find(tx, name, person)
    require(project, "view")
    rows = store.page(tx, project.id, after=after, size=size)
    return project, [annotation(project, row) for row in rows]


def annotation(project: Project, row: Any) -> Annotation:
    """Return the value of a row."""
    undone_at = row.get("undone_at")
    return Annotation(
        id=AnnotationId(row["id"]),
        key=row["key"],
        sample_id=row["sample_id"],
        label=labels.to_label(store.decode_label(row["label"]), classes=project.classes),
        annotator=row["annotator"],
        source=row["source"],
        created_at=utc(row["created_at"]),
        undone_at=None if undone_at is None else utc(undone_at),
        flagged=row["flagged"],
        comment=row["comment"],
        seconds=row["seconds"],
        round_id=None if row["round_id"] is None else JobId(row["round_id"]),
        utility=row["utility"],
        draw_probability=row["draw_probability"],
    )


def _distinct(items: Sequence[NewAnnotation]) -> list[NewAnnotation]:
    by_key: dict[str, NewAnnotation] = {}
    for item in items:
        if by_key.setdefault(item.key, item) != item:
            raise _reused(item.key)
    return list(by_key.values())


def _stored(project: Project, item: NewAnnotation) -> labels.StoredLabel:
    require_sample(project, item.sample_id)
    return labels.to_stored(item.label, classes=project.classes, multi_label=project.multi_label)


def _places(
    project: Project,
    person: Person,
    items: Sequence[NewAnnotation],
    entries: dict[SampleId, list[RowMapping]],
) -> dict[str, _Place]:
    used: set[tuple[SampleId, int]] = set()
    seen: set[SampleId] = set()
    places: dict[str, _Place] = {}
    for item in items:
        slots = entries.get(item.sample_id, [])
        free = [
            row
            for row in slots
            if row["done_at"] is None and (item.sample_id, row["slot"]) not in used
        ]
        if _did(person, slots):
            free = []
        mine = [row for row in free if item.token and row["lease_token"] == item.token]
        chosen = next(iter(mine or free), None)
        is_new = not slots and item.sample_id not in seen
        done = any(row["done_at"] is not None for row in slots) or item.sample_id in seen
        places[item.key] = _Place(
            slot=0 if is_new else (None if chosen is None else chosen["slot"]),
            is_new_entry=is_new,
            is_first=not done,
            source=_source(project, item, slots, chosen),
            entry=chosen or (slots[0] if slots else None),
        )
        seen.add(item.sample_id)
        if chosen is not None:
            used.add((item.sample_id, chosen["slot"]))
    return places


def _did(person: Person, slots: Sequence[RowMapping]) -> bool:
    """Return whether the person did one of the slots: what follows is a second opinion."""
    return any(row["done_at"] is not None and row["lease_annotator"] == person.id for row in slots)


def _source(
    project: Project,
    item: NewAnnotation,
    slots: Sequence[RowMapping],
    chosen: RowMapping | None,
) -> str:
    if item.token is None:
        return "manual"
    if slots:
        return str((chosen or slots[0])["source"])
    # The lease ran out long ago and its entry is gone; which samples are checks is still known.
    from jupyterlab_al.services import ordering

    return "check" if ordering.is_reserved(project, item.sample_id) else "query"


def _row(
    project: Project,
    person: Person,
    item: NewAnnotation,
    stored: labels.StoredLabel,
    place: _Place,
) -> dict[str, Any]:
    drawn = place.entry if place.source in DRAWN else None
    return {
        "project_id": project.id,
        "key": item.key,
        "sample_id": item.sample_id,
        "label": store.encode_label(stored),
        "annotator": person.id,
        "source": place.source,
        "utility": drawn and drawn["utility"],
        "draw_probability": drawn and drawn["draw_probability"],
        "round_id": drawn and drawn["round_id"],
        "flagged": item.flagged,
        "comment": item.comment,
        "seconds": item.seconds,
    }


def _known(
    tx: Connection, project: Project, rows: Sequence[dict[str, Any]], added: dict[str, Any]
) -> dict[str, RowMapping]:
    """Return what earlier requests stored under the same keys; refuse other content."""
    missing = [row for row in rows if row["key"] not in added]
    if not missing:
        return {}
    found = store.by_keys(tx, project.id, [row["key"] for row in missing])
    content = ("sample_id", "label", "annotator", "flagged", "comment", "seconds")
    for row in missing:
        if any(found[row["key"]][name] != row[name] for name in content):
            raise _reused(row["key"])
    return found


def _fill(
    tx: Connection,
    project: Project,
    person: Person,
    items: Sequence[NewAnnotation],
    places: dict[str, _Place],
    *,
    at: int | None,
) -> None:
    new = [item.sample_id for item in items if places[item.key].is_new_entry]
    if new:
        queue.add_done(tx, project, person.id, new, at=at)
    slots = [
        (item.sample_id, slot)
        for item in items
        if not (place := places[item.key]).is_new_entry and (slot := place.slot) is not None
    ]
    if slots:
        queue.finish(tx, project.id, person.id, slots, at=at)


def _changes(
    stored: dict[str, labels.StoredLabel],
    places: dict[str, _Place],
    added: dict[str, Any],
    *,
    sign: int,
) -> Counter[tuple[str, int]]:
    changes: Counter[tuple[str, int]] = Counter()
    for key in added:
        place = places[key]
        is_first = place.is_first
        changes.update(
            _tally_of(stored[key], place.source, is_first=is_first, fills=place.slot is not None)
        )
    return Counter({name: sign * n for name, n in changes.items()})


def _tally_of(
    stored: labels.StoredLabel, source: str, *, is_first: bool, fills: bool
) -> Counter[tuple[str, int]]:
    """Return what one annotation adds to the kept counters."""
    changes: Counter[tuple[str, int]] = Counter({("annotations", 0): 1})
    for index in labels.indices(stored):
        changes["class", index] += 1
        if source != "check":
            changes["train", index] += 1
    if is_first:
        changes["samples", 0] += 1
        if source == "check":
            changes["checks", 0] += 1
    if fills and source in DRAWN:
        changes["drawn", 0] += 1
    return changes


def _take_back(
    tx: Connection,
    project: Project,
    person: Person,
    row: RowMapping,
    *,
    lease_ms: int,
    at: int | None,
) -> None:
    sample_id = row["sample_id"]
    slots = queue.entries(tx, project.id, [sample_id]).get(sample_id, [])
    done = [slot for slot in slots if slot["done_at"] is not None]
    left = len(store.standing_of(tx, project.id, sample_id))
    reopens = left < len(done)
    if reopens:
        own = [slot for slot in done if slot["lease_annotator"] == row["annotator"]]
        queue.reopen(
            tx,
            project.id,
            person.id,
            sample_id,
            (own or done)[-1]["slot"],
            lease_ms=lease_ms,
            at=at,
        )
    changes = _tally_of(
        store.decode_label(row["label"]),
        row["source"],
        is_first=reopens and len(done) == 1,
        fills=reopens,
    )
    projects.count(tx, project.id, {name: -n for name, n in changes.items()}, at=at)


def _reused(key: str) -> ConflictError:
    return ConflictError(
        f"The key {key} stands for another annotation already; make a new key for each one.",
        word="key_reused",
    )
