"""Datasets: where samples come from, how they are shown, and a look at them beforehand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from jupyterlab_al.datasets.description import DatasetKind, DisplayKind, FeaturesKind
from jupyterlab_al.handlers.schemas.wire import Json, Reply, Wire


class DatasetIn(Wire):
    """Where the samples come from."""

    kind: DatasetKind
    path: str | None = None
    upload_id: str | None = None
    #: Name of a demo.
    name: str | None = None
    key_column: str | None = None
    #: What the keys were before they became text: how a program gives them back.
    key_type: Annotated[str, StringConstraints(max_length=2000)] | None = None
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
    #: A `.npy` array or a sparse `.npz` below the server's root, for `precomputed`.
    path: str | None = None
    #: An uploaded `.npy` array, or sparse rows as Arrow, for `precomputed`.
    upload_id: str | None = None
    model: str | None = None


class InspectRequest(Wire):
    """Body of `POST datasets/inspect`."""

    dataset: DatasetIn
    #: How the first rows of a table are shown; by default as proposed.
    display: DisplayIn | None = None


class UploadReply(Reply):
    """Reply of `POST uploads`."""

    upload_id: str


class ColumnReply(Reply):
    """A column of a dataset, as found by a look at its first rows."""

    name: str
    type: Literal["number", "category", "text", "date", "boolean", "other"]
    missing: int
    distinct: int
    example: str | None
    #: How it is best shown, where it is shown alone.
    display: Literal["text", "image", "mime", "series"]


class PreviewReply(Reply):
    """One of the first rows, as the annotator will see it."""

    sample_key: str
    display: dict[str, Json]


class ProblemReply(Reply):
    """Something about the data that a person should know, beside the field it belongs to."""

    field: str
    message: str


class InspectReply(Reply):
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
