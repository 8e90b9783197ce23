"""What every handler gets, by name, from the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from jupyterlab_al.domain.models import WorkerState
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.handlers.commits import Commits
from jupyterlab_al.handlers.events import EventHub
from jupyterlab_al.handlers.identity import IdentityResolver
from jupyterlab_al.handlers.pools import Pools
from jupyterlab_al.services.exports import ExportTask
from jupyterlab_al.store.database import Database


class WorkerStatus(Protocol):
    """What the supervisor knows of the worker."""

    @property
    def state(self) -> WorkerState:
        """One of off, starting, idle, busy, broken, external."""

    @property
    def pid(self) -> int | None:
        """Process id of the worker."""

    @property
    def message(self) -> str | None:
        """Why it is broken, or what else a person should know."""


class Watcher(Protocol):
    """Tells the front ends what the worker does."""

    def poke(self) -> None:
        """Say that there is something to watch."""


class Supervisor(Protocol):
    """Starts and stops the background worker."""

    def wake(self) -> None:
        """Start the worker, or tell it that there is work."""

    def status(self) -> WorkerStatus:
        """Return how the worker is."""

    def stop(self) -> None:
        """End the worker."""


class Exporter(Protocol):
    """Writes exports that would take this process too long."""

    async def write(self, task: ExportTask) -> None:
        """Write the file; cancelled, it stops."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Everything that handlers use."""

    database: Database
    commits: Commits
    settings: Settings
    identity: IdentityResolver
    supervisor: Supervisor
    watcher: Watcher
    exporter: Exporter
    pools: Pools
    events: EventHub

    def work_is_waiting(self) -> None:
        """Wake the worker, and whoever tells people about it."""
        self.supervisor.wake()
        self.watcher.poke()
