"""The process that has imported scikit-learn, from which all children are forked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver

from jupyterlab_al.worker.process import SERVER_SECRETS, bound_threads, forget

#: Names the worker's process to its fork server.
WORKER_PID = "AL_WORKER_PID"
#: Bytes of a folder's path below which multiprocessing's sockets may have theirs.
LONGEST_FOLDER = 107 - len("/pymp-12345678/listener-12345678")


def warm_up() -> None:
    """Start the fork server, or start it again where it is gone; does not wait until it is warm.

    To be called from the main thread: the fork server ends with the thread that started it.
    """
    forkserver.set_forkserver_preload(["jupyterlab_al.worker.warm"])
    with _environment(), _short_paths():
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


@contextmanager
def _short_paths() -> Iterator[None]:
    """Let the fork server listen in a folder whose path is short enough for a socket."""
    before = tempfile.tempdir
    if len(os.fsencode(tempfile.gettempdir())) > LONGEST_FOLDER:
        tempfile.tempdir = "/tmp"  # noqa: S108 - multiprocessing makes a folder of its own in it
    try:
        yield
    finally:
        tempfile.tempdir = before
