"""The command line, as a shell runs it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

REVIEWS = "\n".join(
    ["id,review,sentiment"]
    + [
        f'r{n},"a long enough text about the number {n}, {mood} in every way",{label}'
        for n in range(60)
        for mood, label in [("lovely", "positive") if n % 2 else ("awful", "negative")]
        if n >= 0
    ]
    + ["r60,a text without a label that waits for a person,"]
)


class Shell:
    """Runs `jupyter-al` on a store of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a verb."""
        return subprocess.run(
            [sys.executable, "-c", "from jupyterlab_al.cli import main; main()", *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={
                **os.environ,
                "JUPYTERLAB_AL_DATA_DIR": str(self.folder / "data"),
                "JUPYTERLAB_AL_ANNOTATOR": "olga",
            },
            timeout=120,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return a shell in a folder with a table of reviews."""
    (tmp_path / "reviews.csv").write_text(REVIEWS)
    return Shell(tmp_path)


class TestUsage:
    def test_without_a_verb_it_lists_them(self, shell: Shell) -> None:
        """Alone it says which verbs there are."""
        done = shell()

        assert done.returncode == 0
        verbs = ("demo", "create", "list", "status", "export", "import-labels", "round", "worker")
        assert all(verb in done.stdout for verb in (*verbs, "migrate", "doctor"))

    @pytest.mark.parametrize(
        "arguments",
        [("nonsense",), ("list", "--bogus=1"), ("status",), ("list", "x"), ("export", "p")],
        ids=" ".join,
    )
    def test_wrong_usage_ends_with_2(self, shell: Shell, arguments: tuple[str, ...]) -> None:
        """What was typed wrong ends with 2 and not with a traceback."""
        done = shell(*arguments)

        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        "arguments",
        [("status", "nope"), ("round", "nope"), ("create", "nope.csv"), ("create", "../x.csv")],
        ids=" ".join,
    )
    def test_a_failure_is_one_line_and_1(self, shell: Shell, arguments: tuple[str, ...]) -> None:
        """What can't be done is one line on stderr, and 1."""
        done = shell(*arguments)

        assert (done.returncode, done.stdout) == (1, "")
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_from_a_file_to_labels_and_back(shell: Shell) -> None:
    """Create, look, train, export and import work on one store without any server."""
    made = shell("create", "reviews.csv", "--name=reviews", "--json")
    trained = shell("round", "reviews", "--json")
    status = shell("status", "reviews", "--json")
    listed = shell("list", "--json")
    exported = shell("export", "reviews", "--to=labels.csv")
    again = shell("import-labels", "reviews", "labels.csv", "--json")

    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["n_samples"] == 61
    assert json.loads(trained.stdout)["n_train"] == 60, trained.stderr
    assert json.loads(status.stdout)["rounds"] == 1
    assert "model" in json.loads(status.stdout)["order"]
    [row] = json.loads(listed.stdout)
    assert (row["name"], row["labeled"], row["samples"]) == ("reviews", 60, 61)
    lines = (shell.folder / "labels.csv").read_text().splitlines()
    assert exported.returncode == 0, exported.stderr
    assert len(lines) == 61
    assert lines[1].startswith("0,r0,negative,")
    assert json.loads(again.stdout)["imported"] == 0, again.stderr


def test_a_description_in_json_makes_a_project(shell: Shell) -> None:
    """`create` takes a whole description too, and refuses one that is wrong."""
    good = {"name": "d", "dataset": {"kind": "demo", "path": "digits"}}
    (shell.folder / "good.json").write_text(json.dumps(good))
    (shell.folder / "bad.json").write_text(json.dumps({**good, "sise": 3}))

    made = shell("create", "good.json", "--json")
    refused = shell("create", "bad.json")

    assert json.loads(made.stdout)["n_samples"] == 1797, made.stderr
    assert refused.returncode == 1
    assert "sise" in refused.stderr


@pytest.mark.parametrize("kind", ["texts", "images"])
def test_a_folder_is_known_by_what_it_holds(shell: Shell, kind: str) -> None:
    """A folder of texts, or of pictures, becomes a project without being told which it is."""
    folder = shell.folder / "samples"
    folder.mkdir()
    for n in range(4):
        if kind == "texts":
            (folder / f"{n}.md").write_text(f"# Note {n}\n\nA text about the number {n}.")
        else:
            Image.new("RGB", (8, 8), (60 * n, 0, 0)).save(folder / f"{n}.png")
    (folder / "notes.csv").write_text("left,alone")

    made = shell("create", "samples", "--json")

    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["n_samples"] == 4


def test_data_that_cannot_be_used_leaves_no_project(shell: Shell) -> None:
    """A failed import says why and leaves nothing behind."""
    (shell.folder / "bad.npy").write_bytes(b"\x93NUMPY nothing")

    done = shell("create", "bad.npy")

    assert done.returncode == 1
    assert json.loads(shell("list", "--json").stdout) == []


def test_the_doctor_looks_at_everything(shell: Shell) -> None:
    """Packages, extension, front end, database and disk are each said to be fine or not."""
    done = shell("doctor", "--json")

    looked_at = {finding["what"] for finding in json.loads(done.stdout)}
    assert {"scikit-learn", "server extension", "front end", "database", "disk"} <= looked_at


def test_the_worker_ends_on_sigterm(shell: Shell) -> None:
    """`worker` does jobs until it is told to stop, and then ends with 0."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from jupyterlab_al.cli import main; main()", "worker"],
        cwd=shell.folder,
        env={**os.environ, "JUPYTERLAB_AL_DATA_DIR": str(shell.folder / "data")},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        # It says that it waits once it can be told to stop.
        while "Waiting for jobs" not in process.stderr.readline():
            assert process.poll() is None
        process.terminate()
        code = process.wait(timeout=30)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()

    assert code == 0


def answered(request: urllib.request.Request) -> Any:
    """Return what the server says, once it listens: it prints its address a moment earlier."""
    for _ in range(150):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.URLError:
            time.sleep(0.2)
    raise TimeoutError(request.full_url)


def test_the_demo_serves_the_digits_ready_to_label(shell: Shell) -> None:
    """`demo` makes the project, then is JupyterLab, and opens its labeling view."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from jupyterlab_al.cli import main; main()", "demo"),
            *("--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"),
            "--IdentityProvider.token=secret",
        ],
        cwd=shell.folder,
        env={**os.environ, "JUPYTERLAB_AL_DATA_DIR": str(shell.folder / "data")},
        stderr=subprocess.PIPE,
        text=True,
    )
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/al/api/projects/digits",
        headers={"Authorization": "token secret"},
    )
    try:
        assert process.stderr is not None
        said = ""
        while f":{port}/lab?al=digits" not in said:
            said = process.stderr.readline()
            assert process.poll() is None
        project = answered(request)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()

    assert (project["state"], project["n_samples"]) == ("active", 1797)
