"""Bring a database to this version's schema, one process at a time."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from jupyterlab_al.domain.errors import UnavailableError

#: Version of the newest migration; a test compares it with the files.
HEAD = "0003"
_ADVISORY_LOCK = 8_214_370_651


def schema_version(engine: Engine) -> str | None:
    """Return the schema version of a database; None when it has none of our tables."""
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM al_schema")).scalar()
    except DBAPIError:
        return None


def migrate(engine: Engine) -> bool:
    """Upgrade the schema under a lock; False when it was up to date.

    Raises
    ------
    UnavailableError
        The database was written by a newer version, or can't be reached.
    """
    if schema_version(engine) == HEAD:
        return False
    try:
        _upgrade(engine)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise UnavailableError(
            f"The database {engine.url.render_as_string()} can't be opened ({reason}). "
            "Check db_url, and that its folder or its server is there."
        ) from error
    return True


def _upgrade(engine: Engine) -> None:
    with _exclusive(engine) as connection:
        # Alembic takes a tenth of a second to import; an up-to-date start does without.
        from alembic import command
        from alembic.config import Config
        from alembic.util.exc import CommandError

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise UnavailableError(
                "The database was written by a newer version of jupyterlab_al. "
                "Upgrade the package; nothing was changed.",
                word="newer_schema",
            ) from error


@contextlib.contextmanager
def _exclusive(engine: Engine) -> Iterator[Connection]:
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
            yield connection
        return
    database = engine.url.database
    lock_path = Path(f"{database}.lock")
    with lock_path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
            yield connection
