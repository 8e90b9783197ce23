"""Keeps a job while it is worked on, and learns whether a person cancelled it."""

from __future__ import annotations

import time
from concurrent.futures import Future
from logging import Logger
from typing import Literal

from jupyterlab_al.domain.models import Job
from jupyterlab_al.store import jobs
from jupyterlab_al.store.database import Database
from jupyterlab_al.worker.child import Progress

#: How long a job is kept without a sign of life, in milliseconds.
LEASE_MS = 30_000
#: Seconds between two signs of life, with something to tell and without.
SPEAK_EVERY = 0.5
BEAT_EVERY = 2.0
#: Seconds until another try where the database does not answer.
RETRY_AFTER = 1.0

Pulse = Literal["kept", "cancelled", "lost"]


class Heartbeat:
    """Signs of life of one job, written without ever waiting for the database."""

    def __init__(self, database: Database, job: Job, worker: str, log: Logger) -> None:
        self._database = database
        self._job = job
        self._worker = worker
        self._log = log
        self._told: Progress | None = None
        self._next = 0.0
        self._answer: Future[bool | None] | None = None
        #: What the child said last.
        self.latest = Progress(phase="start", progress=0.0)

    def check(self, *, ask: bool = False) -> Pulse:
        """Beat where it is time, and say how the job stands.

        `ask` beats at once: somebody rang, perhaps because the job was cancelled.
        """
        if self._answer is not None:
            return self._heard() if self._answer.done() else "kept"
        now = time.monotonic()
        has_news = self.latest != self._told and now >= self._next - BEAT_EVERY + SPEAK_EVERY
        if ask or has_news or now >= self._next:
            self._beat(now)
        return "kept"

    def _beat(self, now: float) -> None:
        self._told, self._next = self.latest, now + BEAT_EVERY
        self._answer = self._database.submit(
            jobs.beat,
            self._job.id,
            self._worker,
            lease_ms=LEASE_MS,
            phase=self.latest.phase,
            progress=self.latest.progress,
        )

    def _heard(self) -> Pulse:
        answer, self._answer = self._answer, None
        assert answer is not None  # noqa: S101 - only asked where there is one
        error = answer.exception()
        if error is not None:
            # The job goes on; if this lasts longer than the lease, another worker may take it.
            self._log.warning("Job %s: no sign of life could be written: %s", self._job.id, error)
            self._next = time.monotonic() + RETRY_AFTER
            return "kept"
        is_cancelled = answer.result()
        if is_cancelled is None:
            return "lost"
        return "cancelled" if is_cancelled else "kept"
