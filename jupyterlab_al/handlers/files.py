"""Send a file in pieces."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from urllib.parse import quote

from tornado.iostream import StreamClosedError

from jupyterlab_al.handlers.base import ApiHandler

PIECE = 2**20


async def send_file(
    handler: ApiHandler, path: Path, *, content_type: str, download_name: str
) -> None:
    """Stream a file as a download, never holding more than a piece of it."""
    size = (await asyncio.to_thread(path.stat)).st_size
    handler.set_header("Content-Type", content_type)
    handler.set_header("Content-Length", str(size))
    handler.set_header(
        "Content-Disposition", f"attachment; filename*=UTF-8''{quote(download_name)}"
    )
    with path.open("rb") as file, contextlib.suppress(StreamClosedError):
        while piece := await asyncio.to_thread(file.read, PIECE):
            handler.write(piece)
            await handler.flush()
    handler.finish()
