"""One export in a process of its own: ``python -m jupyterlab_al.worker.export``.

stdin: a letter, then a line with the task; its end ends the process. stdout: a line with the error
where the exit code is not 0. stderr: the log.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jupyterlab_al.domain import errors
from jupyterlab_al.domain.models import Person
from jupyterlab_al.services import exports
from jupyterlab_al.services.exports import ExportTask
from jupyterlab_al.store.database import Database, open_engine
from jupyterlab_al.worker import process
from jupyterlab_al.worker.letter import Letter
from jupyterlab_al.worker.streams import line, private_streams

#: Seconds after which the system ends an export whose server has gone and that still runs.
LONGEST_GOODBYE = 10


def main() -> None:
    """Write the file, or say why not."""
    process.step_back()
    # Rows by the hundred thousand, none of them in a cycle: looking for one is a third of the time.
    gc.disable()
    orders, said = private_streams()
    letter, task = Letter.decode(line(orders)), decode(line(orders))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # As an exception, so that what is half written goes away.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    threading.Thread(target=_end_with_server, args=(orders,), daemon=True).start()
    database = Database(open_engine(letter.db_url))
    try:
        database.read(exports.write, task, letter.settings)
    except errors.ActiveLearningError as error:
        os.write(said, error_line(error))
        sys.exit(1)
    except SystemExit:
        # Only the server could send the file, and it has gone.
        task.path.unlink(missing_ok=True)
        with suppress(OSError):
            task.path.parent.rmdir()
        raise
    finally:
        database.dispose()
    # The file is closed; taking the interpreter down would be a sixth of a small export's time.
    os._exit(0)


def _end_with_server(orders: int) -> None:
    with suppress(OSError):
        while os.read(orders, 4096):
            pass
    signal.alarm(LONGEST_GOODBYE)
    os.kill(os.getpid(), signal.SIGTERM)


def encode(task: ExportTask) -> bytes:
    """Return a task as a line."""
    return json.dumps({**asdict(task), "path": str(task.path)}).encode() + b"\n"


def decode(text: bytes) -> ExportTask:
    """Return the task of a line."""
    body: dict[str, Any] = json.loads(text)
    person, path = Person(**body.pop("person")), Path(body.pop("path"))
    return ExportTask(person=person, path=path, **body)


def error_line(error: errors.ActiveLearningError) -> bytes:
    """Return an error as a line."""
    body = {"kind": type(error).__name__, "message": error.message, "word": error.word}
    return json.dumps({**body, "facts": error.facts}, default=str).encode() + b"\n"


def error_of(text: bytes) -> errors.ActiveLearningError | None:
    """Return the error of a line; None where there is none."""
    try:
        body = json.loads(text)
        kind: type[errors.ActiveLearningError] = getattr(errors, body["kind"])
        return kind(body["message"], word=body["word"], **body["facts"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


if __name__ == "__main__":
    main()
