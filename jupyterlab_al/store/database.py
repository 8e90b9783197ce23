"""One database: reads on pooled connections, writes through one thread that commits in groups."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from jupyterlab_al.domain.errors import ActiveLearningError, UnavailableError

P = ParamSpec("P")
T = TypeVar("T")
Tx = Connection

#: How many waiting writes share one transaction at most; bounds what one failure repeats.
GROUP_SIZE = 64
BUSY_TIMEOUT_MS = 10_000


def open_engine(db_url: str) -> Engine:
    """Return an engine for SQLite or PostgreSQL whose commits are durable."""
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    if url.get_backend_name() == "postgresql":
        try:
            return _postgresql_engine(url)
        except ModuleNotFoundError as error:
            raise UnavailableError(
                "PostgreSQL needs psycopg: pip install 'jupyterlab_al[postgres]'."
            ) from error
    raise UnavailableError(
        f"db_url names the database {url.get_backend_name()!r}; use sqlite or postgresql."
    )


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _on_connect(dbapi_connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: see _on_begin.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        # FULL: NORMAL may drop the last commits when the power fails.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # Fewer, larger checkpoints: each costs a person's label an extra wait.
        cursor.execute("PRAGMA wal_autocheckpoint=4000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A transaction that first reads and then writes must hold the write lock from the start.
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        begin = f"BEGIN {mode}"
        try:
            connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]
        except sqlite3.Error as error:
            # Of this statement SQLAlchemy knows nothing, so it can't name its error either.
            raise OperationalError(begin, None, error) from error

    return engine


def _postgresql_engine(url: URL) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return create_engine(
        url,
        pool_size=4,
        max_overflow=16,
        pool_pre_ping=False,
        connect_args={
            # An operator's default may be off; an acknowledged label must be on disk.
            "options": "-c synchronous_commit=on",
            "application_name": "jupyterlab_al",
            # A driver that prepares statements forgets them all when it rolls back: ours too.
            "prepare_threshold": None,
        },
    )


class Database:
    """Runs functions of a transaction; the only door to the engine.

    Every such function takes the transaction first and must be safe to run twice, since a failed
    group is repeated one by one.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._write_engine = engine.execution_options(sqlite_begin="IMMEDIATE")
        self._waiting: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        #: Used by the writing thread only.
        self._connection: Connection | None = None
        self._start = threading.Lock()
        self._closed = False

    @property
    def kind(self) -> Literal["sqlite", "postgresql"]:
        """Name of the database system."""
        return cast("Literal['sqlite', 'postgresql']", self.engine.dialect.name)

    def read(
        self, func: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `func` in a transaction that only reads."""
        with _translated(), self.engine.begin() as tx:
            return func(tx, *args, **kwargs)

    def write(
        self, func: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `func` in a writing transaction and wait until it is committed."""
        return self.submit(func, *args, **kwargs).result()

    def submit(
        self, func: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Queue a writing transaction; the future is done when it is committed."""
        future: Future[T] = Future()
        # From here on nobody can cancel it: it may be committed already.
        future.set_running_or_notify_cancel()
        self.post(future.set_result, future.set_exception, func, *args, **kwargs)
        return future

    def post(
        self,
        succeed: Callable[[T], None],
        fail: Callable[[Exception], None],
        func: Callable[Concatenate[Tx, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Queue a writing transaction; `succeed` or `fail` is called on the writing thread."""
        write = _Write(lambda tx: func(tx, *args, **kwargs), succeed, fail)
        with self._start:
            if self._closed:
                raise UnavailableError("The server is stopping; send this again in a moment.")
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="jupyterlab-al-writer", daemon=True
                )
                self._thread.start()
            # Under the lock: behind the sign to stop it would wait for ever.
            self._waiting.put(write)

    def dispose(self) -> None:
        """Finish the waiting writes, take no more of them, and close all connections."""
        with self._start:
            self._closed = True
            if self._thread is not None:
                self._waiting.put(None)
                self._thread.join()
                self._thread = None
            if self._connection is not None:
                self._connection.close()
                self._connection = None
        self.engine.dispose()

    def _run(self) -> None:
        stop = False
        while not stop:
            first = self._waiting.get()
            if first is None:
                return
            group = [first]
            while len(group) < GROUP_SIZE and not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    stop = True
                    break
                group.append(following)
            self._commit(group)

    def _commit(self, group: list[_Write]) -> None:
        """Run the group in one transaction; where that fails, each write in its own."""
        has_begun = False
        try:
            with _translated(), self._writing() as tx:
                has_begun = True
                for write in group:
                    write.run(tx)
        except Exception as error:  # noqa: BLE001 - each write is repeated and reports its own error
            for write in group:
                if has_begun:
                    self._commit_alone(write)
                else:
                    # The database is away: to wait for it once more for each helps nobody.
                    write.fail(error)
        else:
            for write in group:
                write.succeed()

    @contextmanager
    def _writing(self) -> Iterator[Tx]:
        """Yield a writing transaction on the one connection that this thread keeps."""
        if self._connection is None:
            self._connection = self._write_engine.connect()
        connection = self._connection
        try:
            with connection.begin():
                yield connection
        except DBAPIError as error:
            if error.connection_invalidated or _is_unavailable(error):
                self._connection = None
                connection.close()
            raise

    def _commit_alone(self, write: _Write) -> None:
        try:
            with _translated(), self._writing() as tx:
                write.run(tx)
        except Exception as error:  # noqa: BLE001 - handed to the caller
            write.fail(error)
        else:
            write.succeed()


class _Write:
    """One queued write and who is told of its end."""

    def __init__(
        self,
        func: Callable[[Tx], Any],
        succeed: Callable[[Any], None],
        fail: Callable[[Exception], None],
    ) -> None:
        self._func = func
        self._value: Any = None
        self._succeed = succeed
        self.fail = fail

    def run(self, tx: Tx) -> None:
        self._value = self._func(tx)

    def succeed(self) -> None:
        self._succeed(self._value)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn a database that does not answer into an error with a message that helps."""
    try:
        yield
    except ActiveLearningError:
        raise
    except DBAPIError as error:
        if isinstance(error.orig, Exception) and _is_unavailable(error):
            raise UnavailableError(
                "The database does not answer, is locked or is full; nothing was changed. "
                "Answers are kept in the browser and sent again."
            ) from error
        raise
    except PoolTimeoutError as error:
        raise UnavailableError("No connection to the database could be had.") from error


def _is_unavailable(error: DBAPIError) -> bool:
    return error.connection_invalidated or type(error).__name__ in {
        "OperationalError",
        "InterfaceError",
        "InternalError",
    }
