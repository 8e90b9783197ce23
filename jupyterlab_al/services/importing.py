"""Labels in: onto the samples of a project that is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.models import ImportedLabel, Person, Project, SampleId
from jupyterlab_al.domain.roles import require
from jupyterlab_al.services.labeling import request_if_due
from jupyterlab_al.services.preparing import add_imported
from jupyterlab_al.services.queue import require_sample
from jupyterlab_al.store import annotation_log, projects

if TYPE_CHECKING:
    from sqlalchemy import Connection


def import_labels(
    tx: Connection, name: str, person: Person, imported: Sequence[ImportedLabel]
) -> int:
    """Store labels that existed before, all or none; return how many are new.

    A label that stands already, given by whoever is named or by anybody, is not new.

    Raises
    ------
    RuleError
        A label outside the classes, or a sample that is not in the pool.
    """
    project = projects.find(tx, name, person, lock=True)
    require(project, "own")
    for one in imported:
        require_sample(project, one.sample_id)
    new = _not_there(tx, project, imported)
    n = add_imported(tx, project, new, annotator=person.id)
    request_if_due(tx, project, project.n_annotations + n)
    return n


def _not_there(
    tx: Connection, project: Project, imported: Sequence[ImportedLabel]
) -> list[ImportedLabel]:
    there: set[tuple[SampleId, str, str | None]] = set()
    samples = sorted({one.sample_id for one in imported})
    for fact in annotation_log.standing_among(tx, project.id, samples):
        known = (fact["sample_id"], fact["label"])
        there |= {(*known, None), (*known, fact["annotator"])}
    new = []
    for one in imported:
        stored = labels.to_stored(
            one.label, classes=project.classes, multi_label=project.multi_label
        )
        if (one.sample_id, annotation_log.encode_label(stored), one.annotator) not in there:
            new.append(one)
    return new
