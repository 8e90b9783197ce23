"""The worker's loop: take a job, have a child do it, keep it alive, publish what came of it."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from logging import Logger, getLogger
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Concatenate, Literal, ParamSpec, TypeVar

from jupyterlab_al.datasets.preparation import Prepared, PrepareTask
from jupyterlab_al.domain.errors import ActiveLearningError, UnavailableError
from jupyterlab_al.domain.models import NOBODY, Job, JobId, ProjectId
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.services import preparing as preparing_service
from jupyterlab_al.services import training, uploads
from jupyterlab_al.store import jobs, projects
from jupyterlab_al.store.database import Database
from jupyterlab_al.worker import crash
from jupyterlab_al.worker.bell import Bell
from jupyterlab_al.worker.child import Done, Failed, Limits, Progress, Task
from jupyterlab_al.worker.children import Child, Children, wait_for
from jupyterlab_al.worker.fork_server import warm_up
from jupyterlab_al.worker.heartbeat import LEASE_MS, Heartbeat
from jupyterlab_al.worker.letter import worker_name
from jupyterlab_al.worker.preparing import found, prepare_task
from jupyterlab_al.worker.rounds import ranking, round_task

if TYPE_CHECKING:
    from sqlalchemy import Connection

P = ParamSpec("P")
T = TypeVar("T")

#: How a job ended, for this worker.
Ending = Literal["finished", "failed", "cancelled", "handed_back", "lost"]
#: Told how far a job is: phase, part done.
OnProgress = Callable[[str, float], None]
#: Told what the worker does: a job, or None while it waits for one.
OnState = Callable[[Job | None], None]

#: Seconds between two looks for a job that nobody announced.
POLL_EVERY = 0.5
#: Longest pause between two looks at a child, in seconds.
LOOK_EVERY = 0.2
#: Seconds until another try where the database does not answer.
RETRY_AFTER = 2.0
#: Seconds between two pieces of an order. Who waits for SQLite's lock looks again only after some
#: milliseconds: without a gap they would wait for all pieces.
BETWEEN_PIECES = 0.010
#: Other errors of the database in a row after which the worker gives up.
PATIENCE = 5
#: Why a round's order was not published.
TOO_LATE = "A newer order stands already, or the project is gone."


class Worker:
    """Does the jobs of one store, one at a time, until its bell says stop.

    Parameters
    ----------
    settings : Settings
        Where data lies and what a job may use.
    database : Database
        The store.
    bell : Bell
        Rung when there may be something to do.
    name : str, default=""
        Under which it takes jobs; at its start those that an earlier worker of this name left are
        freed. Empty: a new one.
    """

    def __init__(
        self, settings: Settings, database: Database, bell: Bell, *, name: str = ""
    ) -> None:
        self.name = name or worker_name()
        self._settings = settings
        self._database = database
        self._bell = bell
        self._log: Logger = getLogger("jupyterlab_al.worker")
        self._children = Children(
            Limits(
                memory=settings.memory_limit,
                time=settings.time_limit,
                allowed_estimators=tuple(settings.allowed_estimators),
            )
        )

    def run(self, on_state: OnState = lambda _job: None) -> None:
        """Do jobs until told to stop; what is under way then is handed back."""
        warm_up()
        self._persist(jobs.abandon, self.name)
        on_state(None)
        failures = 0
        while not self._bell.stopped:
            try:
                job = self.take()
                failures = 0
            except UnavailableError as error:
                self._log.warning("No job could be taken: %s", error)
                self._pause(RETRY_AFTER)
                continue
            except Exception:
                # For instance two workers that took jobs of one project in the same moment.
                failures += 1
                if failures >= PATIENCE:
                    raise
                self._log.warning("No job could be taken", exc_info=True)
                self._pause(RETRY_AFTER)
                continue
            if job is None:
                self._pause(POLL_EVERY)
                continue
            on_state(job)
            self.run_one(job)
            on_state(None)

    def take(self) -> Job | None:
        """Take the next job; None when there is none."""
        # Reading first keeps an idle worker off the lock for writers.
        if not self._database.read(training.has_work):
            return None
        return self._database.write(training.take, self.name, lease_ms=LEASE_MS)

    def run_one(self, job: Job, on_progress: OnProgress = lambda _phase, _progress: None) -> Ending:
        """Do a job that this worker has taken, and store what came of it."""
        taken_at = time.monotonic()
        self._log.info("Job %s (%s) begins", job.id, job.kind)
        try:
            ending = self._do(job, taken_at, on_progress)
        except KeyboardInterrupt:
            self._database.write(jobs.hand_back, job.id, self.name)
            raise
        except UnavailableError:
            # Told to stop while the database is away: the lease runs out by itself.
            ending = "lost"
        except ActiveLearningError as error:
            ending = self._fail(job, error.message)
        except Exception as error:  # noqa: BLE001 - a job must not begin again and again
            self._log.exception("Job %s failed unexpectedly", job.id)
            ending = self._fail(job, f"Something unexpected happened ({error!r}); see the log.")
        seconds = time.monotonic() - taken_at
        self._log.info("Job %s (%s): %s after %.2f s", job.id, job.kind, ending, seconds)
        if ending == "lost":
            self._forget_deleted(job)
        return ending

    def _do(self, job: Job, taken_at: float, on_progress: OnProgress) -> Ending:
        task = self._task(job)
        if task is None:
            return "lost"
        child = self._children.start(task)
        heart = Heartbeat(self._database, job, self.name, self._log)
        try:
            came = self._attend(child, heart, on_progress)
            if isinstance(came, Done):
                # It ends meanwhile: giving back much memory takes as long as storing little.
                child.dismiss()
                return self._publish(job, task, came, taken_at)
        finally:
            child.end()
        if isinstance(came, Failed):
            return self._fail(job, came.reason)
        if came == "cancelled":
            self._persist(training.cancelled, job, self.name)
        if came == "handed_back":
            self._database.write(jobs.hand_back, job.id, self.name)
        return came

    def _task(self, job: Job) -> Task | None:
        """Return what the job's child is to do; None when the project is gone."""
        if job.kind == "prepare":
            project = self._database.read(projects.by_id, job.project_id, NOBODY)
            return None if project is None else prepare_task(project, self._settings)
        labeled = self._persist(training.begin, job)
        return None if labeled is None else round_task(job, labeled, self._settings)

    def _attend(
        self, child: Child, heart: Heartbeat, on_progress: OnProgress
    ) -> Done | Failed | Ending:
        """Stay with a child until it is done or must end."""
        limits = self._children.limits
        deadline = time.monotonic() + limits.time if limits.time else None
        while True:
            wait_for(child, self._bell.fileno(), LOOK_EVERY)
            # Asked before reading: what a process said before it ended is read first.
            exit_code = child.exit_code
            for message in child.messages():
                if not isinstance(message, Progress):
                    return message
                heart.latest = message
                on_progress(message.phase, message.progress)
            phase = heart.latest.phase
            if exit_code is not None:
                return Failed(reason=crash.words(exit_code, phase, limits))
            if deadline is not None and time.monotonic() > deadline:
                return Failed(reason=crash.too_long(limits.time, phase))
            rang = self._bell.heard()
            if self._bell.stopped:
                return "handed_back"
            pulse = heart.check(ask=rang)
            if pulse != "kept":
                return pulse

    def _publish(self, job: Job, task: Task, done: Done, taken_at: float) -> Ending:
        if isinstance(done.result, Prepared):
            what = found(done.result)
            kept = self._persist(preparing_service.activate, job, self.name, **what)
            if not kept:
                return "lost"
            if isinstance(task, PrepareTask):
                if not task.start:
                    self._persist(preparing_service.fill_queue, job.project_id)
                self._forget_uploads(task)
            return "finished"
        order = ranking(done.result, {"start": done.began_at - taken_at})
        if self._publish_order(job, order, since=done.ended_at):
            return "finished"
        self._persist(training.fail, job, self.name, TOO_LATE)
        return "lost"

    def _publish_order(self, job: Job, ranking: training.Ranking, *, since: float) -> bool:
        """Publish a round piece by piece, so that labels find the database free in between."""
        order = self._patiently(partial(self._database.read, training.woven, job, ranking))
        if order is None:
            return False
        rest = self._persist(training.publish_head, job, self.name, order)
        if rest is None:
            return False
        for start in range(0, len(rest), training.PIECE):
            time.sleep(BETWEEN_PIECES)
            piece = rest[start : start + training.PIECE]
            if not self._persist(training.publish_more, job, self.name, piece):
                return False
        seconds = {**ranking.result["seconds"], "publish": time.monotonic() - since}
        result = {**ranking.result, "seconds": seconds}
        return self._persist(jobs.finish, job.id, self.name, state="finished", result=result)

    def _fail(self, job: Job, reason: str) -> Ending:
        self._log.warning("Job %s (%s) failed: %s", job.id, job.kind, reason)
        self._persist(training.fail, job, self.name, reason)
        return "failed"

    def _persist(
        self, func: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Write, again and again while the database does not answer: a round's work is dear."""
        return self._patiently(partial(self._database.write, func, *args, **kwargs))

    def _patiently(self, ask: Callable[[], T]) -> T:
        while True:
            try:
                return ask()
            except UnavailableError as error:
                if self._bell.stopped:
                    raise
                self._log.warning("The outcome can't be stored yet: %s", error)
                self._pause(RETRY_AFTER)

    def _forget_uploads(self, task: PrepareTask) -> None:
        """Remove what has been copied, but for what another project waits for."""
        with suppress(UnavailableError):
            awaited = self._database.read(uploads.awaited) if task.used_uploads else set()
            uploads.forget(self._settings, task.used_uploads - awaited)

    def _forget_deleted(self, job: Job) -> None:
        """Remove what a job wrote for a project that was deleted meanwhile."""
        with suppress(UnavailableError):
            if self._database.read(projects.by_id, job.project_id, NOBODY) is None:
                folder = self._settings.project_folder(job.project_id)
                shutil.rmtree(folder, ignore_errors=True)

    def _pause(self, seconds: float) -> None:
        wait([self._bell.fileno()], seconds)
        self._bell.heard()


def run(settings: Settings, database: Database, *, on_state: OnState = lambda _job: None) -> None:
    """Do jobs until SIGTERM or SIGINT; the job under way is then handed back."""
    bell = Bell()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: bell.stop())
    Worker(settings, database, bell).run(on_state)


def follow(
    settings: Settings,
    database: Database,
    project: ProjectId,
    job_id: JobId,
    on_progress: OnProgress = lambda _phase, _progress: None,
) -> Job | None:
    """Do jobs here until a certain one has ended; return it as it ended.

    Where another worker has taken it, this only watches. None: its project was deleted.
    """
    worker = Worker(settings, database, Bell())
    while True:
        job = database.read(jobs.by_id, project, job_id)
        if job is None or job.state not in ("queued", "running"):
            return job
        if job.state == "running" and job.phase is not None:
            on_progress(job.phase, job.progress)
        taken = worker.take()
        if taken is None:
            time.sleep(POLL_EVERY)
        elif taken.id == job_id:
            worker.run_one(taken, on_progress)
        else:
            worker.run_one(taken)
