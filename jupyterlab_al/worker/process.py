"""What a process of the worker does to itself: end with its parent, stay small, stay nice."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import site
import sys
from collections.abc import Iterable, MutableMapping
from contextlib import suppress
from pathlib import Path

#: From <linux/prctl.h>.
_PR_SET_PDEATHSIG = 1
NICENESS = 10
#: Added to the chance of being the one that the system ends when memory runs out, of 1,000.
_OOM_EXTRA = 500

#: Libraries read their number of threads from here when they are loaded.
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
#: Settings and tokens that only the server and the worker's own loop need.
SERVER_SECRETS = ("JUPYTERLAB_AL_", "JUPYTERHUB_", "JUPYTER_TOKEN", "JPY_")
#: What libpq reads, its password among it; an estimator has no business with the database.
DATABASE_SECRETS = ("PG",)


def die_with_parent(parent: int, how: signal.Signals) -> None:
    """Get a signal when the thread that started this process ends (Linux; elsewhere nothing).

    `parent` is who that should be: if it has gone before the system was asked, this process ends
    here and now.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def step_back() -> None:
    """Leave processor and memory to the servers where they are short."""
    with suppress(OSError):
        os.nice(NICENESS)
    score = Path("/proc/self/oom_score_adj")
    with suppress(OSError, ValueError):
        score.write_text(str(min(1000, int(score.read_text()) + _OOM_EXTRA)))
    # A core file of a large process fills the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def limit_memory(size: int) -> None:
    """Bound the address space of this process, in bytes; 0 lifts the bound."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = size or hard
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def bound_threads(environment: MutableMapping[str, str]) -> None:
    """Leave one core to the servers, unless the operator said how many threads to use."""
    n_threads = str(max(1, (os.cpu_count() or 1) - 1))
    for name in _THREADS:
        environment.setdefault(name, n_threads)


def forget(environment: MutableMapping[str, str], prefixes: Iterable[str]) -> None:
    """Remove variables whose names begin so."""
    for name in [name for name in environment if name.startswith(tuple(prefixes))]:
        del environment[name]


def child_environment() -> dict[str, str]:
    """Return the server's environment, in which its child finds the code that the server runs."""
    environment = dict(os.environ)
    forget(environment, SERVER_SECRETS)
    home = str(Path(__file__).parents[2])
    if home not in [*site.getsitepackages(), site.getusersitepackages()]:
        given = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = home if not given else f"{home}{os.pathsep}{given}"
    return environment
