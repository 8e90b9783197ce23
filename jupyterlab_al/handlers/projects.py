"""Projects: create, list, look at, change, delete."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any
from urllib.parse import quote, urlencode

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_al.domain.models import Project
from jupyterlab_al.handlers import replies, schemas
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.handlers.paging import page_of
from jupyterlab_al.services import creating, projects, uploads
from jupyterlab_al.services.classes import ClassChanges

PAGE = 100


class ProjectsHandler(ApiHandler):
    """All projects."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self) -> None:
        """List projects by name."""
        size = self.argument("limit", PAGE, low=1, high=1000)
        after = self.get_query_argument("after", "", strip=False)
        found = await self.read(projects.page, self.person, after=after, size=size + 1)
        views, more = page_of(found, size, key=lambda view: view.project.name)
        self.reply(
            schemas.ProjectsReply(
                projects=[replies.project(view) for view in views],
                next=more,
            )
        )

    @authenticated
    @authorized("write", resource="jupyterlab_al.project")
    async def post(self) -> None:
        """Create a project; importing and featurizing go on in the worker."""
        body = self.parse(schemas.CreateProject)
        description = body.model_dump(mode="json", by_alias=True)
        config = await asyncio.to_thread(creating.checked, description, self.context.settings)
        view = await self.commit(
            projects.create,
            self.person,
            name=body.name,
            title=body.title,
            config=config,
            classes=body.classes,
        )
        self.context.work_is_waiting()
        self.context.events.publish("project", body.name, what="created")
        self.set_header("Location", f"{self.request.path}/{quote(body.name)}")
        self.reply(replies.project(view), status=201)


class ProjectHandler(ApiHandler):
    """One project."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self, name: str) -> None:
        """Return it."""
        self.reply(replies.project(await self.read(projects.get, name, self.person)))

    @authenticated
    @authorized("write", resource="jupyterlab_al.project")
    async def patch(self, name: str) -> None:
        """Change what is given."""
        body = self.parse(schemas.PatchProject)
        given = body.model_dump(mode="json", by_alias=True)
        config = {key: given[key] for key in projects.CHANGEABLE if given[key] is not None}
        project = await self.read(projects.owned, name, self.person)
        config |= await asyncio.to_thread(self._learning, project, config)
        changes = _class_changes(body)
        view = await self.commit(
            projects.change,
            name,
            self.person,
            title=body.title,
            classes=changes,
            state=body.state,
            config=config,
        )
        if changes.regroup:
            self.context.work_is_waiting()
        self.context.events.publish("project", name, what="changed")
        self.reply(replies.project(view))

    @authenticated
    @authorized("write", resource="jupyterlab_al.project")
    async def delete(self, name: str) -> None:
        """Forget it and its files for good."""
        confirm = self.get_query_argument("confirm", None, strip=False)
        project = await self.commit(projects.delete, name, self.person, confirm=confirm)
        self.context.pools.forget(project)
        await asyncio.to_thread(self._remove_files, project)
        self.context.events.publish("project", name, what="deleted")
        self.set_status(204)
        self.finish()

    def _learning(self, project: Project, config: dict[str, Any]) -> dict[str, Any]:
        settings = self.context.settings
        learning = {**config, "multi_label": project.multi_label}
        checked = creating.check_learning(learning, settings, project=project.id)
        uploads.keep_estimator(settings, checked.get("estimator"), project.id)
        return checked

    def _remove_files(self, project: Project) -> None:
        shutil.rmtree(self.context.settings.project_folder(project.id), ignore_errors=True)


def _class_changes(body: schemas.PatchProject) -> ClassChanges:
    return ClassChanges(
        renames={each.old: each.new for each in body.rename_classes or []},
        wanted=body.classes,
        splits=body.split_classes or (),
        merges={each.source: each.into for each in body.merge_classes or []},
    )


class OpenHandler(ApiHandler):
    """A labeling view, asked for from outside the browser."""

    @authenticated
    @authorized("write", resource="jupyterlab_al.project")
    async def post(self, name: str) -> None:
        """Ask the front ends of this server to show the labeling view."""
        self.parse(schemas.Nothing)
        view = await self.read(projects.get, name, self.person)
        self.context.events.publish("project", view.project.name, what="opened")
        self.reply(schemas.OpenReply(path=f"lab?{urlencode({'al': view.project.name})}"))


class InspectHandler(ApiHandler):
    """A look at a dataset before anything is made."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def post(self) -> None:
        """Return columns, first rows, a proposal and problems."""
        body = self.parse(schemas.InspectRequest)
        display = body.display.model_dump(exclude_none=True) if body.display else None
        found: dict[str, Any] = await asyncio.to_thread(
            creating.inspected,
            body.dataset.model_dump(exclude_none=True),
            self.context.settings,
            display,
        )
        self.reply(schemas.InspectReply.model_validate(found))
