"""What wakes a loop that waits: a new job, a signal, the end of the server."""

from __future__ import annotations

import os
from contextlib import suppress


class Bell:
    """A bell that threads and signal handlers may ring; the loop waits for it with a selector."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """Whether the loop is to end."""
        return self._stopped

    def ring(self) -> None:
        """Wake the loop; ringing twice before it looks is ringing once."""
        # A full pipe has rung already.
        with suppress(BlockingIOError):
            os.write(self._writer, b".")

    def stop(self) -> None:
        """Tell the loop to end."""
        self._stopped = True
        self.ring()

    def fileno(self) -> int:
        """Return what becomes readable when somebody rings."""
        return self._reader

    def heard(self) -> bool:
        """Return whether somebody rang since the last look."""
        try:
            return bool(os.read(self._reader, 4096))
        except BlockingIOError:
            return False

    def close(self) -> None:
        """Let go of the pipe."""
        os.close(self._reader)
        os.close(self._writer)
