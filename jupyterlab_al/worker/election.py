"""Which of several servers on one data folder starts the worker."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

LOCK = "worker.lock"


class Election:
    """A locked file names the server that runs the worker; the lock ends with its process."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / LOCK
        self._file: int | None = None

    def win(self) -> bool:
        """Return whether this process is the one, now or since earlier."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file
        return True

    def winner(self) -> int | None:
        """Return the process id of the server that has won."""
        with suppress(OSError, ValueError):
            return int(self._path.read_text())
        return None

    def resign(self) -> None:
        """Let another server win."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
