"""Estimators that fail, hang, crash or lie: the earlier order stands and a person is told why."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_al.domain.models import Job
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.services import projects, rounds, training
from jupyterlab_al.store import jobs
from jupyterlab_al.store.database import Database
from jupyterlab_al.worker.bell import Bell
from jupyterlab_al.worker.loop import Ending, Worker
from tests.factories import ANN, OLGA, a_claimed_batch, a_new_project, the_project
from tests.waiting import until
from tests.worker.conftest import (
    HERE,
    a_prepared_project,
    a_waiting_round,
    do_next,
    estimator,
    label,
    the_job,
)

GIB = 2**30


def an_order(database: Database) -> list[tuple[int, int]]:
    """Return what the queue would give next: ranks and samples."""
    leases = a_claimed_batch(database, size=20, at=None)
    order = [(lease.rank, lease.sample_id) for lease in leases]
    held = [(lease.sample_id, lease.token) for lease in leases]
    from jupyterlab_al.services import queue

    database.write(queue.release, "reviews", ANN, held)
    return order


def change(database: Database, **config: Any) -> None:
    """Change the configuration of the project."""
    database.write(projects.change, "reviews", OLGA, config=config)


def a_project_with_an_order(
    worker: Worker, database: Database, settings: Settings
) -> list[tuple[int, int]]:
    """Return the order that a round with a good estimator has made."""
    a_prepared_project(database, settings, worker)
    label(database, range(6))
    a_waiting_round(database)
    assert do_next(worker) == "finished"
    return an_order(database)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Raises", "the moon is in the wrong house"),
        ("Exits", "SystemExit"),
        ("Leaves", "exit code 7"),
        ("Segfaults", "segmentation fault"),
        ("IsKilled", "ran out of memory"),
        ("GivesNan", "NaN or infinite"),
        ("GivesAnotherShape", "of shape (54, 3) where (54, 2) (samples, classes) is needed"),
        ("ForgetsAClass", "knows the classes 'negative' after it was fitted"),
        ("Hangs", "longer than 2 seconds"),
        ("HoldsTheLock", "longer than 2 seconds"),
        ("EatsMemory", "memory"),
        ("Misspelled", "Misspelled"),
    ],
)
def test_a_bad_round_leaves_the_order_and_says_why(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path, name: str, said: str
) -> None:
    """The round fails with a reason, the queue stays, and the next round is done as usual."""
    before = a_project_with_an_order(worker, sqlite, settings)
    bounded = Worker(replace(settings, time_limit=2.0, memory_limit=8 * GIB), sqlite, Bell())
    params = {"path": str(tmp_path / "begun")} if name == "HoldsTheLock" else {}
    change(sqlite, estimator=estimator(name, **params))
    asked = a_waiting_round(sqlite)

    assert do_next(bounded) == "failed"

    job = the_job(sqlite, asked)
    assert job.state == "failed"
    assert said in str(job.error)
    assert an_order(sqlite) == before
    change(sqlite, estimator=estimator("Good"))
    a_waiting_round(sqlite)
    assert do_next(bounded) == "finished"


def test_an_estimator_outside_the_allowed_modules_is_not_run(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """A round refuses an estimator that the operator does not allow any more."""
    a_project_with_an_order(worker, sqlite, settings)
    strict = Worker(replace(settings, allowed_estimators=("sklearn.",)), sqlite, Bell())
    change(sqlite, estimator=estimator("Good"))
    asked = a_waiting_round(sqlite)

    assert do_next(strict) == "failed"

    assert "not an allowed estimator" in str(the_job(sqlite, asked).error)


def test_processes_of_an_estimator_end_with_it(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    """What an estimator started is gone once its round is ended."""
    path = tmp_path / "started"
    a_project_with_an_order(worker, sqlite, settings)
    bounded = Worker(replace(settings, time_limit=2.0), sqlite, Bell())
    change(sqlite, estimator=estimator("StartsAProcess", path=str(path)))
    a_waiting_round(sqlite)

    assert do_next(bounded) == "failed"

    until(lambda: is_gone(int(path.read_text())))


def is_gone(pid: int) -> bool:
    """Return whether a process has ended; one that nobody has buried yet counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


class Attended:
    """A round under way in another thread of this process."""

    def __init__(self, worker: Worker, job: Job, thread: threading.Thread) -> None:
        self.worker = worker
        self.job = job
        self._thread = thread
        self.ending: Ending | None = None

    def wait(self) -> Ending | None:
        """Wait for the end and return it."""
        self._thread.join(120)
        return self.ending


@contextmanager
def a_hanging_round(
    worker: Worker, database: Database, path: Path, *, name: str = "Hangs"
) -> Iterator[Attended]:
    """Give a round whose fit never ends; `path` holds the process id of its child."""
    change(database, estimator=estimator(name, path=str(path)))
    a_waiting_round(database)
    with a_hanging_job(worker, path) as attended:
        yield attended


@contextmanager
def a_hanging_job(worker: Worker, path: Path) -> Iterator[Attended]:
    """Give the job that waits, under way; its child has written its process id to `path`."""
    job = worker.take()
    assert job is not None

    def attend() -> None:
        attended.ending = worker.run_one(job)

    thread = threading.Thread(target=attend, daemon=True)
    attended = Attended(worker, job, thread)
    thread.start()
    until(lambda: path.exists() and path.read_text())
    yield attended
    worker._bell.stop()
    thread.join(120)
    assert not thread.is_alive()
    until(lambda: is_gone(int(path.read_text())))


@pytest.mark.parametrize("name", ["Hangs", "HoldsTheLock", "IgnoresTerm"])
def test_a_cancelled_round_ends_at_once(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path, name: str
) -> None:
    """A person can cancel any round, also one that ignores SIGTERM or can't be interrupted."""
    before = a_project_with_an_order(worker, sqlite, settings)

    with a_hanging_round(worker, sqlite, tmp_path / "begun", name=name) as attended:
        sqlite.write(rounds.cancel, "reviews", OLGA, attended.job.id)
        worker._bell.ring()
        assert attended.wait() == "cancelled"

    assert the_job(sqlite, attended.job.id).state == "cancelled"
    assert an_order(sqlite) == before


def test_a_round_that_another_worker_took_is_dropped(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    """A worker whose lease ran out ends its child and stores nothing."""
    a_project_with_an_order(worker, sqlite, settings)

    with a_hanging_round(worker, sqlite, tmp_path / "begun") as attended:
        sqlite.write(jobs.abandon, worker.name)
        other = sqlite.write(training.take, "other", lease_ms=60_000)
        assert attended.wait() == "lost"

    assert other is not None
    assert other.id == attended.job.id
    assert the_job(sqlite, attended.job.id).state == "running"


def test_a_deleted_project_leaves_no_files(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    """A project deleted while a round runs ends the round, and its folder is removed."""
    a_project_with_an_order(worker, sqlite, settings)
    folder = settings.project_folder(the_project(sqlite).id)
    assert folder.is_dir()

    with a_hanging_round(worker, sqlite, tmp_path / "begun") as attended:
        sqlite.write(projects.delete, "reviews", OLGA, confirm="reviews")
        assert attended.wait() == "lost"

    assert not folder.exists()


def test_a_project_deleted_while_it_is_prepared_leaves_nothing(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    """Deleting cancels an import at once: its process ends, its files go, the data stays."""
    data = settings.root_dir / "texts.csv"
    data.write_text(f"text\n{tmp_path / 'begun'}\n")
    model = f"{HERE}:hangs_on_texts"
    a_new_project(
        sqlite,
        dataset={"kind": "table", "path": data.name},
        display={"kind": "auto"},
        features={"kind": "embedding", "column": "text", "model": model},
    )
    folder = settings.project_folder(the_project(sqlite).id)

    with a_hanging_job(worker, tmp_path / "begun") as attended:
        was_there = folder.is_dir()
        sqlite.write(projects.delete, "reviews", OLGA, confirm="reviews")
        assert attended.wait() == "lost"

    assert was_there
    assert not folder.exists()
    assert data.exists()


def test_a_stopped_worker_hands_its_round_back(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    """The next worker can take the round at once, and the attempt does not count."""
    a_project_with_an_order(worker, sqlite, settings)

    with a_hanging_round(worker, sqlite, tmp_path / "begun") as attended:
        worker._bell.stop()
        assert attended.wait() == "handed_back"

    change(sqlite, estimator=estimator("Good"))
    other = Worker(settings, sqlite, Bell())
    again = other.take()
    assert again is not None
    assert (again.id, again.attempts) == (attended.job.id, 1)
    assert other.run_one(again) == "finished"


def test_a_killed_fork_server_costs_one_round(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    """When the process that children come from is killed, the round fails and the next is done."""
    path = tmp_path / "begun"
    a_project_with_an_order(worker, sqlite, settings)

    with a_hanging_round(worker, sqlite, path) as attended:
        parent = int(
            Path(f"/proc/{path.read_text()}/stat").read_text().rpartition(")")[2].split()[1]
        )
        os.kill(parent, signal.SIGKILL)
        assert attended.wait() == "failed"

    assert "Ask for it again" in str(the_job(sqlite, attended.job.id).error)
    change(sqlite, estimator=estimator("Good"))
    a_waiting_round(sqlite)
    assert do_next(Worker(settings, sqlite, Bell())) == "finished"


def test_a_round_outlives_a_database_that_is_locked_for_a_while(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    """A heartbeat that can't be written is tried again and does not end the round."""
    path = tmp_path / "begun"
    a_project_with_an_order(worker, sqlite, settings)

    with a_hanging_round(worker, sqlite, path) as attended:
        with sqlite.engine.execution_options(sqlite_begin="IMMEDIATE").begin():
            time.sleep(3)
        time.sleep(0.5)
        is_running = attended.ending is None and not is_gone(int(path.read_text()))
        assert is_running
        assert os.getpid() != int(path.read_text())
