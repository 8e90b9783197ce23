"""Fixtures for all tests: a migrated database of each kind, and a server with the extension."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from jupyterlab_al.store.database import Database, open_engine
from jupyterlab_al.store.migrate import migrate
from tests.postgresql import PostgresqlServer, running_server

pytest_plugins = ("pytest_jupyter.jupyter_server",)

# Machines are shared and slow at times; what looks at the clock would make tests fail at random.
# And what one run finds must be found by the next one.
settings.register_profile(
    "al", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("al")

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ask for the PostgreSQL server by name."""
    for item in items:
        if "postgresql_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgresql)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """One PostgreSQL server for the whole run, with a migrated database to copy."""
    with running_server() as server:
        engine = open_engine(server.url(server.create(name="migrated")))
        migrate(engine)
        engine.dispose()
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    """Return the address of a migrated, empty SQLite database."""
    path = tmp_path / "al.sqlite"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """Return the address of a migrated, empty PostgreSQL database."""
    name = postgresql_server.create(template="migrated")
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture(params=BOTH)
def db_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a migrated, empty database of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database of each kind that has no tables yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def database(db_url: str) -> Iterator[Database]:
    """Return a migrated, empty database of each kind."""
    opened = Database(open_engine(db_url))
    yield opened
    opened.dispose()


@pytest.fixture
def jp_server_config(tmp_path: Path, sqlite_url: str) -> dict[str, Any]:
    """Configure a server with the extension, everything of it in a folder of the test."""
    (tmp_path / "root_dir").mkdir(exist_ok=True)
    return {
        "ServerApp": {
            "jpserver_extensions": {"jupyterlab_al": True},
            "root_dir": str(tmp_path / "root_dir"),
            "allow_unauthenticated_access": False,
        },
        "ActiveLearning": {
            "db_url": sqlite_url,
            "data_dir": str(tmp_path / "al_data"),
            "worker": "external",
        },
    }
