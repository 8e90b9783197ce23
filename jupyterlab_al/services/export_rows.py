"""What an export consists of, row by row, in memory that does not grow with it."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.consensus import consensus
from jupyterlab_al.domain.models import Label, Project
from jupyterlab_al.store import annotation_log, queue

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row = dict[str, Any]

#: Annotations read at once.
PAGE = 5_000

LABELS = ("sample_id", "sample_key", "label", "n_annotations", "agreement", "source", "labeled_at")
ANNOTATIONS = (
    "id",
    "key",
    "sample_id",
    "sample_key",
    "label",
    "annotator",
    "source",
    "created_at",
    "undone_at",
    "flagged",
    "comment",
    "seconds",
    "round_id",
    "utility",
    "draw_probability",
)
#: Columns that are times.
TIMES = ("created_at", "undone_at", "labeled_at")
_BY_SAMPLE = itemgetter("sample_id")


def labels_of(tx: Connection, project: Project) -> Iterator[Row]:
    """Yield one row for each labeled sample, by sample; the consensus where several speak.

    Times are those of the store; see `moments`.
    """
    named = _names(project)
    for sample_id, of_sample in groupby(annotation_log.standing(tx, project.id), key=_BY_SAMPLE):
        facts = list(of_sample)
        first, agreement = _consensus(facts, project.classes)
        yield {
            "sample_id": sample_id,
            "label": named(first["label"]),
            "n_annotations": len(facts),
            "agreement": agreement,
            "source": first["source"],
            "labeled_at": first["created_at"],
        }


def annotations_of(tx: Connection, project: Project) -> Iterator[Row]:
    """Yield every fact in order of arrival, undone ones too; times are those of the store."""
    named = _names(project)
    after = 0
    while page := annotation_log.page(tx, project.id, after=after, size=PAGE):
        for fact in page:
            fact["label"] = named(fact["label"])
            yield fact
        after = page[-1]["id"]


def tasks_of(tx: Connection, project: Project) -> Iterator[Row]:
    """Yield the samples that somebody labeled or skipped, by sample, with what stands of each."""
    named = _names(project)
    standing = annotation_log.standing(tx, project.id)
    merged = heapq.merge(standing, queue.skips(tx, project.id), key=_BY_SAMPLE)
    for sample_id, of_sample in groupby(merged, key=_BY_SAMPLE):
        facts = list(of_sample)
        yield {
            "sample_id": sample_id,
            "annotations": [
                {**fact, "label": named(fact["label"])} for fact in facts if "label" in fact
            ],
            "skips": [fact for fact in facts if "label" not in fact],
        }


def _consensus(
    facts: Sequence[Mapping[str, Any]], classes: Sequence[str]
) -> tuple[Mapping[str, Any], float]:
    """Return the first annotation with the consensus, and the share of annotators who say so."""
    if len(facts) == 1:
        return facts[0], 1.0
    opinions = annotation_log.opinions(facts, classes)
    found = consensus(opinions)
    return facts[[each.label for each in opinions].index(found.label)], found.agreement


def _names(project: Project) -> Callable[[str], Label]:
    """Return what gives a stored label by its classes' names; each is worked out once."""
    known: dict[str, Label] = {}

    def named(text: str) -> Label:
        if text not in known:
            known[text] = labels.to_label(
                annotation_log.decode_label(text), classes=project.classes
            )
        return known[text]

    return named


def moments(milliseconds: Sequence[int | None]) -> list[str | None]:
    """Return times of the store as ISO 8601, written as Python writes them."""
    times = np.array([0 if each is None else each for each in milliseconds], dtype=np.int64)
    texts = np.datetime_as_string(times.astype("datetime64[ms]"), unit="us").tolist()
    return [
        None if each is None else f"{text if each % 1000 else text[:-7]}+00:00"
        for each, text in zip(milliseconds, texts, strict=True)
    ]
