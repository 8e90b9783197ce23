"""Projects and the kept counters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, update
from sqlalchemy.exc import IntegrityError

from jupyterlab_al.domain.errors import ConflictError, UnknownError
from jupyterlab_al.domain.models import Person, Project, ProjectId, utc
from jupyterlab_al.store import members
from jupyterlab_al.store.clock import now
from jupyterlab_al.store.prepared import Prepared, Row
from jupyterlab_al.store.statements import projects as statements
from jupyterlab_al.store.tables import project, tally
from jupyterlab_al.store.upsert import given, insert_into, numbered

Tallies = dict[str, dict[int, int]]

#: Counters in one statement; bounds how many forms of it are compiled.
COUNTERS = 50

_BY_NAME = Prepared(statements.project_by_name)
_LOCKED = Prepared(statements.project_locked)
_BY_ID = Prepared(statements.project_by_id)
_LOCKED_BY_ID = Prepared(statements.project_locked_by_id)
_TRAINED = Prepared(statements.trained_classes)


def find(tx: Connection, name: str, person: Person, *, lock: bool = False) -> Project:
    """Return a project by name; `lock` holds it against other writers.

    Raises
    ------
    UnknownError
        There is no project of that name.
    """
    finding = _LOCKED if lock else _BY_NAME
    return found(finding.row(tx, {"name": name, "annotator": person.id}), name, person)


def found(row: Row | None, name: str, person: Person) -> Project:
    """Return the project of a row.

    Raises
    ------
    UnknownError
        There is none.
    """
    if row is None:
        raise UnknownError(f"There is no project named {name!r}.", word="unknown_project")
    return _project(row, person)


def by_id(tx: Connection, project_id: ProjectId, person: Person) -> Project | None:
    """Return a project by id, held against other writers; None when it is gone."""
    row = _LOCKED_BY_ID.row(tx, {"project": project_id, "annotator": person.id})
    return None if row is None else _project(row, person)


def find_by_id(tx: Connection, project_id: ProjectId, person: Person) -> Project | None:
    """Return a project by id without holding it."""
    row = _BY_ID.row(tx, {"project": project_id, "annotator": person.id})
    return None if row is None else _project(row, person)


def page(tx: Connection, person: Person, *, after: str, size: int) -> list[Project]:
    """Return projects in order of their names, after a name."""
    rows = tx.execute(
        statements.projects_after, {"annotator": person.id, "after": after, "size": size}
    ).mappings()
    return [_project(dict(row), person) for row in rows]


def add(
    tx: Connection,
    *,
    name: str,
    title: str,
    config: Mapping[str, Any],
    classes: list[str],
    created_by: str,
) -> ProjectId:
    """Store a new project in state `preparing`, its creator as owner.

    Raises
    ------
    ConflictError
        The name is taken.
    """
    try:
        project_id = tx.execute(
            statements.insert_project,
            {
                "name": name,
                "title": title,
                "state": "preparing",
                "config": dict(config),
                "classes": classes,
                "problems": [],
                "created_by": created_by,
            },
        ).scalar_one()
    except IntegrityError as error:
        raise ConflictError(
            f"There is a project named {name!r} already; choose another name.", word="name_taken"
        ) from error
    members.put(tx, ProjectId(project_id), created_by, "owner")
    return ProjectId(project_id)


def change(tx: Connection, project_id: ProjectId, **values: Any) -> None:
    """Set columns of a project."""
    tx.execute(update(project).where(project.c.id == project_id).values(**values))


def remove(tx: Connection, project_id: ProjectId) -> None:
    """Delete a project and everything that hangs on it."""
    tx.execute(statements.delete_queue, {"project": project_id})
    tx.execute(statements.delete_project, {"project": project_id})


def tallies(tx: Connection, project_id: ProjectId) -> Tallies:
    """Return the kept counters: kind → value → n."""
    result: Tallies = {}
    for row in tx.execute(statements.tallies, {"project": project_id}):
        result.setdefault(row.kind, {})[row.value] = row.n
    return result


def last_activity(tx: Connection, project_id: ProjectId) -> int | None:
    """Return when something was counted last, in milliseconds."""
    times = [row.updated_at for row in tx.execute(statements.tallies, {"project": project_id})]
    return max(times, default=None)


def trained_classes(tx: Connection, project_id: ProjectId) -> dict[int, int]:
    """Return labels that train by class index; only classes that have some."""
    rows = _TRAINED.rows(tx, {"project": project_id})
    return {row["value"]: row["n"] for row in rows}


def count(
    tx: Connection,
    project_id: ProjectId,
    changes: Mapping[tuple[str, int], int],
    *,
    at: int | None = None,
) -> dict[tuple[str, int], int]:
    """Add to the kept counters: (kind, value) → difference; return those changed as they stand."""
    rows = [
        {"project_id": project_id, "kind": kind, "value": value, "n": n}
        for (kind, value), n in sorted(changes.items())
        if n
    ]
    if not rows:
        return {}
    counted: list[Row] = []
    for start in range(0, len(rows), COUNTERS):
        part = rows[start : start + COUNTERS]
        counting = _counting(tx.dialect.name, len(part))
        counted.extend(counting.rows(tx, {**given(part), "now": at}))
    return {(row["kind"], row["value"]): row["n"] for row in counted}


@cache
def _counting(dialect: str, n: int) -> Prepared:
    columns = (tally.c.project_id, tally.c.kind, tally.c.value, tally.c.n)
    rows = [{**numbered(columns, row), "updated_at": now} for row in range(n)]
    statement = insert_into(dialect, tally).values(rows)
    return Prepared(
        statement.on_conflict_do_update(
            index_elements=["project_id", "kind", "value"],
            set_={
                "n": tally.c.n + statement.excluded.n,
                "updated_at": statement.excluded.updated_at,
            },
        ).returning(tally.c.kind, tally.c.value, tally.c.n)
    )


def _project(row: Row, person: Person) -> Project:
    return Project(
        id=ProjectId(row["id"]),
        name=row["name"],
        title=row["title"],
        state=row["state"],
        error=row["error"],
        config=row["config"],
        classes=row["classes"],
        problems=row["problems"],
        n_samples=row["n_samples"],
        n_reserved=row["n_reserved"],
        labels_at_round=row["labels_at_round"],
        order_round=row["order_round"],
        order_labels=row["order_labels"],
        order_high_water=row["order_high_water"],
        created_by=row["created_by"],
        created_at=utc(row["created_at"]),
        n_annotations=row["n_annotations"],
        role=row["role"] or person.default_role,
    )


def name_of(tx: Connection, project_id: ProjectId) -> str | None:
    """Return a project's name."""
    return tx.execute(statements.project_name, {"project": project_id}).scalar()
