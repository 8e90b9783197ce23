"""Further samples for a project that is there: asked for here, imported by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain.errors import ConflictError
from jupyterlab_al.domain.models import Job, Person, Project
from jupyterlab_al.domain.reserve import reserved
from jupyterlab_al.domain.roles import require
from jupyterlab_al.services import ordering
from jupyterlab_al.services.projects import ProjectView, view
from jupyterlab_al.store import annotation_log, jobs, projects

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: What is being added, and what was added last, in a project's configuration.
ADDING, LAST = "adding", "added_last"


def request(tx: Connection, name: str, person: Person, what: dict[str, Any]) -> ProjectView:
    """Queue the import of further samples; asking for the same once more changes nothing.

    Parameters
    ----------
    tx : Connection
    name : str
    person : Person
    what : dict
        `dataset` and `features` as in `POST projects`. Two requests with the same are one.

    Raises
    ------
    ConflictError
        `not_ready` while the project is prepared or if that failed, `adding` while other samples
        are being added.
    """
    project = projects.find(tx, name, person, lock=True)
    require(project, "own")
    if is_known(project, what):
        return view(tx, project)
    if project.state in ("preparing", "failed"):
        raise ConflictError(
            f"The project is {project.state}; samples can be added once it is active.",
            word="not_ready",
        )
    if project.config.get(ADDING):
        raise ConflictError(
            "Other samples are being added to this project; wait until that has ended.",
            word="adding",
        )
    jobs.add(tx, project.id, "prepare")
    projects.change(tx, project.id, error=None, config={**project.config, ADDING: what})
    return view(tx, projects.find(tx, name, person))


def is_known(project: Project, what: dict[str, Any]) -> bool:
    """Return whether this is being added, or was added last."""
    return what in (project.config.get(ADDING), project.config.get(LAST))


def grow(
    tx: Connection,
    project: Project,
    *,
    n_samples: int,
    classes: Sequence[str],
    problems: Sequence[str],
) -> None:
    """Make imported samples part of the project; the checks get their share of them.

    They are a block of the random order with checks of its own, which come first until their
    share is that of the others.
    """
    n_reserved = _share(project, n_samples)
    block = {
        "start": project.n_samples,
        "n": n_samples,
        "n_reserved": n_reserved,
        "after": annotation_log.high_water(tx, project.id),
    }
    config = {**project.config, LAST: project.config[ADDING]}
    config["added"] = [*project.config.get("added", []), block]
    del config[ADDING]
    projects.change(
        tx,
        project.id,
        error=None,
        n_samples=project.n_samples + n_samples,
        n_reserved=project.n_reserved + n_reserved,
        config=config,
        classes=[*project.classes, *(name for name in classes if name not in project.classes)],
        problems=[*project.problems, *(said for said in problems if said not in project.problems)],
    )


def draw_anew(tx: Connection, project: Project, *, at: int | None = None) -> None:
    """Let new samples into an order that was drawn at random; a round's order stands."""
    if project.order_round is None:
        ordering.publish_random(tx, project, at=at)


def gave_up(tx: Connection, project: Project, reason: str) -> None:
    """Leave the project as it was; say why nothing was added."""
    config = {key: value for key, value in project.config.items() if key != ADDING}
    projects.change(tx, project.id, error=f"Nothing was added: {reason}", config=config)


def is_adding(project: Project) -> bool:
    """Return whether a preparation of this project is of further samples."""
    return ADDING in project.config


def end_unfinished(tx: Connection, job: Job, reason: str, person: Person) -> None:
    """Say what became of a project whose preparation failed or was cancelled."""
    project = projects.by_id(tx, job.project_id, person)
    if project is not None and is_adding(project):
        gave_up(tx, project, reason)
    else:
        projects.change(tx, job.project_id, state="failed", error=reason)


def _share(project: Project, n_samples: int) -> int:
    """Return how many of the new samples are kept for checks: as large a part as of the others."""
    share = project.n_reserved / max(1, project.n_samples)
    return min(n_samples, reserved(n_samples, share)) if project.n_reserved else 0
