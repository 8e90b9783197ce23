"""Annotations: add, list, undo."""

from __future__ import annotations

import asyncio

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_al.domain.models import AnnotationId, NewAnnotation
from jupyterlab_al.handlers import replies, schemas
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.handlers.paging import page_of
from jupyterlab_al.services import labeling

PAGE = 1_000
#: How many of their own answers people look through, and may at most.
LAST, MOST_LAST = 50, 200


class AnnotationsHandler(ApiHandler):
    """All annotations of a project."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.label")
    async def get(self, name: str) -> None:
        """List them in order of arrival."""
        size = self.argument("limit", PAGE, low=1, high=10_000)
        after = self.argument("after", 0, low=0, high=2**62)
        project, found = await self.read(
            labeling.page, name, self.person, after=after, size=size + 1
        )
        page, more = page_of(found, size, key=lambda item: item.id)
        keys = await asyncio.to_thread(
            self.context.pools.keys, project, [item.sample_id for item in page]
        )
        self.reply(
            schemas.AnnotationPage(
                annotations=replies.of_annotations(page, keys),
                next=more,
            )
        )

    @authenticated
    @authorized("write", resource="jupyterlab_al.label")
    async def post(self, name: str) -> None:
        """Add annotations, all or none."""
        body = self.parse(schemas.AnnotateRequest)
        items = [
            NewAnnotation(
                key=str(item.key),
                sample_id=item.sample_id,
                label=item.label,
                token=item.token,
                flagged=item.flagged,
                comment=item.comment,
                seconds=item.seconds,
            )
            for item in body.annotations
        ]
        done = await self.commit(labeling.annotate, name, self.person, items)
        if done.round_requested:
            self.context.work_is_waiting()
            self.context.events.publish("round", name, what="queued")
        self.context.events.publish("annotation", name, what="added", n_labels=done.n_labels)
        keys = self.context.pools.keys(done.project, [item.sample_id for item in done.annotations])
        self.reply(
            schemas.AnnotationsReply(annotations=replies.of_annotations(done.annotations, keys)),
            status=201,
        )


class OwnAnnotationsHandler(ApiHandler):
    """What the caller answered last."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.label")
    async def get(self, name: str) -> None:
        """List what stands of it, newest first, with what is shown of the samples."""
        size = self.argument("limit", LAST, low=1, high=MOST_LAST)
        project, answers = await self.read(labeling.last_answers, name, self.person, size=size)
        samples = [item.sample_id for item in answers]
        shown = await self.context.pools.shown(project, samples)
        annotations = replies.of_annotations(answers, [key for key, _ in shown])
        self.reply(
            schemas.OwnAnnotationsReply(
                annotations=[
                    schemas.OwnAnnotationReply(**item.model_dump(), display=display)
                    for item, (_, display) in zip(annotations, shown, strict=True)
                ]
            )
        )


class AnnotationHandler(ApiHandler):
    """One annotation."""

    @authenticated
    @authorized("write", resource="jupyterlab_al.label")
    async def delete(self, name: str, annotation_id: str) -> None:
        """Undo it: a new fact, nothing is erased."""
        project, annotation = await self.commit(
            labeling.undo,
            name,
            self.person,
            AnnotationId(int(annotation_id)),
            lease_ms=self.context.settings.lease_ms,
        )
        self.context.events.publish("annotation", name, what="undone")
        keys = self.context.pools.keys(project, [annotation.sample_id])
        [reply] = replies.of_annotations([annotation], keys)
        self.reply(reply)
