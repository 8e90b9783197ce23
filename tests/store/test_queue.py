"""Claim, extend, release, skip and undo, as every database must do them."""

from __future__ import annotations

import pytest

from jupyterlab_al.domain.models import Draw, Lease, Project
from jupyterlab_al.store import queue
from jupyterlab_al.store.database import Database
from tests.factories import LEASE, NOON, a_pool, leases_of


def claim(
    database: Database,
    project: Project,
    annotator: str = "ann",
    *,
    size: int = 1,
    client: str = queue.NO_CLIENT,
    at: int | None = NOON,
) -> list[Lease]:
    """Return the leases that a person's client gets."""
    return database.write(leases_of, project, annotator, client=client, size=size, at=at)


def samples(leases: list[Lease]) -> list[int]:
    """Return the samples of leases."""
    return [lease.sample_id for lease in leases]


def finish(database: Database, project: Project, annotator: str, *slots: tuple[int, int]) -> None:
    """Mark places as done by a person."""
    database.write(queue.finish, project.id, annotator, slots, at=NOON)


class TestClaim:
    def test_the_best_samples_come_in_the_order_of_their_ranks(self, database: Database) -> None:
        """A claim gives the samples of the smallest ranks, best first."""
        project = a_pool(database, n=10)
        order = [7, 3, 9, 1]
        draws = [
            Draw(
                sample_id=sample_id,
                rank=rank,
                source="query",
                utility=0.5,
                draw_probability=1.0,
                round_id=None,
            )
            for rank, sample_id in enumerate(order)
        ]
        database.write(queue.publish, project, draws[::-1])

        leases = claim(database, project, size=3)

        assert samples(leases) == [7, 3, 9]
        assert [lease.rank for lease in leases] == [0, 1, 2]

    def test_no_sample_is_held_by_two_people(self, database: Database) -> None:
        """Nobody is handed a sample that another person holds."""
        project = a_pool(database, n=10)

        first = claim(database, project, "ann", size=4)
        second = claim(database, project, "bob", size=4)

        assert samples(first) == [0, 1, 2, 3]
        assert samples(second) == [4, 5, 6, 7]

    def test_live_leases_come_back_first(self, database: Database) -> None:
        """Who claims again gets what they hold, under the same tokens, then new samples."""
        project = a_pool(database)
        before = claim(database, project, size=2)

        after = claim(database, project, size=4, at=NOON + 1)

        assert before == after[:2]
        assert samples(after) == [0, 1, 2, 3]

    def test_a_claim_never_gives_more_than_it_was_asked_for(self, database: Database) -> None:
        """Holding five and asking for two gives the best two of them."""
        project = a_pool(database)
        claim(database, project, size=5)

        assert samples(claim(database, project, size=2)) == [0, 1]

    def test_two_tabs_of_one_person_hold_different_samples(self, database: Database) -> None:
        """Each client of a person has leases of its own."""
        project = a_pool(database)

        left = claim(database, project, size=2, client="left")
        right = claim(database, project, size=2, client="right")
        unnamed = claim(database, project, size=2)

        assert [samples(left), samples(right), samples(unnamed)] == [[0, 1], [2, 3], [4, 5]]
        assert left == claim(database, project, size=2, client="left")

    def test_a_lease_ends_at_its_time(self, database: Database) -> None:
        """A lease holds until its last millisecond and is free from then on."""
        project = a_pool(database, n=1)
        [lease] = claim(database, project, "ann")

        during = claim(database, project, "bob", at=NOON + LEASE - 1)
        after = claim(database, project, "bob", at=NOON + LEASE)

        assert lease.expires_at.timestamp() * 1000 == NOON + LEASE
        assert during == []
        assert samples(after) == [0]
        assert lease.token != after[0].token

    def test_an_expired_lease_comes_back_under_a_new_token(self, database: Database) -> None:
        """Claiming anew after a lease ran out is a new lease, even for the same person."""
        project = a_pool(database, n=1)
        [before] = claim(database, project)

        [after] = claim(database, project, at=NOON + LEASE)

        assert before.token != after.token

    def test_projects_do_not_mix(self, database: Database) -> None:
        """A claim gives samples of its project only."""
        first = a_pool(database, n=2, name="first")
        second = a_pool(database, n=3, name="second")

        assert samples(claim(database, first, size=10)) == [0, 1]
        assert samples(claim(database, second, size=10)) == [0, 1, 2]

    def test_the_database_clock_is_used_where_no_time_is_given(self, database: Database) -> None:
        """Leases end by the database's clock, which is within a minute of this process's."""
        import time

        project = a_pool(database)

        [lease] = claim(database, project, at=None)

        assert lease.expires_at.timestamp() - LEASE / 1000 == pytest.approx(time.time(), abs=60)


class TestExtend:
    def test_a_held_lease_is_prolonged(self, database: Database) -> None:
        """An extended lease ends a full lease time from now."""
        project = a_pool(database)
        [lease] = claim(database, project)

        held = database.write(
            queue.extend, project.id, "ann", [(0, lease.token)], lease_ms=LEASE, at=NOON + 1000
        )

        assert [(0, lease.token, NOON + 1000 + LEASE)] == held
        assert samples(claim(database, project, "bob", at=NOON + LEASE)) == [1]

    @pytest.mark.parametrize(
        ("annotator", "token", "at"),
        [("bob", None, NOON), ("ann", "wrong", NOON), ("ann", None, NOON + LEASE)],
        ids=["another person's", "another token", "expired"],
    )
    def test_what_is_not_held_is_not_prolonged(
        self, database: Database, annotator: str, token: str | None, at: int
    ) -> None:
        """Only the holder, by the token of the lease, before its end, can prolong it."""
        project = a_pool(database)
        [lease] = claim(database, project)

        held = database.write(
            queue.extend,
            project.id,
            annotator,
            [(0, token or lease.token)],
            lease_ms=LEASE,
            at=at,
        )

        assert held == []


class TestRelease:
    def test_a_released_sample_goes_to_whoever_asks_next(self, database: Database) -> None:
        """A sample given back keeps its rank and is free at once."""
        project = a_pool(database)
        leases = claim(database, project, size=2)

        held = database.write(queue.release, project.id, "ann", [(0, leases[0].token)], at=NOON)

        assert [sample_id for sample_id, _token, _at in held] == [0]
        assert samples(claim(database, project, "bob", size=2)) == [0, 2]

    def test_a_foreign_lease_can_not_be_released(self, database: Database) -> None:
        """Nobody can give back what another person holds."""
        project = a_pool(database, n=1)
        [lease] = claim(database, project, "ann")

        held = database.write(queue.release, project.id, "bob", [(0, lease.token)], at=NOON)

        assert held == []
        assert claim(database, project, "bob") == []


class TestSkip:
    def test_a_skipped_sample_goes_to_others_only(self, database: Database) -> None:
        """Who skipped a sample never gets it again; the next person does."""
        project = a_pool(database)
        database.write(queue.add_skip, project.id, "ann", 0, at=NOON)

        assert samples(claim(database, project, "ann")) == [1]
        assert samples(claim(database, project, "bob")) == [0]

    def test_a_skip_counts_once(self, database: Database) -> None:
        """Skipping a sample again is no second skip."""
        project = a_pool(database)

        assert database.write(queue.add_skip, project.id, "ann", 0, at=NOON)
        assert not database.write(queue.add_skip, project.id, "ann", 0, at=NOON)


class TestUndone:
    def test_an_undone_sample_comes_first_in_any_tab(self, database: Database) -> None:
        """A reopened sample precedes what a client holds, whichever of the person's it is."""
        project = a_pool(database)
        claim(database, project, size=3, client="left")
        finish(database, project, "ann", (0, 0))
        claim(database, project, size=2, client="right")
        database.write(queue.reopen, project.id, "ann", 0, 0, lease_ms=LEASE, at=NOON)

        assert samples(claim(database, project, size=2, client="right")) == [0, 3]
        assert samples(claim(database, project, size=2, client="left")) == [1, 2]

    def test_the_newest_undone_comes_first(self, database: Database) -> None:
        """Of several undone samples the one undone last comes first."""
        project = a_pool(database)
        claim(database, project, size=3)
        finish(database, project, "ann", (0, 0), (1, 0), (2, 0))
        for minute, sample_id in enumerate([1, 0, 2]):
            database.write(
                queue.reopen,
                project.id,
                "ann",
                sample_id,
                0,
                lease_ms=LEASE,
                at=NOON + minute,
            )

        assert samples(claim(database, project, size=4, at=NOON + 10)) == [2, 0, 1, 3]

    def test_an_undone_sample_is_not_given_to_others(self, database: Database) -> None:
        """A reopened sample is held for who undid it."""
        project = a_pool(database)
        claim(database, project)
        finish(database, project, "ann", (0, 0))
        database.write(queue.reopen, project.id, "ann", 0, 0, lease_ms=LEASE, at=NOON)

        assert samples(claim(database, project, "bob")) == [1]


class TestOverlap:
    def test_different_people_get_the_same_sample(self, database: Database) -> None:
        """With an overlap of two, two people label each sample and a third does not."""
        project = a_pool(database, n=2, overlap=2)

        assert samples(claim(database, project, "ann", size=5)) == [0, 1]
        assert samples(claim(database, project, "bob", size=5)) == [0, 1]
        assert claim(database, project, "cat", size=5) == []

    def test_one_person_never_gets_a_sample_twice(self, database: Database) -> None:
        """A sample with several places is one sample to each person, in all their tabs."""
        project = a_pool(database, n=3, overlap=3)

        left = claim(database, project, size=2, client="left")
        right = claim(database, project, size=2, client="right")
        finish(database, project, "ann", (0, 0))
        later = claim(database, project, size=5, client="later", at=NOON + 1)

        assert samples(left) == [0, 1]
        assert samples(right) == [2]
        assert later == []

    def test_who_did_a_sample_is_not_asked_again(self, database: Database) -> None:
        """Labeling one place of a sample takes its other places out of the person's stream."""
        project = a_pool(database, n=1, overlap=2)
        claim(database, project, "ann")
        finish(database, project, "ann", (0, 0))

        assert claim(database, project, "ann", at=NOON + LEASE) == []
        assert samples(claim(database, project, "bob")) == [0]

    def test_an_expired_place_goes_to_a_third_person(self, database: Database) -> None:
        """Of two places one that was let go is free, also while the other is held."""
        project = a_pool(database, n=1, overlap=2)
        claim(database, project, "ann", at=NOON - LEASE)
        claim(database, project, "bob", at=NOON)

        assert samples(claim(database, project, "cat", at=NOON)) == [0]
        assert claim(database, project, "ann", at=NOON) == []
