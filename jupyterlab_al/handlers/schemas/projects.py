"""Projects: made, changed, and as they stand."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from jupyterlab_al.domain.models import ProjectState, Role
from jupyterlab_al.handlers.schemas.datasets import DatasetIn, DisplayIn, FeaturesIn
from jupyterlab_al.handlers.schemas.wire import AccuracyReply, Json, Reply, Wire

#: No space at the end: it would be lost wherever somebody writes the name.
ProjectName = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"^\w([\w .\-]*[\w.\-])?$")
]
ClassName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class EstimatorIn(Wire):
    """An estimator by import path with parameters, or an uploaded skops file."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    import_path: str | None = Field(default=None, alias="import")
    params: dict[str, Json] = Field(default_factory=dict)
    #: What `POST uploads` answered to the file; every type in it must be trusted.
    skops: str | None = None
    #: What an uploaded one is, in short; the server says it and takes nobody's word for it.
    description: str | None = None


class StrategyIn(Wire):
    """A query strategy by its registered name."""

    name: str = "default"
    params: dict[str, Json] = Field(default_factory=dict)


Title = Annotated[str, StringConstraints(max_length=200)]
RetrainEvery = Annotated[int, Field(ge=1, le=1_000_000)]
CheckShare = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
#: Part of the stream that is looked at again: likely label errors and disputed samples.
ReviewShare = Annotated[float, Field(ge=0, le=0.5, allow_inf_nan=False)]
Overlap = Annotated[int, Field(ge=1, le=100)]
#: How many labels a wrong answer about one sample costs; for the stop advice.
ErrorCost = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]
#: Samples that are to be labeled; then nothing more is handed out. 0: no limit.
Budget = Annotated[int, Field(ge=0, le=1_000_000_000)]


class CreateProject(Wire):
    """Body of `POST projects`: everything but `name` and `dataset` has a default."""

    name: ProjectName
    title: Title | None = None
    dataset: DatasetIn
    display: DisplayIn = Field(default_factory=DisplayIn)
    features: FeaturesIn = Field(default_factory=FeaturesIn)
    classes: list[ClassName] = Field(default_factory=list, max_length=10_000)
    multi_label: bool = False
    label_column: str | None = None
    estimator: EstimatorIn | None = None
    strategy: StrategyIn = Field(default_factory=StrategyIn)
    retrain_every: RetrainEvery = 10
    #: Whether the order is renewed in between while that is cheap; by default if `retrain_every`
    #: is not given.
    early_rounds: bool | None = None
    check_share: CheckShare = 0.1
    review_share: ReviewShare = 0.0
    overlap: Overlap = 1
    queue_size: int = Field(default=10_000, ge=1, le=1_000_000)
    seed: int = Field(default=0, ge=0, lt=2**32)
    blind: bool = True
    error_cost: ErrorCost = 1.0
    budget: Budget = 0

    @model_validator(mode="after")
    def _keep_to_a_given_pace(self) -> Self:
        if self.early_rounds is None:
            self.early_rounds = "retrain_every" not in self.model_fields_set
        return self


class RenameClass(Wire):
    """A class to rename; `from` is the name it has now."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    old: str = Field(alias="from")
    new: ClassName = Field(alias="to")


class MergeClass(Wire):
    """A class whose labels are to count as another's from now on."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    source: str = Field(alias="from")
    into: str


class PatchProject(Wire):
    """Body of `PATCH projects/{name}`: only what is to change.

    `classes` is the whole new list: it keeps every class that stands now and adds new ones at
    any place, or has the same length with names changed (a rename by position);
    `rename_classes` says it outright. Merged classes keep their labels as they were given, so that
    `split_classes`, by their earlier names, takes the merge back.
    """

    title: Title | None = None
    classes: list[ClassName] | None = Field(default=None, max_length=10_000)
    rename_classes: list[RenameClass] | None = None
    merge_classes: list[MergeClass] | None = None
    split_classes: list[str] | None = None
    strategy: StrategyIn | None = None
    estimator: EstimatorIn | None = None
    retrain_every: RetrainEvery | None = None
    early_rounds: bool | None = None
    check_share: CheckShare | None = None
    review_share: ReviewShare | None = None
    overlap: Overlap | None = None
    state: Literal["active", "paused", "archived"] | None = None
    blind: bool | None = None
    error_cost: ErrorCost | None = None
    budget: Budget | None = None

    @model_validator(mode="after")
    def _keep_to_a_given_pace(self) -> Self:
        if self.retrain_every is not None and self.early_rounds is None:
            self.early_rounds = False
        return self


class ProgressReply(Reply):
    """How far a background job is."""

    phase: str
    progress: float


class MergedClass(Reply):
    """A class that was merged into another."""

    name: str
    into: str
    #: Where it stood among the classes: its key on the keyboard stays free.
    position: int


class ProjectReply(Reply):
    """One project."""

    name: str
    title: str
    state: ProjectState
    error: str | None
    dataset: Json
    display: Json
    features: Json
    classes: list[str]
    merged: list[MergedClass]
    multi_label: bool
    label_column: str | None
    estimator: Json
    strategy: Json
    retrain_every: int
    early_rounds: bool
    check_share: float
    review_share: float
    overlap: int
    queue_size: int
    seed: int
    blind: bool
    error_cost: float
    budget: int
    n_samples: int
    n_labeled: int
    n_annotations: int
    n_checks: int
    accuracy: AccuracyReply | None
    preparing: ProgressReply | None
    problems: list[str]
    role: Role
    created_at: datetime
    last_activity_at: datetime


class ProjectsReply(Reply):
    """Reply of `GET projects`."""

    projects: list[ProjectReply]
    next: str | None


class OpenReply(Reply):
    """Where a labeling view can be opened by hand: below the server's address."""

    path: str
