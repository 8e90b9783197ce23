"""Claiming through the use case: what an empty hand means, and when more is drawn."""

from __future__ import annotations

import threading
import time

import pytest

from jupyterlab_al.domain.errors import ConflictError, UnknownError
from jupyterlab_al.domain.models import Claimed, Person
from jupyterlab_al.services import ordering, projects, queue, training
from jupyterlab_al.store import projects as project_store
from jupyterlab_al.store import queue as queue_store
from jupyterlab_al.store.database import Database, open_engine
from tests.factories import (
    ANN,
    BOB,
    LEASE,
    NOON,
    OLGA,
    WORKER,
    a_claimed_batch,
    a_labeled_sample,
    a_new_project,
    a_pool,
    a_project,
    an_annotation,
    an_order,
    the_project,
)


def claim(database: Database, person: Person = ANN, *, size: int = 1, at: int = NOON) -> Claimed:
    """Return what a person gets, or why nothing."""
    return database.write(
        queue.claim, "reviews", person, client=None, size=size, lease_ms=LEASE, at=at
    )[1]


def samples(claimed: Claimed) -> list[int]:
    """Return the samples that were claimed."""
    return [lease.sample_id for lease in claimed.leases]


class TestEmptyBecause:
    def test_preparing(self, database: Database) -> None:
        """Before the dataset is prepared there is nothing to label yet."""
        a_new_project(database)

        assert claim(database).empty_because == "preparing"

    @pytest.mark.parametrize("state", ["paused", "archived"])
    def test_paused(self, database: Database, state: str) -> None:
        """A paused or archived project hands nothing out."""
        a_pool(database)
        database.write(projects.change, "reviews", OLGA, state=state)

        claimed = claim(database)

        assert (claimed.leases, claimed.empty_because) == ([], "paused")

    def test_all_labeled(self, database: Database) -> None:
        """Once every sample is labeled there is nothing left."""
        a_pool(database, n=3)
        for _ in range(3):
            a_labeled_sample(database)

        assert claim(database).empty_because == "all_labeled"

    def test_budget(self, database: Database) -> None:
        """Once as many samples are labeled as were asked for, no more are handed out."""
        a_pool(database, n=5, budget=2)
        for _ in range(2):
            a_labeled_sample(database)

        claimed = claim(database)

        assert (claimed.leases, claimed.empty_because) == ([], "budget")

    def test_a_higher_budget_goes_on(self, database: Database) -> None:
        """Who owns the project can ask for more labels."""
        a_pool(database, n=5, budget=1)
        a_labeled_sample(database)
        database.write(projects.change, "reviews", OLGA, config={"budget": 2})

        assert len(claim(database).leases) == 1

    def test_no_more_is_ahead_than_the_budget_allows(self, database: Database) -> None:
        """What others hold counts: together no more is labeled than was asked for."""
        a_pool(database, n=9, budget=3)
        claim(database, BOB, size=2)

        first, again = claim(database, size=5), claim(database, size=5)

        assert len(first.leases) == 1
        assert samples(again) == samples(first)

    def test_held_by_others(self, database: Database) -> None:
        """When others hold what is left, the claim says when the first comes back."""
        a_pool(database, n=3)
        claim(database, BOB, size=1, at=NOON - 1000)
        claim(database, BOB, size=3)

        claimed = claim(database)

        assert claimed.empty_because == "held_by_others"
        assert claimed.back_at is not None
        assert claimed.back_at.timestamp() * 1000 == NOON + LEASE - 1000

    def test_everything_left_was_skipped(self, database: Database) -> None:
        """Who skipped all that is left has nothing more to do; others have."""
        a_pool(database, n=2)
        for lease in a_claimed_batch(database, size=2):
            database.write(queue.skip, "reviews", ANN, [(lease.sample_id, lease.token)], at=NOON)

        assert claim(database).empty_because == "all_labeled"
        assert samples(claim(database, BOB, size=5)) == [0, 1]

    def test_a_claim_with_samples_gives_no_reason(self, database: Database) -> None:
        """Leases and a reason exclude each other, also where fewer came than were asked for."""
        a_pool(database, n=2)

        claimed = claim(database, size=5)

        assert (len(claimed.leases), claimed.empty_because) == (2, None)

    def test_a_failed_project_says_so(self, database: Database) -> None:
        """Claiming from a project that could not be prepared is refused with the reason."""
        a_new_project(database)
        job = database.write(training.take, WORKER, lease_ms=LEASE)
        assert job is not None
        database.write(training.fail, job, WORKER, "The file is empty.")

        with pytest.raises(ConflictError, match="The file is empty") as caught:
            claim(database)

        assert caught.value.word == "project_failed"

    def test_an_unknown_project_is_named(self, database: Database) -> None:
        """There is nothing to claim from a project that does not exist."""
        with pytest.raises(UnknownError):
            claim(database)


class TestSkip:
    def test_a_skip_is_counted_once(self, database: Database) -> None:
        """Skipping is counted; repeating the request changes nothing."""
        a_pool(database)
        [lease] = a_claimed_batch(database)
        held = [
            database.write(queue.skip, "reviews", ANN, [(0, lease.token)], at=NOON)
            for _ in range(2)
        ]

        kept = database.read(project_store.tallies, the_project(database).id)

        assert [len(each) for each in held] == [1, 0]
        assert kept["skips"] == {0: 1}

    def test_a_skipped_sample_may_still_be_labeled(self, database: Database) -> None:
        """Changing one's mind is allowed: a label of a skipped sample counts."""
        a_pool(database, n=1)
        [lease] = a_claimed_batch(database)
        database.write(queue.skip, "reviews", ANN, [(0, lease.token)], at=NOON)

        an_annotation(database, ANN, 0, token=lease.token)

        assert claim(database, BOB).empty_because == "all_labeled"


class TestRefill:
    def test_a_pool_larger_than_the_queue_is_labeled_to_its_end(self, database: Database) -> None:
        """The queue is filled again whenever it runs dry, until every sample is labeled."""
        a_project(database, n=25, queue_size=4, check_share=0.2)

        seen = [a_labeled_sample(database, ANN).sample_id for _ in range(25)]

        assert sorted(seen) == list(range(25))
        assert claim(database).empty_because == "all_labeled"

    def test_two_people_share_a_large_pool(self, database: Database) -> None:
        """With an overlap of two and a small queue, both people label the whole pool."""
        a_project(database, n=12, queue_size=3, overlap=2)

        seen = {
            person.id: sorted(a_labeled_sample(database, person).sample_id for _ in range(12))
            for person in (ANN, BOB)
        }

        assert seen == {"ann": list(range(12)), "bob": list(range(12))}
        assert claim(database).empty_because == "all_labeled"

    def test_one_person_is_not_held_up_by_the_others_places(self, database: Database) -> None:
        """Places that wait for other people don't keep one person from the rest of the pool."""
        a_project(database, n=12, queue_size=3, overlap=3)

        seen = [a_labeled_sample(database).sample_id for _ in range(12)]

        assert sorted(seen) == list(range(12))

    def test_an_order_is_not_replaced_by_a_random_one(self, database: Database) -> None:
        """Who has seen all of a small queue gets more; the order of the others stays."""
        project = a_project(database, n=40, queue_size=3)
        database.write(queue_store.publish, project, an_order([7, 8, 9]), at=NOON)
        for lease in a_claimed_batch(database, ANN, size=3):
            database.write(queue.skip, "reviews", ANN, [(lease.sample_id, lease.token)], at=NOON)

        more = claim(database, ANN, size=2)

        assert len(more.leases) == 2
        assert samples(claim(database, BOB, size=3)) == [7, 8, 9]

    def test_a_claim_larger_than_the_queue_is_filled(self, database: Database) -> None:
        """Asking for more than the queue holds draws the rest from the pool."""
        a_project(database, n=30, queue_size=4)

        assert len(set(samples(claim(database, size=20)))) >= 8


@pytest.mark.postgresql
class TestWhileAnOrderIsPublished:
    def test_a_claim_waits_for_the_new_order(self, postgresql_url: str) -> None:
        """A claim that meets a publication under way gets the new order, not a random one."""
        server, worker = (Database(open_engine(postgresql_url)) for _ in range(2))
        project = a_project(server, n=50, queue_size=5)
        started, done = threading.Event(), threading.Event()

        def publish(tx: object) -> None:
            project_store.by_id(tx, project.id, OLGA)  # type: ignore[arg-type]
            queue_store.publish(tx, project, an_order([41, 42, 43]), at=NOON)  # type: ignore[arg-type]
            started.set()
            done.wait(60)

        publication = worker.submit(publish)
        assert started.wait(60)
        claiming = server.submit(
            queue.claim, "reviews", ANN, client=None, size=2, lease_ms=LEASE, at=NOON
        )
        time.sleep(0.2)
        done.set()
        publication.result(60)

        assert samples(claiming.result(60)[1]) == [41, 42]
        server.dispose()
        worker.dispose()

    def test_a_small_pool_is_not_called_labeled(self, postgresql_url: str) -> None:
        """A pool that fits into the queue has samples left while its order is replaced."""
        server, worker = (Database(open_engine(postgresql_url)) for _ in range(2))
        project = a_pool(server, n=3)
        started, done = threading.Event(), threading.Event()

        def publish(tx: object) -> None:
            project_store.by_id(tx, project.id, OLGA)  # type: ignore[arg-type]
            queue_store.publish(tx, project, an_order([2, 1, 0]), at=NOON)  # type: ignore[arg-type]
            started.set()
            done.wait(60)

        publication = worker.submit(publish)
        assert started.wait(60)
        claiming = server.submit(
            queue.claim, "reviews", ANN, client=None, size=1, lease_ms=LEASE, at=NOON
        )
        time.sleep(0.2)
        done.set()
        publication.result(60)

        assert samples(claiming.result(60)[1]) == [2]
        server.dispose()
        worker.dispose()

    def test_publishing_does_not_wait_for_a_claim(self, postgresql_url: str) -> None:
        """A claim that is not committed yet holds nobody up: else both would wait for ever."""
        server, worker = (Database(open_engine(postgresql_url)) for _ in range(2))
        project = a_pool(server, n=5)
        started, done = threading.Event(), threading.Event()

        def claim_slowly(tx: object) -> list[int]:
            leases = queue_store.claim(
                tx,  # type: ignore[arg-type]
                project.id,
                "ann",
                client="",
                size=2,
                lease_ms=LEASE,
                at=NOON,
            )
            started.set()
            done.wait(60)
            return [row["sample_id"] for row in leases]

        claiming = server.submit(claim_slowly)
        assert started.wait(60)
        worker.submit(queue_store.publish, project, an_order([4, 1, 0, 2]), at=NOON).result(3)
        done.set()

        assert claiming.result(60) == [0, 1]
        assert samples(claim(server, BOB, size=2)) == [4, 2]
        server.dispose()
        worker.dispose()


def test_the_first_order_is_the_seeded_permutation(database: Database) -> None:
    """Two projects of one seed begin with the same samples; another seed begins with others."""
    orders = []
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        a_project(database, name, n=500, seed=seed)
        orders.append([lease.sample_id for lease in a_claimed_batch(database, name=name, size=20)])

    assert orders[0] == orders[1]
    assert orders[0] != orders[2]


def test_the_cold_start_says_so(database: Database) -> None:
    """Without a fitted estimator samples are drawn uniformly, and their places say so."""
    project = a_project(database, n=200, check_share=0.1)

    database.write(ordering.publish_random, project)
    leases = a_claimed_batch(database, size=50)

    assert {lease.source for lease in leases} == {"cold_start", "check"}
    rows = database.read(queue_store.entries, project.id, [lease.sample_id for lease in leases])
    assert {
        (row["source"], row["draw_probability"], row["utility"])
        for slots in rows.values()
        for row in slots
    } == {("cold_start", 1 / 180, None), ("check", 1 / 200, None)}
