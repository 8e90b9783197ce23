"""Requests to one server, from the standard library."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from jupyterlab_al.client.errors import NoServerError, RefusedError
from jupyterlab_al.client.servers import HOW_TO, Address

#: Seconds that a server may take to answer.
PATIENCE = 60.0
#: Pauses before a request is sent again, in seconds: a server that restarts is back soon.
PAUSES = (0.2, 1.0, 3.0)


class Http:
    """Speaks JSON with the extension of one server.

    Every request may be sent again when the connection breaks: reading changes nothing, and what
    is written carries keys that make a repeat harmless.
    """

    def __init__(self, address: Address) -> None:
        self.address = address

    def json(self, method: str, path: str, body: Any = None, **query: object) -> Any:
        """Return the answer to a request.

        Raises
        ------
        RefusedError
            The server refused.
        NoServerError
            It does not answer.
        """
        content = self.content(method, path, body, **query)
        return json.loads(content) if content else None

    def content(self, method: str, path: str, body: Any = None, **query: object) -> bytes:
        """Return the bytes of the answer to a request."""
        data = None if body is None else json.dumps(body).encode()
        for pause in (*PAUSES, None):
            try:
                return self._send(method, path, data, {"Content-Type": "application/json"}, query)
            except NoServerError:
                if pause is None:
                    raise
                time.sleep(pause)
        raise AssertionError("unreachable")

    def upload(self, file: BinaryIO, size: int) -> str:
        """Send a file to become a dataset and return its id; memory does not grow with it."""
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        answer = self._send("POST", "uploads", file, headers, {}, patience=3600.0)
        return str(json.loads(answer)["upload_id"])

    def _send(
        self,
        method: str,
        path: str,
        data: Any,
        headers: Mapping[str, str],
        query: Mapping[str, object],
        *,
        patience: float = PATIENCE,
    ) -> bytes:
        given = {name: value for name, value in query.items() if value is not None}
        url = f"{self.address.url}al/api/{quote(path)}{'?' if given else ''}{urlencode(given)}"
        authorization = {"Authorization": f"token {self.address.token}"}
        request = Request(  # noqa: S310 - the address is the person's own
            url, data, {**headers, **(authorization if self.address.token else {})}, method=method
        )
        try:
            with urlopen(request, timeout=patience) as answer:  # noqa: S310
                content: bytes = answer.read()
                return content
        except HTTPError as error:
            raise _refusal(error) from None
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            raise NoServerError(
                f"The server at {self.address.url} does not answer ({reason}). {HOW_TO}"
            ) from error


def _refusal(error: HTTPError) -> RefusedError:
    try:
        said = json.loads(error.read())
        message, word = str(said["message"]), str(said["error"])
    except (ValueError, KeyError, TypeError):
        message, word = f"The server answered {error.code} {error.reason}.", "refused"
        if error.code == 404:
            message = "That server has no jupyterlab_al; install it there and restart the server."
    if error.code == 403 and word in ("refused", "not_allowed") and "role" not in message:
        message = f"{message} Check the token: al.connect(url, token)."
    return RefusedError(message, word=word, status=error.code)
