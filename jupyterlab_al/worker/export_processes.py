"""Exports in processes of their own, so that labels don't wait for them."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from logging import Logger

from jupyterlab_al.domain.errors import UnavailableError
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.services.exports import ExportTask
from jupyterlab_al.worker import export
from jupyterlab_al.worker.letter import Letter, worker_name
from jupyterlab_al.worker.process import child_environment

#: Exports that are written at once; others wait for their turn.
AT_ONCE = 2


class ExportProcesses:
    """Starts a process for each export and ends it when nobody waits for it any more.

    Parameters
    ----------
    settings : Settings
    db_url : str
        Handed on through a pipe, so that no process list shows it.
    log : Logger
        Gets what an export says that failed.
    """

    def __init__(self, settings: Settings, db_url: str, *, log: Logger) -> None:
        self._letter = Letter(
            db_url=db_url, settings=settings, name=worker_name(), parent=os.getpid()
        )
        self._log = log
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def write(self, task: ExportTask) -> None:
        """Write the file; a task that is cancelled ends the process.

        Raises
        ------
        ActiveLearningError
            As of `exports.write`.
        UnavailableError
            `export_ended`: the process was ended from outside, or could not be started.
        """
        async with self._turns:
            try:
                process = await asyncio.create_subprocess_exec(
                    # -P: a file json.py in the server's folder must not be imported.
                    *(sys.executable, "-P", "-m", export.__name__),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.PIPE,
                    env=child_environment(),
                    start_new_session=True,
                )
            except OSError as error:
                raise _ended(f"it could not be started: {error}") from error
            try:
                await self._end_of(process, task)
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    async def _end_of(self, process: asyncio.subprocess.Process, task: ExportTask) -> None:
        assert process.stdin is not None  # noqa: S101 - all three are pipes
        assert process.stdout is not None  # noqa: S101
        assert process.stderr is not None  # noqa: S101
        # The pipe stays open: its end is what tells the process that the server has gone.
        process.stdin.write(self._letter.encode() + export.encode(task))
        said, log = await asyncio.gather(process.stdout.read(), process.stderr.read())
        code = await process.wait()
        if code == 0:
            return
        if error := export.error_of(said):
            raise error
        self._log.error("An export failed: %s", log.decode(errors="replace"))
        raise _ended(f"exit code {code}")


def _ended(why: str) -> UnavailableError:
    return UnavailableError(
        f"The export's process ended before it was done ({why}); nothing was changed. Its memory "
        "may have run out: try again, or export without the samples' own columns.",
        word="export_ended",
    )
