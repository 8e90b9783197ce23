"""Rounds of training."""

from __future__ import annotations

from datetime import datetime

from jupyterlab_al.domain.models import JobState
from jupyterlab_al.handlers.schemas.wire import AccuracyReply, Reply


class RoundReply(Reply):
    """One round. `seconds` are wall clock and disjoint."""

    id: str
    state: JobState
    phase: str | None
    progress: float
    n_labels: int
    n_train: int
    n_checks: int
    #: Candidates that were scored, of those there are; null before the end.
    n_scored: int | None
    n_candidates: int | None
    seconds: dict[str, float]
    accuracy: AccuracyReply | None
    #: What the estimator warned of while it was fitted, each once; its order is used all the same.
    warnings: list[str]
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RoundsReply(Reply):
    """Reply of `GET rounds`, newest first."""

    rounds: list[RoundReply]
    next: str | None


class LastRoundReply(Reply):
    """The newest round, for the status line."""

    id: str
    state: JobState
    phase: str | None
    progress: float
    error: str | None
