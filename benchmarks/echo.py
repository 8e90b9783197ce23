"""A server extension that only echoes: what a request costs before anything of ours begins."""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.web import RequestHandler, authenticated

TORNADO = "/benchmarks/tornado"
JUPYTER = "/benchmarks/jupyter"


class TornadoEcho(RequestHandler):
    """Tornado alone."""

    def post(self) -> None:
        """Parse the body and send it back."""
        self.finish(json.dumps(json.loads(self.request.body)))

    def check_xsrf_cookie(self) -> None:
        """Let everybody in: there is nothing here."""


class JupyterEcho(APIHandler):
    """Tornado with what Jupyter does for each request: who asks, and may they."""

    @authenticated
    @authorized("write", resource="benchmarks")
    async def post(self) -> None:
        """Parse the body and send it back."""
        self.finish(json.dumps(json.loads(self.request.body)))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "benchmarks.echo"}]


def _load_jupyter_server_extension(server: Any) -> None:
    base = server.base_url
    server.web_app.add_handlers(
        ".*$",
        [
            (url_path_join(base, TORNADO), TornadoEcho),
            (url_path_join(base, JUPYTER), JupyterEcho),
        ],
    )
