"""Bad days: the database's clock jumps by a day while samples and jobs are held."""

from __future__ import annotations

import pytest

from jupyterlab_al.services import metrics, queue, rounds, training, watching
from jupyterlab_al.store.database import Database
from tests.factories import (
    ANN,
    BOB,
    LEASE,
    NOON,
    OLGA,
    WORKER,
    a_claimed_batch,
    a_pool,
    a_running_round,
    an_annotation,
    the_project,
)

DAY = 86_400_000
TOMORROW, YESTERDAY = NOON + DAY, NOON - DAY


def ids(database: Database, person: object, size: int, at: int) -> list[int]:
    """Return the samples that a person is handed."""
    leases = a_claimed_batch(database, person, size=size, at=at)  # type: ignore[arg-type]
    return [lease.sample_id for lease in leases]


class TestForward:
    def test_an_answer_whose_lease_ran_out_at_once_is_kept(self, database: Database) -> None:
        """The person did nothing wrong: their answer counts, and nobody is asked again."""
        a_pool(database, n=4)
        [lease] = a_claimed_batch(database, ANN, at=NOON)

        an_annotation(database, ANN, lease.sample_id, token=lease.token, at=TOMORROW)

        assert the_project(database).n_annotations == 1
        assert ids(database, BOB, 4, TOMORROW) == [1, 2, 3]

    def test_the_queue_moves_on(self, database: Database) -> None:
        """What was held is free; two answers to one sample are both kept, the later as another."""
        a_pool(database, n=2)
        held = a_claimed_batch(database, ANN, size=2, at=NOON)
        taken = a_claimed_batch(database, BOB, size=2, at=TOMORROW)

        an_annotation(database, BOB, 0, token=taken[0].token, at=TOMORROW)
        an_annotation(database, ANN, 0, token=held[0].token, at=TOMORROW)

        assert [lease.sample_id for lease in taken] == [0, 1]
        assert the_project(database).n_annotations == 2


class TestBackward:
    def test_nobody_is_handed_what_another_holds(self, database: Database) -> None:
        """Leases from the future hold; their holder goes on, and others get other samples."""
        a_pool(database, n=6)
        held = a_claimed_batch(database, ANN, size=2, at=NOON)

        others = ids(database, BOB, 2, YESTERDAY)
        again = ids(database, ANN, 2, YESTERDAY)
        for lease in held:
            an_annotation(database, ANN, lease.sample_id, token=lease.token, at=YESTERDAY)

        assert (again, others) == ([0, 1], [2, 3])
        assert the_project(database).n_annotations == 2
        assert ids(database, ANN, 4, YESTERDAY) == [4, 5]

    def test_leases_are_prolonged_and_given_back_by_the_new_clock(self, database: Database) -> None:
        """A tab that keeps its samples alive has them until its own end, and not for a day."""
        a_pool(database, n=2)
        held = [(lease.sample_id, lease.token) for lease in a_claimed_batch(database, ANN, size=2)]
        kept = database.write(queue.extend, "reviews", ANN, held[:1], lease_ms=LEASE, at=YESTERDAY)
        database.write(queue.release, "reviews", ANN, held[1:], at=YESTERDAY)

        freed = ids(database, BOB, 2, YESTERDAY)
        later = ids(database, BOB, 2, YESTERDAY + LEASE + 1)

        assert len(kept) == 1
        assert (freed, later) == ([1], [0, 1])

    def test_figures_of_work_that_ended_before_it_began(self, database: Database) -> None:
        """Pace and time left stay numbers that make sense, or are left out."""
        a_pool(database, n=30)
        for sample_id in range(12):
            at = NOON + sample_id * 1_000 if sample_id < 6 else YESTERDAY + sample_id * 1_000
            an_annotation(database, ANN, sample_id, at=at, seconds=1.0)

        found = database.read(metrics.get, "reviews", OLGA)

        assert found.labels == 12
        pace = found.throughput
        assert pace is None or min(pace) > 0


@pytest.mark.parametrize("at", [TOMORROW, YESTERDAY], ids=["forward", "backward"])
def test_a_lost_workers_round_is_taken_over(database: Database, at: int) -> None:
    """A job is nobody's for a day only because the clock was set back."""
    a_pool(database, n=10)
    an_annotation(database, ANN, 0, "negative")
    an_annotation(database, ANN, 1, "positive")
    asked = database.write(rounds.request, "reviews", OLGA)
    a_running_round(database)

    taken = database.write(training.take, "worker-2", lease_ms=30_000, at=at)

    assert taken is not None
    assert taken.id == asked.id


def test_who_watches_goes_by_the_databases_clock(database: Database) -> None:
    """The end of a job is news for as long as it is new, whatever a server's clock says."""
    a_pool(database, n=10)

    seen = [
        len(database.read(watching.changes, lately_ms=60_000, at=NOON + late))
        for late in (1, 59_000, 61_000)
    ]

    assert seen == [1, 1, 0]


def test_a_held_round_stays_its_workers(database: Database) -> None:
    """Without a jump nobody takes a job whose worker lives."""
    a_pool(database, n=10)
    an_annotation(database, ANN, 0, "negative")
    an_annotation(database, ANN, 1, "positive")
    database.write(rounds.request, "reviews", OLGA)
    a_running_round(database)

    assert database.write(training.take, "worker-2", lease_ms=LEASE, at=NOON + 1) is None
    assert database.write(training.take, WORKER, lease_ms=LEASE, at=NOON - 1_000) is None
