"""Writing transactions, awaited on the event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from jupyterlab_al.store.database import Database, Tx

P = ParamSpec("P")
T = TypeVar("T")


class Commits:
    """Passes writes to the writing thread and its answers back to the event loop.

    Writes that are committed together wake the loop once: each wake-up is a system call and a
    switch of threads, which under load would cost more than the writes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._answers: deque[Callable[[], None]] = deque()
        self._is_called = False

    async def commit(
        self, func: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function of a writing transaction; returns when it is committed."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        succeed = partial(self._answer, future, future.set_result)
        fail = partial(self._answer, future, future.set_exception)
        self._database.post(succeed, fail, func, *args, **kwargs)
        return await future

    def _answer(
        self, future: asyncio.Future[Any], settle: Callable[[Any], None], outcome: Any
    ) -> None:
        """Take an outcome from the writing thread."""
        self._answers.append(partial(_settle, future, settle, outcome))
        if not self._is_called:
            self._is_called = True
            future.get_loop().call_soon_threadsafe(self._hand_out)

    def _hand_out(self) -> None:
        # First: an answer that comes from here on calls again.
        self._is_called = False
        while self._answers:
            self._answers.popleft()()


def _settle(future: asyncio.Future[Any], settle: Callable[[Any], None], outcome: Any) -> None:
    # Who waited may be gone, with their connection.
    if not future.done():
        settle(outcome)
