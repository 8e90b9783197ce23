"""What an export consists of, column by column, in memory that does not grow with it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.consensus import consensus
from jupyterlab_al.domain.models import Label, Project
from jupyterlab_al.store import annotation_log, queue
from jupyterlab_al.store.prepared import Columns

if TYPE_CHECKING:
    from sqlalchemy import Connection

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


def labels_of(tx: Connection, project: Project, *, size: int) -> Iterator[Columns]:
    """Yield the labeled samples, about `size` at once, by sample; consensus where several speak.

    Times are those of the store; see `moments`.
    """
    named = _Names(project)
    for facts in annotation_log.standing_in_parts(tx, project.id, size=size):
        ids = np.array(facts["sample_id"])
        starts = np.flatnonzero(np.diff(ids, prepend=-1))
        counts = np.diff(starts, append=len(ids))
        spoke, agreement = starts.tolist(), [1.0] * len(starts)
        for n in np.flatnonzero(counts > 1):
            of_sample = [
                {name: column[at] for name, column in facts.items()}
                for at in range(starts[n], starts[n] + counts[n])
            ]
            first, agreement[n] = _consensus(of_sample, project.classes)
            spoke[n] += first
        yield {
            "sample_id": ids[starts].tolist(),
            "label": [named[facts["label"][at]] for at in spoke],
            "n_annotations": counts.tolist(),
            "agreement": agreement,
            "source": [facts["source"][at] for at in spoke],
            "labeled_at": [facts["created_at"][at] for at in spoke],
        }


def annotations_of(tx: Connection, project: Project, *, size: int) -> Iterator[Columns]:
    """Yield all facts in order of arrival, undone ones too; times are those of the store."""
    named = _Names(project)
    after = 0
    while (page := annotation_log.page_of_columns(tx, project.id, after=after, size=size))["id"]:
        after = page["id"][-1]
        page["label"] = [named[text] for text in page["label"]]
        yield page


def tasks_of(tx: Connection, project: Project, *, size: int) -> Iterator[Columns]:
    """Yield the samples that somebody labeled or skipped, by sample, with what stands of each."""
    named = _Names(project)
    standing = annotation_log.standing(tx, project.id)
    merged = heapq.merge(standing, queue.skips(tx, project.id), key=_BY_SAMPLE)
    by_sample = ((sample_id, list(facts)) for sample_id, facts in groupby(merged, key=_BY_SAMPLE))
    while part := list(islice(by_sample, size)):
        yield {
            "sample_id": [sample_id for sample_id, _ in part],
            "annotations": [
                [{**fact, "label": named[fact["label"]]} for fact in facts if "label" in fact]
                for _, facts in part
            ],
            "skips": [[fact for fact in facts if "label" not in fact] for _, facts in part],
        }


def _consensus(facts: Sequence[Mapping[str, Any]], classes: Sequence[str]) -> tuple[int, float]:
    """Return the place of the first that says the consensus, and the share of annotators who do."""
    opinions = annotation_log.opinions(facts, classes)
    found = consensus(opinions)
    return [each.label for each in opinions].index(found.label), found.agreement


class _Names(dict[str, Label]):
    """Stored labels by their classes' names; each is worked out once."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._classes = project.classes

    def __missing__(self, text: str) -> Label:
        label = labels.to_label(annotation_log.decode_label(text), classes=self._classes)
        self[text] = label
        return label


def moments(milliseconds: Sequence[int | None]) -> list[str | None]:
    """Return times of the store as ISO 8601, written as Python writes them."""
    times = np.array([0 if each is None else each for each in milliseconds], dtype=np.int64)
    texts = np.datetime_as_string(times.astype("datetime64[ms]"), unit="us").tolist()
    return [
        None if each is None else f"{text if each % 1000 else text[:-7]}+00:00"
        for each, text in zip(milliseconds, texts, strict=True)
    ]
