"""A JupyterHub for two people, on this machine alone; everything of it in one folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from traitlets.config import get_config

c = get_config()
folder = Path(os.environ["AL_TEST_HUB_FOLDER"])
ports = [int(port) for port in os.environ["AL_TEST_HUB_PORTS"].split(",")]

c.JupyterHub.bind_url = f"http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{ports[1]}"
c.JupyterHub.db_url = f"sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(folder / "cookie_secret")
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{ports[2]}"
c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")
c.ConfigurableHTTPProxy.command = [os.environ["AL_TEST_HUB_PROXY"]]

c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(folder / "home" / "{username}")
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
c.Spawner.env_keep = ["PATH", "PYTHONPATH", "TMPDIR"]

# Where this differs from docs/how-to/jupyterhub.md, it is for the tests.
c.Spawner.environment = {
    "JUPYTERLAB_AL_DB_URL": os.environ["AL_TEST_HUB_DB"],
    "JUPYTERLAB_AL_DATA_DIR": str(folder / "al"),
    "JUPYTERLAB_AL_DEFAULT_ROLE": "annotator",
}
# Starts servers and gives tokens out, so that the tests need no browser.
c.JupyterHub.services = [{"name": "tests", "api_token": os.environ["AL_TEST_HUB_TOKEN"]}]
c.JupyterHub.load_roles = [
    {
        "name": "tests",
        "services": ["tests"],
        "scopes": ["admin:users", "admin:servers", "tokens", "list:users"],
    }
]
