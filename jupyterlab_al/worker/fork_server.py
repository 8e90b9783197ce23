"""The process that has imported scikit-learn, from which all children are forked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver

from jupyterlab_al.worker.process import SERVER_SECRETS, bound_threads, forget

#: Names the worker's process to its fork server.
WORKER_PID = "AL_WORKER_PID"


def warm_up() -> None:
    """Start the fork server, or start it again where it is gone; does not wait until it is warm.

    To be called from the main thread: the fork server ends with the thread that started it.
    """
    forkserver.set_forkserver_preload(["jupyterlab_al.worker.warm"])
    with _environment():
        forkserver.ensure_running()


@contextmanager
def _environment() -> Iterator[None]:
    """Give children their environment, for as long as it takes to start their parent.

    This process may be a person's own: a command, or a notebook.
    """
    before = dict(os.environ)
    forget(os.environ, SERVER_SECRETS)
    bound_threads(os.environ)
    os.environ[WORKER_PID] = str(os.getpid())
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)
