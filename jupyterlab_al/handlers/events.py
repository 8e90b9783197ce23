"""What happens, told to the front ends of this server and to Jupyter's event bus.

An event is a hint: the client reads the state again by REST.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

Kind = Literal["annotation", "round", "project"]
#: Events that a slow front end may be behind before the oldest are dropped.
BACKLOG = 200

Event = dict[str, Any]
Emit = Callable[[Kind, Event], None]


class EventHub:
    """Passes events on; lives on the event loop's thread."""

    def __init__(self, emit: Emit | None = None) -> None:
        self._emit = emit
        self._listeners: dict[str, set[asyncio.Queue[tuple[Kind, Event] | None]]] = {}
        # Larger after every start, so that a client sees a gap and reads again.
        self._seq = int(time.time() * 1000)
        self.something_listens = asyncio.Event()

    def publish(self, kind: Kind, project: str, **facts: Any) -> None:
        """Tell everybody who watches a project, and the bus."""
        self._seq += 1
        event = {
            "seq": self._seq,
            "project": project,
            "at": datetime.now(UTC).isoformat(),
            "what": "changed",
            **facts,
        }
        if self._emit is not None:
            self._emit(kind, event)
        for listener in self._listeners.get(project, ()):
            if listener.full():
                listener.get_nowait()
            listener.put_nowait((kind, event))

    @contextlib.contextmanager
    def listen(self, project: str) -> Iterator[asyncio.Queue[tuple[Kind, Event] | None]]:
        """Yield a queue of a project's events; None in it says that the server stops."""
        listener: asyncio.Queue[tuple[Kind, Event] | None] = asyncio.Queue(BACKLOG)
        self._listeners.setdefault(project, set()).add(listener)
        self.something_listens.set()
        try:
            yield listener
        finally:
            self._listeners[project].discard(listener)
            if not self._listeners[project]:
                del self._listeners[project]
            if not self._listeners:
                self.something_listens.clear()

    def close(self) -> None:
        """End all streams."""
        for listeners in self._listeners.values():
            for listener in listeners:
                if listener.full():
                    listener.get_nowait()
                listener.put_nowait(None)
