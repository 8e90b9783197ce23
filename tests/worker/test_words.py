"""The small parts of the worker, each by itself."""

from __future__ import annotations

import logging
import signal
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jupyterlab_al.domain.errors import UnavailableError
from jupyterlab_al.domain.models import Job, JobId, ProjectId
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.worker import crash, heartbeat
from jupyterlab_al.worker.bell import Bell
from jupyterlab_al.worker.child import Limits, Progress
from jupyterlab_al.worker.crashes import ENOUGH, WINDOW, Crashes
from jupyterlab_al.worker.election import Election
from jupyterlab_al.worker.heartbeat import Heartbeat, Pulse
from jupyterlab_al.worker.letter import Letter
from jupyterlab_al.worker.process import bound_threads, forget
from tests.waiting import until

NO_LIMITS = Limits(memory=0, time=0.0, allowed_estimators=())
LOG = logging.getLogger(__name__)


@pytest.mark.parametrize(
    ("exit_code", "said"),
    [
        (-signal.SIGSEGV, "segmentation fault"),
        (-signal.SIGKILL, "ran out of memory"),
        (-signal.SIGABRT, "aborted"),
        (-signal.SIGUSR1, "SIGUSR1"),
        (-63, "63"),
        (255, "ended from outside"),
        (0, "exit code 0"),
        (3, "exit code 3"),
    ],
)
def test_each_end_has_words(exit_code: int, said: str) -> None:
    """The reason names the phase and what happened, and ends in a sentence."""
    words = crash.words(exit_code, "fit", NO_LIMITS)

    assert "'fit'" in words
    assert said in words
    assert words.endswith(".")


def test_a_file_that_shrinks_is_named_as_the_cause_of_an_import() -> None:
    """Of a mapped file that became shorter the system tells by a bus error."""
    assert "became shorter" in crash.words(-signal.SIGBUS, "read", NO_LIMITS)
    assert "became shorter" not in crash.words(-signal.SIGBUS, "fit", NO_LIMITS)


def test_a_tight_memory_limit_is_named_as_a_cause() -> None:
    """Compiled code often crashes when it gets no memory; the limit is then worth a word."""
    limits = Limits(memory=2**30, time=0.0, allowed_estimators=())

    assert "memory_limit (1,024 MiB)" in crash.words(-signal.SIGSEGV, "fit", limits)
    assert "memory_limit" not in crash.words(-signal.SIGSEGV, "fit", NO_LIMITS)


def test_pauses_between_starts_double() -> None:
    """A worker that crashes is started after 1, 2, 4 and 8 seconds, and then no more."""
    crashes = Crashes()
    pauses = []
    for _ in range(ENOUGH - 1):
        crashes.add(100.0)
        pauses.append(crashes.next_start(100.0) - 100.0)
        assert not crashes.are_enough(100.0)
    crashes.add(100.0)

    assert pauses == [1.0, 2.0, 4.0, 8.0]
    assert crashes.are_enough(100.0)


def test_old_crashes_are_forgiven() -> None:
    """Ten minutes after the first of five crashes a worker may be started again."""
    crashes = Crashes()
    for _ in range(ENOUGH):
        crashes.add(0.0)

    assert not crashes.are_enough(WINDOW)
    assert crashes.next_start(WINDOW) == WINDOW


def test_one_of_two_servers_wins_and_the_other_can_follow(tmp_path: Path) -> None:
    """A data folder has one server that runs the worker; the next wins when it resigns."""
    first, second = Election(tmp_path / "data"), Election(tmp_path / "data")

    assert [first.win(), second.win(), first.win()] == [True, False, True]
    assert second.winner() is not None
    first.resign()
    assert second.win()
    second.resign()


def test_a_letter_arrives_as_it_was_sent(tmp_path: Path) -> None:
    """The worker works with the settings of its server, on one line."""
    settings = Settings(
        data_dir=tmp_path,
        root_dir=tmp_path / "a\nb",
        allowed_estimators=("sklearn.", "ours."),
        memory_limit=7,
        time_limit=1.5,
    )
    letter = Letter(db_url="sqlite:///x", settings=settings, name="w", parent=1)

    assert letter.encode().count(b"\n") == 1
    assert Letter.decode(letter.encode()) == letter


def test_a_bell_is_heard_once_however_often_it_rings() -> None:
    """Ringing does not pile up, and never blocks who rings."""
    bell = Bell()
    for _ in range(100_000):
        bell.ring()
    while bell.heard():
        pass
    bell.stop()

    assert bell.heard()
    assert not bell.heard()
    assert bell.stopped
    bell.close()


def test_threads_are_bounded_unless_the_operator_said_how_many() -> None:
    """One core is left to the servers; a number that is set already stays."""
    environment = {"OMP_NUM_THREADS": "11"}

    bound_threads(environment)

    assert environment["OMP_NUM_THREADS"] == "11"
    assert int(environment["OPENBLAS_NUM_THREADS"]) >= 1


def test_secrets_are_forgotten_by_their_first_letters() -> None:
    """Variables of a family go; others stay."""
    environment = {"JUPYTERLAB_AL_DB_URL": "secret", "PGPASSWORD": "secret", "PATH": "/bin"}

    forget(environment, ("JUPYTERLAB_AL_", "PG"))

    assert environment == {"PATH": "/bin"}


class Away:
    """A database that does not answer at first."""

    def __init__(self, n_failures: int) -> None:
        self.n_asked = 0
        self._n_failures = n_failures

    def submit(self, *_args: Any, **_kwargs: Any) -> Future[bool | None]:
        """Answer the first times with an error, then that all is well."""
        self.n_asked += 1
        answer: Future[bool | None] = Future()
        if self.n_asked <= self._n_failures:
            answer.set_exception(UnavailableError("The database does not answer."))
        else:
            answer.set_result(False)
        return answer


def a_job() -> Job:
    """Return a job."""
    now = datetime.now(UTC)
    return Job(
        id=JobId(1),
        project_id=ProjectId(1),
        kind="round",
        state="running",
        phase="start",
        progress=0.0,
        error=None,
        attempts=1,
        n_labels=0,
        high_water=0,
        created_at=now,
        started_at=now,
        finished_at=None,
    )


def test_a_heartbeat_tries_again_when_the_database_is_away() -> None:
    """A sign of life that fails is repeated soon, and the job is kept meanwhile."""
    database = Away(n_failures=1)
    heart = Heartbeat(database, a_job(), "w", LOG)  # type: ignore[arg-type]
    pulses: set[Pulse] = set()

    def beaten_twice() -> bool:
        pulses.add(heart.check())
        return database.n_asked == 2

    until(beaten_twice)

    assert pulses == {"kept"}


def test_a_heartbeat_tells_news_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress reaches the database within a second; without any, signs of life are rarer."""
    now = 1000.0
    monkeypatch.setattr(heartbeat, "time", SimpleNamespace(monotonic=lambda: now))
    database = Away(n_failures=0)
    heart = Heartbeat(database, a_job(), "w", LOG)  # type: ignore[arg-type]

    def asked(seconds: float) -> int:
        nonlocal now
        now += seconds
        for _ in range(3):
            heart.check()
        return database.n_asked

    assert [asked(0.0), asked(1.0)] == [1, 1]

    heart.latest = Progress(phase="fit", progress=0.5)

    assert [asked(0.0), asked(1.0), asked(2.0)] == [2, 2, 3]
