"""Which server a notebook talks to."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import jupyterlab_al as al
from benchmarks.servers import RunningServer
from jupyterlab_al.client import servers


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


def test_a_wrong_token_is_said(server: RunningServer) -> None:
    """The message speaks of the token."""
    with pytest.raises(al.RefusedError, match="token"):
        al.connect(f"http://127.0.0.1:{server.address.port}", "wrong")


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nothing listens is named in the message."""
    monkeypatch.setattr("jupyterlab_al.client.http.PAUSES", ())

    with pytest.raises(al.NoServerError, match=r"127\.0\.0\.1:9"):
        al.connect("http://127.0.0.1:9", "t")
