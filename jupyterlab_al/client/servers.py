"""Find the Jupyter server that a notebook or a script talks to."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jupyterlab_al.client.certificates import Certificates
from jupyterlab_al.client.errors import NoServerError

HOW_TO = 'Start one with `jupyter lab`, or name one: al.connect("http://…", token="…").'

#: What a browser's address has behind the server's: JupyterLab, a notebook, or a project.
_PAGES = re.compile(r"/((lab|tree|notebooks|doc)(/.+)?|al/open/.+)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where a server is, and what opens it."""

    #: Ends with a slash.
    url: str
    token: str
    #: Where a browser finds it, if that is another address; ends with a slash.
    public_url: str | None = None
    #: What it wants to see, if it speaks to nobody else.
    certificates: Certificates | None = None

    def __repr__(self) -> str:
        """Leave the token out: it is a secret."""
        return f"Address(url={self.url!r})"


def address_of(url: str, token: str = "") -> Address:
    """Return an address that a person gave, which may be copied from a browser.

    Examples
    --------
    >>> found = address_of("http://localhost:8888/lab/tree/a.ipynb?token=abc")
    >>> found.url, found.token
    ('http://localhost:8888/', 'abc')
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    base = _PAGES.sub("", parts.path).rstrip("/")
    known = token or parse_qs(parts.query).get("token", [""])[0]
    return Address(url=f"{parts.scheme}://{parts.netloc}{base}/", token=known)


def find(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Address:
    """Return the server of this kernel, or the one that runs on this machine.

    A JupyterHub names it in the environment; elsewhere every server leaves a file. Of several, the
    parent of this process comes first, then those whose folder holds the working directory.

    Raises
    ------
    NoServerError
        If none runs, or several do and nothing tells which one is meant.
    """
    running = _running(_runtime_folder() if folder is None else folder)
    if environment.get("JUPYTERHUB_SERVICE_PREFIX") and environment.get("JUPYTERHUB_API_TOKEN"):
        return _on_hub(environment, running)
    if not running:
        raise NoServerError(f"No Jupyter server runs on this machine. {HOW_TO}")
    parents = {int(environment.get("JPY_PARENT_PID", "0") or 0), os.getppid()}
    for fits in (
        [server for server in running if server["pid"] in parents],
        [server for server in running if _holds(server, Path.cwd())],
        running,
    ):
        if len(fits) == 1:
            return address_of(fits[0]["url"], fits[0].get("token", ""))
        if fits:
            urls = ", ".join(sorted(server["url"] for server in fits))
            raise NoServerError(
                f"Several Jupyter servers run here ({urls}); name the one you mean: "
                'al.connect("http://…", token="…").'
            )
    raise NoServerError(f"No Jupyter server was found. {HOW_TO}")


def _on_hub(environment: Mapping[str, str], running: Sequence[Mapping[str, Any]]) -> Address:
    """Return the server that a JupyterHub started for this person.

    The Hub says which address the server listens on: any, with a port of its own choice, too.
    """
    prefix = f"{environment['JUPYTERHUB_SERVICE_PREFIX'].rstrip('/')}/"
    listens = urlsplit(environment.get("JUPYTERHUB_SERVICE_URL", ""))
    own = [server["port"] for server in running if server.get("base_url") == prefix]
    port = listens.port or (own[0] if own else 8888)
    host = listens.hostname or "0.0.0.0"  # noqa: S104 - nothing is bound here
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    certificates = Certificates.of_hub(environment)
    scheme = listens.scheme or ("https" if certificates else "http")
    public = environment.get("JUPYTERHUB_PUBLIC_URL") or (
        f"{environment.get('JUPYTERHUB_HOST', '')}{prefix}"
    )
    token, public_url = environment["JUPYTERHUB_API_TOKEN"], f"{public.rstrip('/')}/"
    if certificates and urlsplit(public_url).scheme:
        # With its `internal_ssl` a Hub lets servers trust the Hub and the proxy, not each other.
        return Address(url=public_url, token=token, public_url=public_url)
    return Address(
        url=f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}{prefix}",
        token=token,
        public_url=public_url,
        certificates=certificates,
    )


def _runtime_folder() -> Path:
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir())


def _running(folder: Path) -> list[dict[str, Any]]:
    servers = []
    for path in sorted(folder.glob("jpserver-*.json")):
        try:
            server = json.loads(path.read_text())
            os.kill(server["pid"], 0)
        except (OSError, ValueError, KeyError):
            # A file that a server left which was killed.
            continue
        servers.append(server)
    return servers


def _holds(server: Mapping[str, Any], folder: Path) -> bool:
    root = server.get("root_dir") or server.get("notebook_dir")
    return bool(root) and folder.resolve().is_relative_to(Path(str(root)).resolve())
