"""Strategies by name, ours and those of other packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.strategies.diversity import UncertaintyHerding
from jupyterlab_al.strategies.names import names
from jupyterlab_al.strategies.registry import create, strategy_class
from jupyterlab_al.strategies.uncertainty import EntropySampling, MarginSampling

MODULE = """
from jupyterlab_al.strategies.base import QueryStrategy
class First(QueryStrategy):
    def __init__(self, *, weight=1.0):
        self.weight = weight
    def _score(self, X, estimator, labeled):
        return X[:, 0] * self.weight
class NoStrategy: ...
"""
ENTRY_POINTS = """
[jupyterlab_al.strategies]
first = al_other:First
margin = al_other:First
wrong = al_other:NoStrategy
gone = al_missing:First
"""


@pytest.fixture
def other_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package with strategies of its own."""
    info = tmp_path / "al_other-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: al-other\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    (tmp_path / "al_other.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))


def test_the_default_is_what_won_the_benchmark() -> None:
    """A new project gets uncertainty herding (docs/benchmarks.md)."""
    assert type(create("default", {})) is UncertaintyHerding
    assert names()[0] == "default"


def test_names_lead_to_classes() -> None:
    """A name gives its strategy."""
    assert type(create("entropy", {})) is EntropySampling


def test_parameters_are_passed_on() -> None:
    """Parameters arrive in the strategy."""
    assert create("power_margin", {"beta": 3}).get_params() == {"beta": 3}


def test_an_unknown_name_is_refused() -> None:
    """The message lists the names there are."""
    with pytest.raises(InvalidSettingError, match=r"no strategy 'magic'.*margin, entropy"):
        create("magic", {})


@pytest.mark.parametrize(("name", "takes"), [("margin", "none"), ("power_margin", "beta")])
def test_unknown_parameters_are_refused(name: str, takes: str) -> None:
    """The message names the parameter and lists those there are."""
    with pytest.raises(InvalidSettingError, match=f"'gamma'.*It takes: {takes}"):
        create(name, {"gamma": 1})


@pytest.mark.usefixtures("other_package")
class TestOtherPackages:
    def test_their_strategies_are_found(self) -> None:
        """An entry point makes a strategy available by its name."""
        assert {"first", "wrong", "gone"} <= set(names())
        assert create("first", {"weight": 2.0}).get_params() == {"weight": 2.0}

    def test_ours_cannot_be_replaced(self) -> None:
        """A package that takes a built-in name changes nothing."""
        assert strategy_class("margin") is MarginSampling

    def test_what_is_no_strategy_is_refused(self) -> None:
        """Something else behind an entry point is a clear error."""
        with pytest.raises(InvalidSettingError, match="not a subclass of QueryStrategy"):
            create("wrong", {})

    def test_a_broken_package_is_named(self) -> None:
        """A module that can't be imported is a clear error."""
        with pytest.raises(InvalidSettingError, match=r"'gone' can't be imported.*al_missing"):
            create("gone", {})


def test_the_names_need_no_scikit_learn() -> None:
    """A server lists the names without importing NumPy or scikit-learn."""
    code = (
        "import sys; from jupyterlab_al.strategies import names; assert 'margin' in names();"
        "print([m for m in ('numpy', 'sklearn', 'scipy', 'pandas') if m in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert printed.stdout.strip() == "[]", printed.stderr
