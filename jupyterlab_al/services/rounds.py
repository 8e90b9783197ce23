"""Ask for a round, watch it, cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_al.domain.errors import ConflictError, UnknownError
from jupyterlab_al.domain.models import Job, JobId, Person, Project
from jupyterlab_al.domain.roles import require
from jupyterlab_al.services.labeling import CLASSES_NEEDED, trained_names
from jupyterlab_al.store import jobs, projects

if TYPE_CHECKING:
    from sqlalchemy import Connection


def request(tx: Connection, name: str, person: Person) -> Job:
    """Queue a round now.

    Raises
    ------
    ConflictError
        `round_running`, `too_few_classes` (saying which are labeled) or `not_active`.
    """
    project = projects.find(tx, name, person, lock=True)
    require(project, "own")
    if jobs.is_under_way(tx, project.id, "round"):
        raise ConflictError(
            "A round is under way; labels that arrive meanwhile start the next one.",
            word="round_running",
        )
    if project.state != "active":
        raise ConflictError(
            f"The project is {project.state}; a round needs an active one.", word="not_active"
        )
    _require_classes(tx, project)
    projects.change(tx, project.id, labels_at_round=project.n_annotations)
    job_id = jobs.add(tx, project.id, "round", n_labels=project.n_annotations)
    found = None if job_id is None else jobs.by_id(tx, project.id, job_id)
    if found is None:
        raise ConflictError("A round is waiting already.", word="round_running")
    return found


def page(tx: Connection, name: str, person: Person, *, before: int, size: int) -> list[Job]:
    """Return rounds, newest first."""
    project = projects.find(tx, name, person)
    require(project, "view")
    return jobs.rounds(tx, project.id, before=before, size=size)


def get(tx: Connection, name: str, person: Person, round_id: JobId) -> Job:
    """Return one round."""
    project = projects.find(tx, name, person)
    require(project, "view")
    return _round(tx, project, round_id)


def cancel(tx: Connection, name: str, person: Person, round_id: JobId) -> Job:
    """Cancel a round that waits or runs; one that has ended stays as it is."""
    project = projects.find(tx, name, person, lock=True)
    require(project, "own")
    _round(tx, project, round_id)
    jobs.request_cancel(tx, round_id)
    return _round(tx, project, round_id)


def _round(tx: Connection, project: Project, round_id: JobId) -> Job:
    found = jobs.by_id(tx, project.id, round_id)
    if found is None or found.kind != "round":
        raise UnknownError(
            f"There is no round {round_id} in {project.name!r}.", word="unknown_round"
        )
    return found


def _require_classes(tx: Connection, project: Project) -> None:
    names = trained_names(tx, project)
    if len(names) >= CLASSES_NEEDED:
        return
    said = f"only {names[0]!r} is" if names else "none is"
    raise ConflictError(
        f"The model needs labels of at least {CLASSES_NEEDED} classes; {said} labeled so far. "
        "Random checks don't count, since they only evaluate.",
        word="too_few_classes",
        labeled=names,
    )
