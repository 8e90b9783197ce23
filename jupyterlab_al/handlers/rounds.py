"""Rounds, figures and the estimator that came of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_al.datasets.record import vectorizer_path
from jupyterlab_al.domain.errors import UnknownError
from jupyterlab_al.domain.models import JobId
from jupyterlab_al.handlers import replies, schemas
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.handlers.files import send_path
from jupyterlab_al.handlers.paging import page_of
from jupyterlab_al.services import metrics, projects, rounds
from jupyterlab_al.store.jobs import NEWEST

PAGE = 50


class RoundsHandler(ApiHandler):
    """All rounds of a project."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self, name: str) -> None:
        """List them, newest first."""
        size = self.argument("limit", PAGE, low=1, high=1000)
        before = self.argument("after", NEWEST, low=0, high=NEWEST)
        found = await self.read(rounds.page, name, self.person, before=before, size=size + 1)
        page, more = page_of(found, size, key=lambda job: job.id)
        self.reply(
            schemas.RoundsReply(
                rounds=[replies.a_round(job) for job in page],
                next=more,
            )
        )

    @authenticated
    @authorized("write", resource="jupyterlab_al.project")
    async def post(self, name: str) -> None:
        """Ask for a round now."""
        self.parse(schemas.Nothing)
        job = await self.commit(rounds.request, name, self.person)
        self.context.work_is_waiting()
        self.context.events.publish("round", name, what="queued", round=str(job.id))
        self.reply(replies.a_round(job), status=202)


class RoundHandler(ApiHandler):
    """One round."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self, name: str, round_id: str) -> None:
        """Return it."""
        job = await self.read(rounds.get, name, self.person, JobId(int(round_id)))
        self.reply(replies.a_round(job))

    @authenticated
    @authorized("write", resource="jupyterlab_al.project")
    async def delete(self, name: str, round_id: str) -> None:
        """Cancel it."""
        job = await self.commit(rounds.cancel, name, self.person, JobId(int(round_id)))
        self.context.work_is_waiting()
        if job.state == "cancelled":
            # One that runs has yet to be let go of by its worker, and may end before.
            self.context.events.publish("round", name, what="cancelled", round=str(job.id))
        self.reply(replies.a_round(job))


class MetricsHandler(ApiHandler):
    """The figures of a project."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self, name: str) -> None:
        """Return them."""
        self.reply(replies.metrics(await self.read(metrics.get, name, self.person)))


class EstimatorHandler(ApiHandler):
    """The last fitted estimator."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self, name: str) -> None:
        """Send it as a skops file."""
        view = await self.read(projects.get, name, self.person)
        path = view.last_round and view.last_round.result.get("model_path")
        if not path or not await asyncio.to_thread(Path(path).exists):
            raise UnknownError(
                "There is no estimator before the first finished round.", word="no_estimator"
            )
        await send_path(
            self, Path(path), content_type="application/zip", download_name=f"{name}.skops"
        )


class VectorizerHandler(ApiHandler):
    """How texts became what the estimator learns from."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self, name: str) -> None:
        """Send it as JSON."""
        view = await self.read(projects.get, name, self.person)
        path = vectorizer_path(self.context.settings.project_folder(view.project.id))
        if not await asyncio.to_thread(path.exists):
            raise UnknownError(
                "There is no vectorizer: the estimator learns from texts only in projects whose "
                "features are of kind text.",
                word="no_vectorizer",
            )
        await send_path(
            self, path, content_type="application/json", download_name=f"{name}-vectorizer.json"
        )
