"""The worker as a supervisor starts it: ``python -m jupyterlab_al.worker``.

stdin: one line with settings (see `letter`), then a line whenever there may be work; its end ends
the worker. stdout: a JSON line whenever it begins or ends to be busy. stderr: the log.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from jupyterlab_al.worker.bell import Bell
from jupyterlab_al.worker.fork_server import warm_up
from jupyterlab_al.worker.letter import Letter
from jupyterlab_al.worker.process import die_with_parent

if TYPE_CHECKING:
    from jupyterlab_al.domain.models import Job

#: Seconds after which the system ends a worker that was told to stop and still runs.
LONGEST_GOODBYE = 4


def main() -> None:
    """Do jobs until stdin ends or SIGTERM comes."""
    bell = Bell()
    signal.signal(signal.SIGTERM, lambda _number, _frame: _stop(bell))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders, said = _private_streams()
    letter = Letter.decode(_line(orders))
    die_with_parent(letter.parent, signal.SIGTERM)
    # Both import for a second; side by side it is one.
    warm_up()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    threading.Thread(target=_listen, args=(orders, bell), daemon=True).start()

    from jupyterlab_al.store.database import Database, open_engine
    from jupyterlab_al.worker.loop import Worker

    def tell(job: Job | None) -> None:
        state = "idle" if job is None else "busy"
        with suppress(BrokenPipeError):
            os.write(said, json.dumps({"state": state}).encode() + b"\n")

    database = Database(open_engine(letter.db_url))
    try:
        Worker(letter.settings, database, bell, name=letter.name).run(tell)
    finally:
        database.dispose()


def _private_streams() -> tuple[int, int]:
    """Return stdin and stdout for this process alone; estimators get none and stderr instead."""
    orders, said = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return orders, said


def _line(orders: int) -> bytes:
    """Return the first line; byte by byte, since what follows is for the listening thread."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(orders, 1)
        if not byte:
            sys.exit(0)
        line += byte
    return bytes(line)


def _listen(orders: int, bell: Bell) -> None:
    while os.read(orders, 4096):
        bell.ring()
    _stop(bell)


def _stop(bell: Bell) -> None:
    bell.stop()
    # A database or a disk may keep the loop from ending.
    signal.alarm(LONGEST_GOODBYE)


if __name__ == "__main__":
    main()
