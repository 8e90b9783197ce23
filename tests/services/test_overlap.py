"""How many people label each sample can be changed while they do."""

from __future__ import annotations

from jupyterlab_al.services import projects, queue
from jupyterlab_al.store.database import Database
from tests.factories import (
    ANN,
    BOB,
    LEASE,
    NOON,
    OLGA,
    a_claimed_batch,
    a_labeled_sample,
    a_pool,
    a_project,
    an_annotation,
    the_project,
)


def with_overlap(database: Database, overlap: int) -> None:
    """Change how many people each sample needs."""
    database.write(projects.change, "reviews", OLGA, config={"overlap": overlap})


def test_a_labeled_sample_needs_one_more_person(database: Database) -> None:
    """After the overlap was raised, labeled samples go to a second person, and come first."""
    a_pool(database, n=5)
    done = [a_labeled_sample(database, ANN).sample_id for _ in range(2)]

    with_overlap(database, 2)

    bobs = [lease.sample_id for lease in a_claimed_batch(database, BOB, size=5)]
    anns = [lease.sample_id for lease in a_claimed_batch(database, ANN, size=5)]
    assert bobs[:2] == done
    assert sorted(bobs) == [0, 1, 2, 3, 4]
    assert sorted(anns) == [2, 3, 4]


def test_a_held_sample_keeps_its_lease(database: Database) -> None:
    """Who has a sample on screen while the overlap is raised goes on; a second person joins."""
    a_pool(database, n=1)
    [held] = a_claimed_batch(database, ANN)

    with_overlap(database, 2)

    [second] = a_claimed_batch(database, BOB)
    [still] = a_claimed_batch(database, ANN)
    assert (second.sample_id, still.token) == (held.sample_id, held.token)
    assert an_annotation(database, ANN, 0, token=held.token).source == "query"
    assert an_annotation(database, BOB, 0, token=second.token).source == "query"


def test_imported_labels_need_nobody(database: Database) -> None:
    """A label that existed before stands for all the people that its sample would need."""
    a_project(database, n=3, imported=[(0, "positive"), (1, "negative")])

    with_overlap(database, 3)

    assert [lease.sample_id for lease in a_claimed_batch(database, BOB, size=3)] == [2]


def test_a_lower_overlap_asks_nobody_again(database: Database) -> None:
    """After the overlap was lowered, what one person labeled or holds is asked of nobody else."""
    a_pool(database, n=4, overlap=3)
    a_labeled_sample(database, ANN)
    [held] = a_claimed_batch(database, ANN)

    with_overlap(database, 1)

    rest = [lease.sample_id for lease in a_claimed_batch(database, BOB, size=4)]
    assert rest == [2, 3]
    [still] = a_claimed_batch(database, ANN)
    assert still.token == held.token
    _project, claimed = database.write(
        queue.claim, "reviews", OLGA, client=None, size=1, lease_ms=LEASE, at=NOON
    )
    assert claimed.empty_because == "held_by_others"


def test_raised_twice_opens_each_place_once(database: Database) -> None:
    """Lowering and raising again ends with as many places as people are needed."""
    project = a_pool(database, n=2)
    a_labeled_sample(database, ANN)

    for overlap in (3, 1, 2, 2):
        with_overlap(database, overlap)

    slots = database.read(queue.store.entries, project.id, [0, 1])
    assert {sample: [row["slot"] for row in rows] for sample, rows in slots.items()} == {
        0: [0, 1],
        1: [0, 1],
    }
    assert the_project(database).overlap == 2
