"""jupyter al simulate: strategies compared on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

MAIN = "from jupyterlab_al.cli import main; main()"


def al(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the verb in a process of its own."""
    command = [sys.executable, "-c", MAIN, "simulate", *arguments, "--jobs=1"]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=240, check=False
    )


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table of texts whose labels are known."""
    rows = [{"text": f"{'good' if i % 2 else 'bad'} thing {i}", "kind": i % 2} for i in range(80)]
    path = tmp_path / "texts.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def test_a_file_is_replayed(table: Path) -> None:
    """A table says which strategy is better, curves and picture are written where asked."""
    folder = table.parent
    done = al(
        "texts.csv",
        "--label-column=kind",
        "--strategy=margin",
        "--seeds=2",
        "--budget=20",
        "--to=curves.parquet",
        "--plot=curves.svg",
        cwd=folder,
    )

    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    assert "against random, paired" in done.stdout
    assert {"margin", "random"} == set(pd.read_parquet(folder / "curves.parquet")["strategy"])
    assert (folder / "curves.svg").read_text().startswith("<?xml")


def test_several_estimators_are_compared(table: Path) -> None:
    """Each estimator has a row for each strategy, by its short name."""
    done = al(
        "texts.csv",
        "--label-column=kind",
        "--estimator=sklearn.linear_model.LogisticRegression",
        "--estimator=sklearn.naive_bayes.MultinomialNB",
        "--seeds=1",
        "--budget=20",
        cwd=table.parent,
    )

    assert done.returncode == 0, done.stderr
    for name in ("LogisticRegression", "MultinomialNB"):
        assert f"{name} · default" in done.stdout
        assert f"{name} · random" in done.stdout


def test_one_seed_has_no_standard_error(table: Path) -> None:
    """What one replay can't say is not printed as a number that is none."""
    done = al("texts.csv", "--label-column=kind", "--seeds=1", "--budget=20", cwd=table.parent)

    assert "nan" not in done.stdout
    assert "1 seed: nobody can tell chance" in done.stdout


def test_json_for_programs(table: Path) -> None:
    """--json gives the curves and the summary, and nothing else."""
    done = al(
        "texts.csv", "--label-column=kind", "--seeds=1", "--budget=20", "--json", cwd=table.parent
    )

    said = json.loads(done.stdout)
    assert sorted({point["n_labels"] for point in said["curves"]}) == [10, 20]
    assert {"default", "random"} == set(said["summary"])


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("texts.csv",), 2, "--label-column"),
        (("texts.csv", "--label-column=nothing"), 1, "nothing"),
        (("missing.csv", "--label-column=kind"), 1, "missing.csv"),
        (("texts.csv", "--label-column=kind", "--budget=1000"), 1, "largest possible budget"),
        (("digits", "--budget=20", "--strategy=x"), 1, "There is no strategy"),
        (("digits", "--plot=curves.txt"), 2, "--plot"),
    ],
)
def test_errors_are_one_line(table: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    """Wrong usage ends with 2, what can't be done with 1; both say why in one line."""
    done = al(*arguments, cwd=table.parent)

    assert done.returncode == code
    [line] = [line for line in done.stderr.splitlines() if "jupyter al simulate" in line]
    assert says in line
