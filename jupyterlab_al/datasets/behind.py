"""Writing a part while the next one is made."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, Self

P = ParamSpec("P")


class Behind:
    """Runs one call at a time in a thread; what it fails with is raised by the next call of ours.

    For calls that leave the interpreter to others, as writing to files does. What they are given
    must not be changed meanwhile.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._last: Future[Any] | None = None

    def run(self, func: Callable[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Begin a call once the last one has ended."""
        self.wait()
        self._last = self._thread.submit(func, *args, **kwargs)

    def wait(self) -> None:
        """Wait for the last call."""
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Let the thread end; its error counts where there is no other."""
        self._thread.shutdown()
        if kind is None:
            self.wait()
