"""Which server a notebook talks to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import jupyterlab_al as al
from benchmarks.servers import Place, RunningServer, running_server
from jupyterlab_al.client import servers
from jupyterlab_al.client.http import PATIENCE
from jupyterlab_al.services.creating import CHECK_SECONDS


@pytest.fixture(scope="module")
def hub(place: Place) -> Iterator[RunningServer]:
    """Return a server as a JupyterHub starts one: below /user/ann/."""
    with running_server(
        Place.in_folder(place.folder / "hub"), worker="local", base_url="/user/ann"
    ) as running:
        yield running


def left_behind(folder: Path, *, pid: int, port: int, root: Path | None = None) -> None:
    """Write the file that a running server leaves."""
    server = {"pid": pid, "url": f"http://localhost:{port}/", "token": f"t{port}"}
    server["root_dir"] = str(root or folder)
    (folder / f"jpserver-{port}.json").write_text(json.dumps(server))


def test_the_one_that_runs(tmp_path: Path) -> None:
    """A single server is the one; files of dead ones don't count."""
    left_behind(tmp_path, pid=os.getpid(), port=8888)
    left_behind(tmp_path, pid=2**22 - 1, port=8889)
    (tmp_path / "jpserver-7.json").write_text("{")

    found = servers.find({}, tmp_path)

    assert (found.url, found.token) == ("http://localhost:8888/", "t8888")


def test_the_kernels_own_comes_first(tmp_path: Path) -> None:
    """Among several the parent of the kernel is meant."""
    left_behind(tmp_path, pid=os.getpid(), port=8888, root=Path.cwd())
    left_behind(tmp_path, pid=os.getppid(), port=8889)

    assert servers.find({"JPY_PARENT_PID": str(os.getppid())}, tmp_path).token == "t8889"


def test_then_the_one_whose_folder_this_is(tmp_path: Path) -> None:
    """A server whose root holds the working directory is meant."""
    left_behind(tmp_path, pid=os.getpid(), port=8888, root=tmp_path / "elsewhere")
    left_behind(tmp_path, pid=os.getpid(), port=8889, root=Path.cwd().parent)

    assert servers.find({}, tmp_path).token == "t8889"


def test_several_are_named(tmp_path: Path) -> None:
    """Where nothing tells which is meant, the message lists them and says what to call."""
    for port in (8888, 8889):
        left_behind(tmp_path, pid=os.getpid(), port=port)

    with pytest.raises(al.NoServerError, match=r"8888.*8889.*al\.connect"):
        servers.find({}, tmp_path)


def test_none_runs(tmp_path: Path) -> None:
    """Without a server the message says how to start one."""
    with pytest.raises(al.NoServerError, match="jupyter lab"):
        servers.find({}, tmp_path)


def test_a_hub_names_its_server(tmp_path: Path) -> None:
    """On JupyterHub the environment says where the user's own server is."""
    hub = {
        "JUPYTERHUB_SERVICE_PREFIX": "/user/ann/",
        "JUPYTERHUB_API_TOKEN": "secret",
        "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:5555/user/ann/",
    }

    found = servers.find(hub, tmp_path)

    assert (found.url, found.token) == ("http://127.0.0.1:5555/user/ann/", "secret")
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("service_url", "expected"),
    [
        ("http://127.0.0.1:5555/user/ann/", "http://127.0.0.1:5555/user/ann/"),
        ("http://0.0.0.0:8888/user/ann/", "http://127.0.0.1:8888/user/ann/"),
        ("http://:8888/user/ann/", "http://127.0.0.1:8888/user/ann/"),
        ("http://[::]:8888/user/ann/", "http://[::1]:8888/user/ann/"),
        ("http://jupyter-ann:8888/user/ann/", "http://jupyter-ann:8888/user/ann/"),
        ("https://10.0.0.7:8888/user/ann/", "https://10.0.0.7:8888/user/ann/"),
        ("http://0.0.0.0:0/user/ann/", "http://127.0.0.1:7777/user/ann/"),
        (None, "http://127.0.0.1:7777/user/ann/"),
    ],
)
def test_addresses_that_a_hub_gives(tmp_path: Path, service_url: str | None, expected: str) -> None:
    """A server that listens everywhere, or on a port of its own choice, is found here."""
    server = {"pid": os.getpid(), "url": "http://ann:7777/user/ann/", "port": 7777, "token": ""}
    (tmp_path / "jpserver-7.json").write_text(json.dumps(server | {"base_url": "/user/ann/"}))
    left_behind(tmp_path, pid=os.getpid(), port=8889)
    hub = {"JUPYTERHUB_SERVICE_PREFIX": "/user/ann/", "JUPYTERHUB_API_TOKEN": "secret"}
    hub |= {} if service_url is None else {"JUPYTERHUB_SERVICE_URL": service_url}

    assert expected == servers.find(hub, tmp_path).url


@pytest.mark.parametrize(
    "listens", ["http://0.0.0.0:{port}/user/ann/", "http://127.0.0.1:0/user/ann/"]
)
def test_a_kernel_on_a_hub_needs_no_address(hub: RunningServer, place: Place, listens: str) -> None:
    """What the Hub leaves in a kernel's environment is enough, below the person's own address."""
    script = """
import jupyterlab_al as al
project = al.create(f"hub-{__import__('os').getpid()}", ["a b", "c d", "e f"], classes=["x", "y"])
project.label({0: "x", 2: "y"})
print(project.labels().to_dict(), project.open().partition("?")[0])
"""
    environment = {
        **os.environ,
        "JUPYTERHUB_SERVICE_PREFIX": "/user/ann/",
        "JUPYTERHUB_SERVICE_URL": listens.format(port=hub.address.port),
        "JUPYTERHUB_API_TOKEN": hub.address.token,
        "JUPYTERHUB_HOST": "",
        "JUPYTER_RUNTIME_DIR": str(place.folder / "hub" / "jupyter" / "runtime"),
    }

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, timeout=120, check=False, env=environment,
    )  # fmt: skip

    assert done.stdout.strip() == "{0: 'x', 2: 'y'} /user/ann/lab", done.stderr


@pytest.mark.parametrize(
    ("given", "url", "token"),
    [
        ("http://localhost:8888/?token=abc", "http://localhost:8888/", "abc"),
        ("http://localhost:8888/lab?token=abc", "http://localhost:8888/", "abc"),
        ("http://h/user/ann/lab/tree/a.ipynb", "http://h/user/ann/", ""),
        ("http://h/user/ann/lab/workspaces/auto-x/tree/b", "http://h/user/ann/", ""),
        ("http://h/user/lab/", "http://h/user/lab/", ""),
        ("http://h/ann/al/open/digits?token=abc", "http://h/ann/", "abc"),
        ("localhost:8888", "http://localhost:8888/", ""),
        ("https://h", "https://h/", ""),
    ],
)
def test_addresses_copied_from_a_browser(given: str, url: str, token: str) -> None:
    """Page, file and token that stand in it are understood."""
    found = servers.address_of(given)

    assert (found.url, found.token) == (url, token)


def test_a_wrong_token_is_said(server: RunningServer) -> None:
    """The message speaks of the token."""
    with pytest.raises(al.RefusedError, match="token"):
        al.connect(f"http://127.0.0.1:{server.address.port}", "wrong")


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nothing listens is named in the message."""
    monkeypatch.setattr("jupyterlab_al.client.http.PAUSES", ())

    with pytest.raises(al.NoServerError, match=r"127\.0\.0\.1:9"):
        al.connect("http://127.0.0.1:9", "t")


def test_a_proxy_does_not_stand_between_a_kernel_and_its_server(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the environment says of a proxy is for the world outside, not for this machine."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setattr("jupyterlab_al.client.http.PAUSES", ())

    al.connect(f"http://localhost:{server.address.port}", server.address.token)

    assert isinstance(al.projects(), list)


class Elsewhere(BaseHTTPRequestHandler):
    """Answers what its server was told to, as something else than Jupyter would."""

    def do_GET(self) -> None:
        """Answer."""
        status, body = self.server.answer  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.mark.parametrize(
    "answer",
    [(200, b"<html>Please log in</html>"), (200, b"[]"), (200, b"{}"), (404, b"<html>")],
    ids=str,
)
def test_something_else_answers(answer: tuple[int, bytes]) -> None:
    """A page to log in, or another program, is no server of ours; the message says so."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as other:
        other.answer = answer  # type: ignore[attr-defined]
        threading.Thread(target=other.serve_forever, daemon=True).start()

        with pytest.raises(al.RefusedError, match="jupyterlab_al") as caught:
            al.connect(f"http://127.0.0.1:{other.server_port}", "t")

        other.shutdown()
    assert caught.value.word == "no_extension"


def test_a_client_waits_longer_than_a_server_looks() -> None:
    """An estimator that is looked at for as long as that may be is not asked about twice."""
    assert PATIENCE > CHECK_SECONDS + 60
