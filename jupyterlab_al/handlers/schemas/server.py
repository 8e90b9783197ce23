"""The server itself: its state, its refusals and its events."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict

from jupyterlab_al.domain.models import Role, WorkerState
from jupyterlab_al.handlers.schemas.wire import Reply


class ErrorReply(Reply):
    """Every refusal: a word for programs, a sentence for people, and facts where there are some.

    Such as `field`, the part of the body that is wrong, or `labeled`, the classes that are labeled.
    """

    model_config = ConfigDict(extra="allow", strict=True)

    error: str
    message: str


class UserReply(Reply):
    """Who the server takes the caller for."""

    id: str
    name: str
    role: Role


class WorkerReply(Reply):
    """The background worker, as the server sees it."""

    state: WorkerState
    pid: int | None
    busy_with: str | None
    message: str | None = None


class StatusReply(Reply):
    """Reply of `GET status`."""

    version: str
    database: Literal["sqlite", "postgresql"]
    worker: WorkerReply
    user: UserReply
    strategies: list[str]


class ProjectEvent(Reply):
    """Data of one server-sent event: a hint to read again by REST."""

    seq: int
    project: str
    at: datetime
    what: str
    round: str | None = None
    phase: str | None = None
    progress: float | None = None
    n_labels: int | None = None
