"""What the worker's tests start from."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jupyterlab_al.domain.models import Job, JobId, Project
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.services import rounds
from jupyterlab_al.store import jobs
from jupyterlab_al.store.database import Database, open_engine
from jupyterlab_al.worker.bell import Bell
from jupyterlab_al.worker.fork_server import warm_up
from jupyterlab_al.worker.loop import Ending, Worker
from tests.factories import ANN, OLGA, a_new_project, an_annotation, the_project

IMPORTABLE = Path(__file__).parent / "importable"
HERE = "hostile_estimators"
MARK = "AL_TEST_MARK"


def estimator(name: str, **params: Any) -> dict[str, Any]:
    """Return the description of one of the tests' estimators."""
    return {"import": f"{HERE}.{name}", "params": params}


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a mark that all processes started from here on carry in their environment."""
    value = uuid.uuid4().hex
    monkeypatch.setenv(MARK, value)
    return value


def marked(mark: str) -> list[int]:
    """Return the processes with a mark, this one not among them."""
    needle = f"{MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if needle in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings of an installation in which the tests' estimators are allowed."""
    monkeypatch.syspath_prepend(IMPORTABLE)
    monkeypatch.setenv("PYTHONPATH", str(IMPORTABLE))
    root = tmp_path / "root"
    root.mkdir()
    return Settings(
        data_dir=tmp_path / "data", root_dir=root, allowed_estimators=("sklearn.", f"{HERE}.")
    )


@pytest.fixture(scope="session")
def _warm() -> None:
    """Start the fork server from the main thread, whichever test needs it first."""
    warm_up()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """Return a migrated, empty SQLite database."""
    opened = Database(open_engine(sqlite_url))
    yield opened
    opened.dispose()


@pytest.fixture
def worker(settings: Settings, sqlite: Database, _warm: None) -> Worker:
    """Return a worker on a SQLite database, in this process."""
    return Worker(settings, sqlite, Bell())


def do_next(worker: Worker) -> Ending:
    """Have a worker do the job that waits."""
    job = worker.take()
    assert job is not None
    return worker.run_one(job)


def a_dataset(settings: Settings, *, n: int = 60) -> dict[str, Any]:
    """Return the description of an array of `n` samples in two groups."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 4)) + 3.0 * (np.arange(n)[:, None] % 2)
    np.save(settings.root_dir / "points.npy", X.astype(np.float32))
    return {
        "dataset": {"kind": "array", "path": "points.npy"},
        "display": {"kind": "auto"},
        "features": {"kind": "array"},
    }


def a_prepared_project(
    database: Database, settings: Settings, worker: Worker, **config: Any
) -> Project:
    """Return an active project of 60 samples, even ones negative and odd ones positive."""
    dataset = a_dataset(settings)
    a_new_project(database, **{**dataset, "retrain_every": 1_000, **config})
    assert do_next(worker) == "finished"
    return the_project(database)


def label(database: Database, samples: range) -> None:
    """Give samples their true labels."""
    for sample_id in samples:
        said = "positive" if sample_id % 2 else "negative"
        an_annotation(database, ANN, sample_id, said, at=None)


def a_waiting_round(database: Database) -> JobId:
    """Ask for a round."""
    return database.write(rounds.request, "reviews", OLGA).id


def the_job(database: Database, job_id: JobId) -> Job:
    """Return a job of the project as it stands now."""
    job = database.read(jobs.by_id, the_project(database).id, job_id)
    assert job is not None
    return job
