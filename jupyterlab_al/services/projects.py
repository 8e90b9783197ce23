"""Create, look at, change and delete projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.errors import ConflictError, InvalidSettingError, MalformedError
from jupyterlab_al.domain.models import Job, Person, Project, ProjectState, utc
from jupyterlab_al.domain.roles import require
from jupyterlab_al.store import jobs
from jupyterlab_al.store import projects as store

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Settings of a project that PATCH can change and that stand in its `config`.
CHANGEABLE = (
    "strategy",
    "estimator",
    "retrain_every",
    "check_share",
    "overlap",
    "blind",
    "error_cost",
    "budget",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectView:
    """A project with the figures that its card shows."""

    project: Project
    n_labeled: int
    n_checks: int
    last_round: Job | None
    preparing: Job | None
    last_activity_at: datetime


def create(
    tx: Connection,
    person: Person,
    *,
    name: str,
    title: str | None,
    config: Mapping[str, Any],
    classes: Sequence[str],
) -> ProjectView:
    """Store a project and queue its preparation.

    Raises
    ------
    ConflictError
        `name_taken`.
    """
    labels.check_distinct(classes)
    project_id = store.add(
        tx,
        name=name,
        title=title or name,
        config=config,
        classes=list(classes),
        created_by=person.id,
    )
    jobs.add(tx, project_id, "prepare")
    return view(tx, store.find(tx, name, person))


def get(tx: Connection, name: str, person: Person) -> ProjectView:
    """Return one project."""
    project = store.find(tx, name, person)
    require(project, "view")
    return view(tx, project)


def page(tx: Connection, person: Person, *, after: str, size: int) -> list[ProjectView]:
    """Return projects in order of their names, after a name."""
    return [view(tx, project) for project in store.page(tx, person, after=after, size=size)]


def view(tx: Connection, project: Project) -> ProjectView:
    """Return a project with its figures."""
    tallies = store.tallies(tx, project.id)
    last_activity = store.last_activity(tx, project.id)
    return ProjectView(
        project=project,
        n_labeled=tallies.get("samples", {}).get(0, 0),
        n_checks=tallies.get("checks", {}).get(0, 0),
        last_round=jobs.last_finished(tx, project.id),
        preparing=jobs.last(tx, project.id, "prepare") if project.state == "preparing" else None,
        last_activity_at=project.created_at if last_activity is None else utc(last_activity),
    )


def change(
    tx: Connection,
    name: str,
    person: Person,
    *,
    title: str | None = None,
    classes: Sequence[str] | None = None,
    renames: Mapping[str, str] | None = None,
    state: ProjectState | None = None,
    config: Mapping[str, Any] | None = None,
) -> ProjectView:
    """Change what was given, or nothing at all where one of it can't be."""
    project = store.find(tx, name, person, lock=True)
    require(project, "own")
    values: dict[str, Any] = {}
    if title is not None:
        values["title"] = title or project.name
    new_classes = _renamed(project.classes, renames or {})
    if classes is not None:
        new_classes = labels.changed_classes(new_classes, classes)
    if new_classes != project.classes:
        labels.check_distinct(new_classes)
        values["classes"] = new_classes
    if state is not None:
        _require_movable(project)
        values["state"] = state
    if config:
        begun = _checks_begun(tx, project, config)
        if begun is not None:
            values["n_reserved"] = begun
        values["config"] = {**project.config, **config}
    if values:
        store.change(tx, project.id, **values)
    if "n_reserved" in values:
        # The samples now kept for checks must not be asked as others.
        _draw_anew(tx, store.find(tx, name, person))
    return view(tx, store.find(tx, name, person))


def delete(tx: Connection, name: str, person: Person, *, confirm: str | None) -> Project:
    """Forget a project for good; `confirm` must be its name."""
    project = store.find(tx, name, person, lock=True)
    require(project, "own")
    if confirm != name:
        raise MalformedError(
            f"Deleting {name!r} loses its labels for good; say so with ?confirm={name}.",
            word="confirm_needed",
        )
    store.remove(tx, project.id)
    return project


def _renamed(classes: Sequence[str], renames: Mapping[str, str]) -> list[str]:
    for old in renames:
        if old not in classes:
            raise InvalidSettingError(f"There is no class {old!r} to rename.")
    return [renames.get(name, name) for name in classes]


def _require_movable(project: Project) -> None:
    if project.state in ("preparing", "failed"):
        raise ConflictError(
            f"The project is {project.state}; its state can be changed once it is active."
        )


def _checks_begun(tx: Connection, project: Project, config: Mapping[str, Any]) -> int | None:
    """Return how many samples to keep for checks that begin now; None where none do.

    Begun late, what is left would not be a fair sample of the pool: that is refused.
    """
    wanted = float(config.get("check_share", 0.0))
    if wanted == 0 or project.n_reserved > 0 or project.state == "preparing":
        return None
    if store.tallies(tx, project.id).get("annotations", {}).get(0, 0):
        raise InvalidSettingError(
            "Random checks were off when labeling began; begun now they would not be a fair "
            "sample of the pool. Make a new project with a check share."
        )
    from jupyterlab_al.services import ordering

    return ordering.reserved(project.n_samples, wanted)


def _draw_anew(tx: Connection, project: Project) -> None:
    from jupyterlab_al.services import ordering

    ordering.publish_random(tx, project)


def busy_with(tx: Connection) -> str | None:
    """Return the name of the project that the worker is at."""
    running = next((job for job in jobs.active(tx) if job.state == "running"), None)
    return None if running is None else store.name_of(tx, running.project_id)
