"""One real server with its worker for all tests of the client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import jupyterlab_al as al
from benchmarks.servers import Place, RunningServer, running_server


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return the folders of the server."""
    return Place.in_folder(Path(tmp_path_factory.mktemp("client")))


@pytest.fixture(scope="session")
def server(place: Place) -> Iterator[RunningServer]:
    """Return a running server with token authentication and a worker."""
    with running_server(place, worker="local") as running:
        yield running


@pytest.fixture
def connected(server: RunningServer) -> RunningServer:
    """Return the server, which all calls go to."""
    al.connect(f"http://127.0.0.1:{server.address.port}/", server.address.token)
    return server
