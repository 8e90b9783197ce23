"""Exports in processes of their own: the same files, and nothing left of unwanted ones."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import get_args
from zipfile import ZipFile

import pyarrow as pa
import pytest
from pyarrow import parquet

from jupyterlab_al.domain.errors import NotAllowedError, UnavailableError
from jupyterlab_al.domain.formats import KINDS, FileFormat
from jupyterlab_al.services import exports
from jupyterlab_al.services.exports import ExportTask
from jupyterlab_al.store.database import Database, open_engine
from jupyterlab_al.worker.export_processes import ExportProcesses
from tests.factories import ANN, OLGA, VIC, an_annotation
from tests.services.prepared import a_prepared_project, settings_in
from tests.waiting import until
from tests.worker.conftest import marked

TEXTS = ["=1+1", "good", "bad", "ünïcode", "five", "six"]
LOG = logging.getLogger(__name__)


def a_labeled_project(database: Database, folder: Path) -> None:
    """Make the project `t` of texts, some of them labeled by two people."""
    (folder / "root").mkdir()
    parquet.write_table(pa.table({"text": TEXTS}), folder / "root" / "t.parquet")
    a_prepared_project(
        database,
        folder,
        dataset={"kind": "table", "path": "t.parquet"},
        display={"kind": "text", "column": "text"},
        features={"kind": "text", "column": "text"},
        classes=["no", "yes"],
    )
    for sample_id in range(4):
        an_annotation(database, OLGA, sample_id, "yes", name="t")
    an_annotation(database, ANN, 2, "no", name="t")


def a_task(folder: Path, file_format: FileFormat = "csv", name: str = "labels") -> ExportTask:
    """Return the task to write labels of `t` into a folder."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}{KINDS[file_format].ending}"
    return ExportTask(project="t", person=OLGA, path=path, file_format=file_format)


def content(path: Path) -> object:
    """Return what is in a file; of a packed folder the table, since its fingerprint is random."""
    if path.suffix != ".zip":
        return path.read_bytes()
    with ZipFile(path) as packed, packed.open("t/train/data-00000-of-00001.arrow") as stream:
        return pa.ipc.open_stream(stream).read_all()


@contextmanager
def annotations_locked(db_url: str) -> Iterator[None]:
    """Keep everybody from reading annotations, so that an export waits."""
    engine = open_engine(db_url)
    with engine.begin() as tx:
        tx.exec_driver_sql("LOCK TABLE al_annotation IN ACCESS EXCLUSIVE MODE")
        yield
    engine.dispose()


async def test_a_process_writes_the_same_files(
    database: Database, db_url: str, tmp_path: Path
) -> None:
    """Every format, on both databases: as if it were written here; more than run at once wait."""
    a_labeled_project(database, tmp_path)
    settings = settings_in(tmp_path)
    here = [a_task(tmp_path / "here", name) for name in get_args(FileFormat)]
    there = [replace(task, path=tmp_path / "there" / task.path.name) for task in here]
    (tmp_path / "there").mkdir()

    for task in here:
        database.read(exports.write, task, settings)
    processes = ExportProcesses(settings, db_url, log=LOG)
    await asyncio.gather(*(processes.write(task) for task in there))

    assert [content(task.path) for task in there] == [content(task.path) for task in here]
    assert sorted(each.name for each in (tmp_path / "there").iterdir()) == sorted(
        task.path.name for task in there
    )


async def test_its_refusals_are_ours(sqlite_url: str, tmp_path: Path) -> None:
    """What the process refuses comes back as the same error, with its message."""
    database = Database(open_engine(sqlite_url))
    a_labeled_project(database, tmp_path)
    processes = ExportProcesses(settings_in(tmp_path), sqlite_url, log=LOG)
    task = a_task(tmp_path / "out")

    with pytest.raises(NotAllowedError):
        await processes.write(replace(task, person=VIC))
    with pytest.raises(UnavailableError, match="No such file") as caught:
        await processes.write(replace(task, path=tmp_path / "nowhere" / "labels.csv"))

    assert caught.value.word == "not_written"
    assert list((tmp_path / "out").iterdir()) == []


class TestWhileItWrites:
    """What happens to an export that can't go on yet."""

    async def test_a_cancelled_one_ends(
        self, postgresql_url: str, tmp_path: Path, mark: str
    ) -> None:
        """Its process is gone when the cancellation has come through."""
        database = Database(open_engine(postgresql_url))
        a_labeled_project(database, tmp_path)
        processes = ExportProcesses(settings_in(tmp_path), postgresql_url, log=LOG)
        task = a_task(tmp_path / "out")

        with annotations_locked(postgresql_url):
            writing = asyncio.ensure_future(processes.write(task))
            await asyncio.to_thread(until, task.path.with_name(".labels.csv.draft").exists)
            running = marked(mark)
            writing.cancel()
            await asyncio.wait([writing])
            left = marked(mark)
        database.dispose()

        assert writing.cancelled()
        assert len(running) == 1
        assert left == []

    async def test_a_killed_one_is_told(
        self, postgresql_url: str, tmp_path: Path, mark: str
    ) -> None:
        """Where the system ends it for want of memory, the person hears what to do."""
        database = Database(open_engine(postgresql_url))
        a_labeled_project(database, tmp_path)
        processes = ExportProcesses(settings_in(tmp_path), postgresql_url, log=LOG)
        task = a_task(tmp_path / "out")

        with annotations_locked(postgresql_url):
            writing = asyncio.ensure_future(processes.write(task))
            [pid] = await asyncio.to_thread(until, lambda: marked(mark))
            os.kill(pid, signal.SIGKILL)
            await asyncio.wait([writing])
        database.dispose()

        error = writing.exception()
        assert isinstance(error, UnavailableError)
        assert error.word == "export_ended"
        assert "try again" in error.message
