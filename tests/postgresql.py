"""A PostgreSQL server of the tests' own, started from the programs on this machine."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

USER = "al"
#: Tries to start after a kill.
STARTS = 20
SETTINGS = {"shared_buffers": "64MB", "max_connections": 100}
#: Nothing here outlives the tests, so nothing needs to reach the disk.
FAST = {"fsync": "off", "full_page_writes": "off"}


class PostgresqlServer:
    """A running server that listens on a socket in its own folder only."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self._folder = folder
        self._command = command
        self._n_databases = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers; after a kill it first recovers."""
        for _ in range(STARTS):
            self._process = subprocess.Popen(
                self._command,
                stdout=subprocess.DEVNULL,
                stderr=(self._folder / "log").open("a"),
            )
            if _is_ready(self._process, self._folder):
                return
            # Processes of a killed server may still hold its memory.
            self._process.wait()
            time.sleep(0.5)
        raise RuntimeError(f"PostgreSQL did not start: {(self._folder / 'log').read_text()}")

    def kill(self) -> None:
        """Kill its first process as a crash would; the others end when they notice."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it at once."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(timeout=30)

    def url(self, database: str) -> str:
        """Return the address of a database as `open_engine` takes it."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self._folder}"

    def create(self, *, template: str = "template1", name: str | None = None) -> str:
        """Make a database as a copy of another; return its name."""
        self._n_databases += 1
        name = name or f"test_{self._n_databases}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is connected."""
        self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(
            host=str(self._folder), user=USER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[PostgresqlServer]:
    """Run a server until the block ends; it also ends when this process dies.

    A durable one keeps its data on disk and waits for it, as a real one does.
    """
    initdb, postgres = _program("initdb"), _program("postgres")
    folder = Path(tempfile.mkdtemp(prefix="al-pg-", dir=None if durable else _quick_folder()))
    command = _as_plain_user(folder)
    try:
        # The locale of the machine must not decide what order names have.
        arguments = ["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        _run([*command, initdb, "-U", USER, "-D", f"{folder}/data", *arguments])
        chosen = SETTINGS if durable else SETTINGS | FAST
        settings = [f"--{name}={value}" for name, value in chosen.items()]
        place = ["-D", f"{folder}/data", "-k", str(folder), "-h", ""]
        server = PostgresqlServer(folder, [*command, postgres, *place, *settings])
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _quick_folder() -> str | None:
    """Return a folder in memory where there is room for hundreds of small databases."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2**30
    return str(memory) if roomy and os.access(memory, os.W_OK) else None


def _program(name: str) -> str:
    """Return the path of a server program; newest version first."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)  # noqa: PTH207
    if pg_config := shutil.which("pg_config"):
        folders.append(_run([pg_config, "--bindir"]).strip())
    found = shutil.which(name, path=os.pathsep.join(folders)) or shutil.which(name)
    if found is None:
        raise RuntimeError(
            f"These tests need PostgreSQL's server program {name!r}: install the package "
            "`postgresql` (the service need not run), or leave the tests out with "
            "-m 'not postgresql'."
        )
    return found


def _as_plain_user(folder: Path) -> list[str]:
    """Return the start of a command line that PostgreSQL accepts, which refuses to run as root."""
    death = ["--pdeathsig", "QUIT"]
    if os.geteuid() != 0:
        return ["setpriv", *death] if shutil.which("setpriv") else []
    known = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in known else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids, *death]


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{command} failed: {done.stderr}")
    return done.stdout


def _is_ready(process: subprocess.Popen[bytes], folder: Path) -> bool:
    """Wait until a server answers; False where it ends instead."""
    for _ in range(300):
        try:
            psycopg.connect(host=str(folder), user=USER, dbname="postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None:
                return False
            time.sleep(0.1)
        else:
            return True
    process.kill()
    return False
