"""Send a file in pieces."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from tornado.iostream import StreamClosedError

from jupyterlab_al.handlers.base import ApiHandler

PIECE = 2**20


async def send_path(
    handler: ApiHandler, path: Path, *, content_type: str, download_name: str
) -> None:
    """Stream a file as a download."""
    with await asyncio.to_thread(path.open, "rb") as file:
        await send_file(handler, file, content_type=content_type, download_name=download_name)


async def send_file(
    handler: ApiHandler, file: BinaryIO, *, content_type: str, download_name: str
) -> None:
    """Stream an open file as a download, never holding more than a piece of it."""
    size = os.fstat(file.fileno()).st_size
    handler.set_header("Content-Type", content_type)
    handler.set_header("Content-Length", str(size))
    handler.set_header(
        "Content-Disposition", f"attachment; filename*=UTF-8''{quote(download_name)}"
    )
    with contextlib.suppress(StreamClosedError):
        while piece := await asyncio.to_thread(file.read, PIECE):
            handler.write(piece)
            await handler.flush()
    handler.finish()
