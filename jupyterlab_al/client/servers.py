"""Find the Jupyter server that a notebook or a script talks to."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyterlab_al.client.errors import NoServerError

HOW_TO = 'Start one with `jupyter lab`, or name one: al.connect("http://…", token="…").'


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where a server is, and what opens it."""

    #: Ends with a slash.
    url: str
    token: str

    def __repr__(self) -> str:
        """Leave the token out: it is a secret."""
        return f"Address(url={self.url!r})"


def address_of(url: str, token: str) -> Address:
    """Return an address that a person gave."""
    return Address(url=url.rstrip("/") + "/", token=token)


def find(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Address:
    """Return the server of this kernel, or the one that runs on this machine.

    A JupyterHub names it in the environment; elsewhere every server leaves a file. Of several, the
    parent of this process comes first, then those whose folder holds the working directory.

    Raises
    ------
    NoServerError
        If none runs, or several do and nothing tells which one is meant.
    """
    prefix = environment.get("JUPYTERHUB_SERVICE_PREFIX")
    token = environment.get("JUPYTERHUB_API_TOKEN")
    if prefix and token:
        local = environment.get("JUPYTERHUB_SERVICE_URL", "http://127.0.0.1:8888").rstrip("/")
        base = local.removesuffix(prefix.rstrip("/")).rstrip("/")
        return address_of(base + prefix, token)
    running = _running(_runtime_folder() if folder is None else folder)
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
