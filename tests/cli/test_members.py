"""`jupyter al members`, as a shell runs it, on both databases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_al.store.database import Database
from tests.cli.test_cli import Shell
from tests.factories import a_pool


class Members:
    """Calls the verb for one project."""

    def __init__(self, shell: Shell, db_url: str) -> None:
        self._shell = shell
        self._url = db_url

    def __call__(self, *options: str) -> Any:
        """Run it."""
        return self._shell("members", "reviews", f"--db-url={self._url}", *options)


@pytest.fixture
def members(database: Database, db_url: str, tmp_path: Path) -> Members:
    """Return the verb for a project whose owner is Olga."""
    a_pool(database)
    return Members(Shell(tmp_path), db_url)


def test_roles_are_given_and_taken(members: Members) -> None:
    """Each call says who has which role afterwards, in words or as JSON."""
    added = members("--add=ann", "--role=reviewer")
    listed = members("--json")
    removed = members("--remove=ann", "--json")

    assert added.stdout.split() == ["ann", "reviewer", "olga", "owner"], added.stderr
    assert json.loads(listed.stdout) == [
        {"annotator": "ann", "role": "reviewer"},
        {"annotator": "olga", "role": "owner"},
    ]
    assert json.loads(removed.stdout) == [{"annotator": "olga", "role": "owner"}]


@pytest.mark.parametrize(
    "options",
    [
        ("--add=ann",),
        ("--role=viewer",),
        ("--add=ann", "--role=king"),
        ("--add=ann", "--role=viewer", "--remove=bob"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(members: Members, options: tuple[str, ...]) -> None:
    """What does not go together is refused in a line, and changes nothing."""
    done = members(*options)

    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert json.loads(members("--json").stdout) == [{"annotator": "olga", "role": "owner"}]


def test_a_project_keeps_an_owner(members: Members) -> None:
    """The last owner can't be removed; the one line says what to do first."""
    done = members("--remove=olga")

    assert done.returncode == 1
    assert done.stderr.strip() == (
        "jupyter al members: 'reviews' would be left without an owner; "
        "make somebody else one first."
    )


@pytest.mark.parametrize(
    ("asks", "role", "code"),
    [("olga", "viewer", 0), ("eve", "annotator", 1), ("eve", "owner", 0)],
    ids=["an owner", "no member", "no member of a server that trusts all"],
)
def test_on_a_hub_the_person_of_the_server_asks(
    members: Members, monkeypatch: pytest.MonkeyPatch, asks: str, role: str, code: int
) -> None:
    """Whose server it is counts, not the account, which is everybody's in containers."""
    monkeypatch.setenv("JUPYTERHUB_USER", asks)
    monkeypatch.setenv("JUPYTERLAB_AL_DEFAULT_ROLE", role)

    done = members("--add=ann", "--role=reviewer")

    assert done.returncode == code, done.stderr
    assert ("this needs" in done.stderr) == bool(code)
