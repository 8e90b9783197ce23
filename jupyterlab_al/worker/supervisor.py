"""Starts the worker on first need, keeps it running and ends it with the server."""

from __future__ import annotations

import atexit
import os
import queue
import threading
import time
from dataclasses import dataclass
from logging import Logger
from typing import Literal

from jupyterlab_al.domain.models import WorkerState
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.worker.crashes import Crashes
from jupyterlab_al.worker.election import Election
from jupyterlab_al.worker.letter import Letter, worker_name
from jupyterlab_al.worker.worker_process import WorkerProcess

#: Seconds between two looks whether the server that runs the worker is gone.
ELECTION_EVERY = 2.0
#: Longest that `stop` waits, in seconds; the worker itself gets less.
LONGEST_STOP = 15.0


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerStatus:
    """What the supervisor knows of the worker."""

    state: WorkerState
    #: Process id of the worker, or of the server that runs it.
    pid: int | None = None
    #: Why it is broken, or what else a person should know.
    message: str | None = None


@dataclass(frozen=True, slots=True)
class _News:
    """What a worker said; None: it has ended."""

    of: int
    state: str | None


class Supervisor:
    """Runs one worker process for a server.

    All work is done by one thread, so `wake` and `status` return at once and may be called from
    any thread; the worker ends with that thread, and so with the server.

    Parameters
    ----------
    settings : Settings
        Handed to the worker.
    db_url : str
        The database; handed to the worker through a pipe, so that no process list shows it.
    mode : {"local", "external"}
        "external" starts nothing: workers run elsewhere.
    log : Logger
        Gets the worker's log, and what happens to it.
    crashes : Crashes, optional
        How patient to be with a worker that ends by itself.
    """

    def __init__(
        self,
        settings: Settings,
        db_url: str,
        *,
        mode: str,
        log: Logger,
        crashes: Crashes | None = None,
    ) -> None:
        self._letter = Letter(
            db_url=db_url, settings=settings, name=worker_name(), parent=os.getpid()
        )
        self._log = log
        self._is_external = mode == "external"
        # With PostgreSQL several workers are welcome; an embedded database has one.
        is_embedded = db_url.startswith("sqlite")
        self._election = Election(settings.data_dir) if is_embedded else None
        self._status = WorkerStatus(state="external" if self._is_external else "off")
        self._inbox: queue.SimpleQueue[_News | Literal["wake", "stop"]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = False
        # The rest belongs to the thread.
        self._process: WorkerProcess | None = None
        self._n_started = 0
        self._crashes = crashes or Crashes()
        #: When to try to start a worker; None while nobody needs one.
        self._start_at: float | None = None

    def wake(self) -> None:
        """Say that there is work: starts the worker, or makes it look at once."""
        if self._is_external:
            return
        with self._lock:
            if self._stopped:
                return
            if self._thread is None:
                atexit.register(self.stop)
                self._thread = threading.Thread(
                    target=self._run, name="jupyterlab-al-supervisor", daemon=True
                )
                self._thread.start()
        self._inbox.put("wake")

    def status(self) -> WorkerStatus:
        """Return how the worker is."""
        return self._status

    def stop(self) -> None:
        """End the worker and wait until it has ended; a second call does nothing."""
        with self._lock:
            self._stopped = True
            thread, self._thread = self._thread, None
        if thread is not None:
            self._inbox.put("stop")
            thread.join(LONGEST_STOP)
            atexit.unregister(self.stop)

    def _run(self) -> None:
        try:
            while self._handle(self._next()):
                if self._start_at is not None and time.monotonic() >= self._start_at:
                    self._start()
        except Exception as error:  # noqa: BLE001 - a person sees it as the worker's state
            self._log.exception("The worker is not looked after any more")
            self._end()
            self._status = WorkerStatus(state="broken", message=repr(error))
        else:
            self._end()

    def _next(self) -> _News | Literal["wake", "stop"] | None:
        """Return the next message; None when it is time to start a worker."""
        timeout = None
        if self._start_at is not None:
            timeout = max(0.0, self._start_at - time.monotonic())
        try:
            return self._inbox.get(timeout=timeout)
        except queue.Empty:
            return None

    def _handle(self, message: _News | Literal["wake", "stop"] | None) -> bool:
        """Act on a message; False for the last one."""
        if message == "stop":
            return False
        if message == "wake":
            self._woken()
        elif isinstance(message, _News) and message.of == self._n_started:
            self._heard(message.state)
        return True

    def _woken(self) -> None:
        now = time.monotonic()
        if self._process is not None:
            self._process.poke()
        elif self._start_at is None and not self._crashes.are_enough(now):
            self._start_at = self._crashes.next_start(now)

    def _heard(self, state: str | None) -> None:
        process = self._process
        if process is None:
            return
        if state is None:
            self._ended(process)
        else:
            self._status = WorkerStatus(
                state="busy" if state == "busy" else "idle", pid=process.pid
            )

    def _start(self) -> None:
        self._start_at = None
        self._n_started += 1
        number = self._n_started
        try:
            if self._election is not None and not self._election.win():
                self._wait_for_election(self._election)
                return
            self._process = WorkerProcess(
                self._letter, lambda state: self._inbox.put(_News(number, state)), self._log
            )
        except OSError as error:
            self._crashed(f"No worker could be started: {error}")
            return
        self._status = WorkerStatus(state="starting", pid=self._process.pid)
        self._log.info("The worker starts, process %s", self._process.pid)

    def _wait_for_election(self, election: Election) -> None:
        self._status = WorkerStatus(
            state="external",
            pid=election.winner(),
            message="Another server on the same data folder runs the worker.",
        )
        self._start_at = time.monotonic() + ELECTION_EVERY

    def _ended(self, process: WorkerProcess) -> None:
        """Note that the worker ended though nobody asked it to."""
        code, last_lines = process.exit_code, process.last_lines
        process.end()
        self._process = None
        self._crashed(f"The worker ended with exit code {code}. {last_lines}".strip())

    def _crashed(self, message: str) -> None:
        now = time.monotonic()
        self._crashes.add(now)
        self._log.warning("%s", message)
        if self._crashes.are_enough(now):
            self._status = WorkerStatus(state="broken", message=message)
            # Another server may have more luck.
            if self._election is not None:
                self._election.resign()
            return
        self._start_at = self._crashes.next_start(now)
        self._status = WorkerStatus(state="starting", message=message)

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None
        if self._election is not None:
            self._election.resign()
        self._status = WorkerStatus(state="off")
