"""Exact accounting: what the server acknowledged against what it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.annotators import Work


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What became of the labels; of a sound server all but the first two are 0."""

    acknowledged: int
    stored: int
    #: Labels beyond the first of a sample.
    duplicates: int
    #: Labels that were acknowledged and are not there, or there with another sample.
    lost: int
    #: Labels that are there though nobody was told.
    unasked: int
    errors: int

    @property
    def is_exact(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.duplicates or self.lost or self.unasked or self.errors)


def account(works: Iterable[Work], stored: Iterable[Mapping[str, Any]]) -> Account:
    """Compare what annotators were told with all annotations of the project."""
    works = list(works)
    told = [(key, sample_id) for work in works for key, sample_id in work.acknowledged]
    there = [(each["key"], each["sample_id"]) for each in stored if each["undone_at"] is None]
    labels_of = Counter(sample_id for _, sample_id in there)
    return Account(
        acknowledged=len(told),
        stored=len(there),
        duplicates=sum(n - 1 for n in labels_of.values()),
        lost=sum((Counter(told) - Counter(there)).values()),
        unasked=sum((Counter(there) - Counter(told)).values()),
        errors=sum(len(work.errors) for work in works),
    )
