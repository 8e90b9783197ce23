"""Annotations: facts that are only ever added."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping

from jupyterlab_al.domain.models import ProjectId, SampleId
from jupyterlab_al.store import statements
from jupyterlab_al.store.clock import now
from jupyterlab_al.store.prepared import Prepared, Row
from jupyterlab_al.store.tables import annotation, undo
from jupyterlab_al.store.upsert import given, insert_for, insert_into, numbered

#: Annotations in one statement; bounds how many forms of it are compiled.
ROWS = 50
_GIVEN = [of for of in annotation.c if of.name not in ("id", "created_at")]

#: A class index, or a sorted list of them.
StoredLabel = int | list[int]


def encode_label(label: StoredLabel) -> str:
    """Return a label as the column holds it."""
    return json.dumps(label, separators=(",", ":"))


def decode_label(text: str) -> StoredLabel:
    """Return the label that a column holds."""
    label: StoredLabel = json.loads(text)
    return label


def add(tx: Connection, rows: Sequence[dict[str, Any]], *, at: int | None = None) -> dict[str, Row]:
    """Insert annotations whose keys are new; return those by key."""
    added: list[Row] = []
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        adding = _adding(tx.dialect.name, len(part))
        added.extend(adding.rows(tx, {**given(part), "now": at}))
    return {row["key"]: row for row in added}


@cache
def _adding(dialect: str, n: int) -> Prepared:
    rows = [{**numbered(_GIVEN, row), "created_at": now} for row in range(n)]
    return Prepared(
        insert_into(dialect, annotation)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["project_id", "key"])
        .returning(annotation)
    )


def by_keys(tx: Connection, project: ProjectId, keys: Sequence[str]) -> dict[str, Row]:
    """Return annotations by the keys that clients made."""
    rows = tx.execute(
        statements.annotations_by_keys, {"project": project, "keys": list(keys)}
    ).mappings()
    return {row["key"]: dict(row) for row in rows}


def page(
    tx: Connection, project: ProjectId, *, after: int, size: int, annotator: str | None = None
) -> list[Row]:
    """Return annotations in order of arrival, undone ones too; one annotator's or all."""
    who = {"project": project, "annotator": annotator}
    rows = tx.execute(statements.annotations_after, {**who, "after": after, "size": size})
    return [dict(row) for row in rows.mappings()]


def by_id(tx: Connection, project: ProjectId, annotation_id: int) -> Row | None:
    """Return one annotation."""
    found = tx.execute(
        statements.annotation_by_id, {"project": project, "annotation": annotation_id}
    )
    return next((dict(row) for row in found.mappings()), None)


def add_undo(tx: Connection, annotation_id: int, annotator: str, *, at: int | None) -> bool:
    """Note that an annotation was taken back; False when it was already."""
    statement = insert_for(tx, undo).on_conflict_do_nothing().returning(undo.c.created_at)
    row = tx.execute(
        statement.values(annotation_id=annotation_id, annotator=annotator, created_at=now),
        {"now": at},
    ).first()
    return row is not None


def standing_of(tx: Connection, project: ProjectId, sample_id: SampleId) -> list[Row]:
    """Return what stands of one sample, first come first."""
    rows = tx.execute(statements.standing_of_sample, {"project": project, "sample": sample_id})
    return [dict(row) for row in rows.mappings()]


def standing(tx: Connection, project: ProjectId) -> Iterator[RowMapping]:
    """Yield what stands of a project, by sample and then by arrival."""
    yield from tx.execute(statements.standing, {"project": project}).mappings()


def high_water(tx: Connection, project: ProjectId) -> int:
    """Return the id of the newest annotation; 0 without any."""
    return int(tx.execute(statements.high_water, {"project": project}).scalar_one())


def pace(tx: Connection, project: ProjectId, *, after: int) -> tuple[int, int | None, int | None]:
    """Return labels that arrived after an annotation, and the first and last time (ms)."""
    row = tx.execute(statements.pace, {"project": project, "after": after}).one()
    return row.n, row.first, row.last
