"""Starts and ends the processes that do the work; a fork server keeps the start short."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from types import ModuleType

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.worker.child import Limits, Message, Task, main
from jupyterlab_al.worker.fork_server import warm_up

#: How long a child may take to end after SIGTERM, in seconds.
GRACE = 0.5
#: Starting a child changes the environment and the main module for a moment.
_STARTING = threading.Lock()


class Child:
    """One process at work."""

    def __init__(self, process: ForkServerProcess, connection: Connection) -> None:
        self._process = process
        self._connection = connection
        self._at_end = False

    @property
    def pid(self) -> int:
        """Process id, which is that of its process group too."""
        assert self._process.pid is not None  # noqa: S101 - it was started
        return self._process.pid

    @property
    def waitables(self) -> list[Connection | int]:
        """What becomes readable when it says something or ends."""
        return [self._process.sentinel] + ([] if self._at_end else [self._connection])

    def messages(self) -> Iterator[Message]:
        """Yield what it has said since the last look, without waiting."""
        try:
            while not self._at_end and self._connection.poll():
                yield self._connection.recv()
        except (EOFError, OSError):
            # Also a message cut off in the middle: the process was killed while it spoke.
            self._at_end = True

    @property
    def exit_code(self) -> int | None:
        """Exit code, negative for a signal; None while it runs."""
        return self._process.exitcode

    def dismiss(self) -> None:
        """Ask it and all processes that it started to end, and don't wait; `end` must follow."""
        self._signal(signal.SIGTERM)

    def end(self) -> None:
        """End it and all processes that it started; SIGKILL where SIGTERM does not do."""
        self.dismiss()
        self._process.join(GRACE)
        self._signal(signal.SIGKILL)
        self._process.join()
        self._connection.close()
        self._process.close()

    def _signal(self, number: signal.Signals) -> None:
        # The group stays while any process of it does, also after its first one ended.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)
        if self._process.is_alive():
            # It may be too young to have its own group.
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class Children:
    """Starts children from a process that has imported scikit-learn already."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._context = get_context("forkserver")

    def start(self, task: Task) -> Child:
        """Start a child on a task.

        Raises
        ------
        RoundFailedError
            No process could be started.
        """
        try:
            return self._start(task)
        except OSError:
            # The fork server was killed: once more with a new one.
            time.sleep(0.1)
        try:
            return self._start(task)
        except OSError as error:
            raise RoundFailedError(
                f"No process could be started ({error}); the machine is short of memory or of "
                "processes. Ask for it again later."
            ) from error

    def _start(self, task: Task) -> Child:
        reader, writer = self._context.Pipe(duplex=False)
        process = self._context.Process(target=main, args=(writer, task, self.limits))
        try:
            with _STARTING, _no_main_module():
                warm_up()
                process.start()
        except BaseException:
            reader.close()
            raise
        finally:
            writer.close()
        return Child(process, reader)


@contextmanager
def _no_main_module() -> Iterator[None]:
    """Keep multiprocessing from running the program's file once more in each child.

    A child needs nothing of it, and a command's file would import for a second each time.
    """
    main_module = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main_module


def wait_for(child: Child, bell: int, timeout: float) -> None:
    """Wait until the child says something or ends, or somebody rings; at most `timeout` seconds."""
    wait([*child.waitables, bell], timeout)
