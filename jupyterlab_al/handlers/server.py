"""The server itself: status, OpenAPI, uploads."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Any, BinaryIO

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import url_path_join
from tornado.web import authenticated, stream_request_body

from jupyterlab_al._version import __version__
from jupyterlab_al.domain.errors import (
    DISK_FULL,
    ActiveLearningError,
    MalformedError,
    TooLargeError,
    UnavailableError,
    UnknownError,
)
from jupyterlab_al.handlers import schemas
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.services import projects, uploads
from jupyterlab_al.strategies.names import names as strategy_names

#: First bytes of what can be uploaded.
ARROW_STREAM = b"\xff\xff\xff\xff"
ARROW_FILE = b"ARROW1"
NPY = b"\x93NUMPY"
ZIP = b"PK\x03\x04"


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

        # In full: not every tool understands an address that is relative to the document's.
        self.finish(openapi(__version__, server=url_path_join(self.base_url, "al/api")))


@stream_request_body
class UploadsHandler(ApiHandler):
    """Data or an estimator on their way to a project, streamed to disk."""

    _file: BinaryIO | None = None
    _path: Path | None = None
    _size = 0

    async def prepare(self) -> None:  # type: ignore[override]
        """Let bodies of the operator's size in, for callers that may write."""
        await super().prepare()
        if self.request.method == "POST" and self.current_user is not None:
            limit = self.context.settings.max_upload_bytes
            if int(self.request.headers.get("Content-Length", "0")) > limit:
                raise self._too_large()
            # More than the limit, so that it is this handler that refuses, with a reason.
            connection: Any = self.request.connection
            connection.set_max_body_size(2 * limit)

    def data_received(self, chunk: bytes) -> None:
        """Write what arrives; who may not upload is refused by `post`."""
        if self.current_user is None or self._finished:
            return
        self._size += len(chunk)
        if self._size > self.context.settings.max_upload_bytes:
            self._refuse(self._too_large())
            return
        try:
            file = self._opened()
            file.write(chunk)
            # A full disk is to be heard of here.
            file.flush()
        except OSError as error:
            self._refuse(_not_written(error))

    def _opened(self) -> BinaryIO:
        if self._file is None:
            folder = self.context.settings.uploads_folder
            folder.mkdir(parents=True, exist_ok=True)
            self._path = folder / uuid.uuid4().hex
            self._file = self._path.open("wb")
        return self._file

    def _refuse(self, error: ActiveLearningError) -> None:
        """Answer at once: raised, the error would end the connection without an answer."""
        self._discard()
        self.send_error(exc_info=(type(error), error, None))

    @authenticated
    @authorized("write", resource="jupyterlab_al.project")
    async def post(self) -> None:
        """Keep an Arrow stream, a `.npy` array or a skops file and return its id."""
        if self._file is None or self._path is None:
            raise MalformedError(
                "The body is empty: send an Arrow IPC stream, a .npy array or a skops file."
            )
        self._file.close()
        self._file = None
        try:
            suffix = await asyncio.to_thread(_suffix, self._path)
        except MalformedError:
            self._path.unlink(missing_ok=True)
            raise
        kept = self._path.with_suffix(suffix)
        self._path.rename(kept)
        # Whatever grows here is an upload, so this is often enough.
        awaited = await self.read(uploads.awaited)
        await asyncio.to_thread(uploads.clean, self.context.settings, awaited)
        self.reply(schemas.UploadReply(upload_id=kept.name), status=201)

    def on_connection_close(self) -> None:
        """Forget what a broken connection left."""
        self._discard()
        super().on_connection_close()

    def _too_large(self) -> TooLargeError:
        return TooLargeError(
            f"An upload may have {self.context.settings.max_upload_bytes:,} bytes; "
            "give a path on the server instead."
        )

    def _discard(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._path is not None:
            self._path.unlink(missing_ok=True)


def _not_written(error: OSError) -> UnavailableError:
    return UnavailableError(
        f"The upload can't be written ({error.strerror or error}); nothing was kept. Make room in "
        "the server's data folder and send it again.",
        word="disk_full" if error.errno in DISK_FULL else "not_written",
    )


def _suffix(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(NPY):
        return ".npy"
    if start.startswith((ARROW_STREAM, ARROW_FILE)):
        return ".arrow"
    if start.startswith(ZIP):
        return ".skops"
    raise MalformedError(
        "The upload is neither an Arrow IPC stream nor a .npy array nor a skops file."
    )


class NothingHandler(ApiHandler):
    """Every other address: a 404 in the form of all refusals."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    async def get(self, *_path: str) -> None:
        """Say that there is nothing."""
        raise UnknownError(f"There is nothing at {self.request.path}; see openapi.json.")

    post = put = patch = delete = get
