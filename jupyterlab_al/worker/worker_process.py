"""The worker's process as its supervisor holds it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from logging import Logger
from typing import IO

from jupyterlab_al.worker.letter import Letter
from jupyterlab_al.worker.process import child_environment

#: Lines of its log that are kept to explain a crash.
LAST_LINES = 20
#: Seconds until SIGTERM, and from there to SIGKILL, where it does not end by itself.
PATIENCE = 5.0

#: Told a state that the worker said, or None once it has ended.
OnNews = Callable[[str | None], None]


class WorkerProcess:
    """One started worker; `on_news` is called from threads of its own.

    The worker ends with the thread that makes this object.
    """

    def __init__(self, letter: Letter, on_news: OnNews, log: Logger) -> None:
        self._log = log
        self._on_news = on_news
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._process = subprocess.Popen(
            # -P: a file json.py in the folder that the server runs in must not be imported.
            [sys.executable, "-P", "-m", "jupyterlab_al.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(),
            # Ctrl-C in the server's terminal is for the server.
            start_new_session=True,
        )
        self._errors = threading.Thread(target=self._read_log, daemon=True)
        self._errors.start()
        threading.Thread(target=self._read_news, daemon=True).start()
        self._write(letter.encode())

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Exit code; None while it runs."""
        return self._process.poll()

    @property
    def last_lines(self) -> str:
        """The end of its log."""
        return "\n".join(self._last_lines)

    def poke(self) -> None:
        """Tell it that there may be work."""
        self._write(b"\n")

    def end(self) -> None:
        """End it: kindly, then by SIGTERM, then by SIGKILL."""
        with suppress(OSError):
            self._pipe(self._process.stdin).close()
        for force in (self._process.terminate, self._process.kill):
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                force()
        self._process.wait()

    def _write(self, line: bytes) -> None:
        # Where it has just ended, the thread that reads its news says so.
        with suppress(OSError, ValueError):
            stdin = self._pipe(self._process.stdin)
            stdin.write(line)
            stdin.flush()

    def _read_news(self) -> None:
        for line in self._pipe(self._process.stdout):
            with suppress(ValueError, KeyError, TypeError):
                self._on_news(str(json.loads(line)["state"]))
        self._process.wait()
        # Its last words may still be on their way; a child of it may hold the pipe open.
        self._errors.join(1.0)
        self._on_news(None)

    def _read_log(self) -> None:
        for line in self._pipe(self._process.stderr):
            text = line.decode(errors="replace").rstrip()
            self._last_lines.append(text)
            self._log.info("worker: %s", text)

    @staticmethod
    def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
        assert stream is not None  # noqa: S101 - all three are pipes
        return stream
