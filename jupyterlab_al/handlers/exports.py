"""Labels out."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.domain.formats import KINDS, known, known_what
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.handlers.files import send_file
from jupyterlab_al.services import exports
from jupyterlab_al.services.exports import ExportTask


class ExportHandler(ApiHandler):
    """All labels, or every fact."""

    _writing: asyncio.Task[None] | None = None

    @authenticated
    @authorized("read", resource="jupyterlab_al.export")
    async def get(self, name: str) -> None:
        """Send a file; a folder is packed into one."""
        file_format = known(self.get_query_argument("format", "csv"))
        what = known_what(self.get_query_argument("what", "labels"))
        with_data = self.get_query_argument("data", "0")
        if with_data not in ("0", "1"):
            raise InvalidSettingError("data must be 0, or 1 for the samples' own columns.")
        kind = KINDS[file_format]
        # Written first and then sent, so that a slow client holds no transaction open.
        with tempfile.TemporaryDirectory(prefix="jupyterlab-al-") as folder:
            path = Path(folder) / f"{name}-{what}{kind.ending}"
            task = ExportTask(
                project=name,
                person=self.person,
                path=path,
                file_format=file_format,
                what=what,
                with_data=with_data == "1",
            )
            self._writing = asyncio.ensure_future(self._write(task))
            await asyncio.wait([self._writing])
            if self._writing.cancelled():
                return
            self._writing.result()
            file = path.open("rb")
        # By now it has no name: nothing is left of it, whatever becomes of the server.
        with file:
            await send_file(self, file, content_type=kind.content_type, download_name=path.name)

    async def _write(self, task: ExportTask) -> None:
        if not await self.read(exports.write_small, task, self.context.settings):
            await self.context.exporter.write(task)

    def on_connection_close(self) -> None:
        """Write nothing that nobody waits for."""
        if self._writing is not None:
            self._writing.cancel()
        super().on_connection_close()
