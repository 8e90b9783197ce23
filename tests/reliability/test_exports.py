"""An export whose client or server goes away in the middle leaves nothing behind."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from jupyterlab_al.store.database import Database, open_engine
from tests.factories import many_annotations, the_project
from tests.reliability.served import TOKEN, Served
from tests.waiting import until

#: What takes a process of its own some seconds.
N_ANNOTATIONS = 60_000


@pytest.fixture
def served(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Return a running server with a labeled project `numbers`; temporary files are in `tmp`."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    with Served(tmp_path, sqlite_url) as server:
        server.create("numbers", np.zeros((N_ANNOTATIONS, 2), np.float32))
        database = Database(open_engine(sqlite_url))
        many_annotations(database, the_project(database, "numbers"), N_ANNOTATIONS)
        database.dispose()
        yield server


def asked_for(served: Served) -> http.client.HTTPConnection:
    """Ask for a large export and return the connection on which it would come."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    connection.request(
        "GET",
        "/al/api/projects/numbers/export?format=label-studio",
        headers={"Authorization": f"token {TOKEN}"},
    )
    return connection


def exporters(folder: Path) -> list[int]:
    """Return the processes that write exports of the servers in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_export = b"jupyterlab_al.worker.export" in (process / "cmdline").read_bytes()
            if is_export and str(folder).encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


def drafts(folder: Path) -> list[Path]:
    """Return what exports have begun to write."""
    return list((folder / "tmp").glob("jupyterlab-al-*/.*.draft"))


def nothing_is_left(folder: Path) -> bool:
    """Return whether neither processes nor files of exports are there."""
    return not exporters(folder) and not list((folder / "tmp").glob("jupyterlab-al-*"))


@pytest.mark.timeout(180)
def test_a_client_that_goes_away_ends_its_export(served: Served) -> None:
    """Process and file go with the connection, and the server answers as before."""
    connection = asked_for(served)
    until(lambda: drafts(served.folder))
    connection.close()

    until(lambda: nothing_is_left(served.folder))

    assert served.request("GET", "projects/numbers")["state"] == "active"


@pytest.mark.timeout(180)
def test_a_killed_server_leaves_no_export(served: Served) -> None:
    """The export that nobody can send any more ends by itself and takes its file with it."""
    connection = asked_for(served)
    until(lambda: drafts(served.folder))
    served.kill()
    connection.close()

    until(lambda: nothing_is_left(served.folder))

    assert exporters(served.folder) == []


@pytest.mark.timeout(180)
def test_a_large_export_arrives_whole(served: Served) -> None:
    """Every label is in the file that the process wrote, and nothing is left when it was sent."""
    answer = asked_for(served).getresponse()
    body = answer.read()

    assert answer.status == 200
    assert body.count(b'"sample_id"') == N_ANNOTATIONS
    assert body.endswith(b"\n]\n")
    until(lambda: nothing_is_left(served.folder))
