"""A real server with its worker for each file of tests, which sees no projects but its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import jupyterlab_al as al
from benchmarks.servers import Place, RunningServer, running_server

#: Models of texts that a project may learn through.
MODELS = "tests.datasets.toy_models"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return the folders of the server."""
    return Place.in_folder(Path(tmp_path_factory.mktemp("client")))


@pytest.fixture(scope="module")
def server(place: Place) -> Iterator[RunningServer]:
    """Return a running server with token authentication and a worker, which allows our models."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERLAB_AL_ALLOWED_ESTIMATORS", f"sklearn.,{MODELS}.")
        with running_server(place, worker="local") as running:
            yield running


@pytest.fixture
def connected(server: RunningServer) -> RunningServer:
    """Return the server, which all calls go to."""
    al.connect(f"http://127.0.0.1:{server.address.port}/", server.address.token)
    return server
