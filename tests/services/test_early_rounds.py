"""Early rounds: the order is renewed before a round is due, as long as that is cheap."""

from __future__ import annotations

import pytest

from jupyterlab_al.domain.models import Job
from jupyterlab_al.handlers.schemas import CreateProject, PatchProject
from jupyterlab_al.services import labeling, metrics, rounds, training
from jupyterlab_al.store.database import Database
from tests.factories import (
    ANN,
    LEASE,
    NOON,
    OLGA,
    WORKER,
    a_project,
    an_annotation,
    the_project,
)

#: How long the rounds of these tests take, in milliseconds.
TOOK = 1_000
RESTED = NOON + TOOK + 2 * TOOK


def labels(database: Database, samples: range) -> None:
    """Label some samples by hand, both classes by turns."""
    for sample_id in samples:
        an_annotation(database, ANN, sample_id, ("negative", "positive")[sample_id % 2])


def take(database: Database, *, at: int) -> Job | None:
    """Take what there is to do."""
    return database.write(training.take, WORKER, lease_ms=LEASE, at=at)


def do(database: Database, *, at: int) -> Job:
    """Do a round from beginning to end."""
    job = take(database, at=at)
    assert job is not None
    assert database.write(training.begin, job) is not None
    ranking = training.Ranking(picks=[(90, 0.5, 1.0)], result={"n_train": 4})
    assert database.write(training.publish, job, WORKER, ranking, at=at + TOOK)
    return job


@pytest.fixture
def ordered(database: Database) -> Database:
    """Return a store with a project ordered by a round of ten labels that took a second."""
    a_project(database, early_rounds=True)
    labels(database, range(10))
    do(database, at=NOON)
    return database


def test_a_quick_round_is_followed_by_an_early_one(ordered: Database) -> None:
    """One new label is enough, once the worker has rested twice as long as the round took."""
    labels(ordered, range(10, 11))

    too_soon = take(ordered, at=RESTED - 1)
    job = take(ordered, at=RESTED)

    assert too_soon is None
    assert job is not None
    assert (job.kind, job.state, job.early) == ("round", "running", True)


def test_without_new_labels_there_is_nothing_to_renew(ordered: Database) -> None:
    """An order that knows all labels stands."""
    assert take(ordered, at=RESTED) is None


def test_the_first_round_is_never_early(database: Database) -> None:
    """Before `retrain_every` labels there is no order of a model that could be renewed."""
    a_project(database, early_rounds=True)
    labels(database, range(9))

    assert take(database, at=RESTED) is None


def test_a_given_pace_is_kept(database: Database) -> None:
    """A project whose `retrain_every` was given has no rounds but those."""
    a_project(database, early_rounds=False)
    labels(database, range(10))
    do(database, at=NOON)
    labels(database, range(10, 19))

    nothing = take(database, at=RESTED * 2)
    labels(database, range(19, 20))

    assert nothing is None
    assert not do(database, at=RESTED).early


def test_the_order_is_fresh_afterwards(ordered: Database) -> None:
    """It is that of the early round, and knows the labels there were."""
    labels(ordered, range(10, 13))

    job = do(ordered, at=RESTED)

    project = the_project(ordered)
    assert (project.order_round, project.order_labels) == (job.id, 13)


def test_whole_rounds_come_as_they_would_without_it(ordered: Database) -> None:
    """Ten labels after the last whole round there is the next one, early ones or not."""
    labels(ordered, range(10, 15))
    do(ordered, at=RESTED)

    labels(ordered, range(15, 20))
    job = take(ordered, at=RESTED + TOOK)

    assert job is not None
    assert (job.early, job.n_labels) == (False, 20)


def test_early_rounds_are_in_no_list_and_on_no_curve(ordered: Database) -> None:
    """Rounds and figures are those that the project asked for."""
    labels(ordered, range(10, 12))
    do(ordered, at=RESTED)

    listed = ordered.read(rounds.page, "reviews", OLGA, before=2**62, size=10)
    figures = ordered.read(metrics.get, "reviews", OLGA)

    assert [job.n_labels for job in listed] == [10]
    assert figures.rounds == listed
    assert figures.last_round == listed[0]


def test_a_person_can_ask_while_an_early_round_runs(ordered: Database) -> None:
    """It is no reason to refuse a round; that one comes next."""
    labels(ordered, range(10, 12))
    early = take(ordered, at=RESTED)

    asked = ordered.write(rounds.request, "reviews", OLGA)

    assert early is not None
    assert early.early
    assert asked.state == "queued"
    ordered.write(training.fail, early, WORKER, "It was killed.")
    assert take(ordered, at=RESTED).id == asked.id  # type: ignore[union-attr]


def test_after_a_failure_only_whole_rounds_try_again(ordered: Database) -> None:
    """An estimator that fails is not fitted again for every label."""
    labels(ordered, range(10, 12))
    early = take(ordered, at=RESTED)
    assert early is not None
    ordered.write(training.fail, early, WORKER, "NaN.", at=RESTED + TOOK)
    labels(ordered, range(12, 13))

    assert take(ordered, at=RESTED * 2) is None


def test_one_worker_of_several_takes_it(ordered: Database) -> None:
    """A second worker finds nothing to do."""
    labels(ordered, range(10, 12))
    take(ordered, at=RESTED)

    assert ordered.write(training.take, "other", lease_ms=LEASE, at=RESTED) is None


def test_a_paused_project_is_left_alone(ordered: Database) -> None:
    """Nothing is renewed for a project that nobody labels."""
    from jupyterlab_al.services import projects

    labels(ordered, range(10, 12))
    ordered.write(projects.change, "reviews", OLGA, state="paused")

    assert take(ordered, at=RESTED) is None


def test_an_undone_label_is_no_new_one(ordered: Database) -> None:
    """An order that knows a label too many is left to the next whole round."""
    made = an_annotation(ordered, ANN, 10, "negative")
    ordered.write(labeling.undo, "reviews", ANN, made.id, lease_ms=LEASE, at=NOON)

    assert take(ordered, at=RESTED) is None


@pytest.mark.parametrize(
    ("given", "early"),
    [
        ({}, True),
        ({"retrain_every": 10}, False),
        ({"retrain_every": 10, "early_rounds": True}, True),
        ({"early_rounds": False}, False),
    ],
)
def test_they_are_for_projects_that_name_no_pace(given: dict[str, object], early: bool) -> None:
    """Who says after how many labels a round starts gets exactly that."""
    body = {"name": "p", "dataset": {"kind": "demo", "path": "digits"}, **given}

    assert CreateProject.model_validate(body).early_rounds is early


def test_a_pace_set_later_is_kept_too() -> None:
    """PATCH with `retrain_every` ends early rounds unless it asks for them."""
    assert PatchProject.model_validate({"retrain_every": 5}).early_rounds is False
    assert PatchProject.model_validate({"title": "x"}).model_dump(exclude_unset=True) == {
        "title": "x"
    }
