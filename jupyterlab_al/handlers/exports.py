"""Labels out."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any, get_args

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyterlab_al.domain.errors import RuleError
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.handlers.files import send_file
from jupyterlab_al.services import exports, projects

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}


class ExportHandler(ApiHandler):
    """All labels, or every fact."""

    @authenticated
    @authorized("read", resource="jupyterlab_al.export")
    async def get(self, name: str) -> None:
        """Send a CSV, JSON lines or Parquet file."""
        file_format = self.get_query_argument("format", "csv")
        what: Any = self.get_query_argument("what", "labels")
        if file_format not in CONTENT_TYPES:
            raise RuleError(f"format must be one of {', '.join(CONTENT_TYPES)}.")
        if what not in get_args(exports.What):
            raise RuleError(f"what must be one of {', '.join(get_args(exports.What))}.")
        view = await self.read(projects.get, name, self.person)
        keys = partial(self.context.pools.keys, view.project)
        # Written first and then sent, so that a slow client holds no transaction open.
        with tempfile.TemporaryDirectory(prefix="jupyterlab-al-") as folder:
            path = Path(folder) / f"{name}-{what}.{file_format}"
            await self.read(exports.write, name, self.person, path=path, what=what, keys=keys)
            await send_file(
                self, path, content_type=CONTENT_TYPES[file_format], download_name=path.name
            )
