"""The code of the how-to guides does what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

import jupyterlab_al as al
from benchmarks.servers import Place, running_server

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
_FILE = re.compile(
    r"^```\{code-block\} \w+\n:caption: (\S+)\n\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def written(guide: str, folder: Path) -> Path:
    """Write the files that a guide shows into a folder, as its reader does."""
    files = dict(_FILE.findall((GUIDES / f"{guide}.md").read_text(encoding="utf-8")))
    assert files
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def installed(folder: Path) -> None:
    """Write beside a package of one module what `pip install` writes of its entry points."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    facts = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    facts.mkdir()
    facts.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    lines = [
        line
        for group, points in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {place}" for name, place in points.items()))
    ]
    facts.joinpath("entry_points.txt").write_text("\n".join(lines))


def simulated(folder: Path, *options: str) -> str:
    """Return what a short `jupyter al simulate` says that finds the modules of a folder."""
    command = [sys.executable, "-c", "from jupyterlab_al.cli import main; main()", "simulate"]
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [*command, "digits", *options, "--seeds=1", "--budget=20", "--jobs=1"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_strategy_of_the_guide_is_found_and_replayed(tmp_path: Path) -> None:
    """Its package names it, and the command line replays it."""
    folder = written("own-strategy", tmp_path)
    installed(folder)

    said = simulated(folder, "--strategy", "rare_first", "--against", "random")

    assert "rare_first" in said


def test_the_estimator_of_the_guide_is_replayed(tmp_path: Path) -> None:
    """The command line takes any class that can be imported."""
    said = simulated(written("own-estimator", tmp_path), "--estimator", "my_models.SoftCentroids")

    assert "default" in said


@pytest.fixture
def allowing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the guide's module, which servers of this test find and allow."""
    folder = written("own-estimator", tmp_path)
    monkeypatch.syspath_prepend(folder)
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setenv("JUPYTERLAB_AL_ALLOWED_ESTIMATORS", "sklearn.,my_models.")
    return folder


def test_the_estimator_of_the_guide_trains_on_a_server_and_comes_back(
    allowing: Path, tmp_path: Path
) -> None:
    """Once allowed it trains; it is loaded by who trusts it, and the refusal says how."""
    from my_models import SoftCentroids

    digits = load_digits()
    with running_server(Place.in_folder(tmp_path / "server"), worker="local") as server:
        al.connect(f"http://127.0.0.1:{server.address.port}/", server.address.token)
        project = al.create(
            "pictures",
            digits.images,
            features=digits.data,
            classes=list("0123456789"),
            estimator=SoftCentroids(sharpness=2),
        )
        project.label({i: str(digits.target[i]) for i in range(100)})
        project.retrain()
        with pytest.raises(al.InvalidInputError) as refused:
            project.estimator()
        estimator = project.estimator(trusted=["my_models.SoftCentroids"])

    assert "trusted=['my_models.SoftCentroids']" in str(refused.value)
    assert isinstance(estimator, SoftCentroids)
    assert np.mean(estimator.predict(digits.data) == digits.target.astype(str)) > 0.7
