"""Imported by the fork server alone: it loads once what every round needs.

Rounds are forked from here, so they start in milliseconds instead of seconds. Loading this module
changes the process that loads it: it ends with the worker and knows no secret.
"""

from __future__ import annotations

import gc
import os
import signal
import traceback
from importlib import import_module

from jupyterlab_al.datasets.missing_library import UNNEEDED, as_if_missing
from jupyterlab_al.learning import persistence
from jupyterlab_al.worker.fork_server import WORKER_PID
from jupyterlab_al.worker.process import (
    DATABASE_SECRETS,
    SERVER_SECRETS,
    die_with_parent,
    forget,
)

#: What every round and every import of data uses; part of it is imported only when needed, which is
#: now. The rest is left to those who need it: what is loaded here stays as long as the worker does.
MODULES = (
    "jupyterlab_al.learning.round",
    "jupyterlab_al.datasets.prepare",
    "jupyterlab_al.datasets.features",
    "jupyterlab_al.strategies.committee",
    "jupyterlab_al.strategies.diversity",
    "jupyterlab_al.strategies.power",
    "jupyterlab_al.strategies.random_sampling",
    "jupyterlab_al.strategies.typical",
    "jupyterlab_al.strategies.uncertainty",
    # Nearly all of it is code in shared files, of which a round sees nothing: 8 MB of its memory.
    "pyarrow.compute",
    "pyarrow.parquet",
    "sklearn.compose",
    "sklearn.feature_extraction.text",
    "sklearn.impute",
    "sklearn.linear_model",
    "sklearn.multiclass",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "skops.io",
)

#: Who the children's parent is.
FORK_SERVER = os.getpid()


def load() -> None:
    """Import what every round uses, and say what can't be imported."""
    with as_if_missing(UNNEEDED):
        for name in MODULES:
            try:
                import_module(name)
            except Exception:  # noqa: BLE001 - the round that needs it says so in words
                traceback.print_exc()
    persistence.versions()


def _warm_up() -> None:
    die_with_parent(int(os.environ.pop(WORKER_PID)), signal.SIGKILL)
    forget(os.environ, SERVER_SECRETS + DATABASE_SECRETS)
    load()
    # What is loaded now stays: the children needn't copy its pages to look through it.
    gc.freeze()


if WORKER_PID in os.environ:
    _warm_up()
