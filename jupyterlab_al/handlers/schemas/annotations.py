"""Annotations: given and listed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from jupyterlab_al.domain.models import AnnotationSource, Label
from jupyterlab_al.handlers.schemas.wire import Json, Reply, Wire


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


class AnnotationReply(Reply):
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


class AnnotationsReply(Reply):
    """Reply of annotate."""

    annotations: list[AnnotationReply]


class OwnAnnotationReply(AnnotationReply):
    """An annotation of the caller's, with what is shown of its sample."""

    display: dict[str, Json]


class OwnAnnotationsReply(Reply):
    """Reply of `GET annotations/own`: newest first, those left out that were undone."""

    annotations: list[OwnAnnotationReply]


class AnnotationPage(Reply):
    """Reply of `GET annotations`: in order of arrival."""

    annotations: list[AnnotationReply]
    next: str | None
