"""The process that has imported scikit-learn, from which all children are forked."""

from __future__ import annotations

import os
from multiprocessing import forkserver

from jupyterlab_al.worker.process import bound_threads

#: Names the worker's process to its fork server.
WORKER_PID = "AL_WORKER_PID"


def warm_up() -> None:
    """Start the fork server, or start it again where it is gone; does not wait until it is warm.

    To be called from the main thread: the fork server ends with the thread that started it.
    """
    bound_threads(os.environ)
    os.environ[WORKER_PID] = str(os.getpid())
    forkserver.set_forkserver_preload(["jupyterlab_al.worker.warm"])
    forkserver.ensure_running()
