"""A project's events as a stream of server-sent events."""

from __future__ import annotations

import asyncio
import json

from jupyter_server.auth.decorator import authorized
from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.services import projects

HEARTBEAT_SECONDS = 15.0


class EventsHandler(ApiHandler):
    """What happens in one project."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self, name: str) -> None:
        """Stream events until the client or the server goes."""
        await self.read(projects.get, name, self.person)
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Accel-Buffering", "no")
        with self.context.events.listen(name) as listener:
            try:
                self.write(": connected\n\n")
                await self.flush()
                while True:
                    try:
                        event = await asyncio.wait_for(listener.get(), HEARTBEAT_SECONDS)
                    except TimeoutError:
                        self.write(": still here\n\n")
                    else:
                        if event is None:
                            break
                        kind, data = event
                        self.write(
                            f"id: {data['seq']}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"
                        )
                    await self.flush()
            except StreamClosedError:
                return
        self.finish()
