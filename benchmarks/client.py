"""A client of the REST interface from the standard library: one connection, kept alive."""

from __future__ import annotations

import json
import socket
import uuid
from http.client import HTTPConnection
from typing import Any, NamedTuple


class RefusedError(Exception):
    """The server answered with an error."""


class Address(NamedTuple):
    """Where a server is, and what opens it."""

    port: int
    token: str


class Client:
    """Speaks JSON with one server."""

    def __init__(self, address: Address) -> None:
        self._connection = HTTPConnection("127.0.0.1", address.port, timeout=120)
        self._connection.connect()
        # Python sets it by itself from 3.6 on; a delay here would be measured as the server's.
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._headers = {
            "Authorization": f"token {address.token}",
            "Content-Type": "application/json",
        }

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer to a request.

        Raises
        ------
        RefusedError
            The status is no success.
        """
        content = self.raw(method, f"/al/api/{path}", body)
        return json.loads(content) if content else None

    def raw(self, method: str, url: str, body: Any = None) -> bytes:
        """Return the bytes of the answer from any address of the server."""
        data = None if body is None else json.dumps(body).encode()
        self._connection.request(method, url, data, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        if not 200 <= response.status < 300:
            raise RefusedError(f"{response.status} {method} {url}: {content[:300]!r}")
        return content

    def claim(self, project: str, *, size: int, client: str | None = None) -> list[dict[str, Any]]:
        """Return leases of the next samples."""
        body = {"size": size} if client is None else {"size": size, "client": client}
        leases: list[dict[str, Any]] = self("POST", f"projects/{project}/queue/claim", body)[
            "leases"
        ]
        return leases

    def annotate(self, project: str, lease: dict[str, Any], label: Any) -> str:
        """Store a label and return the key under which the server acknowledged it."""
        key = str(uuid.uuid4())
        item = {
            "key": key,
            "sample_id": lease["sample_id"],
            "token": lease["token"],
            "label": label,
        }
        [stored] = self("POST", f"projects/{project}/annotations", {"annotations": [item]})[
            "annotations"
        ]
        return str(stored["key"])

    def annotations(self, project: str) -> list[dict[str, Any]]:
        """Return everything that is stored, page by page."""
        found: list[dict[str, Any]] = []
        after = "0"
        while after is not None:
            page = self("GET", f"projects/{project}/annotations?limit=5000&after={after}")
            found += page["annotations"]
            after = page["next"]
        return found

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
