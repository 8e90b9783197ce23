"""Members: who has which role, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jupyterlab_al.domain.errors import (
    ConflictError,
    MalformedError,
    NotAllowedError,
    UnknownError,
)
from jupyterlab_al.domain.models import Person, Role
from jupyterlab_al.services import members, projects
from jupyterlab_al.store.database import Database
from tests.factories import ANN, BOB, OLGA, a_claimed_batch, a_pool

#: On a server that lets everybody own all projects.
ANYBODY = replace(ANN, default_role="owner")


def give(database: Database, who: Person, role: Role, *, by: Person = OLGA) -> None:
    """Give somebody a role."""
    database.write(members.give, "reviews", by, who.id, role)


def role_of(database: Database, person: Person) -> Role:
    """Return what a person may do."""
    return database.read(projects.get, "reviews", person).project.role


def there(database: Database) -> dict[str, Role]:
    """Return all members."""
    return database.read(members.page, "reviews", OLGA)


class TestGive:
    def test_a_role_counts_instead_of_the_servers(self, database: Database) -> None:
        """Who was made a viewer is handed no sample, whatever the server lets everybody do."""
        a_pool(database)
        before = len(a_claimed_batch(database, ANYBODY))

        give(database, ANN, "viewer")

        assert before == 1
        with pytest.raises(NotAllowedError, match="You are viewer"):
            a_claimed_batch(database, ANYBODY)

    def test_the_newer_role_replaces_the_older(self, database: Database) -> None:
        """A person has one role in a project."""
        a_pool(database)
        give(database, ANN, "viewer")

        give(database, ANN, "reviewer")

        assert there(database) == {"ann": "reviewer", "olga": "owner"}

    def test_it_counts_in_one_project(self, database: Database) -> None:
        """In other projects the same person has the role that the server gives."""
        a_pool(database)
        a_pool(database, "others")

        give(database, ANN, "viewer")

        assert database.read(projects.get, "others", ANYBODY).project.role == "owner"

    @pytest.mark.parametrize("name", ["", " ", "a" * 256])
    def test_nobody_has_such_a_name(self, database: Database, name: str) -> None:
        """A name that no person can have is refused."""
        a_pool(database)

        with pytest.raises(MalformedError, match="1 to 255"):
            database.write(members.give, "reviews", OLGA, name, "viewer")

        assert there(database) == {"olga": "owner"}


class TestTake:
    def test_without_a_role_the_servers_counts_again(self, database: Database) -> None:
        """Who is no member any more has the role that everybody has."""
        a_pool(database)
        give(database, ANN, "viewer")

        database.write(members.take, "reviews", OLGA, "ann")

        assert role_of(database, ANYBODY) == "owner"
        assert there(database) == {"olga": "owner"}

    def test_who_is_no_member_has_nothing_to_lose(self, database: Database) -> None:
        """The refusal names those who are there."""
        a_pool(database)

        with pytest.raises(UnknownError, match="its members are olga"):
            database.write(members.take, "reviews", OLGA, "ann")


class TestOwners:
    def test_a_project_keeps_an_owner(self, database: Database) -> None:
        """The last owner can neither be removed nor become anything else."""
        a_pool(database)

        with pytest.raises(ConflictError, match="without an owner"):
            database.write(members.take, "reviews", OLGA, "olga")
        with pytest.raises(ConflictError, match="without an owner"):
            give(database, OLGA, "annotator")

        assert there(database) == {"olga": "owner"}

    def test_a_project_can_change_hands(self, database: Database) -> None:
        """With a second owner the first one may go."""
        a_pool(database)
        give(database, BOB, "owner")

        database.write(members.take, "reviews", BOB, "olga")

        assert database.read(members.page, "reviews", BOB) == {"bob": "owner"}

    @pytest.mark.parametrize("role", ["reviewer", "annotator", "viewer"])
    def test_only_owners_give_and_take_roles(self, database: Database, role: Role) -> None:
        """Anybody else can't, not even for themselves."""
        a_pool(database)
        give(database, ANN, role)

        with pytest.raises(NotAllowedError):
            give(database, ANN, "owner", by=ANN)
        with pytest.raises(NotAllowedError):
            database.write(members.take, "reviews", ANN, "ann")

        assert role_of(database, ANYBODY) == role

    @pytest.mark.parametrize(("role", "is_shown"), [("reviewer", True), ("annotator", False)])
    def test_who_sees_others_sees_who_they_are(
        self, database: Database, role: Role, *, is_shown: bool
    ) -> None:
        """Reviewers see the members, annotators don't."""
        a_pool(database)
        give(database, ANN, role)

        if is_shown:
            assert "olga" in database.read(members.page, "reviews", ANN)
        else:
            with pytest.raises(NotAllowedError):
                database.read(members.page, "reviews", ANN)
