"""Watches what the worker does, and tells the front ends."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from jupyterlab_al.domain.errors import ActiveLearningError
from jupyterlab_al.handlers.events import EventHub
from jupyterlab_al.services import watching
from jupyterlab_al.services.watching import Change
from jupyterlab_al.store.database import Database

if TYPE_CHECKING:
    from jupyterlab_al.domain.models import JobId

SECONDS = 0.4
#: Ended jobs are looked at for this long, so that no end is missed.
MEMORY_MS = 60_000


class JobWatcher:
    """Polls jobs while somebody listens or something is under way; else it sleeps."""

    def __init__(self, database: Database, events: EventHub, log: logging.Logger) -> None:
        self._database = database
        self._events = events
        self._log = log
        self._seen: dict[JobId, int] = {}
        #: Rounds of which it was told that they started.
        self._begun: set[JobId] = set()
        self._poked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch on the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def poke(self) -> None:
        """Say that a job was queued."""
        self._poked.set()

    async def stop(self) -> None:
        """End the watch."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            busy = await self._look()
            if busy or self._events.something_listens.is_set():
                await asyncio.sleep(SECONDS)
                continue
            await _first(self._poked.wait(), self._events.something_listens.wait())
            self._poked.clear()

    async def _look(self) -> bool:
        try:
            changes = await asyncio.to_thread(
                self._database.read, watching.changes, lately_ms=MEMORY_MS
            )
        except ActiveLearningError as error:
            self._log.debug("Jobs can't be watched now: %s", error)
            return True
        for change in changes:
            if self._seen.get(change.job_id) != change.revision:
                self._tell(change)
        self._seen = {change.job_id: change.revision for change in changes}
        self._begun = {change.job_id for change in changes if change.has_begun}
        return any(change.state in ("queued", "running") for change in changes)

    def _tell(self, change: Change) -> None:
        if change.early and change.state != "finished":
            # Nobody waits for it; its end is worth telling, for the order is another.
            return
        if change.kind == "round":
            for what in _news(change, is_new=change.job_id not in self._begun):
                self._events.publish(
                    "round",
                    change.project,
                    what=what,
                    round=str(change.job_id),
                    phase=change.phase,
                    progress=0.0 if what == "started" else change.progress,
                )
        else:
            self._events.publish(
                "project",
                change.project,
                what="prepared" if change.state == "finished" else change.state,
                phase=change.phase,
                progress=change.progress,
            )


def _news(change: Change, *, is_new: bool) -> list[str]:
    """Return what to tell of a round; a short one may be over when it is seen first."""
    started = ["started"] if is_new and change.has_begun else []
    if change.state == "running":
        return started or ["progress"]
    return started if change.state == "queued" else [*started, change.state]


async def _first(*waits: object) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]  # type: ignore[call-overload]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
