"""What an operator can set, frozen; the extension fills it from traitlets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jupyterlab_al.domain.errors import InvalidSettingError

#: Pools are scored in the process of the round.
LOCAL = "local"
_PROCESSES = re.compile(r"processes(?::([1-9]\d{0,3}))?")
_DATABASE = re.compile(r"(sqlite|postgresql)(\+\w+)?://")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Settings of one installation."""

    #: Project folders, uploads and, by default, the SQLite database.
    data_dir: Path
    #: Dataset paths are relative to this folder and can't leave it.
    root_dir: Path
    lease_seconds: float = 300.0
    #: Import paths of estimators must begin with one of these.
    allowed_estimators: tuple[str, ...] = ("sklearn.",)
    #: Address space of a round's process, in bytes; 0 sets no limit.
    memory_limit: int = 0
    #: A round or a preparation that takes longer fails; in seconds.
    time_limit: float = 3600.0
    #: Longest that scoring should take, in seconds; of a pool that takes longer only a part is
    #: scored: near labeled samples, best of the round before, random. 0: always all.
    score_seconds: float = 20.0
    max_upload_bytes: int = 10 * 2**30
    #: Where pools are scored: `local`, `processes:N`, or the address of a Dask scheduler.
    executor: str = LOCAL

    @property
    def lease_ms(self) -> int:
        """Length of a lease in milliseconds."""
        return int(self.lease_seconds * 1000)

    def project_folder(self, project_id: int) -> Path:
        """Return where a project keeps samples, features and estimators."""
        return self.data_dir / "projects" / str(project_id)

    @property
    def uploads_folder(self) -> Path:
        """Where uploads wait to become datasets."""
        return self.data_dir / "uploads"


def processes_of(executor: str) -> int | None:
    """Return how many processes an executor setting asks for; 0: one a processor; None: it is none.

    Examples
    --------
    >>> processes_of("processes:4"), processes_of("processes"), processes_of("local")
    (4, 0, None)
    """
    found = _PROCESSES.fullmatch(executor)
    return None if found is None else int(found[1] or 0)


def checked_executor(executor: str) -> str:
    """Return an executor setting, or say what it can be.

    Raises
    ------
    InvalidSettingError
        If it is none, or would send estimators over a network without encryption.
    """
    if executor == LOCAL or processes_of(executor) is not None:
        return executor
    url = urlsplit(executor)
    if url.scheme not in ("tls", "tcp") or not url.hostname:
        raise InvalidSettingError(
            f"executor can't be {executor!r}; use local, processes, processes:N, or the address "
            "of a Dask scheduler such as tls://scheduler:8786."
        )
    if url.scheme == "tcp" and url.hostname not in _THIS_MACHINE:
        raise InvalidSettingError(
            f"executor {executor!r} would send estimators and features' paths without encryption, "
            "and whoever reaches that scheduler can run code; use a tls:// address."
        )
    return executor


def checked_database(url: str) -> str:
    """Return the address of a database, or say what it can be; nothing stands for the default.

    Raises
    ------
    InvalidSettingError
        If it is none. The message doesn't repeat it: the rest of it may be a password.
    """
    if url and not _DATABASE.match(url):
        raise InvalidSettingError(
            "db_url must begin with sqlite:/// or postgresql://, and name a database."
        )
    return url
