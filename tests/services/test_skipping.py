"""Skips are counted as long as they stand."""

from __future__ import annotations

from jupyterlab_al.services import metrics, queue
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
