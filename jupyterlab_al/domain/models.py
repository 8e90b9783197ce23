"""Frozen values that pass between the layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NewType

ProjectId = NewType("ProjectId", int)
JobId = NewType("JobId", int)
AnnotationId = NewType("AnnotationId", int)
#: Dense position of a sample in its dataset, 0 … n-1.
SampleId = int

Label = str | list[str]
ProjectState = Literal["preparing", "active", "paused", "archived", "failed"]
JobKind = Literal["prepare", "round"]
JobState = Literal["queued", "running", "finished", "failed", "cancelled"]
Role = Literal["owner", "annotator", "reviewer", "viewer"]
#: How a queue entry was drawn; an annotation can also be made by hand or imported.
AnnotationSource = Literal["query", "check", "cold_start", "review", "manual", "import"]
Source = Literal["query", "check", "cold_start", "review"]
EmptyBecause = Literal["preparing", "all_labeled", "held_by_others", "budget", "paused"]


def utc(milliseconds: int) -> datetime:
    """Return an aware UTC time from the store's milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who asks, and what they may do where no membership says otherwise."""

    id: str
    name: str
    default_role: Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """One labeling task, as stored."""

    id: ProjectId
    name: str
    title: str
    state: ProjectState
    error: str | None
    #: Dataset, display, features, estimator, strategy and numbers of section 6, as JSON.
    config: dict[str, Any]
    #: Names by class index; the index is what annotations store, so that a rename is free.
    classes: list[str]
    problems: list[str]
    n_samples: int
    #: Positions 0 … n_reserved-1 of the seeded permutation are kept for random checks.
    n_reserved: int
    #: Labels there were when the last round was asked for.
    labels_at_round: int
    #: The round whose ranking is in the queue, and the labels it was based on.
    order_round: JobId | None
    order_labels: int
    #: Newest annotation that this ranking knew.
    order_high_water: int
    created_by: str
    created_at: datetime
    #: Kept counters; see `store.tables.tally`.
    n_annotations: int
    role: Role

    @property
    def multi_label(self) -> bool:
        """Whether a label is a list of classes."""
        return bool(self.config["multi_label"])

    @property
    def overlap(self) -> int:
        """How many annotators each sample needs."""
        return int(self.config["overlap"])

    @property
    def seed(self) -> int:
        """Seed of the permutation and of all draws."""
        return int(self.config["seed"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """How a sample came into the queue."""

    sample_id: SampleId
    rank: int
    source: Source
    utility: float | None
    draw_probability: float | None
    round_id: JobId | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """One annotator's exclusive, expiring hold of one sample."""

    sample_id: SampleId
    token: str
    rank: int
    source: Source
    #: End of the hold, UTC; from then on anyone may claim the sample.
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """What a claim gives: leases, or why there are none."""

    leases: list[Lease]
    empty_because: EmptyBecause | None = None
    #: When the first sample held by others comes back.
    back_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAnnotation:
    """What a person says of a sample, before it is stored."""

    key: str
    sample_id: SampleId
    label: Label
    token: str | None = None
    flagged: bool = False
    comment: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotation:
    """One annotator's statement, as stored; nothing about it ever changes but `undone_at`."""

    id: AnnotationId
    key: str
    sample_id: SampleId
    label: Label
    annotator: str
    source: AnnotationSource
    created_at: datetime
    undone_at: datetime | None
    flagged: bool
    comment: str | None
    seconds: float | None
    round_id: JobId | None
    utility: float | None
    draw_probability: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One unit of work for the worker: preparing a dataset, or a round."""

    id: JobId
    project_id: ProjectId
    kind: JobKind
    state: JobState
    phase: str | None
    progress: float
    error: str | None
    attempts: int
    #: Labels (checks included) that there were when it began.
    n_labels: int
    #: Newest annotation that it is based on.
    high_water: int
    result: dict[str, Any] = field(default_factory=dict)
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
