"""Who has which role in a project."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, select

from jupyterlab_al.domain.models import ProjectId, Role
from jupyterlab_al.store.tables import member
from jupyterlab_al.store.upsert import insert_for

_mine = member.c.project_id == bindparam("project")

#: A project's members by name.
_all = select(member.c.annotator, member.c.role).where(_mine).order_by(member.c.annotator)

_delete_one = delete(member).where(_mine, member.c.annotator == bindparam("who"))


def of_project(tx: Connection, project: ProjectId) -> dict[str, Role]:
    """Return who has which role, by name."""
    return {row.annotator: row.role for row in tx.execute(_all, {"project": project})}


def put(tx: Connection, project: ProjectId, annotator: str, role: Role) -> None:
    """Give a role to somebody, instead of the one that they have."""
    row = {"project_id": project, "annotator": annotator, "role": role}
    tx.execute(
        insert_for(tx, member)
        .values(row)
        .on_conflict_do_update(index_elements=["project_id", "annotator"], set_={"role": role})
    )


def remove(tx: Connection, project: ProjectId, annotator: str) -> None:
    """Take somebody's role away."""
    tx.execute(_delete_one, {"project": project, "who": annotator})
