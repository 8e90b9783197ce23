"""Create, look at, change and delete projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.errors import ConflictError, InvalidSettingError, MalformedError
from jupyterlab_al.domain.models import Job, Person, Project, ProjectState, utc
from jupyterlab_al.domain.reserve import reserved
from jupyterlab_al.domain.roles import require
from jupyterlab_al.services import reviewing
from jupyterlab_al.services.classes import NO_CHANGES, ClassChanges
from jupyterlab_al.services.labeling import request_round
from jupyterlab_al.store import jobs, queue
from jupyterlab_al.store import projects as store

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Settings of a project that PATCH can change and that stand in its `config`.
CHANGEABLE = (
    "strategy",
    "estimator",
    "retrain_every",
    "early_rounds",
    "check_share",
    "review_share",
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


def owned(tx: Connection, name: str, person: Person) -> Project:
    """Return a project that a person may change."""
    project = store.find(tx, name, person)
    require(project, "own")
    return project


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
        preparing=jobs.last(tx, project.id, "prepare") if _is_importing(project) else None,
        last_activity_at=project.created_at if last_activity is None else utc(last_activity),
    )


def problems(project: Project) -> list[str]:
    """Return what a person should know: about the data, and about settings that can't be kept."""
    share = float(project.config["check_share"])
    if not 0 < project.n_reserved < reserved(project.n_samples, share):
        return project.problems
    return [
        *project.problems,
        f"{project.n_reserved:,} samples were set aside for random checks before the first label. "
        "At the share that is set now they will be used up before everything is labeled; no more "
        "can be set aside, since what is left is no fair sample.",
    ]


def _is_importing(project: Project) -> bool:
    return project.state == "preparing" or "adding" in project.config


def change(
    tx: Connection,
    name: str,
    person: Person,
    *,
    title: str | None = None,
    classes: ClassChanges = NO_CHANGES,
    state: ProjectState | None = None,
    config: Mapping[str, Any] | None = None,
) -> ProjectView:
    """Change what was given, or nothing at all where one of it can't be."""
    project = store.find(tx, name, person, lock=True)
    require(project, "own")
    values: dict[str, Any] = {}
    if title is not None:
        values["title"] = title or project.name
    values["classes"], merged = classes.of(project)
    new_config = dict(config or {})
    if classes.regroup:
        new_config["merged"] = merged
    if state is not None:
        _require_movable(project)
        values["state"] = state
    if new_config:
        kept = _kept_for_checks(tx, project, new_config)
        if kept != project.n_reserved:
            values["n_reserved"] = kept
        # More are kept only where nothing is labeled yet: all samples are one block again.
        one_block: dict[str, Any] = {"added": []} if kept != project.n_reserved else {}
        values["config"] = {**project.config, **new_config, **one_block}
    store.change(tx, project.id, **values)
    changed = store.find(tx, name, person)
    if classes.regroup:
        reviewing.recount(tx, changed)
    if changed.overlap != project.overlap:
        queue.open_places(tx, changed)
        queue.close_places(tx, changed)
    if changed.n_reserved != project.n_reserved:
        # The samples now kept for checks must not be asked as others.
        _draw_anew(tx, changed)
    if classes.regroup:
        # The model is to know soon what its classes are.
        request_round(tx, changed, changed.n_annotations)
    return view(tx, changed)


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


def _require_movable(project: Project) -> None:
    if project.state in ("preparing", "failed"):
        raise ConflictError(
            f"The project is {project.state}; its state can be changed once it is active."
        )


def _kept_for_checks(tx: Connection, project: Project, config: Mapping[str, Any]) -> int:
    """Return how many samples to keep for checks from now on.

    More can be kept only before the first label: later, what the model has not asked for is not a
    fair sample of the pool. Where none were kept, checks can't begin any more.
    """
    wanted = float(config.get("check_share", 0.0))
    enough = reserved(project.n_samples, wanted)
    if project.state == "preparing" or enough <= project.n_reserved:
        return project.n_reserved
    if not store.tallies(tx, project.id).get("annotations", {}).get(0, 0):
        return enough
    if project.n_reserved == 0:
        raise InvalidSettingError(
            "Random checks were off when labeling began; begun now they would not be a fair "
            "sample of the pool. Make a new project with a check share."
        )
    return project.n_reserved


def _draw_anew(tx: Connection, project: Project) -> None:
    from jupyterlab_al.services import ordering

    ordering.publish_random(tx, project)


def busy_with(tx: Connection) -> str | None:
    """Return the name of the project that the worker is at."""
    running = next((job for job in jobs.active(tx) if job.state == "running"), None)
    return None if running is None else store.name_of(tx, running.project_id)
