"""Frozen values that pass between the layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, NewType

ProjectId = NewType("ProjectId", int)
JobId = NewType("JobId", int)
AnnotationId = NewType("AnnotationId", int)
#: Dense position of a sample in its dataset, 0 … n-1.
SampleId = int

Label = str | list[str]
ProjectState = Literal["preparing", "active", "paused", "archived", "failed"]
JobKind = Literal["prepare", "round"]
JobState = Literal["queued", "running", "finished", "failed", "cancelled"]
WorkerState = Literal["off", "starting", "idle", "busy", "broken", "external"]
Role = Literal["owner", "annotator", "reviewer", "viewer"]
#: How a queue entry was drawn; an annotation can also be made by hand or imported.
AnnotationSource = Literal["query", "check", "cold_start", "review", "manual", "import"]
Source = Literal["query", "check", "cold_start", "review"]
EmptyBecause = Literal["preparing", "all_labeled", "held_by_others", "budget", "paused"]


def utc(milliseconds: int) -> datetime:
    """Return an aware UTC time from the store's milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


#: Characters of a person's name, as the database takes it.
LONGEST_NAME = 255


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who asks, and what they may do where no membership says otherwise."""

    id: str
    name: str
    default_role: Role


#: Who asks where nobody does: the server and the worker themselves.
NOBODY = Person(id="", name="", default_role="owner")


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Samples that came together."""

    #: First sample.
    start: int
    n: int
    #: Places 0 … n_reserved-1 of its permutation are kept for random checks.
    n_reserved: int
    #: Newest annotation when it came: what was drawn by then had no chance to be of this block.
    after: int = 0


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
    #: Names by class index; the index is what annotations store, so that a rename is free. A class
    #: that was merged into another has that one's name.
    classes: list[str]
    problems: list[str]
    n_samples: int
    #: How many are kept for random checks: the first of each block's permutation.
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
    def class_names(self) -> list[str]:
        """The classes that a person can choose from, each once."""
        return list(dict.fromkeys(name for name in self.choices if name))

    @property
    def choices(self) -> list[str]:
        """Names by class index; blank where a class was merged into another."""
        gone = set(self.merged.values())
        return ["" if index in gone else name for index, name in enumerate(self.classes)]

    @property
    def merged(self) -> dict[str, int]:
        """Earlier names of the classes that were merged into others, with their indices."""
        return dict(self.config.get("merged", {}))

    @property
    def overlap(self) -> int:
        """How many annotators each sample needs."""
        return int(self.config["overlap"])

    @property
    def budget(self) -> int | None:
        """How many samples are to be labeled in all; None: all that there are."""
        return int(self.config.get("budget", 0)) or None

    @property
    def review_share(self) -> float:
        """Which part of the stream is looked at again."""
        return float(self.config.get("review_share", 0.0))

    @property
    def seed(self) -> int:
        """Seed of the permutation and of all draws."""
        return int(self.config["seed"])

    @property
    def blocks(self) -> list[Block]:
        """The samples that came together: those of the import, then those of each addition."""
        added = [Block(**each) for each in self.config.get("added", [])]
        first = Block(
            start=0,
            n=self.n_samples - sum(block.n for block in added),
            n_reserved=self.n_reserved - sum(block.n_reserved for block in added),
        )
        return [first, *added]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """How a sample came into the queue."""

    sample_id: SampleId
    rank: int
    source: Source
    utility: float | None
    draw_probability: float | None
    round_id: JobId | None
    #: Of a review: whoever labeled the sample before may be asked, too.
    again: bool = False


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


class ImportedLabel(NamedTuple):
    """A label that existed before."""

    sample_id: SampleId
    label: Label
    #: Whoever imports it, where nobody is named.
    annotator: str | None = None
    #: When it was given, milliseconds since 1970; None means now.
    at: int | None = None
    seconds: float | None = None
    comment: str | None = None
    flagged: bool = False


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
    #: Whether it renews the order and nothing else, between two rounds that the project asks for.
    early: bool = False
    result: dict[str, Any] = field(default_factory=dict)
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
