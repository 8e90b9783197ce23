"""Claim, extend, release and skip."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from jupyterlab_al.domain.errors import ConflictError, InvalidSampleError
from jupyterlab_al.domain.models import NOBODY, Claimed, Person, Project, SampleId, utc
from jupyterlab_al.domain.roles import require
from jupyterlab_al.store import projects
from jupyterlab_al.store import queue as store

if TYPE_CHECKING:
    from sqlalchemy import Connection


Held = list[tuple[SampleId, str, int]]


def claim(
    tx: Connection,
    name: str,
    person: Person,
    *,
    client: str | None,
    size: int,
    lease_ms: int,
    at: int | None = None,
) -> tuple[Project, Claimed]:
    """Lease up to `size` samples to one client of a person, or say why there are none."""
    who = client or store.NO_CLIENT
    project, held = store.held(tx, name, person, client=who, size=size, at=at)
    require(project, "annotate")
    if project.state == "failed":
        raise ConflictError(
            f"The project could not be prepared: {project.error} Delete it and create it anew.",
            word="project_failed",
        )
    if project.state == "preparing":
        return project, Claimed(leases=[], empty_because="preparing")
    if project.state in ("paused", "archived"):
        return project, Claimed(leases=[], empty_because="paused")
    size = max(len(held), min(size, len(held) + _left_to_lease(tx, project, at=at)))
    claim_more = partial(
        store.claim, tx, project.id, person.id, client=who, size=size, lease_ms=lease_ms, at=at
    )
    held = claim_more(held=held)
    if len(held) < size:
        # While an order is published all its places are locked and none can be claimed: wait.
        locked = projects.by_id(tx, project.id, NOBODY)
        held = claim_more(held=held)
        if locked is not None and len(held) < size and _refill(tx, locked):
            held = claim_more(held=held)
    if held:
        return project, Claimed(leases=[store.lease(row) for row in held])
    return project, _nothing(tx, project, at=at)


def _left_to_lease(tx: Connection, project: Project, *, at: int | None) -> int:
    """Return how many more samples may be handed out within the budget, if there is one."""
    budget = project.budget
    if budget is None:
        return project.n_samples
    return max(0, budget - _n_labeled(tx, project) - store.count_leased(tx, project.id, at=at))


def _n_labeled(tx: Connection, project: Project) -> int:
    return projects.tallies(tx, project.id).get("samples", {}).get(0, 0)


def _refill(tx: Connection, project: Project) -> bool:
    """Draw more of the pool where the queue has run dry before a round filled it anew."""
    if _n_labeled(tx, project) + store.count_unlabeled(tx, project.id) >= project.n_samples:
        return False
    # Imported here: a claim that finds the queue filled needs no NumPy.
    from jupyterlab_al.services import ordering

    return ordering.append_random(tx, project) > 0


def _nothing(tx: Connection, project: Project, *, at: int | None) -> Claimed:
    if project.budget is not None and _n_labeled(tx, project) >= project.budget:
        return Claimed(leases=[], empty_because="budget")
    _open, held, back_at = store.open_state(tx, project.id, at=at)
    if held:
        return Claimed(
            leases=[],
            empty_because="held_by_others",
            back_at=None if back_at is None else utc(back_at),
        )
    return Claimed(leases=[], empty_because="all_labeled")


def waiting(tx: Connection, name: str, person: Person, *, at: int | None = None) -> tuple[int, int]:
    """Return how many samples wait in the queue, and how many places of it people hold."""
    project = projects.find(tx, name, person)
    require(project, "view")
    waiting, held, _back_at = store.open_state(tx, project.id, at=at)
    return waiting, held


def extend(
    tx: Connection,
    name: str,
    person: Person,
    leases: Sequence[tuple[SampleId, str]],
    *,
    lease_ms: int,
    at: int | None = None,
) -> Held:
    """Prolong what is still held."""
    project = projects.find(tx, name, person)
    require(project, "annotate")
    _require_samples(project, leases)
    return store.extend(tx, project.id, person.id, leases, lease_ms=lease_ms, at=at)


def release(
    tx: Connection,
    name: str,
    person: Person,
    leases: Sequence[tuple[SampleId, str]],
    *,
    at: int | None = None,
) -> Held:
    """Give back what is still held."""
    project = projects.find(tx, name, person)
    require(project, "annotate")
    _require_samples(project, leases)
    return store.release(tx, project.id, person.id, leases, at=at)


def skip(
    tx: Connection,
    name: str,
    person: Person,
    leases: Sequence[tuple[SampleId, str]],
    *,
    at: int | None = None,
) -> Held:
    """Take samples out of this person's stream for good; others still get them."""
    from jupyterlab_al.services import ordering

    project = projects.find(tx, name, person, lock=True)
    require(project, "annotate")
    _require_samples(project, leases)
    held = store.release(tx, project.id, person.id, leases, at=at)
    new = [
        sample_id
        for sample_id, _token in leases
        if store.add_skip(tx, project.id, person.id, sample_id, at=at)
    ]
    projects.count(tx, project.id, ordering.skips_counted(project, new), at=at)
    return held


def _require_samples(project: Project, leases: Sequence[tuple[SampleId, str]]) -> None:
    for sample_id, _token in leases:
        require_sample(project, sample_id)


def require_sample(project: Project, sample_id: SampleId) -> None:
    """Refuse a sample that is not in the pool."""
    if not 0 <= sample_id < project.n_samples:
        last = project.n_samples - 1
        raise InvalidSampleError(
            f"There is no sample {sample_id} in {project.name!r}: sample_id goes from 0 to {last}."
        )
