"""The wire: what requests and replies look like.

The OpenAPI document and `src/api/types.ts` are generated from these models.
Unknown fields and wrong JSON types are refused (400); values that break a rule are 422.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Label = str | list[str]
Json = Any
ProjectName = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w][\w .\-]*$")
]
ClassName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
ProjectState = Literal["preparing", "active", "paused", "archived", "failed"]
RoundState = Literal["queued", "running", "finished", "failed", "cancelled"]
EmptyBecause = Literal["preparing", "all_labeled", "held_by_others", "budget", "paused"]
Source = Literal["query", "check", "cold_start", "review"]
AnnotationSource = Literal["query", "check", "cold_start", "review", "manual", "import"]
Role = Literal["owner", "annotator", "reviewer", "viewer"]
WorkerState = Literal["off", "starting", "idle", "busy", "broken", "external"]
DatasetKind = Literal["table", "array", "images", "texts", "audio", "upload", "demo", "auto"]
DisplayKind = Literal["text", "markdown", "image", "audio", "row", "series", "mime", "auto"]
FeaturesKind = Literal[
    "text", "columns", "pixels", "audio", "array", "precomputed", "embedding", "auto"
]


class Wire(BaseModel):
    """Base of all bodies: strict types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True)


# --- creating and changing a project ------------------------------------------------


class DatasetIn(Wire):
    """Where the samples come from."""

    kind: DatasetKind
    path: str | None = None
    upload_id: str | None = None
    #: Name of a demo.
    name: str | None = None
    key_column: str | None = None
    #: What the keys were before they became text, e.g. `int64`: how a program gives them back.
    key_type: Annotated[str, StringConstraints(max_length=50)] | None = None
    #: Name of one of several arrays in a `.npz` file.
    array: str | None = None


class DisplayIn(Wire):
    """How a sample is shown."""

    kind: DisplayKind = "auto"
    column: str | None = None
    columns: list[str] | None = None


class FeaturesIn(Wire):
    """What the estimator learns from."""

    kind: FeaturesKind = "auto"
    column: str | None = None
    columns: list[str] | None = None
    path: str | None = None
    #: An uploaded `.npy` array, for `precomputed`.
    upload_id: str | None = None
    model: str | None = None


class EstimatorIn(Wire):
    """An estimator by import path with parameters, or an uploaded skops file."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    import_path: str | None = Field(default=None, alias="import")
    params: dict[str, Json] = Field(default_factory=dict)
    skops: str | None = None


class StrategyIn(Wire):
    """A query strategy by its registered name."""

    name: str = "default"
    params: dict[str, Json] = Field(default_factory=dict)


class CreateProject(Wire):
    """Body of `POST projects`: everything but `name` and `dataset` has a default."""

    name: ProjectName
    title: Annotated[str, StringConstraints(max_length=200)] | None = None
    dataset: DatasetIn
    display: DisplayIn = Field(default_factory=DisplayIn)
    features: FeaturesIn = Field(default_factory=FeaturesIn)
    classes: list[ClassName] = Field(default_factory=list, max_length=10_000)
    multi_label: bool = False
    label_column: str | None = None
    estimator: EstimatorIn | None = None
    strategy: StrategyIn = Field(default_factory=StrategyIn)
    retrain_every: int = Field(default=10, ge=1, le=1_000_000)
    check_share: float = Field(default=0.1, ge=0, le=1, allow_inf_nan=False)
    overlap: int = Field(default=1, ge=1, le=100)
    queue_size: int = Field(default=10_000, ge=1, le=1_000_000)
    seed: int = Field(default=0, ge=0, lt=2**32)
    blind: bool = True
    #: How many labels a wrong answer about one sample costs; for the stop advice.
    error_cost: float = Field(default=1.0, gt=0, le=1_000_000, allow_inf_nan=False)
    #: Labels that somebody is willing to give in all, for the stop advice; 0: no limit.
    budget: int = Field(default=0, ge=0, le=1_000_000_000)


class RenameClass(Wire):
    """A class to rename; `from` is the name it has now."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    old: str = Field(alias="from")
    new: ClassName = Field(alias="to")


class PatchProject(Wire):
    """Body of `PATCH projects/{name}`: only what is to change.

    `classes` is the whole new list: it keeps every class that stands now and adds new ones at
    any place, or has the same length with names changed (a rename by position);
    `rename_classes` says it outright.
    """

    title: Annotated[str, StringConstraints(max_length=200)] | None = None
    classes: list[ClassName] | None = Field(default=None, max_length=10_000)
    rename_classes: list[RenameClass] | None = None
    strategy: StrategyIn | None = None
    estimator: EstimatorIn | None = None
    retrain_every: int | None = Field(default=None, ge=1, le=1_000_000)
    check_share: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)
    overlap: int | None = Field(default=None, ge=1, le=100)
    state: Literal["active", "paused", "archived"] | None = None
    blind: bool | None = None
    error_cost: float | None = Field(default=None, gt=0, le=1_000_000, allow_inf_nan=False)
    budget: int | None = Field(default=None, ge=0, le=1_000_000_000)


class InspectRequest(Wire):
    """Body of `POST datasets/inspect`."""

    dataset: DatasetIn


# --- queue and annotations ----------------------------------------------------------


class ClaimRequest(Wire):
    """Body of `POST projects/{name}/queue/claim`."""

    size: int = Field(default=1, ge=1, le=50)
    client: UUID | None = None


class LeaseRef(Wire):
    """A lease by its sample and token."""

    sample_id: int
    token: str


class LeasesRequest(Wire):
    """Body of extend, release and skip."""

    leases: list[LeaseRef] = Field(max_length=1000)


class FindSamplesRequest(Wire):
    """Body of `POST projects/{name}/samples/find`."""

    keys: list[str] = Field(max_length=100_000)


class AnnotationIn(Wire):
    """One annotation; `key` makes a repeat harmless."""

    key: UUID
    sample_id: int
    token: str | None = None
    label: Label
    flagged: bool = False
    comment: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class AnnotateRequest(Wire):
    """Body of `POST projects/{name}/annotations`; all or nothing."""

    annotations: list[AnnotationIn] = Field(min_length=1, max_length=1000)


# --- replies ------------------------------------------------------------------------


class ErrorReply(Wire):
    """Every refusal: a word for programs, a sentence for people."""

    error: str
    message: str


class UserReply(Wire):
    """Who the server takes the caller for."""

    id: str
    name: str
    role: Role


class WorkerReply(Wire):
    """The background worker, as the server sees it."""

    state: WorkerState
    pid: int | None
    busy_with: str | None
    message: str | None = None


class StatusReply(Wire):
    """Reply of `GET status`."""

    version: str
    database: Literal["sqlite", "postgresql"]
    worker: WorkerReply
    user: UserReply
    strategies: list[str]


class AccuracyReply(Wire):
    """Accuracy on random checks with its 95 % interval; shares from 0 to 1."""

    value: float
    low: float
    high: float
    n: int


class ProgressReply(Wire):
    """How far a background job is."""

    phase: str
    progress: float


class ProjectReply(Wire):
    """One project."""

    name: str
    title: str
    state: ProjectState
    error: str | None
    dataset: Json
    display: Json
    features: Json
    classes: list[str]
    multi_label: bool
    label_column: str | None
    estimator: Json
    strategy: Json
    retrain_every: int
    check_share: float
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


class ProjectsReply(Wire):
    """Reply of `GET projects`."""

    projects: list[ProjectReply]
    next: str | None


class FindSamplesReply(Wire):
    """The samples of some keys, in their order; null where there is none."""

    sample_ids: list[int | None]


class OpenReply(Wire):
    """Where a labeling view can be opened by hand: below the server's address."""

    path: str


class LeaseReply(Wire):
    """One leased sample, ready to show. `source` and `prediction` are absent in blind projects."""

    sample_id: int
    sample_key: str
    rank: int
    source: Source | None = None
    expires_at: datetime
    token: str
    display: dict[str, Json]
    prediction: dict[str, float] | None = None


class ClaimReply(Wire):
    """Reply of a claim: leases, or why there are none."""

    leases: list[LeaseReply]
    empty_because: EmptyBecause | None
    #: When held by others: the moment at which the first sample comes back.
    back_at: datetime | None = None


class HeldLease(Wire):
    """A lease that was still held."""

    sample_id: int
    token: str
    expires_at: datetime


class LeasesReply(Wire):
    """Reply of extend, release and skip."""

    leases: list[HeldLease]


class AnnotationReply(Wire):
    """One annotation as it is stored."""

    id: str
    key: str
    sample_id: int
    sample_key: str
    label: Label
    annotator: str
    source: AnnotationSource
    created_at: datetime
    undone_at: datetime | None
    flagged: bool
    comment: str | None
    seconds: float | None


class AnnotationsReply(Wire):
    """Reply of annotate."""

    annotations: list[AnnotationReply]


class AnnotationPage(Wire):
    """Reply of `GET annotations`: in order of arrival."""

    annotations: list[AnnotationReply]
    next: str | None


class RoundReply(Wire):
    """One round. `seconds` are wall clock and disjoint."""

    id: str
    state: RoundState
    phase: str | None
    progress: float
    n_labels: int
    n_train: int
    n_checks: int
    seconds: dict[str, float]
    accuracy: AccuracyReply | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RoundsReply(Wire):
    """Reply of `GET rounds`, newest first."""

    rounds: list[RoundReply]
    next: str | None


class GainReply(Wire):
    """Chosen labels against as many random ones, both measured on the same random checks."""

    n_labels: int
    chosen: float
    random: float
    #: 95 % interval of chosen minus random.
    low: float
    high: float
    n_checks: int


class CurvePoint(Wire):
    """One finished round on the learning curve."""

    round: str
    n_labels: int
    accuracy: float | None
    low: float | None
    high: float | None
    utility_mean: float | None
    changed_share: float | None
    #: Agreement with the round before beyond chance (kappa).
    agreement: float | None
    #: Chosen against random labels, as measured in that round.
    gain: GainReply | None


class Vote(Wire):
    """One stopping rule's opinion."""

    rule: str
    says: Literal["continue", "stop", "unknown"]
    because: str


class AdviceReply(Wire):
    """Whether more labels would help."""

    stop: bool
    votes: list[Vote]


class OrderReply(Wire):
    """What the queue is ordered by now."""

    by: Literal["random", "model"]
    #: Whether the strategy gets to know the data or asks where the model is unsure.
    phase: Literal["explore", "refine"]
    round: str | None
    n_labels: int
    labels_since: int
    #: Classes that still lack labels before the model can join, and how many.
    needs: dict[str, int]


class LastRoundReply(Wire):
    """The newest round, for the status line."""

    id: str
    state: RoundState
    phase: str | None
    progress: float
    error: str | None


class ThroughputReply(Wire):
    """The pace of labeling over the newest labels of the project."""

    per_hour: float
    seconds_per_label: float


class ClassFiguresReply(Wire):
    """One class on the random checks; null where none was counted."""

    #: Of the samples that are given the class, the share that are of it.
    precision: AccuracyReply | None
    #: Of the samples that are of the class, the share that is found.
    recall: AccuracyReply | None


class SecondReadingReply(Wire):
    """Accuracy from chosen labels, weighted by the probabilities of their draws (LURE)."""

    value: float
    standard_error: float
    n: int


class MetricsReply(Wire):
    """Reply of `GET metrics`; no figure but `second_reading` comes from chosen labels."""

    labels: int
    labels_per_class: dict[str, int]
    checks: int
    skipped: int
    n_samples: int
    n_labeled: int
    accuracy: AccuracyReply | None
    curve: list[CurvePoint]
    per_class: dict[str, ClassFiguresReply]
    gain: GainReply | None
    second_reading: SecondReadingReply | None
    predicted_share: dict[str, float]
    advice: AdviceReply
    order: OrderReply
    last_round: LastRoundReply | None
    throughput: ThroughputReply | None


class SampleReply(Wire):
    """Reply of `GET samples/{id}`."""

    sample_id: int
    sample_key: str
    display: dict[str, Json]


class UploadReply(Wire):
    """Reply of `POST uploads`."""

    upload_id: str


class ColumnReply(Wire):
    """A column of a dataset, as found by a look at its first rows."""

    name: str
    type: Literal["number", "category", "text", "date", "boolean", "other"]
    missing: int
    distinct: int
    example: str | None


class PreviewReply(Wire):
    """One of the first rows, as the annotator will see it."""

    sample_key: str
    display: dict[str, Json]


class ProblemReply(Wire):
    """Something about the data that a person should know, beside the field it belongs to."""

    field: str
    message: str


class InspectReply(Wire):
    """Reply of `POST datasets/inspect`."""

    n_rows: int
    n_rows_exact: bool
    columns: list[ColumnReply]
    #: Names of the arrays in a `.npz` file that holds several, to choose one by `dataset.array`.
    arrays: list[str]
    preview: list[PreviewReply]
    #: A body for `POST projects`.
    proposal: dict[str, Json]
    problems: list[ProblemReply]


class ProjectEvent(Wire):
    """Data of one server-sent event: a hint to read again by REST."""

    seq: int
    project: str
    at: datetime
    what: str
    round: str | None = None
    phase: str | None = None
    progress: float | None = None
    n_labels: int | None = None
