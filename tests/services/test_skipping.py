"""Skips are counted as long as they stand."""

from __future__ import annotations

from jupyterlab_al.services import metrics, ordering, queue
from jupyterlab_al.store.database import Database
from tests.factories import ANN, BOB, NOON, OLGA, a_claimed_batch, a_pool, an_annotation


def a_skipped_sample(database: Database) -> tuple[int, str]:
    """Return a sample that Ann skipped, and the token that she had."""
    [lease] = a_claimed_batch(database, ANN)
    database.write(queue.skip, "reviews", ANN, [(lease.sample_id, lease.token)], at=NOON)
    return lease.sample_id, lease.token


def n_skipped(database: Database) -> int:
    """Return the skips that the figures tell."""
    return database.read(metrics.get, "reviews", OLGA).skipped


def test_an_answer_ends_a_skip(database: Database) -> None:
    """Who takes a skip back and labels the sample did not skip it."""
    a_pool(database, n=5)
    sample_id, token = a_skipped_sample(database)

    an_annotation(database, ANN, sample_id, token=token)

    assert n_skipped(database) == 0


def test_an_answer_after_another_person_took_the_sample_ends_a_skip(database: Database) -> None:
    """The skip is taken back as well where the sample went to somebody else meanwhile."""
    a_pool(database, n=5)
    sample_id, token = a_skipped_sample(database)
    [theirs] = a_claimed_batch(database, BOB)

    an_annotation(database, ANN, sample_id, token=token)

    assert theirs.sample_id == sample_id
    assert n_skipped(database) == 0


def test_another_persons_answer_leaves_a_skip(database: Database) -> None:
    """A skip stays counted when somebody else labels the sample."""
    a_pool(database, n=5)
    sample_id, _token = a_skipped_sample(database)
    [theirs] = a_claimed_batch(database, BOB)

    an_annotation(database, BOB, sample_id, token=theirs.token)

    assert n_skipped(database) == 1


def test_skipped_checks_are_counted_by_themselves(database: Database) -> None:
    """People who skip what is hard make the accuracy look better; so it is told how many."""
    project = a_pool(database, n=200, check_share=0.2)
    leases = a_claimed_batch(database, ANN, size=40)
    checks = [lease for lease in leases if ordering.is_reserved(project, lease.sample_id)]
    assert 0 < len(checks) < 40

    database.write(
        queue.skip, "reviews", ANN, [(each.sample_id, each.token) for each in leases], at=NOON
    )

    figures = database.read(metrics.get, "reviews", OLGA)
    assert (figures.skipped, figures.skipped_checks) == (40, len(checks))


def test_an_answer_ends_a_skip_of_a_check(database: Database) -> None:
    """A check that is answered after all counts as no skip."""
    project = a_pool(database, n=200, check_share=0.5)
    leases = a_claimed_batch(database, ANN, size=20)
    check = next(each for each in leases if ordering.is_reserved(project, each.sample_id))
    database.write(queue.skip, "reviews", ANN, [(check.sample_id, check.token)], at=NOON)

    an_annotation(database, ANN, check.sample_id, token=check.token)

    figures = database.read(metrics.get, "reviews", OLGA)
    assert (figures.skipped, figures.skipped_checks) == (0, 0)
