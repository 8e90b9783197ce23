"""The first order of a new project: its head at once, the rest a moment later."""

from __future__ import annotations

import pytest

from jupyterlab_al.domain.models import Project
from jupyterlab_al.services import ordering, preparing, projects, training
from jupyterlab_al.services.training import PIECE
from jupyterlab_al.store import queue
from jupyterlab_al.store.database import Database
from tests.factories import (
    LEASE,
    NOON,
    OLGA,
    WORKER,
    a_new_project,
    a_project,
    leases_of,
    the_project,
)

QUEUE_SIZE = 3 * PIECE


def with_head(database: Database, **config: int) -> Project:
    """Return a project that has just become active."""
    a_new_project(database, "parts", check_share=0.1, queue_size=QUEUE_SIZE, **config)
    job = database.write(training.take, WORKER, lease_ms=LEASE, at=NOON)
    assert job is not None
    assert database.write(
        preparing.activate,
        job,
        WORKER,
        n_samples=10 * PIECE,
        config={},
        classes=(),
        imported=(),
        problems=(),
        at=NOON,
    )
    return the_project(database, "parts")


def claimed(database: Database, project: Project, size: int) -> list[tuple[int, str]]:
    """Return sample and source of the next places, which Olga then holds."""
    leases = database.write(leases_of, project, "olga", size=size)
    return [(lease.sample_id, lease.source) for lease in leases]


@pytest.mark.parametrize("overlap", [1, 3])
def test_labeling_begins_with_the_first_places(database: Database, overlap: int) -> None:
    """A project is active with the head of its order, and then gets as many as it asked for."""
    project = with_head(database, overlap=overlap)
    at_first = database.read(queue.count_open, project.id)

    database.write(preparing.fill_queue, project.id)

    assert project.state == "active"
    assert at_first == PIECE * overlap
    assert database.read(queue.count_open, project.id) == QUEUE_SIZE * overlap


def test_an_order_in_two_parts_is_the_order_at_once(database: Database) -> None:
    """Samples and the places of checks are the same, also when somebody began in between."""
    project = with_head(database)
    first = claimed(database, project, 5)

    database.write(preparing.fill_queue, project.id)

    whole = a_project(database, "whole", n=10 * PIECE, check_share=0.1, queue_size=QUEUE_SIZE)
    database.write(ordering.publish_random, whole)
    rest = claimed(database, project, 2 * PIECE)
    assert rest[:5] == first
    assert rest == claimed(database, whole, 2 * PIECE)


def test_filling_a_full_queue_or_that_of_a_deleted_project_does_nothing(
    database: Database,
) -> None:
    """A worker may come late."""
    project = a_project(database, n=10 * PIECE, queue_size=QUEUE_SIZE)

    drawn = database.write(preparing.fill_queue, project.id)
    database.write(projects.delete, "reviews", OLGA, confirm="reviews")

    assert drawn == 0
    assert database.write(preparing.fill_queue, project.id) == 0
