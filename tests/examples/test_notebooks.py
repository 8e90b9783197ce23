"""The example notebooks on real servers, with kernels of their own and an annotator beside them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from scipy import linalg, signal, stats
from sklearn.datasets import load_digits, load_iris

import jupyterlab_al as al
from tests.examples.conftest import Desk

EXAMPLES = Path(__file__).parents[2] / "examples"
N_LABELS = 30

Cells = Sequence[nbformat.NotebookNode]


@cache
def parts_of_scipy() -> list[str]:
    """Return the part of SciPy that each function is from."""
    parts = (linalg, signal, stats)
    return [part.__name__.removeprefix("scipy.") for part in parts for _ in part.__all__]


@cache
def digits() -> list[str]:
    """Return what each picture shows."""
    return [str(digit) for digit in load_digits().target]


@cache
def species() -> list[str]:
    """Return what each iris is."""
    irises = load_iris()
    return [str(irises.target_names[kind]) for kind in irises.target]


#: Notebook, what its samples really are, and the share of all samples that `N_LABELS` labels teach
#: to predict; always saying the commonest class gives 0.54, 0.1 and 0.33.
EXAMPLE = [
    pytest.param("text", parts_of_scipy, 0.7, id="text"),
    pytest.param("images", digits, 0.5, id="images"),
    pytest.param("table", species, 0.9, id="table"),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a person has when a notebook has run."""

    labels: dict[int, str]
    #: What the last line said of the samples.
    predictions: list[str]


def cells_of(notebook: str) -> Cells:
    """Return the code cells of a notebook."""
    cells = nbformat.read(EXAMPLES / f"{notebook}.ipynb", as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def project_of(cells: Cells) -> str:
    """Return the name of the project that cells make."""
    [name] = re.findall(r'al\.create\("([^"]+)"', "\n".join(cell.source for cell in cells))
    return str(name)


def split_where_a_person_labels(cells: Cells) -> tuple[Cells, Cells]:
    """Return the cells up to the one that opens the labeling view, and the others."""
    [at] = [n for n, cell in enumerate(cells, start=1) if cell.source == "project.open()"]
    return cells[:at], cells[at:]


@contextmanager
def kernel(desk: Desk) -> Iterator[Callable[[Cells], str]]:
    """Run a kernel, which finds the desk's server by itself, and give what runs cells in it."""
    notebook = nbformat.v4.new_notebook()
    client = NotebookClient(notebook, timeout=120, kernel_name="python3")
    # Servers that others run on this machine must not be found.
    runtime = {"JUPYTER_RUNTIME_DIR": str(desk.place.folder / "jupyter" / "runtime")}

    def run(cells: Cells) -> str:
        for cell in cells:
            notebook.cells.append(cell)
            client.execute_cell(cell, len(notebook.cells) - 1)
        printed = [part.text for part in cells[-1].outputs if part.output_type == "stream"]
        return "".join(printed)

    with client.setup_kernel(env={**os.environ, **runtime}, cwd=str(desk.place.root)):
        yield run


def outcome(run: Callable[[Cells], str], desk: Desk, project: str) -> Outcome:
    """Return what a notebook whose last line predicts came to."""
    said = run([nbformat.v4.new_code_cell("import json; print(json.dumps([str(y) for y in _]))")])
    desk.connect()
    labels = al.open(project).labels()
    return Outcome(
        labels={int(key): label for key, label in labels.items()}, predictions=json.loads(said)
    )


def without_a_break(notebook: str, truth: list[str], desk: Desk) -> Outcome:
    """Run a notebook from its first line to its last in one kernel."""
    first, rest = split_where_a_person_labels(cells_of(notebook))
    project = project_of(first)
    with kernel(desk) as run:
        run(first)
        desk.label(project, truth, n=N_LABELS)
        run(rest)
        return outcome(run, desk, project)


def with_a_restart(notebook: str, truth: list[str], desk: Desk) -> Outcome:
    """Run a notebook with a kernel that ends while a person labels, and another one afterwards."""
    first, rest = split_where_a_person_labels(cells_of(notebook))
    project = project_of(first)
    with kernel(desk) as run:
        run(first)
        desk.label(project, truth, n=N_LABELS // 2)
    desk.label(project, truth, n=N_LABELS - N_LABELS // 2)
    data = [cell for cell in first if "import" in cell.source]
    opened = nbformat.v4.new_code_cell(f'project = al.open("{project}")')
    with kernel(desk) as run:
        run([*data, opened, *rest])
        return outcome(run, desk, project)


@pytest.mark.parametrize(("notebook", "truth", "accuracy"), EXAMPLE)
def test_a_notebook_does_the_whole_thing_and_a_restart_changes_nothing(
    notebook: str,
    truth: Callable[[], list[str]],
    accuracy: float,
    desk: Desk,
    other_desk: Desk,
) -> None:
    """Data in, labels and a useful estimator out; the same with another kernel in the middle."""
    whole = without_a_break(notebook, truth(), desk)
    restarted = with_a_restart(notebook, truth(), other_desk)

    assert len(whole.labels) == N_LABELS
    assert all(truth()[sample_id] == label for sample_id, label in whole.labels.items())
    assert np.mean(np.array(whole.predictions) == np.array(truth())) > accuracy
    assert whole == restarted


@pytest.mark.parametrize("notebook", ["text", "images", "table"])
def test_a_notebook_takes_less_than_ten_lines(notebook: str) -> None:
    """Imports and data included."""
    code = "\n".join(cell.source for cell in cells_of(notebook))

    assert len([line for line in code.splitlines() if line.strip()]) < 10


def test_no_notebook_is_left_out() -> None:
    """What lies in the folder of examples is run here, and comes without anybody's outputs."""
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in EXAMPLES.glob("*.ipynb")}

    assert set(notebooks) == {"text", "images", "table"}
    for notebook in notebooks.values():
        nbformat.validate(notebook)
        assert not any(cell.get("outputs") for cell in notebook.cells)
