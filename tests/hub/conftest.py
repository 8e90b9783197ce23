"""A running JupyterHub, with its proxy, and two people on it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from tests.postgresql import PostgresqlServer

#: The Hub executes it; pytest must not.
collect_ignore = ["jupyterhub_config.py"]

REPOSITORY = Path(__file__).parents[2]
PROXY = "configurable-http-proxy"
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Hub:
    """A running Hub, spoken to as a service of it."""

    url: str
    token: str
    folder: Path

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return status and answer of a request to the Hub's own interface."""
        return answer(method, f"{self.url}/hub/api/{path}", self.token, body)

    def start(self, user: str) -> None:
        """Start the server of a person, and wait until it is ready."""
        self.call("POST", f"users/{user}/server")
        wait_until(lambda: self._servers(user).get("", {}).get("ready", False), self.folder)

    def stop(self, user: str) -> None:
        """Stop it, as the one does that looks for idle servers."""
        self.call("DELETE", f"users/{user}/server")
        wait_until(lambda: not self._servers(user), self.folder)

    def _servers(self, user: str) -> dict[str, Any]:
        return dict(self.call("GET", f"users/{user}")[1]["servers"])

    def person(self, user: str) -> Person:
        """Return a person who has a server of their own and a token of the Hub."""
        self.call("POST", f"users/{user}")
        self.start(user)
        _, made = self.call("POST", f"users/{user}/tokens", {"note": "tests"})
        return Person(f"{self.url}/user/{user}/", made["token"], self.folder / "home" / user)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks with their own server, through the proxy."""

    url: str
    token: str
    home: Path

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return status and answer of a request below `al/api`."""
        return answer(method, f"{self.url}al/api/{path}", self.token, body)


def answer(method: str, url: str, token: str, body: Any = None) -> tuple[int, Any]:
    """Send JSON and return status and answer, a refusal's too."""
    data = None if body is None and method != "POST" else json.dumps(body or {}).encode()
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    request = Request(url, data, headers, method=method)  # noqa: S310
    try:
        with urlopen(request, timeout=60) as reply:  # noqa: S310
            status, content = reply.status, reply.read()
    except HTTPError as error:
        status, content = error.code, error.read()
    try:
        return status, json.loads(content or b"null")
    except ValueError:
        return status, content.decode()


def wait_until(holds: Any, folder: Path) -> None:
    """Wait until something holds; the Hub's log says why it never does."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if holds():
                return
        except URLError:
            pass
        assert time.monotonic() < end, (folder / "log").read_text()[-4000:]
        time.sleep(0.2)


def free_ports(n: int) -> list[int]:
    """Return ports that nobody listens on."""
    probes = [socket.socket() for _ in range(n)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module")
def hub(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: PostgresqlServer
) -> Iterator[Hub]:
    """Run a Hub whose people share one PostgreSQL database and one data folder."""
    proxy = shutil.which(
        PROXY, path=f"{REPOSITORY}/node_modules/.bin{os.pathsep}{os.environ['PATH']}"
    )
    assert proxy, f"These tests need {PROXY}: run `jlpm install`."
    folder = tmp_path_factory.mktemp("hub")
    ports, token = free_ports(3), secrets.token_hex(16)
    environment = {
        **{name: value for name, value in os.environ.items() if "JUPYTER" not in name},
        "AL_TEST_HUB_FOLDER": str(folder),
        "AL_TEST_HUB_PORTS": ",".join(map(str, ports)),
        "AL_TEST_HUB_PROXY": proxy,
        "AL_TEST_HUB_TOKEN": token,
        "AL_TEST_HUB_DB": postgresql_server.url(postgresql_server.create(template="migrated")),
    }
    config = Path(__file__).with_name("jupyterhub_config.py")
    command = [sys.executable, "-m", "jupyterhub", "-f", str(config)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    running = Hub(f"http://127.0.0.1:{ports[0]}", token, folder)
    try:
        wait_until(lambda: running.call("GET", "users")[0] == 200, folder)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(40)
        finally:
            # Whatever of it is left: servers of people have sessions of their own and end first.
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def people(hub: Hub) -> list[Person]:
    """Return two people; their servers start at once."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(hub.person, ["ann", "bob"]))


@pytest.fixture(scope="module")
def ann(people: list[Person]) -> Person:
    """Return somebody who makes projects."""
    return people[0]


@pytest.fixture(scope="module")
def bob(people: list[Person]) -> Person:
    """Return somebody who labels."""
    return people[1]
