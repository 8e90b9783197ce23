"""What README and guides show can be typed as it stands there."""

from __future__ import annotations

import ast
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.datasets import load_digits

import jupyterlab_al as al
from benchmarks.servers import Place
from jupyterlab_al.cli import AlApp
from tests.examples.conftest import Desk, a_desk
from tests.examples.test_guides import written

REPOSITORY = Path(__file__).parents[2]
PAGES = [
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
    *sorted((REPOSITORY / "docs").glob("[hr]*/*.md")),
]
N_ROWS = 120
#: More than any guide waits for.
N_LABELS = 110
#: The first lines of blocks that are run elsewhere, and where.
ELSEWHERE = {
    "# superintendent": "in superintendent itself",
    "c.": "in a JupyterHub itself, by tests/hub",
    'curves = al.simulate(X, y, strategies=["rare_first"': "in test_guides, with its package",
}
#: What is run instead: no hour of replays, and the server that there is.
SHORTER = {"budget=200": "budget=20", "seeds=20": "seeds=1"}
SHOWN_ADDRESS = "http://localhost:8888/lab?token=…"


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of a page in a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
    return [block for block in found if not block.startswith(tuple(ELSEWHERE))]


def with_blocks(language: str) -> list[Any]:
    """Return the pages that have blocks in a language."""
    return [pytest.param(page, id=page.stem) for page in PAGES if blocks(page, language)]


def commands() -> list[str]:
    """Return each call of `jupyter al` that a page shows."""
    lines = [line for page in PAGES for text in blocks(page, "bash") for line in text.splitlines()]
    return sorted({line for line in lines if line.startswith("jupyter al ")})


@pytest.mark.parametrize("command", commands())
def test_a_command_can_be_typed(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verb is there, has these options and takes so many arguments."""
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "1")
    _, _, verb, *rest = shlex.split(command, comments=True)
    app = AlApp.subcommands[verb][0]()

    app.initialize(rest)

    assert len(app.extra_args) == len(app.arguments)


def frame(n: int = N_ROWS) -> pd.DataFrame:
    """Return rows as the guides have them."""
    mood = [["it broke on the first day", "a lovely thing to have"][i % 2] for i in range(n)]
    return pd.DataFrame(
        {
            "review": [f"{said}, number {i}" for i, said in enumerate(mood)],
            "sentiment": [["negative", "positive"][i % 2] for i in range(n)],
            "price": np.linspace(1.0, 9.0, n),
            "shop": [["north", "south", "east"][i % 3] for i in range(n)],
        }
    )


@pytest.fixture(scope="module")
def allowing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a server with a folder of pictures, that allows the estimator of the guide."""
    folder = Path(tmp_path_factory.mktemp("allowing"))
    modules = folder / "modules"
    modules.mkdir()
    written("own-estimator", modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(modules)
        patch.setenv(
            "PYTHONPATH", os.pathsep.join([str(modules), os.environ.get("PYTHONPATH", "")])
        )
        patch.setenv("JUPYTERLAB_AL_ALLOWED_ESTIMATORS", "sklearn.,my_models.")
        root = Place.in_folder(folder).root
        for n in range(24):
            kind = root / "photos" / ["cat", "dog"][n % 2]
            kind.mkdir(parents=True, exist_ok=True)
            Image.new("L", (20, 20), 8 * n).save(kind / f"{n}.png")
        with a_desk(folder) as running:
            yield running


class Reader:
    """Types what a page shows into one session, while somebody labels what it makes."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        rows, digits = frame(), load_digits()
        texts = list(rows["review"])
        theirs = SimpleNamespace(list_all=lambda: (rows.index, texts, [*rows["sentiment"]]))
        self.names: dict[str, Any] = {
            "al": al,
            "frame": rows,
            "texts": texts,
            "more_rows": frame(5),
            "X": digits.data[:200],
            "y": digits.target[:200].astype(str),
            "embeddings": np.random.default_rng(0).normal(size=(24, 5)),
            "widget": SimpleNamespace(queue=theirs),
        }

    def has(self, name: str, **described: Any) -> None:
        """Let a project be there when the page begins."""
        self.names["project"] = al.create(name, **described)
        self._label()

    def types(self, block: str) -> None:
        """Run a block, statement by statement."""
        address = self.desk.server.address
        url = f"http://127.0.0.1:{address.port}/lab?token={address.token}"
        for shown, used in {**SHORTER, SHOWN_ADDRESS: url}.items():
            block = block.replace(shown, used)
        for statement in ast.parse(block).body:
            source = ast.unparse(statement)
            # Pages show several ways to make the same project.
            for name in re.findall(r"al\.create\('([^']+)'", source):
                forget(self.desk, name)
            exec(source, self.names)  # noqa: S102
            if "al.create(" in source:
                self._label()

    def _label(self) -> None:
        project = self.names["project"]
        status = project.status
        classes = [each["name"] if isinstance(each, dict) else each for each in status["classes"]]
        answers = [
            {"key": str(uuid4()), "sample_id": i, "label": classes[i % len(classes)]}
            for i in range(min(N_LABELS, status["n_samples"]))
        ]
        self.desk.client("POST", f"projects/{project.name}/annotations", {"annotations": answers})
        project.retrain()


def forget(desk: Desk, name: str) -> None:
    """Delete a project, if it is there."""
    if name in [project.name for project in al.projects()]:
        desk.client("DELETE", f"projects/{name}?confirm={name}")


@pytest.fixture
def reader(allowing: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """Return somebody who reads at a server without projects, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    allowing.connect()
    yield Reader(allowing)
    for project in al.projects():
        forget(allowing, project.name)


@pytest.mark.parametrize("page", with_blocks("python"))
def test_the_python_of_a_page_runs(page: Path, reader: Reader) -> None:
    """Line by line, with the data that its reader has, while somebody labels."""
    if page.stem == "quickstart":
        digits = load_digits()
        reader.has("digits", data=digits.images, classes=list("0123456789"))
    else:
        reader.has("reviews", data=frame(), text="review", classes=["negative", "positive"])
    reader.names["project"].export("reviews_dataset")

    for block in blocks(page, "python"):
        reader.types(block)

    assert al.projects()
