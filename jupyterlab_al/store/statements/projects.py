"""Projects, their members and counters."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, delete, func, insert, select

from jupyterlab_al.store.clock import now
from jupyterlab_al.store.tables import member, project, queue_entry, tally

_n_annotations = (
    select(tally.c.n)
    .where(tally.c.project_id == project.c.id, tally.c.kind == "annotations", tally.c.value == 0)
    .scalar_subquery()
)

_projects = select(
    project,
    func.coalesce(_n_annotations, 0).label("n_annotations"),
    member.c.role,
).outerjoin(
    member, and_(member.c.project_id == project.c.id, member.c.annotator == bindparam("annotator"))
)

#: A project by name, with the caller's membership.
project_by_name = _projects.where(project.c.name == bindparam("name"))

#: The same, held against every other writer of this project until the transaction ends. All
#: transactions that write several tables take this first, so that they can't deadlock.
project_locked = project_by_name.with_for_update(key_share=True, of=project)

#: A project by id, and the same held likewise.
project_by_id = _projects.where(project.c.id == bindparam("project"))

project_locked_by_id = project_by_id.with_for_update(key_share=True, of=project)

#: Projects in order of their names, after a name.
projects_after = (
    _projects.where(project.c.name > bindparam("after"))
    .order_by(project.c.name)
    .limit(bindparam("size"))
)

#: A new project.
insert_project = insert(project).values(created_at=now).returning(project.c.id)

#: Forget a project's queue.
delete_queue = delete(queue_entry).where(queue_entry.c.project_id == bindparam("project"))

#: Forget a project; everything of it but its queue goes with it.
delete_project = delete(project).where(project.c.id == bindparam("project"))

#: What a project's counters say.
tallies = select(tally.c.kind, tally.c.value, tally.c.n, tally.c.updated_at).where(
    tally.c.project_id == bindparam("project")
)

#: Classes with at least one label that trains.
trained_classes = select(tally.c.value, tally.c.n).where(
    tally.c.project_id == bindparam("project"), tally.c.kind == "train", tally.c.n > 0
)

#: A project's name.
project_name = select(project.c.name).where(project.c.id == bindparam("project"))
