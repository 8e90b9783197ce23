"""The reference that is written from the code says all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyterlab_al.cli import AlApp

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the reference of the command line."""
    monkeypatch.syspath_prepend(DOCS)
    from _ext.command_line import page

    return page()


@pytest.mark.parametrize("verb", AlApp.subcommands)
def test_every_option_of_a_verb_is_in_the_reference(verb: str, command_line: str) -> None:
    """Options with a value and those without stand there, and how the verb is typed."""
    app, _ = AlApp.subcommands[verb]

    assert app.call() in command_line.splitlines()
    for option in (*app.aliases, *app.flags):
        name = option if isinstance(option, str) else option[0]
        assert f"| `--{name}` |" in command_line
