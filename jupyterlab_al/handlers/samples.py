"""Samples: what is shown of one, and its raw bytes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_al.datasets.originals import original_picture
from jupyterlab_al.domain.errors import UnknownError
from jupyterlab_al.domain.models import Project
from jupyterlab_al.handlers import replies, schemas
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.handlers.ranges import parse_range
from jupyterlab_al.services import adding, creating, projects
from jupyterlab_al.services.roots import root_of
from jupyterlab_al.services.samples import originals_folder


class SampleHandler(ApiHandler):
    """One sample."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.label")
    async def get(self, name: str, sample_id: str) -> None:
        """Return what is shown of it."""
        project = await _project(self, name, int(sample_id))
        [(key, display)] = await self.context.pools.shown(project, [int(sample_id)])
        self.reply(schemas.SampleReply(sample_id=int(sample_id), sample_key=key, display=display))


class SamplesHandler(ApiHandler):
    """All samples of a project."""

    @authenticated
    @authorized("write", resource="jupyterlab_al.project")
    async def post(self, name: str) -> None:
        """Add samples behind those that are there; importing them goes on in the worker."""
        body = self.parse(schemas.AddSamples)
        # First of all: who may not add learns nothing of the server's files.
        project = await self.read(projects.owned, name, self.person)
        what = await asyncio.to_thread(
            creating.further, body.model_dump(), self.context.settings, project=project
        )
        view = await self.commit(adding.request, name, self.person, what)
        self.context.work_is_waiting()
        self.context.events.publish("project", name, what="changed")
        self.reply(replies.project(view), status=202)


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


class BytesHandler(ApiHandler):
    """Sends bytes of a sample, whole or a range."""

    async def send(self, read: Callable[[], tuple[bytes, str]]) -> None:
        """Send what `read` returns, which is called off the event loop."""
        content, mime, etag = await asyncio.to_thread(_tagged, read)
        self.set_header("ETag", etag)
        self.set_header("Accept-Ranges", "bytes")
        # Asked again each time: another project may come to have this name.
        self.set_header("Cache-Control", "private, no-cache")
        # What is in the data must never run in the application's origin.
        self.set_header("Content-Security-Policy", "sandbox; default-src 'none'")
        self.set_header("X-Content-Type-Options", "nosniff")
        if self.check_etag_header():
            self.set_status(304)
            self.finish(set_content_type=mime)
            return
        wanted = self.request.headers.get("Range")
        if self.request.headers.get("If-Range", etag) != etag:
            # What the caller has a part of is not what stands here: it gets the whole.
            wanted = None
        chosen = parse_range(wanted, len(content))
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


class ContentHandler(BytesHandler):
    """The raw bytes of a sample."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.label")
    async def get(self, name: str, sample_id: str) -> None:
        """Send them."""
        project = await _project(self, name, int(sample_id))
        pool = self.context.pools.of(project)
        await self.send(lambda: pool.content(int(sample_id)))

    # What it would be, for programs that ask for type and length first.
    head = get


class OriginalHandler(BytesHandler):
    """The picture that a sample was made of, in all its pixels."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.label")
    async def get(self, name: str, sample_id: str) -> None:
        """Send it, as a browser shows it."""
        project = await _project(self, name, int(sample_id))
        pool = self.context.pools.of(project)
        folder = originals_folder(project, pool.files_from(int(sample_id)))
        key = pool.key(int(sample_id))
        root = root_of(project.config, self.context.settings)
        await self.send(lambda: original_picture(root, folder, key))

    head = get


def _tagged(read: Callable[[], tuple[bytes, str]]) -> tuple[bytes, str, str]:
    """Return bytes, type and tag; a long sound takes its time."""
    content, mime = read()
    return content, mime, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


async def _project(handler: ApiHandler, name: str, sample_id: int) -> Project:
    view = await handler.read(projects.get, name, handler.person)
    if sample_id >= view.project.n_samples:
        raise UnknownError(
            f"There is no sample {sample_id} in {name!r}: it has {view.project.n_samples:,}.",
            word="unknown_sample",
        )
    return view.project
