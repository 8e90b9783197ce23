"""Requests to one server, from the standard library."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable, Mapping
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import BaseHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from jupyterlab_al.client.errors import NoServerError, RefusedError
from jupyterlab_al.client.servers import HOW_TO, Address

#: Seconds that a server may take to answer: more than it takes to look at an estimator on a busy
#: machine, since a project that is asked for twice is refused the second time.
PATIENCE = 180.0
#: Pauses before a request is sent again, in seconds: a server that restarts is back soon.
PAUSES = (0.2, 1.0, 3.0)


class Http:
    """Speaks JSON with the extension of one server.

    Every request may be sent again when the connection breaks: reading changes nothing, labels
    carry keys that make a repeat harmless, and what can be there only once is refused when it is.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        # A proxy of the environment is for the world outside this machine.
        handlers: list[BaseHandler] = [ProxyHandler({})] if _is_here(address.url) else []
        if address.certificates is not None:
            handlers.append(HTTPSHandler(context=address.certificates.context()))
        self._open = build_opener(*handlers).open

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
        try:
            return json.loads(content) if content else None
        except ValueError:
            # A page to log in, for example.
            raise self.not_ours() from None

    def not_ours(self) -> RefusedError:
        """Return what to say where something else answers, such as a page to log in."""
        return RefusedError(
            f"What answers at {self.address.url} is no Jupyter server with jupyterlab_al. Check "
            "the address, and the token if it asks to log in: al.connect(url, token).",
            word="no_extension",
            status=200,
        )

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

    def upload(self, pieces: Iterable[bytes | memoryview], size: int) -> str:
        """Send the pieces of a file of so many bytes, to become a dataset; return its id."""
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        answer = self._send("POST", "uploads", pieces, headers, {}, patience=3600.0)
        return str(json.loads(answer)["upload_id"])

    def download(self, path: str, file: BinaryIO, **query: object) -> None:
        """Write the answer to a request into a file, piece by piece."""
        self._send("GET", path, None, {}, query, patience=3600.0, into=file)

    def _send(
        self,
        method: str,
        path: str,
        data: Any,
        headers: Mapping[str, str],
        query: Mapping[str, object],
        *,
        patience: float = PATIENCE,
        into: BinaryIO | None = None,
    ) -> bytes:
        given = {name: value for name, value in query.items() if value is not None}
        url = f"{self.address.url}al/api/{quote(path)}{'?' if given else ''}{urlencode(given)}"
        authorization = {"Authorization": f"token {self.address.token}"}
        request = Request(  # noqa: S310 - the address is the person's own
            url, data, {**headers, **(authorization if self.address.token else {})}, method=method
        )
        try:
            with self._open(request, timeout=patience) as answer:
                if into is not None:
                    shutil.copyfileobj(answer, into, 2**20)
                    return b""
                content: bytes = answer.read()
                return content
        except HTTPError as error:
            raise _refusal(error) from None
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            raise NoServerError(
                f"The server at {self.address.url} does not answer ({reason}). {HOW_TO}"
            ) from error


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _refusal(error: HTTPError) -> RefusedError:
    try:
        said = json.loads(error.read())
        message, word = str(said["message"]), str(said["error"])
    except (ValueError, KeyError, TypeError):
        message, word = f"The server answered {error.code} {error.reason}.", "refused"
        if error.code == 404:
            word = "no_extension"
            message = "That server has no jupyterlab_al; install it there and restart the server."
    if error.code == 403 and word in ("refused", "not_logged_in"):
        message = "The server does not know who asks. Check the token: al.connect(url, token)."
    return RefusedError(message, word=word, status=error.code)
