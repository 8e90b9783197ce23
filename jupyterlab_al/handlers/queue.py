"""The queue: claim, extend, release, skip, review."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_al.handlers import replies, schemas
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.services import queue, reviewing


class ClaimHandler(ApiHandler):
    """The next samples."""

    @authenticated
    @authorized("write", resource="jupyterlab_al.label")
    async def post(self, name: str) -> None:
        """Lease samples to the caller, or say why there are none."""
        body = self.parse(schemas.ClaimRequest)
        project, claimed = await self.commit(
            queue.claim,
            name,
            self.person,
            client=None if body.client is None else str(body.client),
            size=body.size,
            lease_ms=self.context.settings.lease_ms,
        )
        pools = self.context.pools
        ids = [lease.sample_id for lease in claimed.leases]
        shown = await pools.shown(project, ids) if ids else []
        hidden = project.config["blind"] or not ids
        predictions = None if hidden else await pools.predictions(project, ids)
        self.reply(replies.claim(claimed, shown, predictions))


class _LeasesHandler(ApiHandler):
    def leases(self) -> Sequence[tuple[int, str]]:
        """Return the leases that the body names."""
        body = self.parse(schemas.LeasesRequest)
        return [(lease.sample_id, lease.token) for lease in body.leases]


class ExtendHandler(_LeasesHandler):
    """Leases that last longer."""

    @authenticated
    @authorized("write", resource="jupyterlab_al.label")
    async def post(self, name: str) -> None:
        """Prolong what is still held."""
        held = await self.commit(
            queue.extend,
            name,
            self.person,
            self.leases(),
            lease_ms=self.context.settings.lease_ms,
        )
        self.reply(replies.leases(held))


class ReleaseHandler(_LeasesHandler):
    """Leases given back."""

    @authenticated
    @authorized("write", resource="jupyterlab_al.label")
    async def post(self, name: str) -> None:
        """Give back what is still held."""
        self.reply(
            replies.leases(await self.commit(queue.release, name, self.person, self.leases()))
        )


class SkipHandler(_LeasesHandler):
    """Samples that the caller does not want to label."""

    @authenticated
    @authorized("write", resource="jupyterlab_al.label")
    async def post(self, name: str) -> None:
        """Take samples out of the caller's stream."""
        held = await self.commit(queue.skip, name, self.person, self.leases())
        self.context.events.publish("annotation", name, what="skipped")
        self.reply(replies.leases(held))


class ReviewHandler(ApiHandler):
    """Samples to be looked at again."""

    @authenticated
    @authorized("write", resource="jupyterlab_al.label")
    async def post(self, name: str) -> None:
        """Put them at the front of the queue."""
        body = self.parse(schemas.ReviewRequest)
        _project, queued = await self.commit(reviewing.request, name, self.person, body.what)
        self.context.events.publish("project", name, what="changed")
        self.reply(schemas.ReviewReply(queued=queued))
