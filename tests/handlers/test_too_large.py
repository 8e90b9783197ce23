"""Uploads that are larger than the operator lets in."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from jupyterlab_al.handlers.context import Context
from tests.handlers.conftest import Api

LIMIT = 1_000


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    """Let in small uploads only."""
    jp_server_config["ActiveLearning"]["max_upload_bytes"] = LIMIT
    return jp_server_config


async def sent(app: Any, headers: dict[str, str], pieces: list[bytes]) -> tuple[int, Any]:
    """Return status and body of what a server says to an upload that is sent piece by piece."""
    reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
    head = {
        "Host": f"127.0.0.1:{app.port}",
        "Authorization": f"token {app.identity_provider.token}",
        **headers,
    }
    lines = [f"POST {app.base_url}al/api/uploads HTTP/1.1", *(f"{k}: {v}" for k, v in head.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    for piece in pieces:
        writer.write(piece)
    said = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    body = await asyncio.wait_for(reader.readuntil(b"}"), 5)
    writer.close()
    return int(said.split()[1]), json.loads(body)


async def test_a_length_that_is_too_large_is_refused_unread(
    api: Api, jp_serverapp: Any, context: Context
) -> None:
    """What says beforehand that it is too large answers 413, and not a byte is kept."""
    length = {"Content-Length": str(LIMIT + 1)}

    status, body = await sent(jp_serverapp, length, [])

    assert (status, body["error"]) == (413, "too_large")
    assert list(context.settings.uploads_folder.glob("*")) == []


async def test_pieces_that_become_too_large_are_refused(
    api: Api, jp_serverapp: Any, context: Context
) -> None:
    """What turns out to be too large on its way answers 413, and what came is removed."""
    piece = b"258\r\n" + b"\x93NUMPY".ljust(600, b"0") + b"\r\n"

    status, body = await sent(jp_serverapp, {"Transfer-Encoding": "chunked"}, [piece, piece])

    assert (status, body["error"]) == (413, "too_large")
    assert list(context.settings.uploads_folder.glob("*")) == []
