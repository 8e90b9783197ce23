"""A real Jupyter Server in a process of its own, everything of it in one folder."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.client import Address, Client, RefusedError

REPOSITORY = Path(__file__).parents[1]
#: Seconds that a server may take to answer for the first time.
PATIENCE = 120.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Folders and database of one installation."""

    folder: Path
    db_url: str

    @classmethod
    def in_folder(cls, folder: Path, db_url: str | None = None) -> Place:
        """Return a place in a folder; SQLite unless another database is given."""
        for name in ("data", "root", "jupyter"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        return cls(folder=folder, db_url=db_url or f"sqlite:///{folder / 'data' / 'al.sqlite'}")

    @property
    def data(self) -> Path:
        """Folder for samples, features, estimators and the default database."""
        return self.folder / "data"

    @property
    def root(self) -> Path:
        """Folder that paths of datasets are relative to."""
        return self.folder / "root"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningServer:
    """A server that answers."""

    pid: int
    address: Address

    def client(self) -> Client:
        """Return a client on a connection of its own."""
        return Client(self.address)


@contextmanager
def running_server(
    place: Place,
    *,
    worker: Literal["local", "external"] = "external",
    has_extension: bool = True,
    path: str = "/al/api/status",
    base_url: str = "",
) -> Iterator[RunningServer]:
    """Run a server until the block ends; it answers at `path` when the block begins.

    `base_url` stands before every path, as on a JupyterHub: `/user/ann`.
    """
    address = Address(port=free_port(), token=secrets.token_hex(16))
    with (place.folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            _command(place, address, worker, base_url, has_extension=has_extension),
            env=_environment(place),
            cwd=place.root,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(process, address, f"{base_url}{path}", place)
        yield RunningServer(pid=process.pid, address=address)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(
    place: Place, address: Address, worker: str, base_url: str, *, has_extension: bool
) -> list[str]:
    extensions = {"jupyterlab_al": has_extension, "benchmarks.echo": True}
    settings = {
        "ServerApp.jpserver_extensions": repr(extensions),
        "ServerApp.port": address.port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.base_url": f"{base_url}/",
        "ServerApp.root_dir": place.root,
        "ServerApp.log_level": "WARN",
        "IdentityProvider.token": address.token,
        "ActiveLearning.data_dir": place.data,
        "ActiveLearning.db_url": place.db_url,
        "ActiveLearning.worker": worker,
        "ActiveLearning.annotator": "ann",
    }
    arguments = [f"--{name}={value}" for name, value in settings.items()]
    return [sys.executable, "-m", "jupyter_server", *arguments]


def _environment(place: Place) -> dict[str, str]:
    given = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{given}" if given else str(REPOSITORY),
        # Nothing of the user's own Jupyter: it would be measured as ours.
        **{
            f"JUPYTER_{name}_DIR": str(place.folder / "jupyter" / name.lower())
            for name in ("CONFIG", "DATA", "RUNTIME")
        },
    }


def _wait_for(process: subprocess.Popen[bytes], address: Address, path: str, place: Place) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client = Client(address)
            client.raw("GET", path)
        except (OSError, RefusedError):
            time.sleep(0.01)
        else:
            client.close()
            return
    raise RuntimeError(f"No server at {path}: {(place.folder / 'server.log').read_text()[-2000:]}")


def free_port() -> int:
    """Return a port that nobody listens at, and that stays free while a server is away.

    The system gives none below 32768 to connections that go out. Another may be taken by a client
    meanwhile, even by one that tries to reach the server.
    """
    while True:
        port = 16384 + secrets.randbelow(16384)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
