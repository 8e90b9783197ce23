"""A real server in a process of its own, that can be killed, and a client that keeps an account."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from benchmarks.servers import free_port
from tests.waiting import until

TOKEN = "secret"


class Served:
    """`jupyter server` with the extension, on a port that stays the same when it is restarted."""

    def __init__(self, folder: Path, db_url: str) -> None:
        self.folder = folder
        self._db_url = db_url
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        (self.folder / "root").mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyter_server",
                f"--port={self.port}",
                "--ServerApp.port_retries=0",
                "--no-browser",
                "--allow-root",
                f"--IdentityProvider.token={TOKEN}",
                f"--ServerApp.root_dir={self.folder / 'root'}",
                "--ServerApp.jpserver_extensions={'jupyterlab_al': True}",
                "--ServerApp.log_level=ERROR",
            ],
            env={
                **os.environ,
                "JUPYTERLAB_AL_DATA_DIR": str(self.folder / "data"),
                "JUPYTERLAB_AL_DB_URL": self._db_url,
                "JUPYTERLAB_AL_ANNOTATOR": "olga",
                "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
            },
            start_new_session=True,
        )
        until(self._answers)

    def kill(self) -> None:
        """Kill it as a crash would: nothing is asked, nothing is said."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def kill_worker(self) -> bool:
        """Kill its worker; False when none runs."""
        pid = self.request("GET", "status")["worker"]["pid"]
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    def stop(self) -> None:
        """End it politely."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=120)

    def create(self, name: str, X: npt.NDArray[np.floating], **more: Any) -> None:
        """Make a project of an array, with the classes `a` and `b`, and wait until it is ready."""
        np.save(self.folder / "root" / f"{name}.npy", X)
        dataset = {"kind": "array", "path": f"{name}.npy"}
        body = {"name": name, "dataset": dataset, "classes": ["a", "b"], **more}
        self.request("POST", "projects", body)
        until(lambda: self.request("GET", f"projects/{name}")["state"] == "active")

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request; what the server says, or OSError when it is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(
                method,
                f"/al/api/{path}",
                None if body is None else json.dumps(body),
                {"Authorization": f"token {TOKEN}"},
            )
            response = connection.getresponse()
            data = response.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        if response.status >= 300:
            raise Refused(response.status, data.decode())
        return json.loads(data) if data else None

    def _answers(self) -> bool:
        try:
            self.request("GET", "status")
        except OSError:
            return False
        return True


class Refused(Exception):  # noqa: N818 - it is the server's answer
    """The server said no."""


class Annotator:
    """Labels one sample after the other, repeats what was not acknowledged, and keeps account."""

    def __init__(self, served: Served, project: str) -> None:
        self._served = served
        self._project = project
        self._client = str(uuid.uuid4())
        #: Key → sample of every annotation that the server acknowledged.
        self.acknowledged: dict[str, int] = {}
        self._unsent: dict[str, Any] | None = None

    def label(self) -> None:
        """Label one sample; OSError leaves the answer to be sent again with the same key."""
        if self._unsent is None:
            found = self._served.request(
                "POST", f"projects/{self._project}/queue/claim", {"client": self._client}
            )
            [lease] = found["leases"]
            self._unsent = {
                "key": str(uuid.uuid4()),
                "sample_id": lease["sample_id"],
                "token": lease["token"],
                "label": "ab"[lease["sample_id"] % 2],
            }
        self._served.request(
            "POST", f"projects/{self._project}/annotations", {"annotations": [self._unsent]}
        )
        self.acknowledged[self._unsent["key"]] = self._unsent["sample_id"]
        self._unsent = None
