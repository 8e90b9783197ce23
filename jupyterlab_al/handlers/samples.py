"""Samples: what is shown of one, and its raw bytes."""

from __future__ import annotations

import asyncio
import hashlib

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.domain.models import Project
from jupyterlab_al.handlers import schemas
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.handlers.ranges import parse_range
from jupyterlab_al.services import projects
from jupyterlab_al.services.queue import require_sample


class SampleHandler(ApiHandler):
    """One sample."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.label")
    async def get(self, name: str, sample_id: str) -> None:
        """Return what is shown of it."""
        project = await _project(self, name, int(sample_id))
        [(key, display)] = await self.context.pools.shown(project, [int(sample_id)])
        self.reply(schemas.SampleReply(sample_id=int(sample_id), sample_key=key, display=display))


class FindHandler(ApiHandler):
    """Samples by the keys that people know them by."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.label")
    async def post(self, name: str) -> None:
        """Return the sample of each key."""
        body = self.parse(schemas.FindSamplesRequest)
        view = await self.read(projects.get, name, self.person)
        pool = self.context.pools.of(view.project)
        found = await asyncio.to_thread(pool.positions, body.keys)
        self.reply(schemas.FindSamplesReply(sample_ids=found))


class ContentHandler(ApiHandler):
    """The raw bytes of a sample."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.label")
    async def get(self, name: str, sample_id: str) -> None:
        """Send them, whole or a range."""
        project = await _project(self, name, int(sample_id))
        pool = self.context.pools.of(project)
        content, mime, etag = await asyncio.to_thread(_tagged, pool, int(sample_id))
        self.set_header("ETag", etag)
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("Cache-Control", "private, max-age=3600")
        # What is in the data must never run in the application's origin.
        self.set_header("Content-Security-Policy", "sandbox; default-src 'none'")
        self.set_header("X-Content-Type-Options", "nosniff")
        if self.request.headers.get("If-None-Match") == etag:
            self.set_status(304)
            self.finish(set_content_type=mime)
            return
        chosen = parse_range(self.request.headers.get("Range"), len(content))
        if chosen == "unsatisfiable":
            self.set_status(416)
            self.set_header("Content-Range", f"bytes */{len(content)}")
            self.finish(set_content_type=mime)
            return
        if isinstance(chosen, tuple):
            start, stop = chosen
            self.set_status(206)
            self.set_header("Content-Range", f"bytes {start}-{stop - 1}/{len(content)}")
            content = content[start:stop]
        self.set_header("Content-Length", str(len(content)))
        self.finish(content, set_content_type=mime)


def _tagged(pool: SamplePool, sample_id: int) -> tuple[bytes, str, str]:
    """Return bytes, type and tag of a sample; a long sound takes its time."""
    content, mime = pool.content(sample_id)
    return content, mime, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


async def _project(handler: ApiHandler, name: str, sample_id: int) -> Project:
    view = await handler.read(projects.get, name, handler.person)
    require_sample(view.project, sample_id)
    return view.project
