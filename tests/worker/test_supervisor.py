"""The supervisor with real worker processes: start, stop, crash, orphans, elections."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_al.domain.models import JobId
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.store import jobs
from jupyterlab_al.store.database import Database, open_engine
from jupyterlab_al.worker.crashes import Crashes
from jupyterlab_al.worker.loop import Worker
from jupyterlab_al.worker.supervisor import Supervisor
from tests.factories import a_new_project, the_project
from tests.waiting import until
from tests.worker.conftest import (
    IMPORTABLE,
    a_dataset,
    a_prepared_project,
    a_waiting_round,
    estimator,
    label,
    marked,
    the_job,
)

LOG = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]

Start = Callable[..., Supervisor]


@pytest.fixture
def start(settings: Settings, sqlite_url: str, mark: str) -> Iterator[Start]:
    """Return what makes supervisors; all are stopped after the test and leave no process."""
    made: list[Supervisor] = []

    def supervisor(db_url: str = sqlite_url, **more: Any) -> Supervisor:
        made.append(Supervisor(settings, db_url, **{"mode": "local", "log": LOG, **more}))
        return made[-1]

    yield supervisor
    for each in made:
        each.stop()
    assert until(lambda: not marked(mark))


def is_in(supervisor: Supervisor, state: str) -> bool:
    """Return whether the worker is in a state."""
    return supervisor.status().state == state


@pytest.fixture
def hanging(
    request: pytest.FixtureRequest,
    sqlite: Database,
    settings: Settings,
    worker: Worker,
    tmp_path: Path,
) -> tuple[JobId, Path]:
    """Return a waiting round that hangs, and the file that says when it does.

    The parameter names the estimator; without one, the round hangs only the first time.
    """
    path = tmp_path / "begun"
    name = getattr(request, "param", "HangsOnce")
    a_prepared_project(sqlite, settings, worker, estimator=estimator(name, path=str(path)))
    label(sqlite, range(6))
    return a_waiting_round(sqlite), path


def the_child(path: Path) -> int:
    """Return the process that hangs, as soon as it does."""
    return int(until(lambda: path.exists() and path.read_text()))


def test_a_new_project_is_prepared_without_anybody_waiting(
    start: Start, sqlite: Database, settings: Settings
) -> None:
    """The first wake starts a worker that does what waits and is then idle."""
    supervisor = start()
    assert is_in(supervisor, "off")
    a_new_project(sqlite, **a_dataset(settings))

    supervisor.wake()

    until(lambda: the_project(sqlite).state == "active")
    until(lambda: is_in(supervisor, "idle"))
    assert supervisor.status().pid is not None
    supervisor.stop()
    supervisor.stop()
    assert is_in(supervisor, "off")
    supervisor.wake()
    assert is_in(supervisor, "off")


def test_a_worker_on_postgresql_needs_no_election(
    start: Start, settings: Settings, postgresql_url: str
) -> None:
    """With PostgreSQL each server may run a worker, and they share the jobs."""
    database = Database(open_engine(postgresql_url))
    first, second = start(postgresql_url), start(postgresql_url)
    first.wake()
    second.wake()
    until(lambda: is_in(first, "idle") and is_in(second, "idle"))
    a_new_project(database, **a_dataset(settings))

    first.wake()
    second.wake()

    until(lambda: the_project(database).state == "active")
    database.dispose()


def test_a_killed_worker_is_replaced_and_its_round_finished(
    start: Start, sqlite: Database, hanging: tuple[JobId, Path], mark: str
) -> None:
    """After kill -9 in the middle of a round, the next worker does the round at once."""
    asked, path = hanging
    supervisor = start()
    supervisor.wake()
    child = the_child(path)
    until(lambda: is_in(supervisor, "busy"))
    first = supervisor.status().pid
    assert first is not None

    os.kill(first, signal.SIGKILL)

    until(lambda: child not in marked(mark))
    until(lambda: the_job(sqlite, asked).state == "finished")
    assert supervisor.status().pid not in (None, first)
    assert the_job(sqlite, asked).attempts == 2


@pytest.mark.parametrize("hanging", ["HangsOnce", "HoldsTheLock", "IgnoresTerm"], indirect=True)
def test_a_killed_server_leaves_no_process(
    sqlite_url: str,
    settings: Settings,
    hanging: tuple[JobId, Path],
    sqlite: Database,
    mark: str,
) -> None:
    """After kill -9 of the server, its worker and the round's process are gone in no time."""
    asked, path = hanging
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{IMPORTABLE}"}
    arguments = [sqlite_url, str(settings.data_dir), str(settings.root_dir)]
    server = subprocess.Popen(
        [sys.executable, str(IMPORTABLE / "serve.py"), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    child = the_child(path)
    assert child in marked(mark)

    server.kill()
    server.wait()

    until(lambda: not marked(mark))
    assert server.stdout is not None
    server.stdout.close()
    handed_back = the_job(sqlite, asked)
    assert (handed_back.state, handed_back.attempts) == ("running", 0)


def test_a_terminated_worker_hands_its_round_back(
    start: Start, sqlite: Database, hanging: tuple[JobId, Path]
) -> None:
    """SIGTERM frees the round for the next worker, and the attempt does not count."""
    asked, path = hanging
    supervisor = start()
    supervisor.wake()
    the_child(path)
    until(lambda: is_in(supervisor, "busy"))
    pid = supervisor.status().pid
    assert pid is not None

    os.kill(pid, signal.SIGTERM)

    until(lambda: the_job(sqlite, asked).state == "finished")
    assert the_job(sqlite, asked).attempts == 1


def test_stopping_ends_a_busy_worker_and_keeps_its_round(
    start: Start, sqlite: Database, hanging: tuple[JobId, Path], mark: str
) -> None:
    """A server that ends leaves the round to the next one."""
    asked, path = hanging
    supervisor = start()
    supervisor.wake()
    the_child(path)

    supervisor.stop()

    until(lambda: not marked(mark))
    job = the_job(sqlite, asked)
    assert (job.state, job.attempts) == ("running", 0)
    assert sqlite.read(jobs.active) == [job]


def test_what_an_estimator_prints_is_not_taken_for_the_worker(
    start: Start, sqlite: Database, settings: Settings, worker: Worker
) -> None:
    """An estimator that writes to stdout and reads stdin disturbs nobody."""
    a_prepared_project(sqlite, settings, worker, estimator=estimator("Chatters"))
    label(sqlite, range(6))
    asked = a_waiting_round(sqlite)
    supervisor = start()

    supervisor.wake()

    until(lambda: the_job(sqlite, asked).state == "finished")
    until(lambda: is_in(supervisor, "idle"))


def test_a_worker_that_can_not_start_is_broken_and_says_why(start: Start) -> None:
    """After five crashes the supervisor gives up and shows the end of the log."""
    supervisor = start("oracle://nowhere/at-all", crashes=Crashes(first_pause=0.01))

    supervisor.wake()

    until(lambda: is_in(supervisor, "broken"))
    assert "use sqlite or postgresql" in str(supervisor.status().message)
    supervisor.wake()
    assert is_in(supervisor, "broken")


def test_one_of_two_servers_runs_the_worker_and_the_other_takes_over(
    start: Start, sqlite: Database, settings: Settings
) -> None:
    """Two servers on one SQLite store start one worker, and another once its server is gone."""
    first, second = start(), start()
    first.wake()
    until(lambda: is_in(first, "idle"))
    second.wake()
    until(lambda: is_in(second, "external"))
    assert second.status().pid == os.getpid()
    a_new_project(sqlite, **a_dataset(settings))
    second.wake()
    until(lambda: the_project(sqlite).state == "active")

    first.stop()

    until(lambda: is_in(second, "idle"))


def test_external_workers_are_left_alone(start: Start, mark: str) -> None:
    """In mode external nothing is started."""
    supervisor = start(mode="external")

    supervisor.wake()

    assert supervisor.status().state == "external"
    assert not marked(mark)


def test_no_process_shows_the_database(
    start: Start,
    settings: Settings,
    postgresql_url: str,
    mark: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither the arguments nor the environment of any process of the worker hold the address."""
    monkeypatch.setenv("JUPYTERLAB_AL_DB_URL", postgresql_url)
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "a-token")
    supervisor = start(postgresql_url)
    supervisor.wake()
    until(lambda: is_in(supervisor, "idle"))

    seen = b""
    for pid in marked(mark):
        seen += Path(f"/proc/{pid}/cmdline").read_bytes()
        seen += Path(f"/proc/{pid}/environ").read_bytes()

    assert b"jupyterlab_al.worker" in seen
    assert postgresql_url.encode() not in seen
    assert b"a-token" not in seen


def test_the_supervisor_is_light() -> None:
    """A server that imports it loads neither NumPy nor a database nor scikit-learn for it."""
    heavy = ["numpy", "sqlalchemy", "sklearn", "pandas", "pyarrow", "scipy", "tornado", "traitlets"]
    code = (
        "import sys, jupyterlab_al.worker.supervisor;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )

    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "[]"


def test_a_worker_without_a_letter_ends() -> None:
    """A worker whose server dies before saying anything ends at once."""
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlab_al.worker"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, b"")
