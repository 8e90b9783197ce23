"""The labeling view for notebooks, as Python sees it; what it shows is tested in a browser."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import jupyterlab_al as al
from benchmarks.servers import RunningServer


@pytest.fixture
def project(connected: RunningServer) -> al.Project:
    """Return the project of these tests, with one label."""
    try:
        return al.open("widget")
    except al.RefusedError:
        project = al.create("widget", ["a", "b", "c"], classes=["x", "y"])
        project.label({0: "x"})
        return project


def test_a_widget_needs_no_kernel(project: al.Project) -> None:
    """It can be made in a script; it knows its project and how many labels that has."""
    widget = project.widget()

    assert (widget.project, widget.labels) == ("widget", 1)
    assert widget.created_at == project.status["created_at"]
    assert widget.base_url == "/"


def test_what_is_saved_with_a_notebook_holds_no_secret(
    project: al.Project, connected: RunningServer
) -> None:
    """Neither the token nor the address of the server is part of the widget's state."""
    state = project.widget().get_state()

    own = {name: value for name, value in state.items() if name not in ("_esm", "_css")}
    assert connected.address.token not in str(state)
    assert str(connected.address.port) not in str(own)


def test_labels_can_be_observed(project: al.Project) -> None:
    """A function hears the number of labels whenever the page reports another one."""
    widget, heard = project.widget(), list[int]()
    widget.observe(lambda change: heard.append(change.new), "labels")

    widget.set_state({"labels": 2})
    widget.set_state({"labels": 3})

    assert heard == [2, 3]


def test_the_script_needs_nothing_else(project: al.Project) -> None:
    """The browser gets one script and one style sheet, with a value for what a page may lack."""
    state = project.widget().get_state()

    assert "import(" not in state["_esm"]
    assert ".jp-al-Notebook" in state["_css"]
    assert "url(" not in state["_css"]
    assert "var(--jp-layout-color1)" not in state["_css"]


def test_without_anywidget_the_message_names_the_extra(
    project: al.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who lacks the extra reads what to install."""
    monkeypatch.delitem(sys.modules, "jupyterlab_al.client.widget", raising=False)
    monkeypatch.setitem(sys.modules, "anywidget", None)

    with pytest.raises(al.InvalidInputError, match=r"pip install 'jupyterlab_al\[notebook\]'"):
        project.widget()


def test_the_client_works_without_anywidget() -> None:
    """Importing the package, and a project, leaves anywidget alone."""
    program = (
        "import sys, jupyterlab_al as al; al.Project; al.open; sys.exit('anywidget' in sys.modules)"
    )

    done: subprocess.CompletedProcess[Any] = subprocess.run([sys.executable, "-c", program])

    assert done.returncode == 0
