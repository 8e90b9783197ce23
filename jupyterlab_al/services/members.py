"""Members: who has which role in a project.

Whoever is no member has the role that the server gives to everybody (`Person.default_role`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_al.domain.errors import ConflictError, MalformedError, UnknownError
from jupyterlab_al.domain.models import LONGEST_NAME, Person, Project, Role
from jupyterlab_al.domain.roles import require
from jupyterlab_al.store import members, projects

if TYPE_CHECKING:
    from sqlalchemy import Connection


def page(tx: Connection, name: str, person: Person) -> dict[str, Role]:
    """Return who has which role, by name."""
    project = projects.find(tx, name, person)
    require(project, "see_others")
    return members.of_project(tx, project.id)


def give(tx: Connection, name: str, person: Person, annotator: str, role: Role) -> None:
    """Give a role to somebody, instead of the one that they have.

    Raises
    ------
    MalformedError
        Nobody can be called so.
    ConflictError
        `last_owner`: the project would be left without one.
    """
    if not annotator.strip() or len(annotator) > LONGEST_NAME:
        raise MalformedError(f"A member's name has 1 to {LONGEST_NAME} characters.")
    project = projects.find(tx, name, person, lock=True)
    require(project, "own")
    _require_owner(tx, project, {annotator: role})
    members.put(tx, project.id, annotator, role)


def take(tx: Connection, name: str, person: Person, annotator: str) -> None:
    """Take somebody's role away.

    Raises
    ------
    UnknownError
        `unknown_member`: they have none.
    ConflictError
        `last_owner`: the project would be left without one.
    """
    project = projects.find(tx, name, person, lock=True)
    require(project, "own")
    there = members.of_project(tx, project.id)
    if annotator not in there:
        raise UnknownError(
            f"{annotator!r} is no member of {name!r}; its members are {', '.join(there)}.",
            word="unknown_member",
        )
    _require_owner(tx, project, {annotator: "viewer"})
    members.remove(tx, project.id, annotator)


def _require_owner(tx: Connection, project: Project, change: dict[str, Role]) -> None:
    """Refuse a change after which no member is owner."""
    before = members.of_project(tx, project.id)
    if "owner" in before.values() and "owner" not in (before | change).values():
        raise ConflictError(
            f"{project.name!r} would be left without an owner; make somebody else one first.",
            word="last_owner",
        )
