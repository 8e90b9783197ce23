"""Real servers with their workers, and somebody who labels at each."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import jupyterlab_al as al
from benchmarks.client import Client
from benchmarks.servers import Place, RunningServer, running_server


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """A server of its own, with an annotator who knows the truth."""

    place: Place
    server: RunningServer
    client: Client

    def connect(self) -> None:
        """Let all calls of this process go to the server."""
        address = self.server.address
        al.connect(f"http://127.0.0.1:{address.port}/", address.token)

    def label(self, project: str, truth: Sequence[str], *, n: int) -> None:
        """Give `n` labels to what the queue hands out.

        Each round is waited for as it comes, and none comes early, so that the samples come in the
        same order whatever the speed of the machine.
        """
        self.client("PATCH", f"projects/{project}", {"early_rounds": False})
        for _ in range(n):
            [lease] = self.client.claim(project, size=1)
            self.client.annotate(project, lease, truth[lease["sample_id"]])
            while self._is_training(project):
                time.sleep(0.05)

    def _is_training(self, project: str) -> bool:
        rounds = self.client("GET", f"projects/{project}/rounds?limit=1")["rounds"]
        return any(one["state"] in ("queued", "running") for one in rounds)


@contextmanager
def a_desk(folder: Path) -> Iterator[Desk]:
    """Run a server with token authentication and a worker."""
    place = Place.in_folder(folder)
    with running_server(place, worker="local") as server:
        client = server.client()
        yield Desk(place=place, server=server, client=client)
        client.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a running server with its annotator."""
    with a_desk(Path(tmp_path_factory.mktemp("desk"))) as running:
        yield running


@pytest.fixture(scope="module")
def other_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return another one, to do the same at."""
    with a_desk(Path(tmp_path_factory.mktemp("other-desk"))) as running:
        yield running
