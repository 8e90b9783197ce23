"""The worker as a supervisor starts it: ``python -m jupyterlab_al.worker``.

stdin: one line with settings (see `letter`), then a line whenever there may be work; its end ends
the worker. stdout: a JSON line whenever it begins or ends to be busy. stderr: the log.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from jupyterlab_al.worker.bell import Bell
from jupyterlab_al.worker.fork_server import warm_up
from jupyterlab_al.worker.letter import Letter
from jupyterlab_al.worker.process import die_with_parent
from jupyterlab_al.worker.streams import line, private_streams

if TYPE_CHECKING:
    from jupyterlab_al.domain.models import Job

#: Seconds after which the system ends a worker that was told to stop and still runs.
LONGEST_GOODBYE = 4


def main() -> None:
    """Do jobs until stdin ends or SIGTERM comes."""
    bell = Bell()
    signal.signal(signal.SIGTERM, lambda _number, _frame: _stop(bell))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders, said = private_streams()
    letter = Letter.decode(line(orders))
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
