"""The server itself: status, OpenAPI, uploads."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Any, BinaryIO

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated, stream_request_body

from jupyterlab_al._version import __version__
from jupyterlab_al.domain.errors import MalformedError, TooLargeError, UnknownError
from jupyterlab_al.handlers import schemas
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.services import projects
from jupyterlab_al.strategies.names import names as strategy_names

#: First bytes of what can be uploaded.
ARROW_STREAM = b"\xff\xff\xff\xff"
ARROW_FILE = b"ARROW1"
NPY = b"\x93NUMPY"


class StatusHandler(ApiHandler):
    """Version, database, worker and caller."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self) -> None:
        """Return them."""
        worker = self.context.supervisor.status()
        busy_with = await self.read(projects.busy_with) if worker.state == "busy" else None
        person = self.person
        self.reply(
            schemas.StatusReply(
                version=__version__,
                database=self.context.database.kind,
                worker=schemas.WorkerReply(
                    state=worker.state,
                    pid=worker.pid,
                    busy_with=busy_with,
                    message=worker.message,
                ),
                user=schemas.UserReply(id=person.id, name=person.name, role=person.default_role),
                strategies=list(strategy_names()),
            )
        )


class OpenApiHandler(ApiHandler):
    """The description of this interface."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self) -> None:
        """Return the OpenAPI document."""
        from jupyterlab_al.handlers.openapi import openapi

        self.finish(openapi(__version__))


@stream_request_body
class UploadsHandler(ApiHandler):
    """Data on its way to become a dataset, streamed to disk."""

    _file: BinaryIO | None = None
    _path: Path | None = None
    _size = 0

    async def prepare(self) -> None:  # type: ignore[override]
        """Let bodies of the operator's size in, for callers that may write."""
        await super().prepare()
        if self.request.method == "POST" and self.current_user is not None:
            connection: Any = self.request.connection
            connection.set_max_body_size(self.context.settings.max_upload_bytes)

    def data_received(self, chunk: bytes) -> None:
        """Write what arrives; who may not upload is refused by `post`."""
        if self.current_user is None:
            return
        if self._file is None:
            folder = self.context.settings.uploads_folder
            folder.mkdir(parents=True, exist_ok=True)
            self._path = folder / uuid.uuid4().hex
            self._file = self._path.open("wb")
        self._size += len(chunk)
        if self._size > self.context.settings.max_upload_bytes:
            self._discard()
            raise TooLargeError(
                f"An upload may have {self.context.settings.max_upload_bytes:,} bytes; "
                "give a path on the server instead."
            )
        self._file.write(chunk)

    @authenticated
    @authorized("write", resource="jupyterlab_al.project")
    async def post(self) -> None:
        """Keep an Arrow stream or a `.npy` array and return its id."""
        if self._file is None or self._path is None:
            raise MalformedError("The body is empty: send an Arrow IPC stream or a .npy array.")
        self._file.close()
        self._file = None
        try:
            suffix = await asyncio.to_thread(_suffix, self._path)
        except MalformedError:
            self._path.unlink(missing_ok=True)
            raise
        kept = self._path.with_suffix(suffix)
        self._path.rename(kept)
        self.reply(schemas.UploadReply(upload_id=kept.name), status=201)

    def on_connection_close(self) -> None:
        """Forget what a broken connection left."""
        self._discard()
        super().on_connection_close()

    def _discard(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._path is not None:
            self._path.unlink(missing_ok=True)


def _suffix(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(NPY):
        return ".npy"
    if start.startswith((ARROW_STREAM, ARROW_FILE)):
        return ".arrow"
    raise MalformedError("The upload is neither an Arrow IPC stream nor a .npy array.")


class NothingHandler(ApiHandler):
    """Every other address: a 404 in the form of all refusals."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self, *_path: str) -> None:
        """Say that there is nothing."""
        raise UnknownError(f"There is nothing at {self.request.path}; see openapi.json.")

    post = put = patch = delete = get
