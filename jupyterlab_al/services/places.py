"""Where annotations belong: the slots that they fill, how their samples were drawn, what counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.models import NewAnnotation, Person, Project, SampleId

if TYPE_CHECKING:
    from jupyterlab_al.store.prepared import Row

#: Sources of labels whose samples came out of the queue.
DRAWN = ("query", "check", "cold_start", "review")

Slots = Sequence["Row"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where an annotation belongs: the slot that it fills and how its sample was drawn."""

    #: None: a second opinion, or a sample without an entry.
    slot: int | None
    #: The sample has no entry yet and gets a done one.
    is_new_entry: bool
    #: No slot of the sample was done before, so that the sample counts as labeled from now on.
    is_first: bool
    source: str
    entry: Row | None
    #: The slot is marked as done already.
    is_filled: bool = False


def filled_place(entry: Row) -> Place:
    """Return where an answer to what its author held belongs; see `queue.finish_held`."""
    return Place(
        slot=entry["slot"],
        is_new_entry=False,
        is_first=not entry["someone_did"],
        source=entry["source"],
        entry=entry,
        is_filled=True,
    )


def find_places(
    project: Project,
    person: Person,
    items: Sequence[NewAnnotation],
    entries: dict[SampleId, list[Row]],
) -> dict[str, Place]:
    """Return the place of each annotation by its key; each slot is filled once."""
    used: set[tuple[SampleId, int]] = set()
    seen: set[SampleId] = set()
    places: dict[str, Place] = {}
    for item in items:
        slots = entries.get(item.sample_id, [])
        done_before = item.sample_id in seen
        free = [row for row in slots if (item.sample_id, row["slot"]) not in used]
        chosen = _choose(person, item, slots, free, done_before=done_before)
        is_new = not slots and not done_before
        places[item.key] = Place(
            slot=0 if is_new else (None if chosen is None else chosen["slot"]),
            is_new_entry=is_new,
            is_first=not done_before and all(row["done_at"] is None for row in slots),
            source=_source(project, item, slots, chosen),
            entry=chosen or (slots[0] if slots else None),
        )
        seen.add(item.sample_id)
        if chosen is not None:
            used.add((item.sample_id, chosen["slot"]))
    return places


def _choose(
    person: Person, item: NewAnnotation, slots: Slots, unused: Slots, *, done_before: bool
) -> Row | None:
    """Return the slot that an annotation fills; None for a second opinion."""
    free = [row for row in unused if row["done_at"] is None]
    for row in free:
        if item.token and row["lease_token"] == item.token:
            return row
    did = any(row["done_at"] is not None and row["lease_annotator"] == person.id for row in slots)
    if did or done_before:
        return None

    def precedence(row: Row) -> int:
        """One's own lease first, then what nobody holds; another person's lease last."""
        if not row["is_held"]:
            return 1
        return 0 if row["lease_annotator"] == person.id else 2

    return min(free, key=precedence, default=None)


def _source(project: Project, item: NewAnnotation, slots: Slots, chosen: Row | None) -> str:
    if item.token is None:
        return "manual"
    if slots:
        return str((chosen or slots[0])["source"])
    # The lease ran out long ago and its entry is gone; which samples are checks is still known.
    from jupyterlab_al.services import ordering

    return "check" if ordering.is_reserved(project, item.sample_id) else "query"


def tally_of(
    stored: labels.StoredLabel, source: str, *, trains: bool, is_first: bool, is_first_check: bool
) -> Counter[tuple[str, int]]:
    """Return what one annotation adds to the kept counters, and takes away when it is undone."""
    changes: Counter[tuple[str, int]] = Counter({("annotations", 0): 1})
    for index in labels.indices(stored):
        changes["class", index] += 1
        if trains:
            changes["train", index] += 1
    if source in DRAWN:
        changes["drawn", 0] += 1
    if is_first:
        changes["samples", 0] += 1
    if is_first_check:
        changes["checks", 0] += 1
    return changes
