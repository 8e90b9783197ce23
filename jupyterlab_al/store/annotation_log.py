"""Annotations: facts that are only ever added."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, Connection, bindparam, func

from jupyterlab_al.domain.consensus import Opinion
from jupyterlab_al.domain.labels import StoredLabel, as_one
from jupyterlab_al.domain.models import ProjectId, SampleId
from jupyterlab_al.store.clock import now
from jupyterlab_al.store.prepared import Columns, Prepared, Row
from jupyterlab_al.store.statements import annotations as statements
from jupyterlab_al.store.tables import annotation, undo
from jupyterlab_al.store.upsert import given, insert_for, insert_into, numbered

#: Annotations in one statement; bounds how many forms of it are compiled.
ROWS = 50
#: Samples asked for in one IN list; below every driver's limit of bound variables.
IN_LIST = 900
#: Rows that are fetched together where a whole project is read.
READ_AHEAD = 2_000
#: Exports read a million rows with it: SQLAlchemy's own rows cost several times as much.
_PAGE = Prepared(statements.annotations_after)
_GIVEN = [of for of in annotation.c if of.name not in ("id", "created_at")]


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


def _given_or_now(row: int) -> ColumnElement[int]:
    """Return the time of one of several rows: only labels that existed before bring theirs."""
    return func.coalesce(bindparam(f"created_at_{row}", None, type_=BigInteger), now)


@cache
def _adding(dialect: str, n: int) -> Prepared:
    rows = [{**numbered(_GIVEN, row), "created_at": _given_or_now(row)} for row in range(n)]
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
    return _PAGE.rows(tx, {**who, "after": after, "size": size})


def last_of(tx: Connection, project: ProjectId, annotator: str, *, size: int) -> list[Row]:
    """Return what stands of an annotator's answers, newest first; imported ones are nobody's."""
    who = {"project": project, "annotator": annotator, "size": size}
    return [dict(row) for row in tx.execute(statements.last_of_annotator, who).mappings()]


def page_of_columns(tx: Connection, project: ProjectId, *, after: int, size: int) -> Columns:
    """Return the same of everybody, by column."""
    who = {"project": project, "annotator": None}
    return _PAGE.columns(tx, {**who, "after": after, "size": size})


def has_more_than(tx: Connection, project: ProjectId, n: int) -> bool:
    """Return whether there are more than `n` annotations and skips, undone ones too."""
    found = tx.execute(statements.fact_beyond, {"project": project, "n": n})
    return found.first() is not None


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


def standing(tx: Connection, project: ProjectId) -> Iterator[Mapping[str, Any]]:
    """Yield what stands of a project, by sample and then by arrival; few rows are in memory."""
    rows = tx.execute(
        statements.standing, {"project": project}, execution_options={"yield_per": READ_AHEAD}
    )
    names = tuple(rows.keys())
    for part in rows.partitions():
        # A tenth of the time that SQLAlchemy's mappings take, row by row.
        yield from [dict(zip(names, row, strict=True)) for row in part]


def standing_in_parts(tx: Connection, project: ProjectId, *, size: int) -> Iterator[Columns]:
    """Yield what stands of a project by column, in the same order, about `size` rows at once.

    All that stands of a sample is in one part.
    """
    rows = tx.execute(
        statements.standing_opinions, {"project": project}, execution_options={"yield_per": size}
    )
    names = tuple(rows.keys())
    kept: list[Any] = []
    for part in rows.partitions():
        # The last sample may go on in the next part.
        end = len(kept)
        while end and kept[end - 1].sample_id == kept[-1].sample_id:
            end -= 1
        if end:
            yield _by_column(names, kept[:end])
        kept = [*kept[end:], *part]
    if kept:
        yield _by_column(names, kept)


def _by_column(names: Sequence[str], rows: Sequence[Any]) -> Columns:
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def standing_among(
    tx: Connection, project: ProjectId, samples: Sequence[SampleId]
) -> Iterator[Mapping[str, Any]]:
    """Yield what stands of some samples."""
    for start in range(0, len(samples), IN_LIST):
        part = list(samples[start : start + IN_LIST])
        rows = tx.execute(statements.standing_among, {"project": project, "samples": part})
        yield from cast("Iterator[Mapping[str, Any]]", rows.mappings())


def standing_of_several(tx: Connection, project: ProjectId) -> Iterator[Mapping[str, Any]]:
    """Yield the same of those samples only that several annotations were made of."""
    rows = tx.execute(statements.standing_of_several, {"project": project}).mappings()
    yield from cast("Iterator[Mapping[str, Any]]", rows)


def opinions(facts: Iterable[Mapping[str, Any]], classes: Sequence[str]) -> list[Opinion]:
    """Return what stands of one sample as opinions, first come first; merged classes are one."""
    return [
        Opinion(
            fact["annotator"],
            as_one(decode_label(fact["label"]), classes=classes),
            decides=fact["decides"],
        )
        for fact in facts
    ]


def first_checks(tx: Connection, project: ProjectId) -> dict[SampleId, int]:
    """Return the samples that ever were random checks, with their first annotation as one."""
    rows = tx.execute(statements.first_checks, {"project": project})
    return {row.sample_id: row.first for row in rows}


def is_of_check(tx: Connection, project: ProjectId, row: Mapping[str, Any]) -> bool:
    """Return whether an annotation is of a random check; see `reads_as_check`."""
    found = None
    if row["source"] == "review":
        which = {"project": project, "sample": row["sample_id"]}
        found = tx.execute(statements.first_check_of, which).first()
    return reads_as_check(row, None if found is None else found.first)


def reads_as_check(row: Mapping[str, Any], first_check: int | None) -> bool:
    """Return whether an annotation is of a random check: as one, or as the review of one.

    `first_check` is the sample's first annotation as one. Nothing counts but what came before, so
    that the answer never changes.
    """
    if row["source"] != "review":
        return bool(row["source"] == "check")
    return first_check is not None and first_check < row["id"]


def lately_active(tx: Connection, project: ProjectId, *, size: int) -> set[str]:
    """Return who gave the newest `size` labels; imported ones are nobody's."""
    found = tx.execute(statements.lately_active, {"project": project, "size": size})
    return set(found.scalars())


def labeled_by(
    tx: Connection, project: ProjectId, samples: Sequence[SampleId]
) -> dict[SampleId, dict[str, int]]:
    """Return who labeled some samples, and how many of each one's labels were reviews."""
    found: dict[SampleId, dict[str, int]] = {}
    for start in range(0, len(samples), IN_LIST):
        part = {"project": project, "samples": list(samples[start : start + IN_LIST])}
        for row in tx.execute(statements.labeled_by, part):
            found.setdefault(row.sample_id, {})[row.annotator] = row.reviews
    return found


def labeled_since(tx: Connection, project: ProjectId, *, after: int) -> set[SampleId]:
    """Return the samples that were labeled after an annotation."""
    return set(tx.execute(statements.labeled_since, {"project": project, "after": after}).scalars())


def high_water(tx: Connection, project: ProjectId) -> int:
    """Return the id of the newest annotation; 0 without any."""
    return int(tx.execute(statements.high_water, {"project": project}).scalar_one())


def pace(tx: Connection, project: ProjectId, *, after: int) -> tuple[int, int | None, int | None]:
    """Return labels that arrived after an annotation, and the first and last time (ms)."""
    row = tx.execute(statements.pace, {"project": project, "after": after}).one()
    return row.n, row.first, row.last
