"""What runs in the process that may be killed: one import of data, or one round."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from jupyterlab_al.datasets.preparation import Prepared, PrepareTask
from jupyterlab_al.domain.errors import ActiveLearningError
from jupyterlab_al.learning.outcome import RoundOutcome
from jupyterlab_al.learning.task import RoundTask
from jupyterlab_al.worker import process

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Task = PrepareTask | RoundTask

#: Progress within a phase is told at most this often, in seconds.
REPORT_EVERY = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a child may use."""

    #: Address space in bytes; 0 sets no limit.
    memory: int
    #: Seconds; 0 sets no limit.
    time: float
    #: Import paths of estimators must begin with one of these.
    allowed_estimators: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far the child is."""

    phase: str
    progress: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What came of it, and when the work itself began and ended.

    Both are times of the monotonic clock, which all processes of a machine share.
    """

    result: Prepared | RoundOutcome
    began_at: float
    ended_at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """Why nothing came of it, in words a person can act on."""

    reason: str


Message = Progress | Done | Failed


def main(connection: Connection, task: Task, limits: Limits) -> None:
    """Do the task, say what came of it, and wait to be ended."""
    _settle_in(limits)
    message: Done | Failed
    try:
        message = _do(task, limits, _Reporter(connection))
    except ActiveLearningError as error:
        message = Failed(reason=error.message)
    except MemoryError:
        message = Failed(reason=_out_of_memory(limits))
    except BaseException as error:  # noqa: BLE001 - it ends its round only
        traceback.print_exc()
        message = Failed(reason=_unexpected(error))
    process.limit_memory(0)
    with suppress(BrokenPipeError):
        connection.send(message)
    # The worker ends this process and those that it started, all at once.
    while True:
        signal.pause()


def _settle_in(limits: Limits) -> None:
    from jupyterlab_al.worker import warm

    # A group of its own: what an estimator starts ends together with it.
    os.setsid()
    process.die_with_parent(warm.FORK_SERVER, signal.SIGKILL)
    threading.Thread(target=_end_with_worker, daemon=True).start()
    # A fit that holds the interpreter's lock ends at once only by the system's own handler.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.argv[:] = ["jupyterlab_al"]
    faulthandler.enable()
    process.step_back()
    if limits.memory:
        process.limit_memory(limits.memory)


def _end_with_worker() -> None:
    """End with the worker also where the system does not see to it."""
    worker = parent_process()
    if worker is not None:
        wait([worker.sentinel])
        os._exit(1)


def _do(task: Task, limits: Limits, report: _Reporter) -> Done:
    if isinstance(task, PrepareTask):
        from jupyterlab_al.datasets.prepare import prepare

        return _timed(lambda: prepare(task, report))

    from jupyterlab_al.datasets.features import open_features
    from jupyterlab_al.learning import spec, uploaded
    from jupyterlab_al.learning.round import run_round

    if isinstance(task.estimator, spec.EstimatorSpec):
        spec.check(task.estimator, limits.allowed_estimators)
    elif isinstance(task.estimator, uploaded.UploadedEstimator):
        uploaded.checked(task.estimator.path, limits.allowed_estimators)
    features = open_features(task.features_folder, n_samples=task.n_samples)
    return _timed(lambda: run_round(task, features, report))


def _timed(work: Callable[[], Prepared | RoundOutcome]) -> Done:
    began_at = time.monotonic()
    result = work()
    return Done(result=result, began_at=began_at, ended_at=time.monotonic())


class _Reporter:
    """Tells the worker how far the task is, seldom enough to cost nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._phase: str | None = None
        self._next = 0.0

    def __call__(self, phase: str, progress: float) -> None:
        now = time.monotonic()
        if phase == self._phase and now < self._next:
            return
        self._phase, self._next = phase, now + REPORT_EVERY
        self._connection.send(Progress(phase=phase, progress=float(progress)))


def _out_of_memory(limits: Limits) -> str:
    if limits.memory:
        return (
            f"It needs more memory than memory_limit allows ({limits.memory / 2**20:,.0f} MiB). "
            "Choose a smaller estimator or fewer features, or raise the limit."
        )
    return (
        "It needs more memory than there is. Choose a smaller estimator or fewer features, "
        "or a machine with more memory."
    )


def _unexpected(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "The estimator tried to end the program (SystemExit). Choose another estimator."
    said = " ".join(str(error).split())[:500] or "no message"
    return f"Something unexpected happened ({type(error).__name__}: {said}). The log has more."
