"""Many people at once: nobody is handed another's sample, and no acknowledged label is lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection

from jupyterlab_al.domain.models import Person, Project
from jupyterlab_al.services import labeling, queue
from jupyterlab_al.store import projects as project_store
from jupyterlab_al.store import queue as queue_store
from jupyterlab_al.store.database import Database, open_engine
from tests.factories import LEASE, OLGA, a_pool, an_answer, an_order, the_project

N = 160


def people(n: int) -> list[Person]:
    """Return annotators."""
    return [Person(id=f"p{i}", name=f"P {i}", default_role="annotator") for i in range(n)]


@pytest.fixture
def servers(db_url: str) -> Iterator[list[Database]]:
    """Return two servers on one database."""
    opened = [Database(open_engine(db_url)) for _ in range(2)]
    yield opened
    for database in opened:
        database.dispose()


def work(database: Database, person: Person, size: int) -> list[tuple[int, str]]:
    """Label until there is nothing left; return what was acknowledged."""
    acknowledged = []
    while True:
        claimed = database.write(
            queue.claim, "reviews", person, client=None, size=size, lease_ms=LEASE
        )[1]
        if not claimed.leases:
            return acknowledged
        for lease in claimed.leases:
            item = an_answer(lease.sample_id, token=lease.token)
            database.write(labeling.annotate, "reviews", person, [item])
            acknowledged.append((lease.sample_id, item.key))


def stored(database: Database) -> list[tuple[int, str]]:
    """Return samples and keys of all annotations, in order of arrival."""
    facts = database.read(labeling.page, "reviews", OLGA, after=0, size=100_000)[1]
    return [(fact.sample_id, fact.key) for fact in facts]


def publish_locked(tx: Connection, project: Project, order: list[int]) -> None:
    """Publish as a round does: with the project held."""
    project_store.by_id(tx, project.id, OLGA)
    queue_store.publish(tx, project, an_order(order))


@pytest.mark.parametrize("n_people", [8, 16])
def test_no_label_is_lost_and_no_sample_given_twice(servers: list[Database], n_people: int) -> None:
    """People on two servers label a whole pool: each sample once, each label stored."""
    a_pool(servers[0], n=N)

    with ThreadPoolExecutor(n_people) as pool:
        runs = [
            pool.submit(work, servers[i % 2], person, 1 + i % 4)
            for i, person in enumerate(people(n_people))
        ]
        acknowledged = [each for run in runs for each in run.result(60)]

    assert sorted(stored(servers[0])) == sorted(acknowledged)
    assert sorted(sample_id for sample_id, _key in acknowledged) == list(range(N))
    kept = servers[0].read(project_store.tallies, the_project(servers[0]).id)
    assert (kept["annotations"][0], kept["samples"][0], kept["class"][1]) == (N, N, N)


def test_orders_are_published_meanwhile(servers: list[Database]) -> None:
    """New orders that arrive while people label bring back no sample and lose no label."""
    project = a_pool(servers[0], n=N)
    over = threading.Event()

    def publish() -> int:
        n = 0
        while not over.is_set():
            start = n % N
            order = [(start + i) % N for i in range(N)]
            servers[1].write(publish_locked, project, order)
            n += 1
        return n

    with ThreadPoolExecutor(9) as pool:
        publishing = pool.submit(publish)
        runs = [pool.submit(work, servers[0], person, 3) for person in people(8)]
        acknowledged = [each for run in runs for each in run.result(60)]
        over.set()
        published = publishing.result(30)

    assert published >= 1
    assert sorted(stored(servers[0])) == sorted(acknowledged)
    assert Counter(sample_id for sample_id, _key in acknowledged) == Counter(range(N))


def test_overlap_gives_each_sample_to_two_people(servers: list[Database]) -> None:
    """With an overlap of two, each sample is labeled by exactly two different people."""
    a_pool(servers[0], n=60, overlap=2)

    with ThreadPoolExecutor(8) as pool:
        runs = {
            person.id: pool.submit(work, servers[i % 2], person, 2)
            for i, person in enumerate(people(8))
        }
        labels = {name: [sample for sample, _ in run.result(60)] for name, run in runs.items()}

    assert all(len(samples) == len(set(samples)) for samples in labels.values())
    assert Counter(s for samples in labels.values() for s in samples) == Counter(
        dict.fromkeys(range(60), 2)
    )


def test_one_key_from_many_threads_is_one_label(servers: list[Database]) -> None:
    """A request that is sent again before it was answered is stored once."""
    a_pool(servers[0], n=N)
    [person] = people(1)
    item = an_answer(7)

    with ThreadPoolExecutor(16) as pool:
        replies = [
            pool.submit(servers[i % 2].write, labeling.annotate, "reviews", person, [item])
            for i in range(16)
        ]
        ids = {reply.result(30).annotations[0].id for reply in replies}

    assert len(ids) == 1
    assert stored(servers[0]) == [(7, item.key)]
    assert the_project(servers[0]).n_annotations == 1


def test_who_polls_misses_nothing(servers: list[Database]) -> None:
    """Ids become visible in their order, so that polling after the last one sees every label."""
    a_pool(servers[0], n=N)
    over = threading.Event()

    def poll() -> list[int]:
        seen: list[int] = []
        while True:
            ended = over.is_set()
            after = seen[-1] if seen else 0
            page = servers[1].read(labeling.page, "reviews", OLGA, after=after, size=1000)[1]
            seen.extend(fact.id for fact in page)
            if ended and not page:
                return seen

    with ThreadPoolExecutor(9) as pool:
        polling = pool.submit(poll)
        runs = [pool.submit(work, servers[i % 2], p, 2) for i, p in enumerate(people(8))]
        total = sum(len(run.result(60)) for run in runs)
        over.set()
        seen = polling.result(30)

    assert len(seen) == len(set(seen)) == total == N
