"""The server that the browser tests run against: no log-in, data in a folder of its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab.galata import configure_jupyter_server

if TYPE_CHECKING:
    c: Any

configure_jupyter_server(c)

c.ServerApp.port = int(os.environ.get("AL_TEST_PORT", "8899"))
c.ServerApp.port_retries = 0
# Containers run as root.
c.ServerApp.allow_root = True

# The example of an extension of this one; built, and installed nowhere.
c.LabServerApp.extra_labextensions_path = [
    c.LabServerApp.extra_labextensions_path,
    str(Path(__file__).parents[1] / "examples/star-rating/dist/labextensions"),
]

# A test that restarts the server passes the folder on, so that the labels are there again.
folder = Path(os.environ.get("AL_TEST_DATA") or tempfile.mkdtemp(prefix="al-test-"))
c.ActiveLearning.data_dir = str(folder)
