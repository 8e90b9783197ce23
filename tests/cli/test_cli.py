"""The command line, as a shell runs it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.servers import free_port
from jupyterlab_al.cli import AlApp

SUPERINTENDENT = Path(__file__).parents[1] / "data" / "superintendent"
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

    def __call__(
        self, *arguments: str, stdout: int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        """Run a verb."""
        return subprocess.run(
            [sys.executable, "-c", "from jupyterlab_al.cli import main; main()", *arguments],
            stdout=stdout,
            stderr=subprocess.PIPE,
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

    @pytest.mark.parametrize("arguments", [("create", "--help-all"), ("list",), ("list", "--json")])
    def test_it_ends_quietly_when_nobody_reads_on(
        self, shell: Shell, arguments: tuple[str, ...]
    ) -> None:
        """Before `| head` it says nothing of a closed pipe, and ends as a shell expects."""
        reading, writing = os.pipe()
        os.close(reading)

        done = shell(*arguments, stdout=writing)
        os.close(writing)

        assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")

    @pytest.mark.parametrize("verb", AlApp.subcommands)
    def test_help_says_first_how_a_verb_is_typed(self, verb: str) -> None:
        """What a verb takes beside its options stands in the first line of its help."""
        app, _ = AlApp.subcommands[verb]

        first = next(app().emit_help())

        assert first == " ".join(["jupyter al", verb, *app.arguments])

    @pytest.mark.parametrize(
        "arguments",
        [
            ("nonsense",),
            ("list", "--bogus=1"),
            ("status",),
            ("list", "x"),
            ("export", "p"),
            ("export", "p", "--to=l.csv", "--what=nonsense"),
            ("export", "p", "--to"),
            ("list", "-x"),
            ("--json", "list"),
            ("--db-url=sqlite:///al.sqlite", "list"),
            ("simulate", "digits", "--seeds=many"),
        ],
        ids=" ".join,
    )
    def test_wrong_usage_is_one_line_and_2(self, shell: Shell, arguments: tuple[str, ...]) -> None:
        """What was typed wrong is one line on stderr, and 2."""
        done = shell(*arguments)

        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr

    @pytest.mark.parametrize(
        "arguments",
        [
            ("status", "nope"),
            ("round", "nope"),
            ("create", "nope.csv"),
            ("create", "../x.csv"),
            ("list", "--db-url=sqlite:////nowhere/al.sqlite"),
            ("list", "--db-url=sqlite:///reviews.csv"),
            ("list", "--db-url=postgresql://127.0.0.1:1/al"),
            ("list", "--db-url=oracle://x"),
        ],
        ids=" ".join,
    )
    def test_a_failure_is_one_line_and_1(self, shell: Shell, arguments: tuple[str, ...]) -> None:
        """What can't be done is one line on stderr, and 1."""
        done = shell(*arguments)

        assert (done.returncode, done.stdout) == (1, "")
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr

    @pytest.mark.parametrize("where", ["file", "command line"])
    def test_a_wrong_configuration_is_one_line_and_1(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch, where: str
    ) -> None:
        """The line says which setting can't be what it is, wherever that is written."""
        monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(shell.folder))
        options = ["--ActiveLearning.worker=remote"] if where == "command line" else []
        if where == "file":
            config = shell.folder / "jupyter_server_config.py"
            config.write_text("c.ActiveLearning.worker = 'remote'")

        done = shell("list", *options)

        assert done.returncode == 1
        assert "'worker'" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr

    def test_a_wrong_environment_is_one_line_and_1(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The line names the variable whose value can't be."""
        monkeypatch.setenv("JUPYTERLAB_AL_LEASE_SECONDS", "soon")

        done = shell("list")

        assert (done.returncode, done.stdout) == (1, "")
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert "JUPYTERLAB_AL_LEASE_SECONDS" in done.stderr


def test_from_a_file_to_labels_and_back(shell: Shell) -> None:
    """Create, look, train, export and import work on one store without any server."""
    made = shell("create", "reviews.csv", "--name=reviews", "--json")
    trained = shell("round", "reviews", "--json")
    status = shell("status", "reviews", "--json")
    listed = shell("list", "--json")
    exported = shell("export", "reviews", "--to=labels.csv")
    nowhere = shell("export", "reviews", "--to=nowhere/labels.csv")
    again = shell("import-labels", "reviews", "labels.csv", "--json")

    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["n_samples"] == 61
    assert json.loads(trained.stdout)["n_train"] == 60, trained.stderr
    assert json.loads(status.stdout)["rounds"] == 1
    assert "model" in json.loads(status.stdout)["order"]
    assert json.loads(status.stdout)["queue"] == {"waiting": 1, "held": 0}
    [row] = json.loads(listed.stdout)
    assert (row["name"], row["labeled"], row["samples"]) == ("reviews", 60, 61)
    lines = (shell.folder / "labels.csv").read_text().splitlines()
    assert exported.returncode == 0, exported.stderr
    assert (nowhere.returncode, len(nowhere.stderr.strip().splitlines())) == (1, 1)
    assert len(lines) == 61
    assert lines[1].startswith("0,r0,negative,")
    assert json.loads(again.stdout)["imported"] == 0, again.stderr


def test_a_typed_name_is_the_title_as_well(shell: Shell) -> None:
    """A project is called what its maker called it; a title that was written down stays."""
    described = {
        "name": "old",
        "title": "Old reviews",
        "dataset": {"kind": "table", "path": "reviews.csv"},
        "display": {"kind": "text", "column": "review"},
        "features": {"kind": "text", "column": "review"},
        "classes": ["negative", "positive"],
    }
    (shell.folder / "described.json").write_text(json.dumps(described))

    shell("create", "reviews.csv", "--name=first-try")
    shell("create", "described.json", "--name=new")

    assert shell("status", "first-try").stdout.startswith("first-try (first-try)")
    assert shell("status", "new").stdout.startswith("Old reviews (new)")


def test_samples_are_added(shell: Shell) -> None:
    """Rows and files become samples, told in words and as JSON; what fails ends with one line."""
    (shell.folder / "notes").mkdir()
    for n in range(3):
        (shell.folder / "notes" / f"{n}.txt").write_text(f"note {n} says hello")
    shell("create", "reviews.csv", "--name=reviews")
    shell("create", "notes", "--name=notes")
    (shell.folder / "notes" / "later.txt").write_text("a later note")
    (shell.folder / "more.csv").write_text(REVIEWS.replace("\nr", "\ns"))

    rows = shell("add", "reviews", "more.csv")
    same = shell("add", "reviews", "reviews.csv")
    files = shell("add", "notes", "notes", "--json")
    again = shell("add", "notes", "notes", "--json")
    missing = shell("add", "notes", "nowhere")
    unfit = shell("add", "notes", "reviews.csv")

    assert "61 samples are new, 122 in all" in rows.stdout, rows.stderr
    assert json.loads(files.stdout) == {"name": "notes", "added": 1, "n_samples": 4}
    assert json.loads(again.stdout)["added"] == 0, again.stderr
    failed = (same, missing, unfit)
    assert [each.returncode for each in failed] == [1, 1, 1]
    assert [len(each.stderr.strip().splitlines()) for each in failed] == [1, 1, 1], unfit.stderr
    assert "'r0' already" in same.stderr
    assert "must come from a folder" in unfit.stderr


def test_label_studio_makes_a_project(shell: Shell) -> None:
    """A JSON file with a list of tasks is data; its labels can be imported again without effect."""
    choice = {"from_name": "s", "to_name": "t", "type": "choices", "value": {"choices": ["bad"]}}
    tasks = [
        {"id": i, "data": {"text": f"coat {i} broke after some days"}, "annotations": []}
        for i in range(5)
    ]
    tasks[3]["annotations"] = [{"completed_by": {"email": "a@b"}, "result": [choice]}]
    (shell.folder / "tasks.json").write_text(json.dumps(tasks))

    made = shell("create", "tasks.json", "--json")
    again = shell("import-labels", "tasks", "tasks.json", "--json")
    shell("export", "tasks", "--to=facts.jsonl", "--what=annotations")

    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["n_samples"] == 5
    assert json.loads(again.stdout)["imported"] == 0, again.stderr
    [fact] = (shell.folder / "facts.jsonl").read_text().splitlines()
    assert (json.loads(fact)["annotator"], json.loads(fact)["sample_key"]) == ("a@b", "3")


def test_a_queue_of_superintendent_makes_a_project(shell: Shell) -> None:
    """Samples and labels of another tool's database are there, with who gave them."""
    shutil.copy(SUPERINTENDENT / "texts.sqlite", shell.folder / "old.sqlite")

    made = shell("create", "--from-superintendent", "old.sqlite", "--name=texts", "--json")
    shell("export", "texts", "--to=facts.jsonl", "--what=annotations")
    refused = shell("create", "old.sqlite", "--from-superintendent", "--table=nothing")

    assert made.returncode == 0, made.stderr
    body = json.loads(made.stdout)
    assert (body["n_samples"], body["imported"]) == (6, 4)
    facts = [json.loads(line) for line in (shell.folder / "facts.jsonl").read_text().splitlines()]
    assert [fact["annotator"] for fact in facts][:3] == ["ann", "ann", "bob"]
    assert {fact["source"] for fact in facts} == {"import"}
    assert (refused.returncode, "--table" in refused.stderr) == (1, True)


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


@pytest.mark.parametrize("name", ["jupyter_server_config", "jupyter_jupyterlab_al_config"])
def test_it_works_on_the_store_of_the_server(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What the server's configuration says of database and folder holds here, too."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(shell.folder))
    url = f"sqlite:///{shell.folder / 'team.sqlite'}"
    (shell.folder / f"{name}.py").write_text(f"c.ActiveLearning.db_url = {url!r}")

    shell("create", "reviews.csv", "--name=reviews")
    elsewhere = shell("list", "--json", f"--db-url=sqlite:///{shell.folder / 'other.sqlite'}")
    (shell.folder / f"{name}.py").unlink()
    named = shell("list", "--json", f"--db-url={url}")

    assert json.loads(elsewhere.stdout) == []
    assert [project["name"] for project in json.loads(named.stdout)] == ["reviews"]


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
        code = process.wait(timeout=120)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()

    assert code == 0


def answered(request: urllib.request.Request) -> Any:
    """Return what the server says, once it listens: it prints its address a moment earlier."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.URLError:
            time.sleep(0.2)
    raise TimeoutError(request.full_url)


def test_the_demo_serves_the_digits_ready_to_label(shell: Shell) -> None:
    """`demo` makes the project, then is JupyterLab, and opens its labeling view, uncovered."""
    port = free_port()
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
        while f":{port}/al/open/digits?token=" not in said:
            said = process.stderr.readline()
            assert process.poll() is None
        project = answered(request)
        address = said.split()[-1].replace("...", "secret")
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with browser.open(address) as page:
            shown = (page.url.partition(":")[2].partition("/lab")[2], page.status)
            html = page.read().decode()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()

    assert (project["state"], project["n_samples"]) == ("active", 1797)
    assert shown == ("?al=digits", 200)
    config = json.loads(html.partition('type="application/json">')[2].partition("</script>")[0])
    assert "@jupyterlab/apputils-extension:announcements" in config["disabledExtensions"]
