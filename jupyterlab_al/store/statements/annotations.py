"""Annotations, undone or not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, bindparam, case, func, or_, select, union_all

from jupyterlab_al.store.tables import annotation, skip, undo

#: Annotations with when they were undone.
annotations_and_undos = select(annotation, undo.c.created_at.label("undone_at")).outerjoin(
    undo, undo.c.annotation_id == annotation.c.id
)

#: A page in order of arrival: one annotator's, or (None) everybody's.
annotations_after = (
    annotations_and_undos.where(
        annotation.c.project_id == bindparam("project"),
        annotation.c.id > bindparam("after"),
        or_(
            bindparam("annotator", type_=String).is_(None),
            annotation.c.annotator == bindparam("annotator"),
        ),
    )
    .order_by(annotation.c.id)
    .limit(bindparam("size"))
)

#: What stands of one annotator's own answers, newest first.
last_of_annotator = (
    annotations_and_undos.where(
        annotation.c.project_id == bindparam("project"),
        annotation.c.annotator == bindparam("annotator"),
        annotation.c.source != "import",
        undo.c.created_at.is_(None),
    )
    .order_by(annotation.c.id.desc())
    .limit(bindparam("size"))
)

#: Whether there are more annotations and skips than `n`; reads no more of an index than that.
fact_beyond = (
    union_all(
        select(annotation.c.id).where(annotation.c.project_id == bindparam("project")),
        select(skip.c.sample_id).where(skip.c.project_id == bindparam("project")),
    )
    .offset(bindparam("n"))
    .limit(1)
)

#: Annotations by the keys that clients made.
annotations_by_keys = annotations_and_undos.where(
    annotation.c.project_id == bindparam("project"),
    annotation.c.key.in_(bindparam("keys", expanding=True)),
)

#: One annotation.
annotation_by_id = annotations_and_undos.where(
    annotation.c.project_id == bindparam("project"), annotation.c.id == bindparam("annotation")
)

#: What stands of one sample: annotations that are not undone, first come first.
standing_of_sample = annotations_and_undos.where(
    annotation.c.project_id == bindparam("project"),
    annotation.c.sample_id == bindparam("sample"),
    undo.c.created_at.is_(None),
).order_by(annotation.c.id)

#: What stands of a whole project, for fitting, consensus and export.
standing: Select[Any] = (
    select(
        annotation.c.id,
        annotation.c.key,
        annotation.c.sample_id,
        annotation.c.label,
        annotation.c.annotator,
        annotation.c.source,
        annotation.c.created_at,
        annotation.c.seconds,
        annotation.c.draw_probability,
        annotation.c.decides,
    )
    .outerjoin(undo, undo.c.annotation_id == annotation.c.id)
    .where(
        annotation.c.project_id == bindparam("project"),
        undo.c.created_at.is_(None),
    )
    .order_by(annotation.c.sample_id, annotation.c.id)
)

#: The same as far as labels are exported.
standing_opinions: Select[Any] = standing.with_only_columns(
    annotation.c.sample_id,
    annotation.c.label,
    annotation.c.annotator,
    annotation.c.source,
    annotation.c.created_at,
    annotation.c.decides,
)

#: What stands of some samples.
standing_among = standing.where(annotation.c.sample_id.in_(bindparam("samples", expanding=True)))

#: The same of those samples only that have several annotations.
standing_of_several = standing.where(
    annotation.c.sample_id.in_(
        select(annotation.c.sample_id)
        .where(annotation.c.project_id == bindparam("project"))
        .group_by(annotation.c.sample_id)
        .having(func.count() > 1)
    )
)

#: Samples that were random checks at some time, each with its first annotation as one; labels that
#: were taken back count, too.
first_checks = (
    select(annotation.c.sample_id, func.min(annotation.c.id).label("first"))
    .where(annotation.c.project_id == bindparam("project"), annotation.c.source == "check")
    .group_by(annotation.c.sample_id)
)

#: The same of one sample.
first_check_of = first_checks.where(annotation.c.sample_id == bindparam("sample"))

#: Who gave the newest labels.
lately_active = (
    select(annotation.c.annotator)
    .where(annotation.c.project_id == bindparam("project"), annotation.c.source != "import")
    .order_by(annotation.c.id.desc())
    .limit(bindparam("size"))
)

#: Who labeled some samples, and how often each was reviewed.
labeled_by = (
    select(
        annotation.c.sample_id,
        annotation.c.annotator,
        func.sum(case((annotation.c.source == "review", 1), else_=0)).label("reviews"),
    )
    .where(
        annotation.c.project_id == bindparam("project"),
        annotation.c.sample_id.in_(bindparam("samples", expanding=True)),
    )
    .group_by(annotation.c.sample_id, annotation.c.annotator)
)

#: Samples that were labeled after an annotation.
labeled_since = (
    select(annotation.c.sample_id)
    .where(annotation.c.project_id == bindparam("project"), annotation.c.id > bindparam("after"))
    .distinct()
)

#: The id of the newest annotation.
high_water = select(func.coalesce(func.max(annotation.c.id), 0)).where(
    annotation.c.project_id == bindparam("project")
)

#: The pace: labels after an annotation, with the first and last time.
pace = select(
    func.count().label("n"),
    func.min(annotation.c.created_at).label("first"),
    func.max(annotation.c.created_at).label("last"),
).where(
    annotation.c.project_id == bindparam("project"),
    annotation.c.id > bindparam("after"),
    annotation.c.source != "import",
)
