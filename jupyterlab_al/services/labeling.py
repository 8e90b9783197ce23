"""Annotate, undo and list: the labels themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.consensus import is_disputed
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
from jupyterlab_al.services.places import DRAWN, Place, filled_place, find_places, tally_of
from jupyterlab_al.services.queue import require_sample
from jupyterlab_al.store import annotation_log as store
from jupyterlab_al.store import jobs, projects, queue, reviews

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jupyterlab_al.store.prepared import Row

#: A round needs labels of this many classes.
CLASSES_NEEDED = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotated:
    """What annotating did."""

    project: Project
    annotations: list[Annotation]
    #: Annotations of the project, not undone, with these.
    n_labels: int
    #: Whether these labels asked for a round.
    round_requested: bool


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
    places = _places(tx, project, person, unique, at=at)
    rows = [_row(project, person, item, stored[item.key], places[item.key]) for item in unique]
    added = store.add(tx, rows, at=at)
    known = _known(tx, project, rows, added)
    _fill(tx, project, person, [item for item in unique if item.key in added], places, at=at)
    changes = _changes(tx, project, stored, places, added)
    changes.subtract(_unskipped(tx, project, person, unique, places))
    counts = projects.count(tx, project.id, changes, at=at)
    found = {**known, **added}
    n_labels = counts.get(("annotations", 0), project.n_annotations)
    return Annotated(
        project=project,
        annotations=[annotation(project, found[item.key]) for item in items],
        n_labels=n_labels,
        round_requested=bool(added) and request_if_due(tx, project, n_labels),
    )


def request_if_due(tx: Connection, project: Project, n_annotations: int) -> bool:
    """Ask for a round once enough labels are new; False where none was asked for."""
    if n_annotations - project.labels_at_round < int(project.config["retrain_every"]):
        return False
    return request_round(tx, project, n_annotations)


def request_round(tx: Connection, project: Project, n_annotations: int) -> bool:
    """Ask for a round where one is possible; False where none was asked for."""
    if project.state != "active":
        return False
    if len(trained_names(tx, project)) < CLASSES_NEEDED:
        return False
    projects.change(tx, project.id, labels_at_round=n_annotations)
    return jobs.add(tx, project.id, "round", n_labels=n_annotations) is not None


def trained_names(tx: Connection, project: Project) -> list[str]:
    """Return the classes that have labels which train, in the project's order."""
    found = sorted(projects.trained_classes(tx, project.id))
    return list(dict.fromkeys(project.classes[index] for index in found))


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
    """Return annotations in order of arrival; annotators see only their own."""
    project = projects.find(tx, name, person)
    require(project, "view")
    own = None if may(project.role, "see_others") else person.id
    rows = store.page(tx, project.id, after=after, size=size, annotator=own)
    return project, [annotation(project, row) for row in rows]


def last_answers(
    tx: Connection, name: str, person: Person, *, size: int
) -> tuple[Project, list[Annotation]]:
    """Return what stands of a person's own answers, newest first, each sample once."""
    project = projects.find(tx, name, person)
    require(project, "annotate")
    newest: dict[SampleId, Annotation] = {}
    for row in store.last_of(tx, project.id, person.id, size=size):
        newest.setdefault(row["sample_id"], annotation(project, row))
    return project, list(newest.values())


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
    now = {was: project.classes[index] for was, index in project.merged.items()}
    label = labels.renamed(item.label, now)
    return labels.to_stored(label, classes=project.choices, multi_label=project.multi_label)


def _places(
    tx: Connection,
    project: Project,
    person: Person,
    items: Sequence[NewAnnotation],
    *,
    at: int | None,
) -> dict[str, Place]:
    """Return the place of each annotation by its key.

    Those that the person holds, as it is with the usual label, are filled by one statement.
    """
    first_of_sample = {item.sample_id: item for item in reversed(items)}
    held = [item for item in first_of_sample.values() if item.token is not None]
    filled = queue.finish_held(tx, project.id, person.id, held, at=at)
    places = {
        item.key: filled_place(filled[item.sample_id]) for item in held if item.sample_id in filled
    }
    others = [item for item in items if item.key not in places]
    samples = sorted({item.sample_id for item in others})
    entries = queue.entries(tx, project.id, samples, at=at)
    return places | find_places(project, person, others, entries)


def _row(
    project: Project,
    person: Person,
    item: NewAnnotation,
    stored: labels.StoredLabel,
    place: Place,
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
        "decides": place.source == "review" and may(project.role, "resolve"),
    }


def _known(
    tx: Connection, project: Project, rows: Sequence[dict[str, Any]], added: dict[str, Any]
) -> dict[str, Row]:
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


def _unskipped(
    tx: Connection,
    project: Project,
    person: Person,
    items: Sequence[NewAnnotation],
    places: dict[str, Place],
) -> Counter[tuple[str, int]]:
    """Return the skips of the person that these answers end, as counted: who answered did not skip.

    What a person holds they have not skipped, so that the usual label costs no question.
    """
    found = [(item.sample_id, places[item.key]) for item in items]
    unheld = {
        sample_id
        for sample_id, place in found
        if not place.is_filled
        and not (
            place.entry and place.entry["is_held"] and place.entry["lease_annotator"] == person.id
        )
    }
    ended = queue.remove_skips(tx, project.id, person.id, sorted(unheld))
    if not ended:
        return Counter()
    # Imported here: the usual label needs no NumPy.
    from jupyterlab_al.services import ordering

    return ordering.skips_counted(project, ended)


def _fill(
    tx: Connection,
    project: Project,
    person: Person,
    items: Sequence[NewAnnotation],
    places: dict[str, Place],
    *,
    at: int | None,
) -> None:
    unfilled = [item for item in items if not places[item.key].is_filled]
    new = [item.sample_id for item in unfilled if places[item.key].is_new_entry]
    if new:
        queue.add_done(tx, project, person.id, new, at=at)
    slots = [
        (item.sample_id, slot)
        for item in unfilled
        if not (place := places[item.key]).is_new_entry and (slot := place.slot) is not None
    ]
    if slots:
        queue.finish(tx, project.id, person.id, slots, at=at)


def _changes(
    tx: Connection,
    project: Project,
    stored: dict[str, labels.StoredLabel],
    places: dict[str, Place],
    added: dict[str, Row],
) -> Counter[tuple[str, int]]:
    changes: Counter[tuple[str, int]] = Counter()
    further = {row["sample_id"] for key, row in added.items() if not places[key].is_first}
    before: dict[SampleId, list[Row]] = {}
    for sample_id in further:
        standing = store.standing_of(tx, project.id, sample_id)
        before[sample_id] = [fact for fact in standing if fact["key"] not in added]
        changes.update(_disputes(project, before[sample_id], standing))
    reviews.settle(tx, project.id, further)
    checks = {
        sample_id
        for sample_id, facts in before.items()
        if any(fact["source"] == "check" for fact in facts)
    }
    for key, row in added.items():
        is_check = row["source"] == "check"
        changes.update(
            tally_of(
                stored[key],
                row["source"],
                trains=not store.is_of_check(tx, project.id, row),
                is_first=places[key].is_first,
                is_first_check=is_check and row["sample_id"] not in checks,
            )
        )
        if is_check:
            checks.add(row["sample_id"])
    return changes


def _disputes(
    project: Project, before: Sequence[Row], after: Sequence[Row]
) -> dict[tuple[str, int], int]:
    """Return whether a sample became disputed (1) or was settled (-1), as a change to count."""
    then, now = (is_disputed(store.opinions(facts, project.classes)) for facts in (before, after))
    return {("disputed", 0): int(now) - int(then)}


def _take_back(
    tx: Connection,
    project: Project,
    person: Person,
    row: Row,
    *,
    lease_ms: int,
    at: int | None,
) -> None:
    sample_id = row["sample_id"]
    slots = queue.entries(tx, project.id, [sample_id], at=at).get(sample_id, [])
    standing = store.standing_of(tx, project.id, sample_id)
    slot = _slot_to_open(tx, project, person, row, slots, standing)
    queue.reopen(tx, project.id, person.id, sample_id, slot, lease_ms=lease_ms, at=at)
    if not standing:
        # Nothing is left to be looked at again.
        queue.drop_reviews(tx, project.id, sample_id, at=at)
    was_check = row["source"] == "check"
    changes = tally_of(
        store.decode_label(row["label"]),
        row["source"],
        trains=not store.is_of_check(tx, project.id, row),
        is_first=not standing,
        is_first_check=was_check and not any(fact["source"] == "check" for fact in standing),
    )
    before = sorted([*standing, row], key=itemgetter("id"))
    undone = Counter({name: -n for name, n in changes.items()})
    undone.update(_disputes(project, before, standing))
    projects.count(tx, project.id, undone, at=at)


def _slot_to_open(
    tx: Connection,
    project: Project,
    person: Person,
    row: Row,
    slots: Sequence[Row],
    standing: Sequence[Row],
) -> int:
    """Return the slot in which the sample comes up again.

    It is the author's. Where other people's second opinions stand, the sample stays labeled: one
    of these takes the author's slot over, and the sample comes up in a slot of its own.
    """
    done = [slot for slot in slots if slot["done_at"] is not None]
    own = [slot for slot in done if slot["lease_annotator"] == row["annotator"]]
    if len(standing) < len(done):
        return int((own or done)[-1]["slot"])
    authors = {fact["annotator"] for fact in standing}
    if own and row["annotator"] not in authors:
        heir = next(iter(authors - {slot["lease_annotator"] for slot in done}), None)
        queue.pass_on(tx, project.id, row["sample_id"], own[-1]["slot"], heir)
    for slot in slots:
        if slot["done_at"] is None and (
            not slot["is_held"] or slot["lease_annotator"] == person.id
        ):
            return int(slot["slot"])
    return queue.add_slot(tx, slots[-1])


def _reused(key: str) -> ConflictError:
    return ConflictError(
        f"The key {key} stands for another annotation already; make a new key for each one.",
        word="key_reused",
    )
