"""An address of the labeling view that a browser can be sent to."""

from __future__ import annotations

from urllib.parse import urlencode

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from jupyter_server.utils import url_path_join
from tornado.web import authenticated


class LabelingPageHandler(ExtensionHandlerMixin, JupyterHandler):
    """Sends a browser on to the labeling view of a project, logged in.

    JupyterLab's own address has a query, to which Jupyter would append its token with a second
    question mark when it prints where it runs.
    """

    @authenticated
    @authorized("read", resource="jupyterlab_al.project")
    def get(self, name: str) -> None:
        """Redirect to JupyterLab."""
        self.redirect(url_path_join(self.base_url, f"lab?{urlencode({'al': name})}"))
