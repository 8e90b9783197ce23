"""Publishing a new order: what moves and what must not."""

from __future__ import annotations

from jupyterlab_al.domain.models import Lease, Project, SampleId
from jupyterlab_al.store import queue
from jupyterlab_al.store.database import Database
from tests.factories import LEASE, NOON, a_pool, an_order, leases_of

HOUR = 3_600_000


def publish(
    database: Database, project: Project, samples: list[SampleId], *, at: int = NOON
) -> None:
    """Put an order of some samples into the queue."""
    database.write(queue.publish, project, an_order(samples), at=at)


def claim(
    database: Database, project: Project, annotator: str = "ann", *, size: int = 1, at: int = NOON
) -> list[Lease]:
    """Return the leases that a person gets."""
    return database.write(leases_of, project, annotator, size=size, at=at)


def claimed(
    database: Database, project: Project, annotator: str = "ann", *, size: int = 1, at: int = NOON
) -> list[SampleId]:
    """Return the samples that a person gets."""
    return [lease.sample_id for lease in claim(database, project, annotator, size=size, at=at)]


def test_the_open_part_is_replaced(database: Database) -> None:
    """After publishing, samples come in the new order and none of the old one is left."""
    project = a_pool(database, n=10)

    publish(database, project, [9, 2, 5])

    assert claimed(database, project, size=10) == [9, 2, 5]


def test_what_people_hold_stays_as_it_is(database: Database) -> None:
    """A lease survives a new order with its token, rank and source."""
    project = a_pool(database, n=10)
    before = claim(database, project, size=2)

    publish(database, project, [9, 1, 0])

    assert before == claim(database, project, size=2)
    assert claimed(database, project, "bob", size=5) == [9]


def test_a_done_sample_never_comes_back(database: Database) -> None:
    """An order that was computed earlier does not resurrect what was labeled meanwhile."""
    project = a_pool(database, n=4)
    claim(database, project)
    database.write(queue.finish, project.id, "ann", [(0, 0)], at=NOON)

    publish(database, project, [0, 1])
    publish(database, project, [1, 0], at=NOON + 2 * HOUR)

    assert claimed(database, project, "bob", size=5, at=NOON + 3 * HOUR) == [1]


def test_a_sample_labeled_without_a_place_never_comes_back(database: Database) -> None:
    """A label by hand keeps its sample out of later orders, too."""
    project = a_pool(database, n=4)
    publish(database, project, [1])
    database.write(queue.add_done, project, "ann", [3], at=NOON)

    publish(database, project, [3, 2])

    assert claimed(database, project, size=5) == [2]


def test_an_expired_lease_is_open_again_in_the_new_order(database: Database) -> None:
    """A sample that somebody let go takes its place in the new order."""
    project = a_pool(database, n=4)
    claim(database, project, size=2)

    publish(database, project, [3, 1], at=NOON + LEASE)

    # Sample 0 is not in the new order; a late answer may still come, so it waits behind it.
    assert claimed(database, project, "bob", size=5, at=NOON + LEASE) == [3, 1, 0]


def test_an_expired_lease_is_forgotten_after_an_hour(database: Database) -> None:
    """What was let go long ago leaves the queue with the next order."""
    project = a_pool(database, n=4)
    claim(database, project, size=2)

    publish(database, project, [3], at=NOON + LEASE + HOUR)

    assert claimed(database, project, "bob", size=5, at=NOON + LEASE + HOUR) == [3]


def test_a_released_sample_is_replaced(database: Database) -> None:
    """What was given back belongs to nobody and leaves with the old order."""
    project = a_pool(database, n=4)
    [lease] = claim(database, project)
    database.write(queue.release, project.id, "ann", [(0, lease.token)], at=NOON)

    publish(database, project, [3])

    assert claimed(database, project, "bob", size=5) == [3]


def test_an_undone_sample_stays_first(database: Database) -> None:
    """A new order does not come between a person and the sample that they just undid."""
    project = a_pool(database, n=4)
    claim(database, project)
    database.write(queue.finish, project.id, "ann", [(0, 0)], at=NOON)
    database.write(queue.reopen, project.id, "ann", 0, 0, lease_ms=LEASE, at=NOON)

    publish(database, project, [3, 0])

    assert claimed(database, project, size=5) == [0, 3]


def test_an_empty_order_empties_the_open_part(database: Database) -> None:
    """Publishing nothing leaves only what is held."""
    project = a_pool(database, n=4)
    claim(database, project)

    publish(database, project, [])

    assert claimed(database, project, size=5) == [0]


def test_an_empty_order_leaves_what_was_let_go(database: Database) -> None:
    """A late answer to an expired lease still finds its place after an order without samples."""
    project = a_pool(database, n=4)
    claim(database, project)

    publish(database, project, [], at=NOON + LEASE)

    assert claimed(database, project, "bob", size=5, at=NOON + LEASE) == [0]


def test_how_a_sample_was_drawn_stays_with_its_place(database: Database) -> None:
    """Utility, probability and round of the draw are stored as they were given."""
    project = a_pool(database, n=4)
    draws = an_order([2, 3], round_id=17)

    database.write(queue.publish, project, draws, at=NOON)
    [row] = database.read(queue.entries, project.id, [3])[3]

    assert (1, "query", draws[1].utility, 1.0, 17) == (
        row["rank"],
        row["source"],
        row["utility"],
        row["draw_probability"],
        row["round_id"],
    )


def test_other_projects_keep_their_order(database: Database) -> None:
    """Publishing touches one project."""
    first = a_pool(database, n=3, name="first")
    second = a_pool(database, n=3, name="second")

    publish(database, first, [2])

    assert claimed(database, second, size=5) == [0, 1, 2]


class TestOverlap:
    def test_half_done_samples_wait_for_their_other_people(self, database: Database) -> None:
        """A new order keeps the open places of samples that somebody did or holds."""
        project = a_pool(database, n=6, overlap=2)
        claim(database, project, "ann", size=2)
        database.write(queue.finish, project.id, "ann", [(0, 0)], at=NOON)

        publish(database, project, [5, 4])

        assert sorted(claimed(database, project, "bob", size=9)) == [0, 1, 4, 5]
        assert claimed(database, project, "ann", size=2) == [1, 5]

    def test_a_sample_labeled_by_hand_still_needs_the_others(self, database: Database) -> None:
        """A label without a place counts as one of the overlap, not as all."""
        project = a_pool(database, n=6, overlap=2)
        publish(database, project, [1])
        database.write(queue.add_done, project, "ann", [4], at=NOON)

        assert sorted(claimed(database, project, "bob", size=9)) == [1, 4]
        assert claimed(database, project, "ann", size=9) == [1]

    def test_every_sample_has_its_places(self, database: Database) -> None:
        """Each sample of an order has as many places as the overlap says."""
        project = a_pool(database, n=4, overlap=3)

        publish(database, project, [3, 2])
        slots = database.read(queue.entries, project.id, [0, 1, 2, 3])

        assert {sample_id: [row["slot"] for row in rows] for sample_id, rows in slots.items()} == {
            2: [0, 1, 2],
            3: [0, 1, 2],
        }
